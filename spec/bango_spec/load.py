"""Load campaigns as data: `spec/load/` says how much, when, by whom, of what, and which limits of which clauses hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from bango_spec.assumptions import number
from bango_spec.errors import SpecError, UsageError
from bango_spec.reading import Element, Text, files, read

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Basis = Literal["stated", "derived", "assumed"]
Role = Literal["asker", "provider", "both"]
Flow = Literal["inquiry", "provision", "registration", "disclosure", "linkage", "file", "presence"]
Measure = Literal[
    "percentile",
    "failures-per-thousand",
    "rows-a-second",
    "refused-with",
    "recovery-seconds",
    "drift-percent",
    "knee-a-second",
]
During = Literal["steady", "disturbed", "undisturbed"]
LEAST_SECONDS = 60
"""A campaign shorter than this is a trial and proves nothing."""


class Volume(Element, frozen=True):
    """A figure of the field: how many, and how sure that is."""

    id: str
    title: Text
    value: Positive
    basis: Basis
    reason: Text


class Calendar(Element, frozen=True):
    """When the figures of a year (or a night) come in."""

    id: str
    title: Text
    days: Positive
    hours: Positive
    reason: Text

    @property
    def seconds(self) -> float:
        """All the seconds of it."""
        return self.days * self.hours * 3600


class Rate(Element, frozen=True):
    """So many a second: a volume spread evenly over a calendar, times a peak."""

    volume: str
    calendar: str
    times: str | None = None

    def a_second(self) -> float:
        """The rate at national scale."""
        peak = volume(self.times).value if self.times else 1.0
        return volume(self.volume).value / calendar(self.calendar).seconds * peak


class MixLine(Element, frozen=True):
    """One kind of question and its weight among the others."""

    law: str
    information: str
    weight: Positive


class Mix(Element, frozen=True):
    """What is asked for, by law and kind of information."""

    id: str
    title: Text
    reason: Text
    lines: tuple[MixLine, ...]


class Station(Element, frozen=True):
    """A place where exchanges wait and are served, as the model sees it: so many servers side by side at so many sites."""

    id: str
    title: Text
    sites: int
    servers: int
    reason: Text


class Whole(Element, frozen=True):
    """A flow as a whole, with its name."""

    id: str
    title: Text


class Behaviour(Element, frozen=True):
    """Somebody who comes: the operations in their order, the flow that they make up, and the pause between looks."""

    id: str
    title: Text
    role: Role
    steps: tuple[str, ...]
    flow: Flow
    pause_seconds: float
    repeated: Share
    """The share of cases in which a request is sent again, or a permit used again."""
    what: Text
    ended: tuple[str, ...] = ()
    """The states at which looking for the end of something ends."""


class Check(Element, frozen=True):
    """What must hold of all that comes and all that is left behind, in every campaign."""

    id: str
    clause: str
    role: Role
    code: str
    title: Text
    flows: tuple[Flow, ...] = ()
    """The flows in which it can be seen; all without any."""


class Stage(Element, frozen=True):
    """Until this share of the time, the rates are so many times themselves."""

    until: Share
    times: float


class Disturbance(Element, frozen=True):
    """What happens to the network between two shares of the time."""

    kind: Literal["slow", "down"]
    from_: Share = msgspec.field(name="from")
    until: Share = 1.0
    seconds: float = 0.0
    """How much later a slow network answers."""


class Load(Element, frozen=True):
    """One behaviour in a campaign: by arrivals (`rate`, open) or by a number of clients that never rest (`clients`, closed)."""

    behaviour: str
    mix: str | None = None
    rate: Rate | None = None
    clients: int | None = None
    rows: int = 0
    """Rows of a file, for behaviours that send files."""
    from_: Share = msgspec.field(name="from", default=0.0)
    until: Share = 1.0


class Limit(Element, frozen=True):
    """One limit: what is measured of which operations or flows, and how much it may or must be."""

    id: str
    measure: Measure
    clause: str
    of: tuple[str, ...] = ()
    """Operations or flows; all operations without any."""
    percentile: float | None = None
    at_most: str | None = None
    """The assumption that states it; its id ends with the unit."""
    at_least: Rate | float | None = None
    code: str | None = None
    during: During = "steady"
    within: str | None = None
    """For recovery: the assumption of the response time that must be kept again."""
    floor_milliseconds: float | None = None
    """For drift: differences under this are noise."""


class Campaign(Element, frozen=True):
    """A whole campaign; its id is the file's name."""

    title: Text
    why: Text
    seconds: Positive
    warm_up_seconds: float
    loads: tuple[Load, ...]
    limits: tuple[Limit, ...]
    share: Share = 1.0
    """The share of the national volume that one run replays."""
    stages: tuple[Stage, ...] = ()
    disturbance: Disturbance | None = None
    id: str = ""

    @property
    def disturbed(self) -> tuple[float, float] | None:
        """From and until which share of the time something is out of the ordinary."""
        if self.disturbance is not None:
            return self.disturbance.from_, self.disturbance.until
        passing = [(load.from_, load.until) for load in self.loads if (load.from_, load.until) != (0.0, 1.0)]
        return passing[0] if passing else None

    def role(self) -> frozenset[Role]:
        """The sides of a target that the campaign meets."""
        return frozenset(behaviour(load.behaviour).role for load in self.loads)


