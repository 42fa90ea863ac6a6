"""The synthetic bodies: 1,741 municipalities in 47 prefectures and the bodies that work beside them.

The directory does not depend on a seed. Everybody who lives has an index in one long row; a municipality holds a
stretch of it, and prefectures, insurers and national bodies see stretches of the same row.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bango_spec.identifiers import block_value, complete
from bango_spec.population import population_parts
from bango_spec.reading import Element, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bango_spec.population import MunicipalityKind, OtherKind

_PREFECTURES = 47
_OFFSET = 50


class Ward(Element, frozen=True):
    """A ward of a designated city; its code is rolled up to the city's."""

    code: str
    name: str


class Body(Element, frozen=True):
    """One body: its codes and names, and the stretch of residents that it knows (`first`, `residents`)."""

    number: int
    kind: str
    code: str
    municipality_code: str
    corporate_number: str
    prefecture: int
    name: Text
    full_name: str
    parties: tuple[str, ...]
    first: int
    residents: int
    wards: tuple[Ward, ...] = ()
    former_codes: tuple[str, ...] = ()

    @property
    def is_municipality(self) -> bool:
        """Whether people live in it (the others know people of municipalities)."""
        return any(self.kind == one.id for one in population_parts().municipalities)


class Directory:
    """All bodies, by number, by body code and by municipality code (wards and former codes lead to today's body)."""

    def __init__(self) -> None:
        municipalities = tuple(_municipalities())
        self.population = sum(body.residents for body in municipalities)
        self.municipalities = municipalities
        self.all = municipalities + tuple(_others(municipalities, self.population))
        self.by_code = {body.code: body for body in self.all}
        self.starts = [body.first for body in municipalities]
        self._today = {code: body for body in municipalities for code in _codes(body)}

    def today(self, municipality_code: str) -> Body | None:
        """The municipality that a code means today: wards roll up to their city, merged ones to their successor."""
        return self._today.get(municipality_code)


@cache
def directory() -> Directory:
    """The directory, made once (some tens of milliseconds)."""
    return Directory()


def _codes(body: Body) -> Iterator[str]:
    yield body.municipality_code
    yield from body.former_codes
    yield from (ward.code for ward in body.wards)


def _code(prefecture: int, number: int) -> str:
    return complete("municipality-code", f"{prefecture:02}{number:03}")


def _sizes(kind: MunicipalityKind) -> list[int]:
    group = sum(population_parts().households[0])
    ratio = (kind.smallest / kind.largest) ** (1 / max(1, kind.count - 1))
    return [int(kind.largest * ratio**i) // group * group for i in range(kind.count)]


def _plan() -> Iterator[tuple[int, int, MunicipalityKind, int, int]]:
    """Prefecture, number in it, kind, residents, and how many of the kind came before."""
    special = {kind.prefecture for kind in population_parts().municipalities if kind.prefecture}
    for kind in population_parts().municipalities:
        free = [n + _OFFSET for n in range(1, _PREFECTURES + 1) if not kind.wards or n + _OFFSET not in special]
        used: dict[int, int] = {}
        for i, residents in enumerate(_sizes(kind)):
            prefecture = kind.prefecture or free[i % len(free)]
            place = used[prefecture] = used.get(prefecture, -1) + 1
            yield prefecture, kind.first + place, kind, residents, i


def _municipalities() -> Iterator[Body]:
    parts = population_parts()
    names = [(a, b) for b in parts.second_parts for a in parts.first_parts]
    first = 0
    plan = sorted(_plan(), key=lambda row: row[:2])
    for number, (prefecture, place, kind, residents, i) in enumerate(plan):
        name = "".join(part.split(" ")[0] for part in names[number]) + kind.suffix.ja
        code = _code(prefecture, place)
        former: tuple[str, ...] = ()
        if kind.former_from is not None and i % kind.merged_every == 0:
            step = (place - kind.first) * 2
            former = tuple(_code(prefecture, kind.former_from + step + n) for n in range(1 if kind.wards else 2))
        wards = parts.ward_names[: kind.wards]
        yield Body(
            number=number,
            kind=kind.id,
            code=kind.outer[0] + code + kind.outer[1],
            municipality_code=code,
            corporate_number=block_value("corporate-number", number),
            prefecture=prefecture,
            name=Text(ja=name, en=f"Test {kind.suffix.en} {number + 1}"),
            full_name=prefecture_name(prefecture).ja + name,
            parties=kind.parties,
            first=first,
            residents=residents,
            wards=tuple(Ward(code=_code(prefecture, place + n + 1), name=f"{w.ja}区") for n, w in enumerate(wards)),
            former_codes=former,
        )
        first += residents


def _others(municipalities: tuple[Body, ...], population: int) -> Iterator[Body]:
    number = len(municipalities)
    for kind in population_parts().others:
        for i in range(kind.count):
            yield _other(kind, i, number, municipalities, population)
            number += 1


def _other(kind: OtherKind, i: int, number: int, municipalities: tuple[Body, ...], population: int) -> Body:
    prefecture, first, residents, middle = 0, 0, population, ""
    if kind.covers == "prefecture":
        prefecture = _OFFSET + 1 + i
        inside = [body for body in municipalities if body.prefecture == prefecture]
        first, residents = inside[0].first, sum(body.residents for body in inside)
        middle = _code(prefecture, 0)
    elif kind.covers == "members":
        first, residents = population // kind.count * i, kind.members
    name = kind.body.ja.format(serial=i + 1, prefecture=prefecture_name(prefecture).ja)
    return Body(
        number=number,
        kind=kind.id,
        code=kind.outer[0] + (middle or "000000") + kind.outer[1].format(serial=f"{i + 1:05}"),
        municipality_code=middle if kind.own_code else "",
        corporate_number=block_value("corporate-number", number),
        prefecture=prefecture,
        name=Text(ja=name, en=kind.body.en.format(serial=i + 1, prefecture=prefecture_name(prefecture).en)),
        full_name=name,
        parties=kind.parties,
        first=first,
        residents=residents,
    )


def prefecture_name(prefecture: int) -> Text:
    """The name of a test prefecture, by its two-digit number (51 to 97)."""
    name = population_parts().prefecture_name
    number = prefecture - _OFFSET
    return Text(ja=name.ja.format(number=number), en=name.en.format(number=number))
