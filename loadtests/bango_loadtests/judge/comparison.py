"""Two runs of one campaign side by side: what became slower or faster beyond what either varies by itself."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Literal

import msgspec

from bango_loadtests.errors import IncompleteError
from bango_loadtests.judge.record import FIGURES, Figures

Change = Literal["slower", "faster", "alike", "unmeasured"]
FEWEST = 5
"""With fewer tenths of the time that have a figure, nothing is said."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One operation in both runs: the middle of its tenths' 95th percentiles (milliseconds), and what that means."""

    name: str
    before_ms: float | None
    after_ms: float | None
    change: Change


def figures_in(folder: Path) -> Figures:
    """The figures of a run; LOAD-FIGURES when they are not there or cannot be read."""
    path = folder / FIGURES if folder.is_dir() else folder
    try:
        return msgspec.json.decode(path.read_bytes(), type=Figures)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise IncompleteError(
            "LOAD-FIGURES",
            f"{path}: 運転の数値を読めません / the figures of a campaign cannot be read: {told}",
            step="bango load が書いたフォルダーを指定してください / name a folder that `bango load` wrote",
        ) from error


def compared(before: Figures, after: Figures) -> list[Compared]:
    """The operations of both runs; LOAD-UNLIKE when they are not runs of one campaign at one scale."""
    unlike = [name for name in ("campaign", "scale") if getattr(before, name) != getattr(after, name)]
    if unlike:
        told = ", ".join(f"{name} {getattr(before, name)} / {getattr(after, name)}" for name in unlike)
        raise IncompleteError(
            "LOAD-UNLIKE",
            f"比べられない二つの運転です / the two runs cannot be compared: {told}",
            step="同じ運転を同じ規模で繰り返してください / repeat the same campaign at the same scale",
        )
    names = sorted({*before.noise, *after.noise})
    return [_compared(name, before.noise.get(name, []), after.noise.get(name, [])) for name in names]


def _compared(name: str, before: list[float], after: list[float]) -> Compared:
    if min(len(before), len(after)) < FEWEST:
        middle = [median(one) if one else None for one in (before, after)]
        return Compared(name=name, before_ms=middle[0], after_ms=middle[1], change="unmeasured")
    was, now = median(before), median(after)
    # Beyond noise: the middle of each run lies outside everything that the other run ever showed.
    change: Change = "alike"
    if now > max(before) and was < min(after):
        change = "slower"
    elif now < min(before) and was > max(after):
        change = "faster"
    return Compared(name=name, before_ms=was, after_ms=now, change=change)


SIGNS = {"slower": "×", "faster": "○", "alike": "＝", "unmeasured": "－"}
WORDS = {
    "slower": "遅くなった slower",
    "faster": "速くなった faster",
    "alike": "揺れの内 within noise",
    "unmeasured": "比べるには少ない too few to say",
}


def lines(found: list[Compared]) -> list[str]:
    """The comparison for a terminal, what became slower first."""
    order = list(SIGNS)
    return [
        f"{SIGNS[one.change]} {one.name:<24}{_ms(one.before_ms):>10} → {_ms(one.after_ms):>10}  {WORDS[one.change]}"
        for one in sorted(found, key=lambda one: (order.index(one.change), one.name))
    ]


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} ms"
