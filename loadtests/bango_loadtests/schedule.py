"""When something arrives: independent arrivals (Poisson), drawn from a seed, at a rate that may change with the campaign's stages."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bango_spec.load import Campaign, Load


def times_at(campaign: Campaign, share: float) -> float:
    """How many times their rate the loads come at a share of the campaign's time."""
    for stage in campaign.stages:
        if share < stage.until:
            return stage.times
    return campaign.stages[-1].times if campaign.stages else 1.0


def arrivals(campaign: Campaign, load: Load, rate: float, seconds: float, draw: random.Random) -> Iterator[float]:
    """The moments, in seconds from the beginning, at which one of the load's clients is due; `rate` is that client's share.

    Candidates come at the highest rate of all stages and are kept with the share of the stage they fall into, which gives
    exactly the wanted process at every moment.
    """
    most = rate * max((stage.times for stage in campaign.stages), default=1.0)
    if most <= 0:
        return
    now = load.from_ * seconds
    end = load.until * seconds
    while (now := now + draw.expovariate(most)) < end:
        if draw.random() * most < rate * times_at(campaign, now / seconds):
            yield now


def connections(rate: float) -> int:
    """How many connections an open load uses: enough that none of them carries more than a few requests a second."""
    return max(2, min(24, round(rate / 2) + 1))
