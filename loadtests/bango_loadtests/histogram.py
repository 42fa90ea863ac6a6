"""Counts of durations in buckets of two per cent: small to send, exact to merge, and within one per cent of any percentile."""

from __future__ import annotations

import math
from collections.abc import Iterable

STEP = 1.02
LEAST_MS = 0.01
_LOG = math.log(STEP)

Histogram = dict[int, int]
"""Bucket → count; bucket n holds from LEAST_MS × STEP**n up to the next one."""


def bucket(milliseconds: float) -> int:
    """The bucket of a duration; everything under LEAST_MS is in the first."""
    return 0 if milliseconds <= LEAST_MS else int(math.log(milliseconds / LEAST_MS) / _LOG)


def middle(number: int) -> float:
    """The duration in milliseconds that stands for a bucket."""
    return float(LEAST_MS * STEP ** (number + 0.5))


def merged(parts: Iterable[Histogram]) -> Histogram:
    """One histogram of many."""
    total: Histogram = {}
    for part in parts:
        for number, count in part.items():
            total[number] = total.get(number, 0) + count
    return total


def size(histogram: Histogram) -> int:
    """How many durations there are."""
    return sum(histogram.values())


def percentile(histogram: Histogram, share: float) -> float | None:
    """The duration in milliseconds that `share` per cent are not above; None without any."""
    wanted = math.ceil(size(histogram) * share / 100)
    seen = 0
    for number in sorted(histogram):
        seen += histogram[number]
        if seen >= max(wanted, 1):
            return middle(number)
    return None


def over(histogram: Histogram, milliseconds: float) -> int:
    """How many durations lie above a bound, by whole buckets."""
    limit = bucket(milliseconds)
    return sum(count for number, count in histogram.items() if number > limit)
