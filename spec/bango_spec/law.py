"""The law's tables as facts: editions, their items, who asks whom for which kind of information for which task."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Literal

from bango_spec._ids import by_id
from bango_spec.errors import UsageError
from bango_spec.reading import Element, read
from bango_spec.vocabulary import Content

Table = Literal["schedule1", "schedule2"]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Holder(Element, frozen=True, kw_only=True):
    """A party in a cell; with restrictions, only (or also) in that role."""

    party: str
    restrictions: tuple[str, ...] = ()


class Task(Content, frozen=True, kw_only=True):
    """One task of an item; `id` counts from 1 within the item."""

    id: str


class Line(Element, frozen=True, kw_only=True):
    """One line of an item: these providers give these kinds of information, for every task of the item."""

    providers: tuple[Holder, ...]
    information: tuple[str, ...]


class Schedule1Item(Element, frozen=True, kw_only=True):
    """An item of Schedule 1 or its successor: who may use the number for which tasks."""

    id: str
    deleted: bool = False
    askers: tuple[Holder, ...] = ()
    tasks: tuple[Task, ...] = ()


class Schedule2Item(Schedule1Item, frozen=True, kw_only=True):
    """An item of Schedule 2 or its successor; lines count from 1; `details`: the article that holds the details."""

    lines: tuple[Line, ...] = ()
    details: str = ""


class Definition(Element, frozen=True, kw_only=True):
    """Where an edition fixes a term: table, item, line (0: the item's own cells), and for how far (`scope`).

    Scope words: onward, this-article, this-table, this-column, else an article or `item N`.
    """

    term: str
    kind: Literal["party", "information", "law", "object", "restriction"]
    id: str
    table: Table
    item: str
    cell: Literal["askers", "tasks", "providers", "information"]
    line: int = 0
    scope: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    content: tuple[Content, ...] = ()


class Limit(Element, frozen=True, kw_only=True):
    """What must be said wherever an answer rests on the edition; with items, only for these."""

    id: str
    ja: str
    en: str
    table: Table | Literal[""] = ""
    items: tuple[str, ...] = ()

    def concerns(self, table: Table, item: str = "") -> bool:
        """Whether it touches this table and, if it names items, this item."""
        return self.table in ("", table) and (not self.items or item in self.items)


class Source(Element, frozen=True, kw_only=True):
    """Where an edition comes from."""

    ja: str
    en: str


class Edition(Element, frozen=True, rename={"since": "from"}, kw_only=True):
    """A state of the tables; `level` says whether answers reach the orders or stop at the table."""

    id: str
    ja: str
    en: str
    since: str
    tables: tuple[Table, ...]
    level: Literal["table", "order"]
    sources: tuple[Source, ...]
    limits: tuple[Limit, ...]
    orders: tuple[str, ...] = ()

    @property
    def schedule1(self) -> dict[str, Schedule1Item]:
        """Schedule 1 (or its successor) by item, in order; LAW-TABLE if this edition has none."""
        return _schedule1(self.id)

    @property
    def schedule2(self) -> dict[str, Schedule2Item]:
        """Schedule 2 (or its successor) by item, in order; LAW-TABLE if this edition has none."""
        return _schedule2(self.id)

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The terms this edition fixes in one row and uses in others."""
        return _definitions(self.id)


class Gap(Element, frozen=True, rename={"since": "from"}, kw_only=True):
    """Days (both ends included) for which no edition is here and an earlier one answers with this caveat."""

    since: str
    until: str
    tables: tuple[Table, ...]
    ja: str
    en: str


class _Editions(Element, frozen=True, kw_only=True):
    default: str
    editions: tuple[Edition, ...]
    gaps: tuple[Gap, ...]


@cache
def _editions() -> _Editions:
    return read("law/editions.yaml", _Editions)


def editions() -> tuple[Edition, ...]:
    """All editions, the oldest first."""
    return _editions().editions


def default_edition() -> Edition:
    """The edition that answers when no date is given."""
    return edition(_editions().default)


def edition(edition_id: str) -> Edition:
    """The edition with this id (its date); LAW-EDITION if there is none."""
    for found in editions():
        if found.id == edition_id:
            return found
    known = ", ".join(e.id for e in editions())
    raise UsageError(
        "LAW-EDITION",
        f"{edition_id} という版はない。 no edition {edition_id}",
        step=f"次から選ぶ。 choose: {known}",
    )


def edition_as_of(date: str | None, table: Table = "schedule2") -> Edition:
    """The newest edition with this table at or before the date (YYYY-MM-DD); None: the default edition.

    LAW-DATE if it is no date, LAW-EDITION if it is before the oldest edition.
    """
    if date is None:
        return default_edition()
    day = _day(date)
    found = [e for e in editions() if e.since <= day and table in e.tables]
    if not found:
        first = next(e.id for e in editions() if table in e.tables)
        raise UsageError(
            "LAW-EDITION",
            f"{date} に当たる版はない。 no edition at or before {date}",
            step=f"最も古い版は {first}。 the oldest here is {first}",
        )
    return found[-1]


def _day(date: str) -> str:
    """The date itself, a day of the calendar as YYYY-MM-DD (only such texts compare as days do); else LAW-DATE."""
    try:
        if _DAY.fullmatch(date):
            return dt.date.fromisoformat(date).isoformat()
    except ValueError:
        pass
    raise UsageError(
        "LAW-DATE",
        f"日付ではない: {date!r}。 not a date",
        step="実在する日を YYYY-MM-DD の形で書く（例 2020-09-06）。 write a day of the calendar as YYYY-MM-DD",
    )


def gaps() -> tuple[Gap, ...]:
    """The days for which no edition is here, with what to say beside an answer."""
    return _editions().gaps


def caveats(date: str | None, table: Table = "schedule2") -> tuple[Gap, ...]:
    """The gaps that the date falls into: what to say beside the answer of `edition_as_of`; LAW-DATE as there."""
    if date is None:
        return ()
    day = _day(date)
    return tuple(g for g in _editions().gaps if table in g.tables and g.since <= day <= g.until)


@cache
def _definitions(edition_id: str) -> tuple[Definition, ...]:
    return read(f"law/{edition_id}/definitions.json", tuple[Definition, ...])


@cache
def _schedule1(edition_id: str) -> dict[str, Schedule1Item]:
    _has(edition_id, "schedule1")
    return by_id(read(f"law/{edition_id}/schedule1.json", tuple[Schedule1Item, ...]))


@cache
def _schedule2(edition_id: str) -> dict[str, Schedule2Item]:
    _has(edition_id, "schedule2")
    return by_id(read(f"law/{edition_id}/schedule2.json", tuple[Schedule2Item, ...]))


def _has(edition_id: str, table: Table) -> None:
    if table not in edition(edition_id).tables:
        raise UsageError(
            "LAW-TABLE",
            f"{edition_id} の版に {table} の表はない。 the edition {edition_id} has no {table}",
            step="ほかの版を選ぶ。 choose another edition",
        )


def problems() -> list[str]:
    """Everything in the law's facts that contradicts itself, one sentence each; empty when all is well."""
    from bango_spec._law_problems import problems as found  # noqa: PLC0415  (only the check needs it)

    return found()
