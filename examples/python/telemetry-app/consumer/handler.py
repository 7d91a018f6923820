"""Works off the telemetry of other functions."""

import base64
from collections import OrderedDict
from typing import Any

from decoder import decode

MAX_REMEMBERED = 100_000
_seen: "OrderedDict[tuple[str, int], None]" = OrderedDict()


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    failures = []
    for record in event["Records"]:
        try:
            for line in decode(base64.b64decode(record["kinesis"]["data"])):
                work(line)
        except Exception as error:  # Lambda sends the batch again from here on
            print(f"record {record['kinesis']['sequenceNumber']}: {error}")
            failures.append({"itemIdentifier": record["kinesis"]["sequenceNumber"]})
            break
    return {"batchItemFailures": failures}


def work(line: dict[str, Any]) -> None:
    if line["type"] == "extension.stats":  # the ledger: what was lost, and why
        if line["dropped"] > 0:
            print(f"{line['function_name']} lost {line['dropped']} events: {line['dropped_by_reason']}")
        return
    identity = (line["instance_id"], line["seq"])
    if identity in _seen:  # Kinesis delivers at least once
        return
    if line["type"] == "platform.report":
        print(f"{line['function_name']} took {line['duration_ms']} ms")
    _seen[identity] = None
    if len(_seen) > MAX_REMEMBERED:
        _seen.popitem(last=False)
