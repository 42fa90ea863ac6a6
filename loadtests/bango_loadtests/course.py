"""The course of a campaign as whoever conducts it sees it: everybody's tally, the ground's load, and what went wrong on the way."""

from __future__ import annotations

import msgspec

from bango_loadtests.tally import Sample, Tally

INTERRUPTED = "LOAD-INTERRUPTED"


class Trouble(msgspec.Struct, frozen=True):
    """Something that went wrong beside the measured: a stable code, when, and what, in both languages."""

    code: str
    second: int
    ja: str
    en: str
    ends: bool = False
    """Whether the campaign could not go on."""


class Course(msgspec.Struct):
    """What happened, second by second and in all."""

    tally: Tally = msgspec.field(default_factory=Tally)
    workers: dict[str, list[Sample]] = msgspec.field(default_factory=dict)
    """Generator process → its samples."""
    ground: list[Sample] = msgspec.field(default_factory=list)
    machine: list[Sample] = msgspec.field(default_factory=list)
    """The whole machine that the conductor is on: share of all processors."""
    troubles: list[Trouble] = msgspec.field(default_factory=list)
    started: str = ""
    ended: str = ""
    seconds: float = 0.0
    """How long it really went on."""
    disturbed: tuple[float, float] | None = None
    """From and until which second something was out of the ordinary."""
    clock_offset: float = 0.0
    """The ground's clock (seconds since the epoch) at the campaign's beginning."""

    @property
    def interrupted(self) -> bool:
        """Whether somebody stopped it."""
        return any(one.code == INTERRUPTED for one in self.troubles)

    @property
    def ended_early(self) -> bool:
        """Whether it had to end before its time."""
        return any(one.ends for one in self.troubles)
