"""The map of the systems: who runs what, what is built, and who calls whom over which network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from bango_reports.diagrams import _calls, _places, _svg
from bango_reports.diagrams._svg import Box, Canvas, label, words
from bango_spec.reading import Text
from bango_spec.systems import System, system, systems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bango_reports.diagrams._places import Stack, Zone

Lang = Literal["ja", "en"]
Link = Callable[[str], str]

TITLE = Text(ja="番号制度のシステム全体図", en="Map of the number system's systems")
STATES = {
    "built": ("●", Text(ja="構築済み", en="built")),
    "planned": ("◎", Text(ja="構築予定", en="planned")),
    "described": ("○", Text(ja="説明のみ", en="described only")),
}
_FRAMES = {"built": ("", 2.5, "#e8f1fe"), "planned": ("7 3", 1.5, "#ffffff"), "described": ("2 3", 1.5, "#f8f8fb")}
_BESIDE = Text(ja="制度・事業・施設", en="Programmes and facilities")
_ORGANISATIONS = Text(ja="組織", en="Organisations")
_GAP, _PAD = 10, 7


def systems_map(lang: Lang, link: Link) -> str:
    """The map as SVG, 1100 pixels wide; `link` gives the address of a system's page."""
    return _Map(lang, link).draw()


class _Map:
    """One drawing in the making: where each box came to lie, and the canvas."""

    def __init__(self, lang: Lang, link: Link) -> None:
        self.lang: Lang = lang
        self.link = link
        self.canvas = Canvas()
        self.boxes: dict[str, Box] = {}

    def draw(self) -> str:
        y = self.key(10)
        y = self.people(y) + 8
        y = self.crossing(y, label_x=850) + 8
        y = self.middle(y) + 8
        y = self.crossing(y, label_x=714) + 8
        y = self.agency(y) + 12
        _calls.arrows(self.canvas, self.boxes)
        placed = {*self.boxes, *_places.BANDS, _places.BODY_ZONE.head, _places.NETWORK_ZONE.head}
        left = [one for one in systems().values() if one.id not in placed]
        y = self.grid(_BESIDE, [one for one in left if one.kind != "organisation"], y) + 10
        y = self.grid(_ORGANISATIONS, [one for one in left if one.kind == "organisation"], y, columns=4) + 16
        y = _calls.legend(self.canvas, self.lang, y)
        counts = {state: sum(one.state == state for one in systems().values()) for state in STATES}
        desc = "、".join(f"{self.say(STATES[state][1])} {count}" for state, count in counts.items())
        return self.canvas.finish(
            f"map-{self.lang}", self.say(TITLE), desc, self.lang, (_places.WIDTH, y + _places.EDGE)
        )

    def say(self, text: Text) -> str:
        return text.ja if self.lang == "ja" else text.en

    def key(self, y: float) -> float:
        x: float = _places.EDGE
        for state, (sign, word) in STATES.items():
            dash, wide, fill = _FRAMES[state]
            self.canvas.box(Box(x, y + 1, 30, 18), state, fill=fill, stroke=_svg.GREY, wide=wide, dash=dash)
            found = words(f"{sign} {self.say(word)}", 300)
            self.canvas.text(found, x + 38, y + 1)
            x += 38 + found.width + 22
        self.canvas.box(Box(x, y + 1, 30, 18), "network", fill="#fbf3d5", stroke=_svg.AMBER, round_=0)
        found = words(self.say(Text(ja="ネットワーク", en="network")), 300)
        self.canvas.text(found, x + 38, y + 1)
        x += 38 + found.width + 22
        self.canvas.line([(x, y + 10), (x + 24, y + 10)], "part", stroke=_svg.GREY, wide=5)
        found = words(self.say(Text(ja="その一部", en="part of it")), 300)
        self.canvas.text(found, x + 32, y + 1)
        x += 32 + found.width + 22
        self.canvas.line([(x, y + 10), (x + 62, y + 10)], "call", arrow=True, stroke=_svg.KEY)
        self.canvas.chip("n", x + 22, y + 10)
        found = words(
            self.say(Text(ja="呼ぶ側→呼ばれる側（番号は下の一覧）", en="caller → called (numbers: list below)")), 400
        )
        self.canvas.text(found, x + 70, y + 1)
        return y + 32

    def people(self, y: float) -> float:
        top = y + max(42, self.head_height(_places.PEOPLE_ZONE))
        bottom = max(self.height(_places.PEOPLE), self.cards_height()) + top
        self.zone(_places.PEOPLE_ZONE, y, bottom + 12)
        self.band(_places.INTERNET, Box(0, y + 4, 0, bottom + 4 - y), at="top")
        self.stacks(_places.PEOPLE, top, bottom)
        height = (bottom - top - _GAP) / len(_places.CARDS)
        for index, row in enumerate(_places.CARDS):
            for place, one in enumerate(row):
                box = Box(24 + place * 166, top + index * (height + _GAP), 156, height)
                self.joint(one, row, (box.x - _GAP, box.middle[1]), (box.x, box.middle[1]))
                self.box(one, box)
        return bottom + 12

    def cards_height(self) -> float:
        tall = max(self.natural(one, 156) for row in _places.CARDS for one in row)
        return tall * len(_places.CARDS) + _GAP

    def middle(self, y: float) -> float:
        top = y + max(map(self.head_height, (_places.BODY_ZONE, _places.SERVER_ZONE)))
        bottom = top + max(self.height(_places.MIDDLE), 320)
        self.zone(_places.BODY_ZONE, y, bottom + 12)
        self.zone(_places.SERVER_ZONE, y, bottom + 12)
        self.zone(_places.NETWORK_ZONE, y, bottom + 12, foot=True)
        for network in (_places.HOUSE, _places.LGWAN):
            self.band(network, Box(0, y, 0, bottom + 12 - y), at="bottom")
        above = bottom + 12 - self.head_height(_places.NETWORK_ZONE) - 6
        self.band(_places.GOVERNMENT, Box(0, y + 12, 0, above - y - 12), at="bottom")
        nation = {"interface", "core"}
        self.stacks([one for one in _places.MIDDLE if one.column not in nation], top, bottom)
        self.stacks([one for one in _places.MIDDLE if one.column in nation], y + 12, above)
        return bottom + 12

    def crossing(self, y: float, *, label_x: float) -> float:
        """The State's network above and below the information-provision network: what crosses it runs upright."""
        zone = _places.NETWORK_ZONE
        box = Box(zone.left, y, zone.right - zone.left, 28)
        self.linked(system(_places.GOVERNMENT), box, network=True)
        name = words(self.say(system(_places.GOVERNMENT).names), 260, size=_svg.SMALL, fill=_svg.AMBER, kind="network")
        self.canvas.text(name, label_x, y + (28 - name.height) / 2)
        self.canvas.close_link()
        return y + 28

    def agency(self, y: float) -> float:
        top = y + self.head_height(_places.AGENCY_ZONE)
        bottom = top + max(self.height(_places.AGENCY), 90)
        self.zone(_places.AGENCY_ZONE, y, bottom + 12)
        self.band(_places.RESIDENT, Box(0, top, 0, bottom - top), at="top")
        self.stacks(_places.AGENCY, top, bottom)
        return bottom + 12

    def zone(self, zone: Zone, top: float, bottom: float, *, foot: bool = False) -> None:
        box = Box(zone.left, top, zone.right - zone.left, bottom - top)
        self.canvas.box(box, "zone", fill="#f2f2f2", stroke=_svg.LINE, wide=1, round_=10)
        y = bottom - self.head_height(zone) if foot else top + 9
        if zone.head:
            self.canvas.open_link(self.link(zone.head), self.spoken(system(zone.head)))
        for block in self.heading(zone):
            y = self.canvas.text(block, box.x + 12, y)
        if zone.head:
            self.canvas.close_link()

    def heading(self, zone: Zone) -> list[_svg.Words]:
        """A zone's name, with the state of the system that it is, and who runs it."""
        room = min(zone.right - zone.left - 24, zone.room)
        known = zone.head or zone.operated
        about = system(known) if known else None
        found = []
        if zone.title:
            found.append(words(self.say(zone.title), room, size=15, bold=True))
        elif about:
            found.append(words(self.say(about.names), room, size=15, bold=True))
        if about:
            sign, state = STATES[about.state]
            comma = "、" if self.lang == "ja" else "; "
            note = self.run_by(about) if zone.title else f"{sign} {self.say(state)}{comma}{self.run_by(about)}"
            found.append(words(note, room, size=_svg.SMALL, fill=_svg.GREY, kind="grey"))
        return found

    def head_height(self, zone: Zone) -> float:
        return sum(block.height for block in self.heading(zone)) + 15

    def run_by(self, one: System) -> str:
        names = [self.say(system(found).names) for found in (one.operator, one.operator_today) if found]
        if self.lang == "ja":
            return f"運営：{names[0]}" + (f"、今は{names[1]}" if names[1:] else "")
        return f"run by {names[0]}" + (f", today by {names[1]}" if names[1:] else "")

    def band(self, network: str, span: Box, *, at: Literal["top", "bottom"]) -> None:
        left, wide = _places.BANDS[network]
        box = Box(left, span.y, wide, span.h)
        about = system(network)
        self.linked(about, box, network=True)
        sign, state = STATES[about.state]
        blocks = [
            label(self.say(about.names), wide - 4, size=_svg.SMALL, fill=_svg.AMBER, kind="network"),
            label(f"{sign} {self.say(state)}", wide - 4, size=_svg.SMALL, fill=_svg.AMBER, kind="network"),
        ]
        if network == _places.INTERNET:
            blocks.pop()
        height = sum(block.height for block in blocks)
        self.canvas.stack(blocks, Box(left, box.y + 3 if at == "top" else box.bottom - height - 3, wide, height))
        self.canvas.close_link()
        self.boxes[network] = box

    def linked(self, about: System, box: Box, *, network: bool = False) -> None:
        self.canvas.open_link(self.link(about.id), self.spoken(about))
        dash, wide, fill = _FRAMES[about.state]
        if network:
            self.canvas.box(box, "network", fill="#fbf3d5", stroke=_svg.AMBER, wide=1, dash=dash, round_=0)
        else:
            self.canvas.box(box, about.state, fill=fill, wide=wide, dash=dash)

    def spoken(self, about: System) -> str:
        return f"{self.say(about.names)} ({self.say(STATES[about.state][1])})"

    def blocks(self, one: str, wide: float) -> list[_svg.Words]:
        about = system(one)
        sign, state = STATES[about.state]
        return [
            label(self.say(about.names), wide - 2 * _PAD, bold=True),
            label(f"{sign} {self.say(state)}", wide - 2 * _PAD, size=_svg.SMALL, fill=_svg.GREY, kind="grey"),
        ]

    def natural(self, one: str, wide: float) -> float:
        return sum(block.height for block in self.blocks(one, wide)) + 2 * _PAD

    def height(self, stacks: Iterable[Stack]) -> float:
        return max(
            sum(self.natural(one, _places.COLUMNS[stack.column][1]) + _GAP for one in stack.systems) - _GAP
            for stack in stacks
        )

    def stacks(self, stacks: Iterable[Stack], top: float, bottom: float) -> None:
        for stack in stacks:
            left, wide = _places.COLUMNS[stack.column]
            heights = {one: self.natural(one, wide) for one in stack.systems}
            spare = bottom - top - sum(heights.values()) - _GAP * (len(heights) - 1)
            y = top
            for one, height in heights.items():
                self.joint(one, stack.systems, (left + wide / 2, y - _GAP), (left + wide / 2, y))
                more = (spare if one == stack.tall else 0) if stack.tall else spare / len(heights)
                self.box(one, Box(left, y, wide, height + more))
                y += height + more + _GAP

    def joint(self, one: str, among: Sequence[str], start: _svg.Point, end: _svg.Point) -> None:
        """A short bar that ties a part to its whole, where both stand in one row."""
        if system(one).part_of in among:
            self.canvas.line([start, end], "part", stroke=_svg.GREY, wide=5)

    def box(self, one: str, box: Box) -> None:
        self.boxes[one] = box
        self.linked(system(one), box)
        self.canvas.stack(self.blocks(one, box.w), box)
        self.canvas.close_link()

    def grid(self, title: Text, members: Sequence[System], y: float, columns: int = 6) -> float:
        wide = (_places.WIDTH - 2 * _places.EDGE - 24 - _GAP * (columns - 1)) / columns
        rows = [members[at : at + columns] for at in range(0, len(members), columns)]
        heights = [max(self.natural(one.id, wide) for one in row) for row in rows]
        whole = Box(_places.EDGE, y, _places.WIDTH - 2 * _places.EDGE, sum(heights) + _GAP * len(rows) + 36)
        self.canvas.box(whole, "zone", fill="#f2f2f2", stroke=_svg.LINE, wide=1, round_=10)
        self.canvas.text(words(self.say(title), whole.w, size=15, bold=True), whole.x + 12, y + 9)
        y += 36
        for row, height in zip(rows, heights, strict=True):
            for place, one in enumerate(row):
                self.box(one.id, Box(whole.x + 12 + place * (wide + _GAP), y, wide, height))
            y += height + _GAP
        return whole.bottom
