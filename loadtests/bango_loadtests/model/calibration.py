"""What one exchange costs, read off a measured run: processor time of generators and network, time of service at the target."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import mean

import msgspec

from bango_loadtests.errors import IncompleteError
from bango_loadtests.judge.record import Figures
from bango_loadtests.model.stations import centre

GROUND, MACHINE = "ground", "machine"
FEWEST = 50
"""With fewer exchanges than this a cost is chance."""


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Costs by exchange (processor seconds) and by operation (milliseconds of service), with the run they come from."""

    campaign: str
    scale: float
    a_second: float
    """Exchanges a second in the measured run, after the warm-up."""
    generator_seconds: float
    ground_seconds: float
    target_seconds: float
    """What is left of the machine's time: the target's, if it runs here and nothing else does."""
    service_ms: Mapping[str, tuple[float, float]]
    """Operation → middle and 95th percentile of the times from sending to answer."""
    rates: Mapping[str, float]
    """Operation → exchanges a second in the measured run."""

    def service(self, operation: str) -> tuple[float, float]:
        """An operation's times; those of the slowest one for an operation that the run did not have."""
        return self.service_ms.get(operation) or max(self.service_ms.values())

    @property
    def occupied(self) -> float:
        """The share of a time of service (0 to 1) that occupies the target's processor; the rest is the wire and shared commits."""
        count = sum(self.rates.values())
        whole = sum(rate * centre(*self.service(name)) for name, rate in self.rates.items()) / count if count else 0.0
        return min(1.0, self.target_seconds * 1000 / whole) if whole else 0.0


def calibration(figures: Figures, campaign: str, operations: frozenset[str]) -> Calibration:
    """The costs of a run; LOAD-CALIBRATION when it was of another campaign, too short, or the generator could not keep up."""
    if figures.campaign != campaign:
        raise _useless(f"別の運転です（{figures.campaign}）", f"it is one of another campaign ({figures.campaign})")
    rows = [row for row in figures.operations if row.name in operations and row.sent["p50"] is not None]
    count = sum(row.count for row in rows)
    if count < FEWEST:
        raise _useless(f"{count} 件では少なすぎます", f"{count} exchanges are too few")
    if any(one.over for one in figures.watched):
        raise _useless("負荷を作る側が間に合っていません", "the generator could not keep up")
    a_second = sum(row.a_second for row in rows)
    generated = sum(_share(figures, name) for name in figures.generators if name not in {GROUND, MACHINE})
    ground, machine = _share(figures, GROUND), _share(figures, MACHINE) * figures.processors
    return Calibration(
        campaign=figures.campaign,
        scale=figures.scale,
        a_second=a_second,
        generator_seconds=generated / a_second,
        ground_seconds=ground / a_second,
        target_seconds=max(machine - generated - ground, 0.0) / a_second,
        service_ms={row.name: (row.sent["p50"] or 0.0, row.sent["p95"] or 0.0) for row in rows},
        rates={row.name: row.a_second for row in rows},
    )


def _share(figures: Figures, name: str) -> float:
    counted = [cpu for second, cpu, _ in figures.generators.get(name, []) if second >= figures.warm_up_seconds]
    return mean(counted) if counted else 0.0


def _useless(ja: str, en: str) -> IncompleteError:
    return IncompleteError(
        "LOAD-CALIBRATION",
        f"この運転からは費用を読み取れません: {ja} / this run tells no costs: {en}",
        step="静かな機械で、もう少し長く運転してください / run it longer, on a machine with nothing else to do",
    )
