"""The bench's result as people read it: lines for a terminal, and the table in the docs between two marks."""

from __future__ import annotations

from pathlib import Path

import msgspec

from bango_loadtests.bench.figures import Bench, Figure, Found, State, sheet, state, worse
from bango_loadtests.errors import IncompleteError

SIGNS: dict[State, str] = {"reached": "○", "missed": "×", "told": "－", "missing": "－", "unmeasured": "？"}
BEGIN, END = "<!-- bench: written by `bango bench --table` -->", "<!-- bench: end -->"
KEPT = Path(__file__).with_name("baseline.json")


def read(path: Path) -> Bench:
    """A result of the bench; BENCH-RESULT when the file is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Bench)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise IncompleteError(
            "BENCH-RESULT",
            f"{path}: 測定の結果として読めません / this is no result of the bench: {told}",
            step="bango bench --out が書いたファイルを指定してください / name a file that `bango bench --out` wrote",
        ) from error


def keep(path: Path, found: Bench) -> None:
    """Write a result; BENCH-RESULT when it cannot be written."""
    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    except OSError as error:
        raise IncompleteError(
            "BENCH-RESULT",
            f"{path}: 結果を書けません / the result cannot be written: {error.strerror}",
            step="書ける場所を --out で指定してください / name a place that can be written with --out",
        ) from error


def lines(found: Bench, kept: Bench | None) -> list[str]:
    """One line for each figure; what became worse says so."""
    known = {one.id: one for one in sheet().figures}
    before = {one.figure: one for one in kept.found} if kept else {}
    told = []
    for one in found.found:
        figure = known[one.figure]
        line = f"{SIGNS[state(figure, one)]} {figure.id:<14}{_value(figure, one):>28}  {_target(figure)}"
        if one.figure in before and _became_worse(figure, one, before[one.figure]):
            line += f"  ← 悪くなった worse: {_value(figure, before[one.figure])}"
        told.append(line)
    return told


def exit_code(found: Bench, kept: Bench | None) -> int:
    """0 nothing worse than kept, nor missed without a kept run; 1 if so; 12 not measured. A rival that is not installed does not count."""
    known = {one.id: one for one in sheet().figures}
    before = {one.figure: one for one in kept.found} if kept else {}
    states = {one.figure: state(known[one.figure], one) for one in found.found}
    for one in found.found:
        figure, was = known[one.figure], before.get(one.figure)
        if _became_worse(figure, one, was) if was else states[one.figure] == "missed":
            return 1
    return 12 if "unmeasured" in states.values() else 0


def _became_worse(figure: Figure, found: Found, kept: Found) -> bool:
    """Worse beyond noise, or missed where the kept run reached it; a target that both miss is told, and no news."""
    lost = state(figure, found) == "missed" and state(figure, kept) != "missed"
    return lost or worse(figure, found, kept)


def markdown(found: Bench) -> str:
    """The table of the docs."""
    known = {one.id: one for one in sheet().figures}
    rows = ["| 何を what | 結果 found (least–most) | 求める target | 目指す stretch | |", "|---|---|---|---|---|"]
    for one in found.found:
        figure = known[one.figure]
        stretch = "" if figure.stretch is None else _number(figure, figure.stretch)
        title = f"{figure.title.ja}<br>{figure.title.en}"
        rows.append(
            f"| {title} | {_value(figure, one)} | {_target(figure)} | {stretch} | {SIGNS[state(figure, one)]} |"
        )
    facts = ["| 元の数値 figures behind | 中央値 median |", "|---|---|"]
    facts += [f"| {name} | {value:,.2f} |" for name, value in found.facts.items()]
    versions = ", ".join(f"{name} {number}" for name, number in (found.machine | found.versions).items())
    return "\n".join([*rows, "", *facts, "", versions])


def write(path: Path, found: Bench) -> None:
    """Put the table between the marks of a document; BENCH-MARKS when it has none."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise IncompleteError(
            "BENCH-MARKS", f"{path}: 表の場所の印がありません / it has no marks for the table", step=BEGIN
        )
    path.write_text(f"{before}{BEGIN}\n\n{markdown(found)}\n\n{END}{after}", encoding="utf-8")


def _value(figure: Figure, found: Found) -> str:
    if not found.rounds or found.why:
        return found.why or "-"
    low, high = min(found.rounds), max(found.rounds)
    return f"{_number(figure, found.middle)} ({_number(figure, low)}–{_number(figure, high)})"


def _target(figure: Figure) -> str:
    if figure.target is None:
        return "-"
    return f"{'≤' if figure.at_most is not None else '≥'} {_number(figure, figure.target)}"


def _number(figure: Figure, value: float) -> str:
    words = {
        "ratio": f"{value:.2f}",
        "share": f"{value:.0%}",
        "seconds": f"{value:.1f} s",
        "megabytes": f"{value:,.0f} MB",
        "per-second": f"{value:,.0f} /s",
        "files": f"{value:,.0f}",
    }
    return words[figure.unit]
