"""Arrivals come by themselves, at their rate, in every stage of a campaign; the same for the same seed."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from bango_loadtests.schedule import arrivals, connections, times_at
from bango_spec.load import campaigns

SECONDS = 4000.0


@pytest.mark.parametrize("name", ["counter-day", "knee", "april-moves"])
def test_as_many_come_in_every_stage_as_its_rate_says(name: str) -> None:
    campaign = campaigns()[name]
    load = campaign.loads[0]
    came = list(arrivals(campaign, load, 5.0, SECONDS, random.Random(1)))
    assert all(one < other for one, other in pairwise(came))
    begin = load.from_
    for stage_end in [stage.until for stage in campaign.stages if load.from_ < stage.until <= load.until] or [
        load.until
    ]:
        wanted = 5.0 * times_at(campaign, (begin + stage_end) / 2) * (stage_end - begin) * SECONDS
        found = sum(begin * SECONDS <= one < stage_end * SECONDS for one in came)
        assert abs(found - wanted) < 5 * wanted**0.5
        begin = stage_end


def test_the_same_seed_gives_the_same_arrivals() -> None:
    campaign = campaigns()["counter-day"]
    load = campaign.loads[0]
    one, other, third = (list(arrivals(campaign, load, 20.0, 60.0, random.Random(seed))) for seed in (7, 7, 8))
    assert one == other != third


def test_nobody_comes_at_no_rate() -> None:
    campaign = campaigns()["counter-day"]
    assert list(arrivals(campaign, campaign.loads[0], 0.0, 60.0, random.Random(1))) == []


def test_connections_are_enough_and_not_without_bound() -> None:
    assert [connections(rate) for rate in (0.0, 1.0, 10.0, 10_000.0)] == [2, 2, 6, 24]
