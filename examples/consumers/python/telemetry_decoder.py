"""Decodes what cdk-kinesis-telemetry-extension writes to Kinesis. Copy this file; it needs nothing but Python 3.9."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass, field
from typing import Any, Iterable, Iterator

DEFAULT_MAX_BYTES = 64 * 1024 * 1024
_MAGIC = b"\x1f\x8b\x08"


@dataclass(frozen=True)
class Problem:
    """Something in a record that is no telemetry line."""

    code: str  # NOT_BASE64, BAD_GZIP, TOO_LARGE, NOT_JSON, NOT_TELEMETRY, UNKNOWN_VERSION
    reason: str
    offset: int  # bytes: for BAD_GZIP in the data as received, otherwise in the record's text
    excerpt: str = ""


@dataclass
class Decoded:
    lines: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class TelemetryDecodeError(ValueError):
    """Raised in strict mode, after everything was decoded."""

    def __init__(self, decoded: Decoded) -> None:
        self.problems, self.lines = decoded.problems, decoded.lines
        first = decoded.problems[0]
        super().__init__(f"{first.code} at byte {first.offset}: {first.reason}")


def decode_record(data: bytes, strict: bool = False, max_bytes: int = DEFAULT_MAX_BYTES) -> Decoded:
    """The data of one Kinesis record: NDJSON, JSON or NDJSON_GZIP, several gzip members too."""
    decoded = Decoded()
    offset = 0
    for stretch in _stretches(data, max_bytes):
        if isinstance(stretch, Problem):
            decoded.problems.append(stretch)
            continue
        at = offset
        for line in stretch.split(b"\n"):
            if line.strip():
                _decode_line(line, at, decoded)
            at += len(line) + 1
        offset += len(stretch)
    if strict and decoded.problems:
        raise TelemetryDecodeError(decoded)
    return decoded


def decode_kinesis_event(event: dict[str, Any]) -> Iterator[tuple[str, Decoded]]:
    """Sequence number and content of each record of Lambda's Kinesis event."""
    for record in event["Records"]:
        kinesis = record["kinesis"]
        try:
            decoded = decode_record(base64.b64decode(kinesis["data"], validate=True))
        except binascii.Error as error:
            decoded = Decoded(problems=[Problem("NOT_BASE64", str(error), 0)])
        yield kinesis["sequenceNumber"], decoded


def is_ledger(line: dict[str, Any]) -> bool:
    return line.get("type") == "extension.stats"


class DuplicateFilter:
    """Lets each event through once, by (instance_id, seq). Remembers the last `size` events."""

    def __init__(self, size: int = 100_000) -> None:
        self._size = size
        self._seen: dict[tuple[str, int], None] = {}  # a dict keeps the order of insertion

    def unseen(self, lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The new events, without remembering them: for work that may fail. Ledgers are left out."""
        fresh: dict[tuple[str, int], dict[str, Any]] = {}
        for line in lines:
            if not is_ledger(line) and _identity(line) not in self._seen:
                fresh.setdefault(_identity(line), line)
        return list(fresh.values())

    def remember(self, lines: Iterable[dict[str, Any]]) -> None:
        for line in lines:
            if not is_ledger(line):
                self._seen[_identity(line)] = None
        while len(self._seen) > self._size:
            del self._seen[next(iter(self._seen))]


def _identity(line: dict[str, Any]) -> tuple[str, int]:
    return line["instance_id"], line["seq"]


def _stretches(data: bytes, max_bytes: int) -> Iterator[bytes | Problem]:
    """Plain text as it is, gzip members inflated; a bad member does not hide the next."""
    at, left = 0, max_bytes
    while at < len(data):
        following = data.find(_MAGIC, at + 1)
        if data[at : at + 2] != _MAGIC[:2]:
            text, end = data[at : following if following >= 0 else len(data)], following
        else:
            inflater = zlib.decompressobj(wbits=31)
            try:
                text = inflater.decompress(data[at:], left + 1)
                if len(text) <= left and not inflater.eof:
                    raise zlib.error("the member is cut")
                end = len(data) - len(inflater.unused_data)
            except zlib.error as error:
                yield Problem("BAD_GZIP", str(error), at)
                text, end = b"", following
        if len(text) > left:
            yield Problem("TOO_LARGE", f"more than {max_bytes} bytes of text", max_bytes - left)
            return
        left -= len(text)
        yield text
        at = end if end >= 0 else len(data)


def _decode_line(line: bytes, offset: int, decoded: Decoded) -> None:
    def problem(code: str, reason: str) -> None:
        decoded.problems.append(Problem(code, reason, offset, line.decode("utf-8", "replace")[:200]))

    try:
        value = json.loads(line.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        return problem("NOT_JSON", str(error))
    if not isinstance(value, dict):
        return problem("NOT_JSON", "not an object")
    version, seq = value.get("v"), value.get("seq")
    if isinstance(version, (int, float)) and version > 1:
        return problem("UNKNOWN_VERSION", f"schema version {version}")
    numbered = isinstance(seq, int) and not isinstance(seq, bool) and seq >= 1
    if version != 1 or not isinstance(value.get("instance_id"), str) or not (numbered or is_ledger(value)):
        return problem("NOT_TELEMETRY", "v, instance_id or seq is missing")
    decoded.lines.append(value)
