"""Duplicates and gaps of what cdk-kinesis-telemetry-extension sends. Copy it with sequence_ranges.py; Python 3.9."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Callable, Iterable

from sequence_ranges import SequenceRanges


@dataclass(frozen=True)
class InstanceDelivery:
    """What a reader knows of the delivery from one instance."""

    instance_id: str
    function_name: str | None
    events: int  # distinct ones
    duplicates: int
    filtered: int  # left out on purpose by the archive's transform; neither in events nor in missing
    highest_seq: int  # by an event, or by the ledger
    missing: int
    gaps: list[tuple[int, int]]  # from, to: both included
    dropped: int  # by the extension's own account
    dropped_by_reason: dict[str, int]
    dropped_by_lambda: int
    given_up: int  # behind gaps that were given up to bound the memory; not part of missing
    final: bool  # the last ledger of the instance has been seen
    verdict: str  # complete, dropped (by its own account), pending (may still come), lost


class DeliveryWindow:
    """Lets each event through once, by (instance_id, seq), and knows what is missing."""

    def __init__(
        self,
        count_from: str = "one",  # "first-seen" for a reader that came later than the instances
        max_instances: int = 10_000,  # the one not seen for the longest is forgotten first
        max_ranges_per_instance: int = 1_000,  # beyond that the lowest gap is given up
        on_forget: Callable[[InstanceDelivery], None] = lambda delivery: None,
        now: Callable[[], float] = time.monotonic,  # seconds
    ) -> None:
        self._count_from, self._max_instances, self._max_ranges = count_from, max_instances, max_ranges_per_instance
        self._on_forget, self._now = on_forget, now
        self._books: dict[str, _Books] = {}  # a dict keeps the order of insertion: the least recently seen is first

    def add(self, line: dict[str, Any]) -> bool:
        """Whether the line says anything new. Remembers it."""
        instance_id = line["instance_id"]
        books = self._books.pop(instance_id, None) or _Books(instance_id, self._count_from, self._max_ranges)
        self._books[instance_id] = books
        books.seen_at = self._now()
        if len(self._books) > self._max_instances:
            self._forget(next(iter(self._books)))
        return books.add(line)

    def filter(self, lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The lines that are new, in their order; remembers them."""
        return [line for line in lines if self.add(line)]

    def unseen(self, lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The lines that are new, each once, not remembered: for work that may fail. `filter` them when it is done."""
        here, fresh = set(), []
        for line in lines:
            books = self._books.get(line["instance_id"])
            identity = line["instance_id"], line.get("seq"), line.get("through_seq")
            if (books is None or not books.has(line)) and identity not in here:
                fresh.append(line)
                if not _is_ledger(line):
                    here.add(identity)
        return fresh

    def deliveries(self) -> list[InstanceDelivery]:
        """What is known of each instance, the least recently seen first."""
        return [books.report() for books in self._books.values()]

    def suspects(self) -> list[InstanceDelivery]:
        """Those that lack something the extension has not itself reported as dropped."""
        return [delivery for delivery in self.deliveries() if delivery.verdict in ("lost", "pending")]

    def forget_idle(self, idle_seconds: float) -> list[InstanceDelivery]:
        """Forgets who was not heard of for so long: hours, not minutes, for an environment that rests says nothing."""
        before = self._now() - idle_seconds
        return [self._forget(one) for one, books in list(self._books.items()) if books.seen_at < before]

    def _forget(self, instance_id: str) -> InstanceDelivery:
        delivery = self._books.pop(instance_id).report()
        self._on_forget(delivery)
        return delivery


class _Books:
    def __init__(self, instance_id: str, count_from: str, max_ranges: int) -> None:
        self.instance_id, self.count_from, self.max_ranges = instance_id, count_from, max_ranges
        self.seen_at, self.function_name, self.ledger = 0.0, None, {}
        self.duplicates = self.given_up = self.filtered_in_seen = 0
        self.seen, self.accounted = SequenceRanges(), SequenceRanges()  # events; and with what was filtered out

    def has(self, line: dict[str, Any]) -> bool:
        if not _is_ledger(line):
            return (self.accounted if _is_filtered(line) else self.seen).covers(*_range(line))
        # the counters are cumulative: the later ledger is the one that counts more, whatever the order of arrival
        return bool(self.ledger) and (self.ledger.get("final") is True or _totals(line) <= _totals(self.ledger))

    def add(self, line: dict[str, Any]) -> bool:
        is_new = not self.has(line)
        self.function_name = self.function_name or line.get("function_name")
        if _is_ledger(line):
            self.ledger = line if is_new else self.ledger
            return is_new
        if not _is_filtered(line):
            self.seen.add(*_range(line))
            self.duplicates += not is_new
        self.accounted.add(*_range(line))
        while len(self.accounted.starts) > self.max_ranges and (gap := self.accounted.lowest_gap()):
            self.given_up += self.accounted.add(*gap)
            self.seen.add(*gap)
        # events with filtered ones between them are separate ranges too; there always are two within one of accounted
        while len(self.seen.starts) > self.max_ranges and (gap := self.seen.lowest_gap(self.accounted)):
            self.filtered_in_seen += self.seen.add(*gap)
        return is_new

    def report(self) -> InstanceDelivery:
        ledger, seen, accounted = self.ledger, self.seen, self.accounted
        final, dropped = ledger.get("final") is True, ledger.get("dropped", 0)
        promised = ledger.get("received", 0) - (0 if final else ledger.get("held", 0))  # what is held may come, or not
        highest = max(accounted.ends[-1] if accounted.ends else 0, promised)
        first = accounted.starts[0] if self.count_from == "first-seen" and accounted.starts else 1
        gaps = accounted.gaps(first, highest)
        missing = sum(end - start + 1 for start, end in gaps)
        explained = missing <= dropped - self.given_up
        return InstanceDelivery(
            instance_id=self.instance_id,
            function_name=self.function_name,
            events=seen.size - self.given_up - self.filtered_in_seen,
            duplicates=self.duplicates,
            filtered=accounted.size - seen.size + self.filtered_in_seen,
            highest_seq=highest,
            missing=missing,
            gaps=gaps,
            dropped=dropped,
            dropped_by_reason=ledger.get("dropped_by_reason", {}),
            dropped_by_lambda=ledger.get("dropped_by_lambda", 0),
            given_up=self.given_up,
            final=final,
            verdict="complete" if missing == 0 else "dropped" if explained else "lost" if final else "pending",
        )


def _is_ledger(line: dict[str, Any]) -> bool:
    return line.get("type") == "extension.stats"


def _is_filtered(line: dict[str, Any]) -> bool:
    return line.get("type") == "transform.filtered"


def _range(line: dict[str, Any]) -> tuple[int, int]:
    return line["seq"], line["through_seq"] if _is_filtered(line) else line["seq"]


def _totals(ledger: dict[str, Any]) -> tuple[bool, int, int]:
    return ledger.get("final") is True, ledger["received"], ledger["delivered"] + ledger["dropped"]
