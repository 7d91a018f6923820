import base64
import contextlib
import gzip
import io
import json
import logging
import unittest
from unittest import mock

import handler
from delivery_window import DeliveryWindow
from telemetry_decoder import TelemetryDecodeError, decode_record, is_event


def event(seq, **more):
    return {"v": 1, "type": "function", "instance_id": "i", "seq": seq, "message": "Grüße\n東京 🚀", **more}


LEDGER = {"v": 1, "type": "extension.stats", "instance_id": "i", "received": 2, "delivered": 2, "dropped": 0, "held": 0}
FILTERED = {"v": 1, "type": "transform.filtered", "instance_id": "i", "seq": 3, "through_seq": 5}


def ndjson(*lines):
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def kinesis_event(*records):
    return {
        "Records": [
            {"kinesis": {"data": base64.b64encode(data).decode(), "sequenceNumber": str(index + 1)}}
            for index, data in enumerate(records)
        ]
    }


class Decoding(unittest.TestCase):
    def test_every_format_is_recognized(self):
        lines = [event(1), event(2), LEDGER, FILTERED]
        plain, members = ndjson(*lines), b"".join(gzip.compress(ndjson(line)) for line in lines)
        for data in (plain, gzip.compress(plain), members, ndjson(lines[0]) + gzip.compress(ndjson(*lines[1:]))):
            self.assertEqual(decode_record(data).lines, lines)
            self.assertEqual(decode_record(data).problems, [])

    def test_a_bad_line_is_reported_with_its_offset_and_hides_nothing(self):
        good = ndjson(event(1))
        for bad, code in ((b"{", "NOT_JSON"), (b"\xff", "NOT_JSON"), (b"{}", "NOT_TELEMETRY"), (b'{"v":2}', "UNKNOWN_VERSION")):
            decoded = decode_record(good + bad + b"\n" + good)
            self.assertEqual(len(decoded.lines), 2)
            self.assertEqual([(one.code, one.offset) for one in decoded.problems], [(code, len(good))])

    def test_a_line_without_its_numbers_is_no_telemetry(self):
        misfits = [{**LEDGER, "held": -1}, {**FILTERED, "through_seq": 2}, {**FILTERED, "through_seq": None}, event(0), event(True)]
        for misfit in misfits:
            self.assertEqual([one.code for one in decode_record(ndjson(misfit)).problems], ["NOT_TELEMETRY"], misfit)

    def test_an_event_is_what_is_neither_ledger_nor_filtered_out(self):
        self.assertEqual([line for line in [event(1), LEDGER, FILTERED] if is_event(line)], [event(1)])

    def test_a_bad_gzip_member_hides_nothing(self):
        first, second, third = (gzip.compress(ndjson(event(seq))) for seq in (1, 2, 3))
        damaged = second[:-6] + bytes([second[-6] ^ 255]) + second[-5:]
        decoded = decode_record(first + damaged + third)
        self.assertEqual([line["seq"] for line in decoded.lines], [1, 3])
        self.assertEqual([(one.code, one.offset) for one in decoded.problems], [("BAD_GZIP", len(first))])
        self.assertEqual([one.code for one in decode_record(first[:-3]).problems], ["BAD_GZIP"])

    def test_a_bomb_is_not_inflated(self):
        self.assertEqual([one.code for one in decode_record(gzip.compress(b" " * 10**7), max_bytes=1000).problems], ["TOO_LARGE"])

    def test_strict_raises_after_everything_was_read(self):
        with self.assertRaises(TelemetryDecodeError) as raised:
            decode_record(b"bad\n" + ndjson(event(1)), strict=True)
        self.assertEqual(raised.exception.lines, [event(1)])


class Consuming(unittest.TestCase):
    def setUp(self):
        handler.window = DeliveryWindow(count_from="first-seen")
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)

    def test_each_event_is_worked_off_once(self):
        report = event(1, type="platform.report", function_name="f", duration_ms=5)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            answer = handler.handler(kinesis_event(ndjson(report, report), b"bad\n", ndjson(report)), None)
        self.assertEqual(out.getvalue(), "f 5\n")
        self.assertEqual(answer, {"batchItemFailures": []})

    def test_gaps_are_named_and_ledgers_not_worked_off(self):
        logging.disable(logging.NOTSET)
        with mock.patch.object(handler, "work") as work, self.assertLogs(handler.log) as logged:
            handler.handler(kinesis_event(ndjson(event(1), event(3), LEDGER, event(5))), None)
        self.assertEqual([call.args[0]["seq"] for call in work.call_args_list], [1, 3, 5])
        self.assertEqual([one.getMessage() for one in logged.records], ["i lacks [(2, 2), (4, 4)] so far"])

    def test_a_failure_names_the_record_and_is_not_taken_for_done(self):
        records = kinesis_event(ndjson(event(1)), ndjson(event(2)))
        with mock.patch.object(handler, "work", side_effect=[None, ValueError("database")]):
            self.assertEqual(handler.handler(records, None), {"batchItemFailures": [{"itemIdentifier": "2"}]})
        with mock.patch.object(handler, "work") as work:
            self.assertEqual(handler.handler(records, None), {"batchItemFailures": []})
        self.assertEqual([call.args[0]["seq"] for call in work.call_args_list], [2])


if __name__ == "__main__":
    unittest.main()
