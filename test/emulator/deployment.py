"""What `cdk bootstrap` and `cdk deploy` do, by the same API calls: assets to S3, then CloudFormation."""

import io
import json
import re
import zipfile
from pathlib import Path

from botocore.exceptions import ClientError
from emulator import ACCOUNT, REGION, Emulator, eventually

ASSETS = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"


class Deployment:
    """Resources that the emulator refuses are left out, each with what it said: the caller asserts them."""

    def __init__(self, emulator: Emulator, assembly: Path, stack: str):
        self.emulator = emulator
        self.stack = stack
        self.refused: dict[str, str] = {}
        self.left_out: list[str] = []
        self.template = json.loads((assembly / f"{stack}.template.json").read_text(encoding="utf-8"))
        self._bootstrap()
        self._publish(assembly)
        self._deploy()

    def _bootstrap(self) -> None:
        location = {"LocationConstraint": REGION}
        self.emulator.client("s3").create_bucket(Bucket=ASSETS, CreateBucketConfiguration=location)
        version = {"Name": "/cdk-bootstrap/hnb659fds/version", "Value": "30", "Type": "String"}
        self.emulator.client("ssm").put_parameter(**version)

    def _publish(self, assembly: Path) -> None:
        manifest = json.loads((assembly / f"{self.stack}.assets.json").read_text(encoding="utf-8"))
        for file in manifest["files"].values():
            path = assembly / file["source"]["path"]
            body = zipped(path) if file["source"]["packaging"] == "zip" else path.read_bytes()
            for destination in file["destinations"].values():
                self.emulator.client("s3").put_object(Bucket=ASSETS, Key=destination["objectKey"], Body=body)

    def _deploy(self) -> None:
        for _ in range(10):
            said = self._create()
            if said is None:
                return
            self._leave_out(said)
        raise AssertionError(f"refused again and again: {self.refused}")

    def _create(self) -> tuple[list[str], str] | None:
        """The types that were refused and what was said of them; None when the stack is there."""
        cloudformation = self.emulator.client("cloudformation")
        # by URL: in the call itself a template may have 51,200 bytes
        body = json.dumps(self.template).encode()
        self.emulator.client("s3").put_object(Bucket=ASSETS, Key="template.json", Body=body)
        try:
            cloudformation.create_stack(
                StackName=self.stack,
                TemplateURL=f"{self.emulator.endpoint}/{ASSETS}/template.json",
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            )
        except ClientError as error:
            found = re.search(r"Unrecognized resource types: \[([^]]*)]", str(error))
            if not found:
                raise
            return re.split(r",\s*", found[1]), found[0]
        status = eventually(self._settled, 120)
        if status == "CREATE_COMPLETE":
            return None
        events = cloudformation.describe_stack_events(StackName=self.stack)["StackEvents"]
        failed = [event for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
        resources = [event for event in failed if event["LogicalResourceId"] in self.template["Resources"]]
        if not resources:
            raise AssertionError(f"{self.stack} ended as {status}: {failed}")
        self.remove()
        return [resources[-1]["ResourceType"]], resources[-1]["ResourceStatusReason"]

    def remove(self) -> None:
        self.emulator.client("cloudformation").delete_stack(StackName=self.stack)
        if not eventually(lambda: not self._exists()):
            raise AssertionError(f"{self.stack} does not go")

    def _settled(self) -> str | None:
        stacks = self.emulator.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        status = stacks[0]["StackStatus"]
        return None if status.endswith("IN_PROGRESS") else status

    def _exists(self) -> bool:
        try:
            return self._settled() != "DELETE_COMPLETE"
        except ClientError:
            return False

    def _leave_out(self, said: tuple[list[str], str]) -> None:
        types, reason = said
        for kind in types:
            self.refused[kind] = reason
        resources = self.template["Resources"]
        # an alarm of one metric is understood, one of an expression is not
        refused = [
            logical_id
            for logical_id, resource in resources.items()
            if resource["Type"] in types and ("metric math" not in reason or "Metrics" in resource["Properties"])
        ]
        if not refused:
            raise AssertionError(f"{self.stack} cannot be created: {said}")
        for logical_id in refused:
            del resources[logical_id]
        self.left_out += refused

    def outputs(self) -> dict[str, str]:
        stacks = self.emulator.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]}

    def physical_ids(self, resource_type: str) -> dict[str, str]:
        """By logical id."""
        resources = self.emulator.client("cloudformation").describe_stack_resources(StackName=self.stack)
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for resource in resources["StackResources"]
            if resource["ResourceType"] == resource_type
        }

    def declared(self, resource_type: str) -> dict[str, dict]:
        """Properties in the template that was deployed, by logical id."""
        resources = self.template["Resources"].items()
        return {key: value["Properties"] for key, value in resources if value["Type"] == resource_type}


def zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return buffer.getvalue()
