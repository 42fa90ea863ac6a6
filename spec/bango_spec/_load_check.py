"""What must hold of the load campaigns: references resolve, limits name what is measured, every clause of load has a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bango_spec.assumptions import assumptions
from bango_spec.clauses import clauses
from bango_spec.errors import SpecError
from bango_spec.interfaces import NAMES, operations
from bango_spec.load import (
    LEAST_SECONDS,
    Campaign,
    Limit,
    Load,
    Rate,
    behaviour,
    calendar,
    campaigns,
    every,
    mix,
    volume,
)
from bango_spec.vocabulary import information, laws


def problems() -> list[str]:
    """Every fault in words; unreadable files raise instead."""
    known = {operation.operation_id for name in NAMES for operation in operations(name)}
    found = [f"{one.id}: no operation {step}" for one in every("behaviours") for step in one.steps if step not in known]
    for one in every("mixes"):
        found += [f"{one.id}: no law {line.law}" for line in one.lines if line.law not in laws()]
        found += [
            f"{one.id}: no information {line.information}"
            for line in one.lines
            if line.information not in information()
        ]
    for campaign in campaigns().values():
        found += [f"{campaign.id}: {fault}" for fault in _faults(campaign)]
    found += [f"{one.id}: no clause {one.clause}" for one in every("checks") if one.clause not in clauses()]
    proven = {limit.clause for campaign in campaigns().values() for limit in campaign.limits}
    proven |= {one.clause for one in every("checks")}
    idle = (one.id for one in clauses().values() if one.by_load and one.testable and one.id not in proven)
    return found + [f"{name}: no campaign verifies it" for name in idle]


def faults(campaign: Campaign) -> list[str]:
    """The faults of one campaign in words."""
    return list(_faults(campaign))


def _faults(campaign: Campaign) -> Iterator[str]:
    if campaign.seconds < LEAST_SECONDS:
        yield f"shorter than {LEAST_SECONDS} seconds, which proves nothing"
    if campaign.warm_up_seconds >= campaign.seconds / 2:
        yield "half of it is warming up"
    ends = [stage.until for stage in campaign.stages]
    if ends and (ends != sorted(set(ends)) or ends[-1] != 1.0):
        yield "the stages do not lead to the end"
    if len({limit.id for limit in campaign.limits}) != len(campaign.limits):
        yield "a limit's id stands twice"
    if strangers := [load.behaviour for load in campaign.loads if load.behaviour not in _behaviours()]:
        yield from (f"load/behaviours.yaml has no {name}" for name in strangers)
        return
    sees = {word for load in campaign.loads for word in _words(load)}
    for load in campaign.loads:
        yield from _load_faults(load)
    for limit in campaign.limits:
        yield from (f"{limit.id}: nothing of this campaign does {word}" for word in limit.of if word not in sees)
        yield from _limit_faults(limit, disturbed=campaign.disturbed is not None)


def _behaviours() -> set[str]:
    return {one.id for one in every("behaviours")}


def _words(load: Load) -> set[str]:
    one = behaviour(load.behaviour)
    return {*one.steps, one.flow}


def _load_faults(load: Load) -> Iterator[str]:
    if (load.rate is None) == (load.clients is None):
        yield f"{load.behaviour} needs either a rate or a number of clients"
    if load.from_ >= load.until:
        yield f"{load.behaviour} ends before it begins"
    if load.rate is not None:
        yield from _rate_faults(load.rate)
    if load.clients is not None and load.clients < 1:
        yield f"{load.behaviour} has nobody"
    if load.mix is not None:
        yield from _resolves(lambda: mix(load.mix or ""))


def _limit_faults(limit: Limit, *, disturbed: bool) -> Iterator[str]:
    if limit.clause not in clauses():
        yield f"{limit.id}: no clause {limit.clause}"
    if limit.at_most is None and limit.at_least is None:
        yield f"{limit.id} limits nothing"
    if limit.at_most is not None and limit.at_most not in assumptions():
        yield f"{limit.id}: no assumption {limit.at_most}"
    if (limit.percentile is None) == (limit.measure in {"percentile", "knee-a-second"}):
        yield f"{limit.id}: a percentile is needed by percentile and knee alone"
    if (limit.measure == "recovery-seconds") != (limit.within is not None):
        yield f"{limit.id}: a recovery needs the response time it comes back to, nothing else does"
    if limit.within is not None and limit.within not in assumptions():
        yield f"{limit.id}: no assumption {limit.within}"
    if not disturbed and (limit.during != "steady" or limit.measure == "recovery-seconds"):
        yield f"{limit.id} speaks of a disturbance that there is not"
    if isinstance(limit.at_least, Rate):
        yield from _rate_faults(limit.at_least)


def _rate_faults(rate: Rate) -> Iterator[str]:
    yield from _resolves(lambda: volume(rate.volume))
    yield from _resolves(lambda: calendar(rate.calendar))
    if rate.times:
        yield from _resolves(lambda: volume(rate.times or ""))


def _resolves(look: Callable[[], object]) -> Iterator[str]:
    try:
        look()
    except SpecError as error:
        yield error.what
