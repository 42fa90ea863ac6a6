"""The few marks that every drawing is made of, written as SVG that needs nothing from outside.

Colours are presentation attributes beside a class: a style sheet may change them, and without one they stand.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from bango_reports.diagrams import _text
from bango_reports.safe import line as safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

INK, GREY, LINE, FAINT, KEY, RED, GREEN, AMBER = (
    "#1a1a1c",
    "#595959",
    "#949494",
    "#f2f2f2",
    "#0017c1",
    "#b50000",
    "#115a36",
    "#6b4a00",
)
FONTS = "'Noto Sans JP','Noto Sans CJK JP','Hiragino Sans','Yu Gothic',YuGothic,Meiryo,IPAexGothic,IPAGothic,IPAmjMincho,sans-serif"
SIZE = 13
SMALL = 12
LEADING = 1.35

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle in pixels."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def middle(self) -> Point:
        return self.x + self.w / 2, self.y + self.h / 2


class Words(NamedTuple):
    """Lines of one size and weight."""

    lines: tuple[str, ...]
    size: int = SIZE
    bold: bool = False
    fill: str = INK
    kind: str = "ink"

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING

    @property
    def width(self) -> float:
        return max(_text.width(line, self.size, bold=self.bold) for line in self.lines)


def words(text: str, room: float, *, size: int = SIZE, bold: bool = False, fill: str = INK, kind: str = "ink") -> Words:
    """A text wrapped to the room, for reading from line to line."""
    return Words(_text.wrap(safe(text), room, size, bold=bold), size, bold, fill, kind)


def label(text: str, room: float, *, size: int = SIZE, bold: bool = False, fill: str = INK, kind: str = "ink") -> Words:
    """A text wrapped to the room in lines of about one length, for the middle of a box."""
    return Words(_text.balanced(safe(text), room, size, bold=bold), size, bold, fill, kind)


class Canvas:
    """Collects marks in the order in which they are painted."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def raw(self, mark: str) -> None:
        self._parts.append(mark)

    def open_link(self, href: str, label: str) -> None:
        self._parts.append(f'<a href="{escape(href)}" aria-label="{escape(safe(label))}" class="bd-link">')

    def close_link(self) -> None:
        self._parts.append("</a>")

    def box(
        self,
        box: Box,
        kind: str,
        *,
        fill: str = "#ffffff",
        stroke: str = INK,
        wide: float = 1.5,
        dash: str = "",
        round_: float = 6,
    ) -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<rect class="bd-{kind}" x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.w)}" height="{_n(box.h)}" '
            f'rx="{_n(round_)}" fill="{fill}" stroke="{stroke}" stroke-width="{_n(wide)}"{dashed}/>'
        )

    def text(self, found: Words, x: float, y: float, *, anchor: str = "start") -> float:
        """The lines from the top `y` down; answers where they end."""
        for line in found.lines:
            baseline = y + found.size * (LEADING / 2 + 0.36)
            self._parts.append(
                f'<text class="bd-{found.kind}" x="{_n(x)}" y="{_n(baseline)}" font-size="{found.size}" fill="{found.fill}"'
                + (' font-weight="700"' if found.bold else "")
                + (f' text-anchor="{anchor}"' if anchor != "start" else "")
                + f">{escape(line)}</text>"
            )
            y += found.size * LEADING
        return y

    def stack(self, blocks: Iterable[Words], box: Box, *, anchor: str = "middle") -> None:
        """Blocks of lines one below the other, in the middle of a box's height."""
        blocks = tuple(blocks)
        y = box.y + (box.h - sum(block.height for block in blocks)) / 2
        x = box.middle[0] if anchor == "middle" else box.x + 8
        for block in blocks:
            y = self.text(block, x, y, anchor=anchor)

    def line(
        self,
        points: Sequence[Point],
        kind: str = "line",
        *,
        stroke: str = INK,
        wide: float = 1.5,
        dash: str = "",
        arrow: bool = False,
    ) -> None:
        """A line through the points, with a head at its end if it is an arrow."""
        route = list(points)
        if arrow:
            (ax, ay), (bx, by) = points[-2:]
            length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1
            dx, dy = (bx - ax) / length, (by - ay) / length
            base = bx - dx * 9, by - dy * 9
            head = [(bx, by), (base[0] - dy * 4.5, base[1] + dx * 4.5), (base[0] + dy * 4.5, base[1] - dx * 4.5)]
            route[-1] = base
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<polyline class="bd-{kind}" points="{_points(route)}" fill="none" stroke="{stroke}" '
            f'stroke-width="{_n(wide)}" stroke-linejoin="round"{dashed}/>'
        )
        if arrow:
            self._parts.append(f'<polygon class="bd-head" points="{_points(head)}" fill="{stroke}"/>')

    def chip(self, number: str, x: float, y: float) -> None:
        """A number in a disc, which a legend explains."""
        self._parts.append(f'<circle class="bd-chip" cx="{_n(x)}" cy="{_n(y)}" r="11" fill="{KEY}" stroke="#ffffff"/>')
        label = Words((number,), SMALL, bold=True, fill="#ffffff", kind="number")
        self.text(label, x, y - SMALL * LEADING / 2, anchor="middle")

    def finish(self, ident: str, title: str, desc: str, lang: str, size: Point) -> str:
        """The whole drawing; a group and not an image, because there are links in it."""
        w, h = (_n(round(side)) for side in size)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="bd bd-{ident}" role="group" lang="{lang}" '
            f'aria-labelledby="bd-{ident}-title" aria-describedby="bd-{ident}-desc" viewBox="0 0 {w} {h}" '
            f'width="{w}" height="{h}" font-family="{FONTS}">'
            f'<title id="bd-{ident}-title">{escape(safe(title))}</title><desc id="bd-{ident}-desc">{escape(safe(desc))}</desc>'
            f'<rect class="bd-paper" width="{w}" height="{h}" fill="#ffffff"/>' + "".join(self._parts) + "</svg>\n"
        )


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(number: float) -> str:
    return f"{round(number, 1):g}"
