"""The bench's figures as data (`figures.yaml`), and what was found of each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from statistics import median
from typing import Literal

import msgspec

from bango_spec.reading import Element, Text, read

Unit = Literal["ratio", "per-second", "share", "seconds", "megabytes", "files"]
State = Literal["reached", "missed", "told", "missing", "unmeasured"]


class Figure(Element, frozen=True):
    """One figure: the values it is made of (one, or two whose quotient it is), and what it has to reach."""

    id: str
    of: tuple[str, ...]
    title: Text
    unit: Unit = "ratio"
    at_least: float | None = None
    at_most: float | None = None
    stretch: float | None = None

    @property
    def target(self) -> float | None:
        """What it has to reach; None for a figure that is only told."""
        return self.at_least if self.at_most is None else self.at_most

    def better(self, one: float, other: float) -> bool:
        """Whether one value is better than another."""
        return one < other if self.at_most is not None else one > other


class Sheet(Element, frozen=True):
    """All figures, and the share of a figure that counts as noise."""

    noise: float
    figures: tuple[Figure, ...]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A figure as it was found: its value in every round; `why` says what is missing or why it cannot count."""

    figure: str
    rounds: tuple[float, ...] = ()
    why: str = ""
    missing: bool = False

    @property
    def middle(self) -> float:
        """The median of its rounds."""
        return median(self.rounds)


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the bench; `facts` are figures behind the ratios (medians), `versions` who was measured."""

    version: str
    machine: dict[str, str]
    versions: dict[str, str]
    seconds: float
    found: tuple[Found, ...]
    facts: dict[str, float]


@cache
def sheet() -> Sheet:
    """The figures of this package."""
    return read(Path(__file__).with_name("figures.yaml"), Sheet)


def state(figure: Figure, found: Found) -> State:
    """Whether a figure reached what it has to."""
    if not found.rounds or found.why:
        return "missing" if found.missing else "unmeasured"
    if figure.target is None:
        return "told"
    return "missed" if figure.better(figure.target, found.middle) else "reached"


def worse(figure: Figure, found: Found, kept: Found) -> bool:
    """Whether a figure is worse than the kept one beyond what either varies by itself, and by more than the noise."""
    if not found.rounds or not kept.rounds or found.why or kept.why:
        return False
    noise = sheet().noise
    limit = kept.middle * (1 + noise if figure.at_most is not None else 1 - noise)
    apart = all(figure.better(was, now) for was in kept.rounds for now in found.rounds)
    return apart and figure.better(limit, found.middle)
