"""The arrows of the systems map: one for each caller, called system and network, numbered, with what is used below."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from bango_reports.diagrams import _places, _svg
from bango_reports.diagrams._svg import Box, Canvas, Point, words
from bango_spec.reading import Text
from bango_spec.systems import system, systems

if TYPE_CHECKING:
    from collections.abc import Mapping

_TITLE = Text(
    ja="矢印の一覧：誰が、誰の、どの機能を、どのネットワークで使うか",
    en="The arrows: who uses what of whom, over which network",
)


class Edge(NamedTuple):
    """The calls of one system to another over one network."""

    number: int
    caller: str
    called: str
    over: str
    offers: tuple[Text, ...]


@cache
def edges() -> tuple[Edge, ...]:
    """Every edge in the order of the file."""
    found: dict[tuple[str, str, str], list[Text]] = {}
    for one in systems().values():
        for call in one.calls:
            offers = {offer.id: offer.names for offer in system(call.system).offers}
            found.setdefault((one.id, call.system, call.over), []).append(offers[call.offer])
    return tuple(Edge(number, *key, tuple(offers)) for number, (key, offers) in enumerate(found.items(), 1))


def arrows(canvas: Canvas, boxes: Mapping[str, Box]) -> None:
    """Every edge from box to box; edges between the same boxes lie side by side."""
    lanes: dict[frozenset[str], list[Edge]] = {}
    corners: dict[str, list[Edge]] = {}
    for edge in edges():
        if _shared(boxes[edge.caller], boxes[edge.called]):
            lanes.setdefault(frozenset((edge.caller, edge.called)), []).append(edge)
        else:
            corners.setdefault(edge.called, []).append(edge)
    for found in lanes.values():
        for place, edge in enumerate(found, 1):
            _straight(canvas, boxes, edge, place / (len(found) + 1))
    for found in corners.values():
        # The caller that is nearest enters highest, so that the lines do not cross.
        found.sort(key=lambda edge: -boxes[edge.caller].middle[0])
        for place, edge in enumerate(found, 1):
            start, end = boxes[edge.caller], boxes[edge.called]
            y = end.y + 12 + (end.h - 12) * place / (len(found) + 1)
            _draw(canvas, edge, [(start.middle[0], start.bottom), (start.middle[0], y), (end.x, y)], (560, y))


def _shared(one: Box, other: Box) -> bool:
    return min(one.bottom, other.bottom) > max(one.y, other.y) or min(one.right, other.right) > max(one.x, other.x)


def _straight(canvas: Canvas, boxes: Mapping[str, Box], edge: Edge, share: float) -> None:
    start, end = boxes[edge.caller], boxes[edge.called]
    top, bottom = max(start.y, end.y), min(start.bottom, end.bottom)
    if bottom > top:
        # The network's name stands in the lower part of its band.
        bottom = min(bottom, max(top + 60, _floor(boxes, edge)))
        y = top + (bottom - top) * share
        xs = (start.right, end.x) if start.x < end.x else (start.x, end.right)
        _draw(canvas, edge, [(xs[0], y), (xs[1], y)], ((xs[0] * 0.55 + xs[1] * 0.45), y))
        return
    x = (max(start.x, end.x) + min(start.right, end.right)) / 2
    ys = (start.bottom, end.y) if start.y < end.y else (start.y, end.bottom)
    _draw(canvas, edge, [(x, ys[0]), (x, ys[1])], (x, sum(ys) / 2))


def _floor(boxes: Mapping[str, Box], edge: Edge) -> float:
    band = boxes[edge.over]
    return band.bottom - 120 if edge.over in (_places.LGWAN, _places.GOVERNMENT, _places.HOUSE) else band.bottom


def _draw(canvas: Canvas, edge: Edge, points: list[Point], at: Point) -> None:
    canvas.line(points, "call", stroke=_svg.KEY, wide=2, arrow=True)
    canvas.chip(str(edge.number), *at)


def legend(canvas: Canvas, lang: str, y: float) -> float:
    """What each number stands for, in two columns; answers where it ends."""

    def say(text: Text) -> str:
        return text.ja if lang == "ja" else text.en

    y = canvas.text(words(say(_TITLE), 1070, size=15, bold=True), _places.EDGE, y) + 8
    wide = (_places.WIDTH - 3 * _places.EDGE) / 2
    entries = []
    for edge in edges():
        head = f"{say(system(edge.caller).names)} → {say(system(edge.called).names)}"
        over, between = say(system(edge.over).names), "、" if lang == "ja" else "; "
        offers = f"［{over}］" if lang == "ja" else f"[{over}] "
        offers += between.join(map(say, edge.offers))
        blocks = words(head, wide - 34, bold=True), words(offers, wide - 34, fill=_svg.GREY, kind="grey")
        entries.append((str(edge.number), blocks, sum(block.height for block in blocks) + 10))
    half = sum(height for _, _, height in entries) / 2
    ends = []
    x, at, used = float(_places.EDGE), y, 0.0
    for number, blocks, height in entries:
        if used >= half and x == _places.EDGE:
            ends.append(at)
            x, at = 2 * _places.EDGE + wide, y
        canvas.chip(number, x + 12, at + 10)
        below = at
        for block in blocks:
            below = canvas.text(block, x + 32, below)
        at += height
        used += height
    return max(*ends, at)
