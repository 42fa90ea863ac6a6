"""Plans: costs measured at one size, multiplied to another; a run that tells no costs is refused."""

from __future__ import annotations

from typing import Any

import pytest

from bango_loadtests.judge.measures import of_target
from bango_loadtests.judge.record import Figures, Row
from bango_loadtests.judge.saturation import Reading
from bango_loadtests.model.calibration import calibration
from bango_loadtests.model.plan import plan
from bango_spec.errors import BangoError
from bango_spec.load import campaigns


def figures(campaign: str = "counter-day", *, count: int = 1000, over: bool = False, scale: float = 1.0) -> Figures:
    percentiles: dict[str, float | None] = {"p50": 4.0, "p95": 9.0, "p99": 20.0}
    row = Row(
        name="submitInquiry",
        count=count,
        failed=0,
        a_second=count / 10,
        due=percentiles,
        sent=percentiles,
        ends={"ok": count},
    )
    seconds = [(second, 0.9 if second < 10 else 0.2, 1.0) for second in range(20)]
    bare: dict[str, Any] = {
        "seed": 1,
        "seconds": 20.0,
        "warm_up_seconds": 10.0,
        "disturbed": None,
        "lines": [],
        "tasks": [],
    }
    return Figures(
        campaign=campaign,
        scale=scale,
        operations=[row],
        items=[],
        over_time={},
        generators={"local": seconds, "ground": [(at, cpu * 2, lag) for at, cpu, lag in seconds], "machine": seconds},
        processors=2,
        watched=[Reading("", "", "", "", over=over)],
        inquiries={},
        noise={},
        **bare,
    )


def test_costs_are_read_after_the_warm_up_and_multiplied() -> None:
    measured = calibration(figures(), "counter-day", of_target())
    assert measured.generator_seconds == pytest.approx(0.002)
    assert measured.ground_seconds == pytest.approx(0.004)
    made = plan(campaigns()["counter-day"], measured, 10.0)
    assert made.a_second == pytest.approx(1000)
    assert made.generator_cores == pytest.approx(2.0)
    assert made.workers == 4
    assert not made.ground_fits
    assert plan(campaigns()["counter-day"], measured, 1.0).workers == 1


def test_a_run_at_a_small_share_counts_for_what_it_was() -> None:
    small = plan(campaigns()["counter-day"], calibration(figures(scale=0.1), "counter-day", of_target()), 1.0)
    assert small.a_second == pytest.approx(1000)


def test_stages_are_planned_for_at_their_highest() -> None:
    knee = campaigns()["knee"]
    made = plan(knee, calibration(figures("knee"), "knee", of_target()), 1.0)
    assert made.a_second > 100 * max(stage.times for stage in knee.stages) / sum(stage.times for stage in knee.stages)
    assert made.a_second > 100


@pytest.mark.parametrize(
    ("given", "says"),
    [(figures("june-peak"), "another campaign"), (figures(count=10), "too few"), (figures(over=True), "keep up")],
)
def test_a_run_that_tells_no_costs(given: Figures, says: str) -> None:
    with pytest.raises(BangoError, match=says) as told:
        calibration(given, "counter-day", of_target())
    assert (told.value.code, told.value.exit_code) == ("LOAD-CALIBRATION", 12)
