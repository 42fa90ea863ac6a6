"""What the model says of a campaign: times, waiting at every station, and how full each is."""

from __future__ import annotations

import msgspec

from bango_loadtests.histogram import percentile, size
from bango_loadtests.model.calibration import Calibration
from bango_loadtests.model.simulation import Simulation, Size
from bango_spec import load
from bango_spec.load import Campaign

SHARES = (50, 95, 99)


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One station: its servers, the share of time they are busy, percentiles of waiting (ms), and the longest queue seen."""

    station: str
    servers: int
    busy: float
    waited: tuple[float, ...]
    longest: int


class Prediction(msgspec.Struct, frozen=True, kw_only=True):
    """Times by operation and flow (count and percentiles in milliseconds), and the stations."""

    campaign: str
    scale: float
    times: dict[str, tuple[int, tuple[float, ...]]]
    stations: list[Waiting]
    lost: dict[str, int]


def predict(campaign: Campaign, measured: Calibration, wanted: Size, seconds: float, seed: int) -> Prediction:
    """Run the model once."""
    model = Simulation(campaign, measured, wanted, seconds, seed)
    model.run()
    return Prediction(
        campaign=campaign.id,
        scale=wanted.scale,
        times={name: (size(times), _shares(times)) for name, times in sorted(model.times.items())},
        stations=[
            Waiting(
                station=name,
                servers=one.servers,
                busy=one.busy_seconds / one.servers / seconds,
                waited=_shares(one.waited),
                longest=model.longest_queue[name],
            )
            for name, one in model.stations.items()
        ],
        lost=dict(wanted.lost),
    )


def _shares(times: dict[int, int]) -> tuple[float, ...]:
    return tuple(percentile(times, share) or 0.0 for share in SHARES)


def lines(found: Prediction) -> list[str]:
    """The prediction for a terminal."""
    told = [f"{found.campaign}  全国の {found.scale:g} 倍 / {found.scale:g} of the nation"]
    told += [
        f"  中ほどで {load.station(name).title.ja} の {count} 本を失う / {count} servers of {name} are lost for a third of the time"
        for name, count in found.lost.items()
    ]
    told.append(f"  {'':<22}{'件 count':>12}{'p50 ms':>12}{'p95 ms':>12}{'p99 ms':>12}")
    told += [
        f"  {name:<22}{count:>12,}" + "".join(f"{value:>12,.1f}" for value in values)
        for name, (count, values) in found.times.items()
    ]
    told.append(
        f"  {'待ち waiting':<20}{'servers':>12}{'p50 ms':>12}{'p95 ms':>12}{'p99 ms':>12}{'busy':>8}{'longest':>10}"
    )
    told += [
        f"  {one.station:<22}{one.servers:>12}"
        + "".join(f"{value:>12,.1f}" for value in one.waited)
        + f"{one.busy:>8.0%}{one.longest:>10,}"
        for one in found.stations
    ]
    return told