T = TypeVar("T", Volume, Calendar, Mix, Behaviour, Check, Whole, Station)


@cache
def _file(name: str, kind: Any) -> Mapping[str, Any]:
    entries = read(f"load/{name}.yaml", tuple[kind, ...])
    found = {one.id: one for one in entries}
    if len(found) != len(entries):
        raise SpecError("LOAD-TWICE", f"load/{name}.yaml: an id stands twice", step="merge the two entries")
    return found


def _one(name: str, kind: type[T]) -> Callable[[str], T]:
    def found(wanted: str) -> T:
        try:
            made: T = _file(name, kind)[wanted]
        except KeyError:
            raise SpecError("LOAD-UNKNOWN", f"load/{name}.yaml has no {wanted}") from None
        return made

    return found


volume = _one("volumes", Volume)
calendar = _one("calendars", Calendar)
mix = _one("mixes", Mix)
behaviour = _one("behaviours", Behaviour)
check = _one("checks", Check)
flow = _one("flows", Whole)
station = _one("stations", Station)


def every(name: Literal["volumes", "calendars", "mixes", "behaviours", "checks", "stations"]) -> tuple[Any, ...]:
    """All entries of one of the files, in its order."""
    kinds = {
        "volumes": Volume,
        "calendars": Calendar,
        "mixes": Mix,
        "behaviours": Behaviour,
        "checks": Check,
        "stations": Station,
    }
    return tuple(_file(name, kinds[name]).values())


@cache
def campaigns() -> Mapping[str, Campaign]:
    """Every campaign by id."""
    return {path.stem: msgspec.structs.replace(read(path, Campaign), id=path.stem) for path in files("load/campaigns")}


def verifying(clause: str) -> tuple[str, ...]:
    """The campaigns that verify a clause, by their limits or by a check that every campaign makes."""
    checked = any(one.clause == clause for one in every("checks"))
    return tuple(
        one.id for one in campaigns().values() if checked or any(limit.clause == clause for limit in one.limits)
    )


def campaign(campaign_id: str) -> Campaign:
    """One campaign; LOAD-CAMPAIGN with the ids there are for another word."""
    try:
        return campaigns()[campaign_id]
    except KeyError:
        known = "、".join(campaigns())
        raise UsageError(
            "LOAD-CAMPAIGN",
            f"{campaign_id} という運転はありません / there is no campaign {campaign_id}",
            step=f"次から選んでください / choose one of: {known}",
        ) from None


def bound(limit: Limit, scale: float) -> tuple[Literal["at-most", "at-least"], float]:
    """Which way a limit goes and its number; rates shrink with the scale of the run (1.0 is the nation)."""
    if limit.at_most is not None and limit.measure != "knee-a-second":
        return "at-most", float(number(limit.at_most))
    least = limit.at_least
    return "at-least", least.a_second() * scale if isinstance(least, Rate) else float(least or 0)


def faults(one: Campaign) -> list[str]:
    """Every fault of one campaign in words, empty if there is none."""
    from bango_spec._load_check import faults as found  # noqa: PLC0415 - the check reads this module

    return found(one)


def problems() -> list[str]:
    """Every fault of the campaigns in words, empty if there is none."""
    from bango_spec._load_check import problems as found  # noqa: PLC0415 - the check reads this module

    return found()
