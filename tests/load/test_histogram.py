"""Durations in buckets: exact to merge, and within two per cent of the percentile that one would count by hand."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from bango_loadtests.histogram import LEAST_MS, STEP, bucket, merged, over, percentile, size

durations = st.lists(st.floats(min_value=LEAST_MS, max_value=120_000.0), min_size=1, max_size=200)


def counted(values: list[float]) -> dict[int, int]:
    found: dict[int, int] = {}
    for value in values:
        found[bucket(value)] = found.get(bucket(value), 0) + 1
    return found


@given(durations, st.sampled_from([50.0, 95.0, 99.0, 100.0]))
def test_a_percentile_is_that_of_the_sorted_durations(values: list[float], share: float) -> None:
    right = sorted(values)[max(math.ceil(len(values) * share / 100), 1) - 1]
    found = percentile(counted(values), share)
    assert found is not None
    assert right / STEP <= found <= right * STEP


@given(durations, durations)
def test_two_generators_add_up_to_one(some: list[float], others: list[float]) -> None:
    whole = merged([counted(some), counted(others)])
    assert whole == counted(some + others)
    assert size(whole) == len(some) + len(others)


@given(durations, st.floats(min_value=LEAST_MS, max_value=120_000.0))
def test_what_lies_above_a_bound(values: list[float], bound: float) -> None:
    found = over(counted(values), bound)
    assert sum(value > bound * STEP for value in values) <= found <= sum(value > bound for value in values)


def test_nothing_has_no_percentile() -> None:
    assert percentile({}, 95) is None
