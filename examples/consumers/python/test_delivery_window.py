import dataclasses
import json
import os
import re
import unittest
from pathlib import Path

from delivery_window import DeliveryWindow

CASES = Path(os.environ.get("DELIVERY_WINDOW_CASES") or Path(__file__).parent.parent / "delivery-window-cases.json")
NAMES = {"countFrom": "count_from", "maxInstances": "max_instances", "maxRangesPerInstance": "max_ranges_per_instance"}


def camel_case(delivery):
    report = {re.sub("_(.)", lambda at: at[1].upper(), key): value for key, value in dataclasses.asdict(delivery).items()}
    return {**report, "gaps": [{"from": start, "to": end} for start, end in delivery.gaps]}


def outcome(case):
    """What the window makes of the lines, a second passing from one to the next."""
    lines, seconds, forgotten = case["lines"], 0, []
    options = {NAMES[key]: value for key, value in case.get("options", {}).items()}
    window = DeliveryWindow(on_forget=lambda one: forgotten.append(one.instance_id), now=lambda: seconds, **options)
    fresh, unseen = [], []
    for seconds, line in enumerate(lines):
        if seconds == case.get("unseenAfter", 0):
            unseen = [next(index for index, one in enumerate(lines) if one is found) for found in window.unseen(lines)]
        if window.add(line):
            fresh.append(seconds)
    if "forgetIdleMs" in case:
        window.forget_idle(case["forgetIdleMs"] / 1000)
    deliveries = [camel_case(one) for one in window.deliveries()]
    suspects = [one.instance_id for one in window.suspects()]
    return {"unseen": unseen, "fresh": fresh, "forgotten": forgotten, "deliveries": deliveries, "suspects": suspects}


class SharedCases(unittest.TestCase):
    maxDiff = None

    def test_every_case_has_its_outcome(self):
        cases = json.loads(CASES.read_text("utf-8"))
        for case in cases:
            with self.subTest(case["name"]):
                self.check(outcome(case), case["expected"])
        print(f"{len(cases)} cases")

    def check(self, found, expected):
        for key, value in expected.items():
            if key != "deliveries":
                self.assertEqual(found[key], value, key)
        for one, wanted in zip(found["deliveries"], expected.get("deliveries", [])):
            self.assertEqual({key: one[key] for key in wanted}, wanted)
        self.assertEqual(len(found["deliveries"]), len(expected.get("deliveries", found["deliveries"])))


class Filtering(unittest.TestCase):
    def test_a_batch_is_done_when_it_is_filtered_and_not_before(self):
        window = DeliveryWindow()
        batch = [{"instance_id": "i", "seq": 1}, {"instance_id": "i", "seq": 1}]
        self.assertEqual(window.unseen(batch), batch[:1])
        self.assertEqual(window.filter(batch), batch[:1])
        self.assertEqual(window.unseen(batch), [])


if __name__ == "__main__":
    unittest.main()
