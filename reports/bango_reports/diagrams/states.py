"""A lifecycle as a drawing: its states one below the other, each change of state as a numbered arrow in a lane of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bango_reports.diagrams import _svg
from bango_reports.diagrams._svg import Box, Canvas, Words, label, words
from bango_reports.diagrams.systems import Lang
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_spec.lifecycles import Lifecycle, State

_EDGE, _WIDE, _GAP, _LANE, _PORT, _LEGEND = 16, 210, 30, 30, 20, 430
_LEAST = 60


class _Arrow(NamedTuple):
    """All events that lead from one state to another, told once."""

    number: int
    start: int
    end: int
    events: tuple[Text, ...]

    @property
    def down(self) -> bool:
        return self.end > self.start


def lifecycle(table: Lifecycle, lang: Lang) -> str:
    """The state diagram as SVG, with a legend that says what each arrow is."""
    return _States(table, lang).draw()


class _States:
    def __init__(self, table: Lifecycle, lang: Lang) -> None:
        self.table = table
        self.lang: Lang = lang
        self.canvas = Canvas()
        self.arrows = _arrows(table)
        self.lanes = {
            one.number: lane for down in (True, False) for lane, one in enumerate(self._inner_first(down=down))
        }
        self.ports = self._ports()
        left = _EDGE + _LANE * (sum(not one.down for one in self.arrows) + 1)
        self.boxes = self._boxes(left)
        self.right = left + _WIDE + _LANE * (sum(one.down for one in self.arrows) + 1)

    def say(self, text: Text) -> str:
        return text.ja if self.lang == "ja" else text.en

    def _inner_first(self, *, down: bool) -> list[_Arrow]:
        """The arrows of a side, the shortest in the lane next to the boxes."""
        return sorted(
            (one for one in self.arrows if one.down is down), key=lambda one: (abs(one.end - one.start), one.number)
        )

    def _ports(self) -> dict[tuple[int, int], int]:
        """Where on its side of a box each arrow begins or ends: arrivals above departures, none at the place of another."""
        found: dict[tuple[int, int], int] = {}
        for at in range(len(self.table.states)):
            for down in (True, False):
                mine = [one for one in self._inner_first(down=down) if at in (one.start, one.end)]
                mine.sort(key=lambda one: (one.start == at if down else one.start != at, self.lanes[one.number]))
                found |= {(one.number, at): place for place, one in enumerate(mine)}
        return found

    def _boxes(self, left: float) -> list[Box]:
        boxes, y = [], _EDGE + 26.0
        for at in range(len(self.table.states)):
            ports = max((place + 1 for (_, state), place in self.ports.items() if state == at), default=1)
            high = max(_LEAST, ports * _PORT + 12)
            boxes.append(Box(left, y, _WIDE, high))
            y += high + _GAP
        return boxes

    def draw(self) -> str:
        for state, box in zip(self.table.states, self.boxes, strict=True):
            self.state(state, box)
        chips = [self.arrow(one) for one in self.arrows]
        for one, (x, y) in zip(self.arrows, chips, strict=True):
            self.canvas.chip(str(one.number), x, y)
        bottom = max(self.boxes[-1].bottom, self.legend(self.right + 16)) + _EDGE
        title = self.say(self.table.title)
        desc = "；".join(f"{one.number} {self.told(one)}" for one in self.arrows)
        size = (self.right + 16 + _LEGEND + _EDGE, bottom)
        return self.canvas.finish(f"lifecycle-{self.table.id}-{self.lang}", title, desc, self.lang, size)

    def state(self, state: State, box: Box) -> None:
        x, y = box.middle[0], box.y
        if state.initial:
            self.canvas.raw(f'<circle class="bd-start" cx="{x:g}" cy="{y - 22:g}" r="6" fill="{_svg.INK}"/>')
            self.canvas.line([(x, y - 16), (x, y)], "start", arrow=True)
        self.canvas.box(box, "state", fill="#e8f1fe" if not state.final else "#f2f2f2", round_=14)
        if state.final:
            inner = Box(box.x + 4, box.y + 4, box.w - 8, box.h - 8)
            self.canvas.box(inner, "final", fill="none", wide=1, round_=11)
        stays = sum(step.to == state.id for step in self.table.steps_from(state.id))
        blocks = [label(self.say(state.title), _WIDE - 24, bold=True)]
        if stays:
            same = Text(ja=f"↻ 状態の変わらないできごと {stays}", en=f"↻ {stays} events change nothing")
            blocks.append(words(self.say(same), _WIDE - 16, size=_svg.SMALL, fill=_svg.GREY, kind="grey"))
        self.canvas.stack(blocks, box)

    def arrow(self, one: _Arrow) -> _svg.Point:
        """Draws an arrow; answers where its number goes, above all lines."""
        box, way = self.boxes[one.start], _LANE * (self.lanes[one.number] + 1)
        side = box.right if one.down else box.x
        x = side + way if one.down else side - way
        begins, ends = self.port(one, one.start), self.port(one, one.end)
        colour = _svg.KEY if one.down else _svg.AMBER
        route = [(side, begins), (x, begins), (x, ends), (side, ends)]
        self.canvas.line(route, "change", stroke=colour, wide=1.5, arrow=True)
        return x, (begins + ends) / 2

    def port(self, one: _Arrow, at: int) -> float:
        box = self.boxes[at]
        return box.y + 6 + _PORT * (self.ports[one.number, at] + 0.5)

    def told(self, one: _Arrow) -> str:
        start, end = (self.say(self.table.states[at].title) for at in (one.start, one.end))
        events = self.say(Text(ja="、", en="; ")).join(self.say(event) for event in one.events)
        return f"{start} → {end}{self.say(Text(ja='：', en=': '))}{events}"

    def legend(self, x: float) -> float:
        """What each number stands for, beside the drawing; answers where it ends."""
        y = _EDGE + 10.0
        for one in self.arrows:
            self.canvas.chip(str(one.number), x + 11, y + 9)
            told: Words = words(self.told(one), _LEGEND - 40, size=_svg.SMALL)
            y = max(self.canvas.text(told, x + 30, y), y + 20) + 8
        return y


def _arrows(table: Lifecycle) -> list[_Arrow]:
    places = {state.id: at for at, state in enumerate(table.states)}
    found: dict[tuple[int, int], list[Text]] = {}
    for step in table.steps:
        if step.from_ != step.to:
            found.setdefault((places[step.from_], places[step.to]), []).append(table.event(step.event).title)
    return [
        _Arrow(number, start, end, tuple(dict.fromkeys(events)))
        for number, ((start, end), events) in enumerate(sorted(found.items()), 1)
    ]
