"""Charts as SVG that need no script: percentiles over time against their limit, exchanges a second, the generators' load."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from bango_loadtests.scene import Scene
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_loadtests.judge.record import Figures

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 34, 34
FAR = 4.0
COLOURS = ("#0017c1", "#c74700", "#197a4b", "#8b1a8b", "#626264", "#00687a")
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 4", "10 4")
"""Lines are told apart by their dashes too, for those who print or do not see colours."""


@dataclass(frozen=True)
class Line:
    """One line of a chart."""

    name: str
    points: Sequence[tuple[float, float]]


def charts(scene: Scene, figures: Figures) -> dict[str, str]:
    """Every chart by its file name."""
    drawn = {}
    for name, rows in figures.over_time.items():
        lines = [
            Line(label, [(row[0], row[place]) for row in rows if row[place] is not None])  # type: ignore[misc]
            for label, place in (("50 %", 3), ("95 %", 4), ("99 %", 5))
        ]
        if any(line.points for line in lines):
            drawn[f"time-{name}"] = chart(
                f"{name}: 応答時間 response time (ms)", lines, figures, limit=_limit(scene, name)
            )
    rates = [Line(name, [(row[0], row[1]) for row in rows]) for name, rows in figures.over_time.items()]
    drawn["throughput"] = chart("毎秒の件数 exchanges a second", rates, figures)
    wrong = [
        Line(name, [(row[0], row[2]) for row in rows])
        for name, rows in figures.over_time.items()
        if any(r[2] for r in rows)
    ]
    if wrong:
        drawn["failures"] = chart("毎秒の失敗 not in order, a second", wrong, figures)
    load = [Line(name, [(at, cpu * 100) for at, cpu, _ in rows]) for name, rows in figures.generators.items() if rows]
    drawn["generators"] = chart("CPU (%)", load, figures)
    return drawn


def chart(title: str, lines: Sequence[Line], figures: Figures, limit: float | None = None) -> str:
    """One chart: time along the bottom, values up the side, the warm-up and the disturbance shaded, the limit drawn across."""
    highest = max((value for line in lines for _, value in line.points), default=1.0) or 1.0
    # A limit far above would press the lines to the ground: it is then told in words at the top.
    far = limit is not None and limit > FAR * highest
    top = highest if limit is None or far else max(limit, highest)
    step = _step(top)
    top = math.ceil(top / step) * step
    length = max(figures.seconds, 1.0)

    def x(at: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * min(at / length, 1.0)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top

    parts = [_band(x, 0, figures.warm_up_seconds, "#ececec")] if figures.warm_up_seconds else []
    if figures.disturbed:
        parts.append(_band(x, *figures.disturbed, "#fff3cc"))
    for n in range(round(top / step) + 1):
        at = y(n * step)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#d8d8db"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{n * step:g}</text>')
    for n in range(7):
        at = length * n / 6
        anchor = "end" if n == 6 else "middle"
        parts.append(f'<text x="{x(at):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="{anchor}">{at:.0f} s</text>')
    if far:
        parts.append(
            f'<text x="{WIDTH - RIGHT}" y="{TOP - 4}" text-anchor="end" fill="#b60008">'
            f"期限 limit {limit:g}（図の上の外 above this chart）</text>"
        )
    elif limit is not None:
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(limit):.1f}" y2="{y(limit):.1f}" stroke="#b60008" stroke-width="1.5"/>'
            f'<text x="{WIDTH - RIGHT}" y="{y(limit) - 4:.1f}" text-anchor="end" fill="#b60008">期限 limit {limit:g}</text>'
        )
    parts += [_path(line, n, x, y) for n, line in enumerate(lines)]
    parts += _legend(lines)
    told = escape(title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT + 18 * ((len(lines) - 1) // 4)}" role="img" '
        f'aria-label="{told}" font-family="sans-serif" font-size="11" fill="#1a1a1c">'
        f'<title>{told}</title><text x="{LEFT}" y="16" font-size="13" font-weight="bold">{told}</text>{"".join(parts)}</svg>\n'
    )


def _limit(scene: Scene, name: str) -> float | None:
    for one in scene.campaign.limits:
        if one.measure == "percentile" and name in one.of and one.at_most:
            return float(number(one.at_most)) * (1000 if one.at_most.endswith("-seconds") else 1)
    return None


def _step(top: float) -> float:
    rough = top / 4
    power = 10 ** math.floor(math.log10(rough))
    return float(next(power * n for n in (1, 2, 5, 10) if power * n >= rough))


def _band(x: object, begin: float, end: float, colour: str) -> str:
    left, right = x(begin), x(end)  # type: ignore[operator]
    return f'<rect x="{left:.1f}" y="{TOP}" width="{max(right - left, 0):.1f}" height="{HEIGHT - TOP - BOTTOM}" fill="{colour}"/>'


def _path(line: Line, n: int, x: object, y: object) -> str:
    points = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in line.points)  # type: ignore[operator]
    dash = f' stroke-dasharray="{DASHES[n % len(DASHES)]}"' if DASHES[n % len(DASHES)] else ""
    return f'<polyline points="{points}" fill="none" stroke="{COLOURS[n % len(COLOURS)]}" stroke-width="1.5"{dash}/>'


def _legend(lines: Sequence[Line]) -> Iterable[str]:
    for n, line in enumerate(lines):
        left, top = LEFT + (n % 4) * 160, HEIGHT - 4 + 18 * (n // 4)
        dash = f' stroke-dasharray="{DASHES[n % len(DASHES)]}"' if DASHES[n % len(DASHES)] else ""
        yield (
            f'<line x1="{left}" x2="{left + 24}" y1="{top - 4}" y2="{top - 4}" stroke="{COLOURS[n % len(COLOURS)]}" '
            f'stroke-width="2"{dash}/><text x="{left + 30}" y="{top}">{escape(line.name)}</text>'
        )
