"""Limits: what is measured, when it holds, and when there is no verdict because the figures prove nothing."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bango_loadtests.judge import cases, measures
from bango_loadtests.judge.measures import Measured, Seen
from bango_loadtests.tally import Window
from bango_reports.model import Verdict
from bango_spec import load
from bango_spec.load import Limit, campaigns


def seen(ends: dict[int, list[tuple[float, str]]], operation: str = "submitInquiry", **more: Any) -> Seen:
    windows: dict[int, Window] = {}
    for second, exchanges in ends.items():
        for took, end in exchanges:
            windows.setdefault(second, Window()).add(took, took, end)
    given: dict[str, Any] = {"campaign": campaigns()["counter-day"], "seconds": 90.0, "scale": 1.0, "rows": {}}
    return Seen(**given | {"disturbed": None, "windows": {operation: windows}} | more)


def limit(campaign: str, name: str) -> Limit:
    return next(one for one in campaigns()[campaign].limits if one.id == name)


def conditions(*, saturated: bool = False, whole: bool = True) -> cases.Conditions:
    return cases.Conditions(saturated=saturated, whole=whole, plays=lambda _: True, rerun="bango load counter-day x")


def verdict(one: Limit, value: float | None, **given: bool) -> Verdict:
    return cases.of_limit(one, Measured(value, 100), 1.0, conditions(**given)).verdict


def test_the_warm_up_does_not_count() -> None:
    one = limit("counter-day", "accept-p95")
    found = measures.measure(one, seen({2: [(9000.0, "ok")] * 50, 30: [(10.0, "ok")] * 50}))
    assert found.count == 50
    assert found.value == pytest.approx(10.0, rel=0.02)


def test_only_what_ended_on_the_servers_side_is_a_failure() -> None:
    one = limit("counter-day", "failures")
    ends = [
        "ok",
        "silence",
        "undocumented",
        "500:internal-error",
        "503:busy",
        "404:unknown-inquiry",
        "403:not-permitted",
    ]
    found = measures.measure(one, seen({30: [(5.0, end) for end in ends]}))
    assert found.value == pytest.approx(4000 / 7)
    assert found.count == 7


def test_a_limit_holds_up_to_its_bound_and_no_further() -> None:
    one = limit("counter-day", "accept-p95")
    _, bound = load.bound(one, 1.0)
    assert verdict(one, bound) is Verdict.PASS
    assert verdict(one, bound + 0.1) is Verdict.FAIL


def test_without_figures_or_to_the_end_or_a_generator_that_keeps_up_there_is_no_verdict() -> None:
    one = limit("counter-day", "accept-p95")
    assert verdict(one, None) is Verdict.INCONCLUSIVE
    assert verdict(one, 1.0, whole=False) is Verdict.INCONCLUSIVE
    assert verdict(one, 1e6, saturated=True) is Verdict.INCONCLUSIVE
    # A limit that was kept in spite of a tired generator is kept.
    assert verdict(one, 1.0, saturated=True) is Verdict.PASS


def test_recovery_ends_with_the_last_bad_second() -> None:
    one = next(one for name in campaigns() for one in campaigns()[name].limits if one.measure == "recovery-seconds")
    campaign = next(one_ for one_ in campaigns().values() if one in one_.limits)
    good = {second: [(5.0, "ok")] * 10 for second in range(90)}
    disturbed = good | {second: [(5.0, "silence")] * 10 for second in range(40, 64)}
    found = measures.measure(one, seen(disturbed, one.of[0], campaign=campaign, disturbed=(40.0, 60.0)))
    assert found.value == pytest.approx(4.0)
    calm = measures.measure(one, seen(good, one.of[0], campaign=campaign, disturbed=(40.0, 60.0)))
    assert calm.value == 0
    never = good | {second: [(5.0, "silence")] * 10 for second in range(40, 90)}
    assert measures.measure(one, seen(never, one.of[0], campaign=campaign, disturbed=(40.0, 60.0))).value == 30


def test_every_limit_of_every_campaign_has_a_measure_a_bound_and_a_clause() -> None:
    for campaign in campaigns().values():
        for one in campaign.limits:
            assert cases.limit_word(one, 0.5)
            assert measures.measure(one, seen({}, campaign=campaign)).value is None
            assert msgspec.json.encode(cases.limit_title(one))


def test_a_quick_refusal_is_not_speed() -> None:
    one = limit("counter-day", "disclosure-p95")
    found = measures.measure(one, seen({30: [(2.0, "403:unauthorised-role")] * 50}, "discloseRecords"))
    assert found.count == 50
    assert verdict(one, found.value) is Verdict.FAIL
