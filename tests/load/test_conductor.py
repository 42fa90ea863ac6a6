"""Who conducts a campaign notices what takes its meaning away."""

from __future__ import annotations

import time
from itertools import chain, repeat
from types import SimpleNamespace
from typing import Any, cast

import gevent
import pytest

from bango_loadtests.conductor import LEAST_ROOM, Conductor
from bango_loadtests.ground_process import Control
from bango_loadtests.part import Part

PART = cast(
    "Part", SimpleNamespace(seconds=60.0, in_flight=0, campaign=SimpleNamespace(disturbed=None, disturbance=None))
)
SILENT = cast("Control", SimpleNamespace(load=lambda: None))


@pytest.mark.parametrize("by", [3600.0, -90.0])
def test_a_clock_that_jumps_ends_the_campaign_and_says_so(by: float) -> None:
    said: list[str] = []
    jumps = chain([0.0, 0.0], repeat(by))
    conductor = Conductor(PART, SILENT, said.append, wall=lambda: time.time() + next(jumps))
    conductor.begin()
    with gevent.Timeout(10):
        while not conductor.over():
            gevent.sleep(0.1)
    course = conductor.end()
    (trouble,) = course.troubles
    assert (trouble.code, trouble.ends, course.ended_early) == ("LOAD-CLOCK", True, True)
    assert f"{by:+.0f} s" in trouble.en
    assert any("LOAD-CLOCK" in line for line in said)


def test_a_disk_that_fills_ends_the_campaign_while_results_can_be_written() -> None:
    said: list[str] = []
    left = chain([1e9], repeat(LEAST_ROOM - 1))
    conductor = Conductor(PART, SILENT, said.append, room=lambda: next(left))
    conductor.begin()
    with gevent.Timeout(10):
        while not conductor.over():
            gevent.sleep(0.1)
    assert [(one.code, one.ends) for one in conductor.end().troubles] == [("LOAD-DISK", True)]


def test_a_clock_that_is_corrected_a_little_changes_nothing() -> None:
    said: list[str] = []
    steps = chain([0.0], repeat(0.9))
    conductor = Conductor(PART, SILENT, said.append, wall=lambda: time.time() + next(steps))
    conductor.begin()
    gevent.sleep(3.2)
    assert not conductor.over()
    assert [one.code for one in conductor.end().troubles] == ["LOAD-INTERRUPTED"]


def test_a_generator_that_is_lost_and_comes_back_is_told() -> None:
    said: list[Any] = []
    conductor = Conductor(PART, SILENT, said.append)
    conductor.begin()
    conductor.in_flight["far"], conductor.heard["far"] = 3, 12.0
    conductor.lost("far")
    conductor.back("far")
    course = conductor.end()
    assert [one.code for one in course.troubles][:2] == ["LOAD-WORKER-LOST", "LOAD-WORKER-BACK"]
    assert "its last report is of second 12" in course.troubles[0].en
    assert conductor.in_flight == {}
