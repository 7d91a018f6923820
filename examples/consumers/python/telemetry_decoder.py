"""Decodes what cdk-kinesis-telemetry-extension writes to Kinesis. Copy this file; it needs nothing but Python 3.9."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass, field
from typing import Any, Iterator

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


def is_filtered(line: dict[str, Any]) -> bool:
    """Whether the line stands for events that the archive's transform has left out; never in a stream."""
    return line.get("type") == "transform.filtered"


def is_event(line: dict[str, Any]) -> bool:
    """Whether the line is an event of Lambda: a log line, or what the platform has to say."""
    return not is_ledger(line) and not is_filtered(line)


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
    version = value.get("v")
    if isinstance(version, (int, float)) and version > 1:
        return problem("UNKNOWN_VERSION", f"schema version {version}")
    if version != 1 or not isinstance(value.get("instance_id"), str):
        return problem("NOT_TELEMETRY", "v or instance_id is missing")
    misfit = _misfit_of_counts(value)
    if misfit:
        return problem("NOT_TELEMETRY", misfit)
    decoded.lines.append(value)


def _misfit_of_counts(line: dict[str, Any]) -> str | None:
    def is_count(key: str, least: int) -> bool:
        return isinstance(line.get(key), int) and not isinstance(line[key], bool) and line[key] >= least

    if is_ledger(line):
        counters = ("received", "delivered", "dropped", "held")
        return next((f"{key} is not a count" for key in counters if not is_count(key, 0)), None)
    if not is_count("seq", 1):
        return "seq is not a positive integer"
    if is_filtered(line) and not is_count("through_seq", line["seq"]):
        return "through_seq is not an integer from seq on"
    return None
