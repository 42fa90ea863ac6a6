"""Sizes of the model: the nation as `spec/load/stations.yaml` assumes it, or the one machine that was measured."""

from __future__ import annotations

from bango_loadtests.model.simulation import Size
from bango_spec.errors import UsageError
from bango_spec.load import Station, every


def machine_size(scale: float) -> Size:
    """One server process, and a network whose components each work off one thing at a time."""
    return Size(scale=scale, servers={one.id: 1 for one in _stations()}, others_here=False)


def national_size(scale: float, given: list[str], lost: str | None) -> Size:
    """The nation, with other numbers of servers where they are given; LOAD-STATION for a station that is not there."""
    each = {one.id: one.servers for one in _stations()}
    sites = {one.id: one.sites for one in _stations()}
    for word in given:
        name, _, number = word.partition("=")
        if name not in each or not number.isascii() or not number.isdigit() or not 0 < int(number) <= 10_000:
            raise _unknown(word)
        each[name] = int(number)
    if lost is not None and lost not in each:
        raise _unknown(lost)
    whole = {name: each[name] * sites[name] for name in each}
    return Size(scale=scale, servers=whole, lost={lost: each[lost]} if lost else {})


def _stations() -> tuple[Station, ...]:
    return every("stations")


def _unknown(word: str) -> UsageError:
    return UsageError(
        "LOAD-STATION",
        f"{word}: そういう系はありません / there is no such station, or no such number of servers",
        step=f"次から選んでください / choose from: {', '.join(one.id for one in _stations())}",
    )
