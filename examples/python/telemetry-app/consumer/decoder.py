"""Kinesis records of the telemetry extension, as Python objects. The record schema is docs/record-schema.md."""

import base64
import gzip
import json
import sys
from typing import Any, Iterator

GZIP = b"\x1f\x8b"


def decode(data: bytes) -> Iterator[dict[str, Any]]:
    """The lines of one record. The formats tell themselves apart: NDJSON_GZIP begins as gzip does, JSON is one line."""
    text = gzip.decompress(data) if data.startswith(GZIP) else data
    for line in text.split(b"\n"):  # not splitlines: a log line may hold other line separators
        if not line.strip():
            continue
        event = json.loads(line)
        if event.get("v") != 1:
            raise ValueError(f"record schema version {event.get('v')}: this consumer knows 1")
        yield event


if __name__ == "__main__":  # records as base64, one a line, to lines of JSON
    for record in sys.stdin:
        for event in decode(base64.b64decode(record)):
            print(json.dumps(event))
