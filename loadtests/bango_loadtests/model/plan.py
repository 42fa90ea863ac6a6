"""How many cores and workers a campaign takes at another size, from the costs of a measured run."""

from __future__ import annotations

from math import ceil

import msgspec

from bango_loadtests.model.calibration import Calibration
from bango_spec.load import Campaign

FILLED = 0.6
"""A process is planned to be busy for this share of its time at the campaign's highest rate: what comes at random needs room."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a campaign needs; a worker is one process of Locust on one core."""

    campaign: str
    scale: float
    a_second: float
    """Exchanges a second at the campaign's highest stage."""
    generator_cores: float
    workers: int
    ground_cores: float
    ground_fits: bool
    """The mock network answers on one core; above that it limits the campaign, not the target."""


def plan(campaign: Campaign, measured: Calibration, scale: float) -> Plan:
    """The plan for a campaign at a share of the nation's volume (1.0 is the nation)."""
    # The measured run saw its stages, too: their mean is what its rate stands for.
    highest = max((stage.times for stage in campaign.stages), default=1.0) / _mean_times(campaign)
    rate = measured.a_second / measured.scale * scale * highest
    generators, ground = rate * measured.generator_seconds, rate * measured.ground_seconds
    return Plan(
        campaign=campaign.id,
        scale=scale,
        a_second=rate,
        generator_cores=generators,
        workers=max(1, ceil(generators / FILLED)),
        ground_cores=ground,
        ground_fits=ground <= FILLED,
    )


def _mean_times(campaign: Campaign) -> float:
    begin, total = 0.0, 0.0
    for stage in campaign.stages:
        total += (stage.until - begin) * stage.times
        begin = stage.until
    return total or 1.0


def lines(made: Plan) -> list[str]:
    """The plan for a terminal."""
    found = [
        f"{made.campaign}  全国の {made.scale:g} 倍 / {made.scale:g} of the nation",
        f"  要求 requests            {made.a_second:10,.0f} /s",
        f"  発生側 generators        {made.generator_cores:10.2f} cores → workers {made.workers}",
        f"  模擬の網 mock network    {made.ground_cores:10.2f} cores",
    ]
    if not made.ground_fits:
        found.append(
            "  模擬の網は一つのコアで答えます。この規模では網が先に詰まります。"
            " The mock network answers on one core: at this size it is full before the target."
        )
    return found
