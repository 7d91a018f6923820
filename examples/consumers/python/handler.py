"""A Lambda consumer of the stream. Set ReportBatchItemFailures on its event source mapping."""

import logging
from typing import Any

from delivery_window import DeliveryWindow
from telemetry_decoder import decode_kinesis_event, is_event

log = logging.getLogger(__name__)
window = DeliveryWindow(count_from="first-seen")  # outlives the invocation, like everything outside the handler


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    for sequence_number, decoded in decode_kinesis_event(event):
        for problem in decoded.problems:  # a bad line will never get better: say it and go on
            log.warning("record %s: %s at byte %d, %s", sequence_number, problem.code, problem.offset, problem.reason)
        try:
            for line in filter(is_event, window.unseen(decoded.lines)):
                work(line)
        except Exception:  # noqa: BLE001: whatever it is, Lambda shall send the batch again from this record on
            log.exception("record %s", sequence_number)
            return {"batchItemFailures": [{"itemIdentifier": sequence_number}]}
        window.filter(decoded.lines)  # only now: what failed must not be taken for done
    for delivery in window.suspects():
        log.warning("%s lacks %s so far", delivery.instance_id, delivery.gaps)
    return {"batchItemFailures": []}


def work(line: dict[str, Any]) -> None:
    if line.get("type") == "platform.report":
        print(line.get("function_name"), line.get("duration_ms"))
