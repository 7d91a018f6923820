"""A part of delivery_window.py."""

from __future__ import annotations

from bisect import bisect_left, bisect_right


class SequenceRanges:
    """A set of positive integers as sorted ranges, both ends included."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.size = 0

    def add(self, first: int, last: int) -> int:
        """How many of them are new."""
        low, high = bisect_left(self.ends, first - 1), bisect_right(self.starts, last + 1)  # those that touch it
        known = sum(end - start + 1 for start, end in zip(self.starts[low:high], self.ends[low:high]))
        if low < high:
            first, last = min(first, self.starts[low]), max(last, self.ends[high - 1])
        self.starts[low:high], self.ends[low:high] = [first], [last]
        self.size += last - first + 1 - known
        return last - first + 1 - known

    def covers(self, first: int, last: int) -> bool:
        index = bisect_right(self.starts, first) - 1
        return index >= 0 and last <= self.ends[index]

    def lowest_gap(self, within: SequenceRanges | None = None) -> tuple[int, int] | None:
        for end, start in zip(self.ends, self.starts[1:]):
            if within is None or within.covers(end + 1, start - 1):
                return end + 1, start - 1
        return None

    def gaps(self, first: int, last: int) -> list[tuple[int, int]]:
        befores = [first - 1, *self.ends]
        afters = [*self.starts, last + 1]
        pairs = ((max(before + 1, first), min(after - 1, last)) for before, after in zip(befores, afters))
        return [(low, high) for low, high in pairs if low <= high]
