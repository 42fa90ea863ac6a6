"""A run of the bench: rounds in which every wanted value is made once, and the figures that come of them."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bango_loadtests.bench.figures import Bench, Figure, Found, sheet
from bango_loadtests.bench.makers import MAKERS, Made, Maker
from bango_loadtests.bench.rivals import INSTALL, MissingError
from bango_loadtests.bench.rivals import version as version_of
from bango_loadtests.bench.workshop import Workshop
from bango_spec.errors import UsageError

Say = Callable[[str], None]
LIBRARIES = (
    "uvicorn",
    "uvloop",
    "httptools",
    "jsonschema-rs",
    "msgspec",
    "locust",
    "gevent",
    "schemathesis",
    "hypothesis",
)


class Values:
    """What the makers made, round by round."""

    def __init__(self) -> None:
        self.rounds: dict[str, dict[int, float]] = {}
        self.facts: dict[str, list[float]] = {}
        self.missing: dict[str, str] = {}
        self.why: dict[str, str] = {}

    def take(self, maker: Maker, number: int, made: Made) -> None:
        """Add one round of a maker."""
        for name, one in made.values.items():
            self.rounds.setdefault(name, {})[number] = one
        for name, one in made.facts.items():
            self.facts.setdefault(name, []).append(one)
        if made.why:
            self.why |= dict.fromkeys(maker.names, made.why)

    def found(self, figure: Figure) -> Found:
        """A figure of the values: theirs round by round, or the quotient of two of the same round."""
        for name in figure.of:
            if name in self.missing:
                return Found(figure=figure.id, why=self.missing[name], missing=True)
        sides = [self.rounds.get(name, {}) for name in figure.of]
        both = sorted(set.intersection(*(set(one) for one in sides)))
        rounds = tuple(sides[0][n] if len(sides) == 1 else sides[0][n] / sides[1][n] for n in both)
        why = "; ".join(self.why[name] for name in figure.of if name in self.why)
        return Found(figure=figure.id, rounds=rounds, why=why)


def wanted(only: Iterable[str]) -> list[Figure]:
    """The figures named, or all; BENCH-FIGURE for a name that none has."""
    known = {one.id: one for one in sheet().figures}
    unknown = sorted(set(only) - set(known))
    if unknown:
        raise UsageError(
            "BENCH-FIGURE",
            f"{', '.join(unknown)}: そういう数値はありません / there is no such figure",
            step=f"次のどれかを指定してください / name one of: {', '.join(known)}",
        )
    return [known[name] for name in only] or list(known.values())


def bench(only: Iterable[str], rounds: int, seconds: float, say: Say, scratch: Path | None = None) -> Bench:
    """Measure; the scratch folder is where stores are written, the present folder without one (a disk, not memory)."""
    figures, values, began = wanted(only), Values(), time.monotonic()
    needed = {name for one in figures for name in one.of}
    makers = [one for one in MAKERS if needed.intersection(one.names)]
    with tempfile.TemporaryDirectory(prefix=".bango-bench-", dir=scratch or Path.cwd()) as folder:
        workshop = Workshop(Path(folder), seconds)
        for number in range(rounds):
            for maker in makers:
                if number < maker.rounds and not values.missing.keys() & set(maker.names):
                    _make(values, maker, number, workshop)
                    told = ", ".join(f"{name} {_short(values, name, number)}" for name in maker.names)
                    say(f"{number + 1}/{min(rounds, maker.rounds)}  {told}")
    return Bench(
        version=version("bango-testbed"),
        machine={
            "cores": str(len(os.sched_getaffinity(0))),
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
        },
        versions=_versions(makers),
        seconds=round(time.monotonic() - began, 1),
        found=tuple(values.found(one) for one in figures),
        facts={name: median(one) for name, one in sorted(values.facts.items())},
    )


def _make(values: Values, maker: Maker, number: int, workshop: Workshop) -> None:
    try:
        values.take(maker, number, maker.make(workshop))
    except MissingError as error:
        values.missing |= dict.fromkeys(maker.names, str(error))


def _short(values: Values, name: str, number: int) -> str:
    if name in values.missing:
        return values.missing[name]
    return f"{values.rounds[name][number]:,.2f}"


def _versions(makers: Iterable[Maker]) -> dict[str, str]:
    found = {one: version(one) for one in LIBRARIES}
    names = {name for maker in makers for name in maker.names}
    for program, side in (("prism", "prism"), ("mockoon-cli", "mockoon"), ("wrk", "wrk")):
        if side in names and program in INSTALL:
            try:
                found[program] = version_of(program).split()[-1]
            except MissingError as error:
                found[program] = str(error)
    return found
