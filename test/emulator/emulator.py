"""MiniStack as a child process, on a free port of the loopback interface alone."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config

ACCOUNT = "111111111111"  # MiniStack takes the account from the access key
REGION = "eu-west-1"


class Emulator:
    def __init__(self, folder: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{self.port}"
        folder.mkdir(parents=True, exist_ok=True)
        self._log = open(folder / "ministack.log", "w+", encoding="utf-8")
        # no credentials and settings of the user's; TMPDIR: it unpacks functions there
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LAMBDA_"))}
        env = {
            **inherited,
            "BIND_HOST": "127.0.0.1",  # its default is every interface
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "TMPDIR": str(folder),
            "LAMBDA_EXECUTOR": "local",
            "ATHENA_ENGINE": "duckdb",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ministack"],
            env=env,
            cwd=folder,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # functions are processes of its own: they end with its group
        )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.endpoint}/_ministack/ready", timeout=1) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"MiniStack did not start:\n{self.log()}")

    def log(self) -> str:
        self._log.flush()
        return Path(self._log.name).read_text(encoding="utf-8")

    def client(self, service: str):
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="none",
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    def stop(self) -> None:
        """Ends the process that was started here, and those that it started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._log.close()


def eventually(act, timeout_s: float = 30):
    """The first answer of `act` that is not empty."""
    deadline = time.monotonic() + timeout_s
    while True:
        answer = act()
        if answer or time.monotonic() > deadline:
            return answer
        time.sleep(0.2)
