"""The allow list (照会許可用照合リスト) of an edition: the table's lines between kinds of party, in wire codes.

Where an order details an item, an entry stands for one procedure of it and only for what that procedure may ask;
elsewhere for the item undivided. A body stands behind an entry with every party that covers one of its own
(`party_kinds`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from bango_spec import law
from bango_spec.orders import order
from bango_spec.permits import covering_kinds, covering_parties
from bango_spec.task_codes import procedure_code, series_of, task_code
from bango_spec.vocabulary import information

TABLE = "schedule2"


class Entry(NamedTuple):
    """One permitted combination; `asker` and `provider` are party ids, the rest codes; `item` and `line` say where."""

    item: str
    line: int
    asker: str
    provider: str
    task: str
    procedure: str
    information: str


def party_kinds(parties: Iterable[str]) -> frozenset[str]:
    """Every party of the tables that a body is, given the parties it comprises (市町村長 is a 医療保険者, too)."""
    return _party_kinds(frozenset(parties))


@cache
def _party_kinds(parties: frozenset[str]) -> frozenset[str]:
    covering = covering_parties()
    return frozenset().union(*(covering[party] for party in parties))


@cache
def editions_before(edition: str) -> tuple[str, ...]:
    """The editions of the same table that went before this one, oldest first; none for a table that is not held."""
    known = {one.id for one in law.editions() if TABLE in one.tables}
    if edition not in known:
        return ()
    series = series_of(edition, TABLE)
    return tuple(one for one in sorted(known) if one < edition and series_of(one, TABLE) == series)


@cache
def allow_list(edition: str) -> tuple[Entry, ...]:
    """Every permitted combination, in the order of the table; one combination stands at its first line only."""
    found: dict[tuple[str, ...], Entry] = {}
    for item, row in law.edition(edition).schedule2.items():
        if row.deleted:
            continue
        for number, line in enumerate(row.lines, 1):
            for procedure, kind in _asked(edition, item, line):
                for asker in row.askers:
                    for provider in line.providers:
                        made = Entry(item, number, asker.party, provider.party, _task(edition, item), procedure, kind)
                        found.setdefault(made[2:], made)
    return tuple(found.values())


@cache
def _task(edition: str, item: str) -> str:
    return task_code(series_of(edition, TABLE), item)


def _asked(edition: str, item: str, line: law.Line) -> Iterator[tuple[str, str]]:
    codes = {kind: information()[kind].code for kind in line.information}
    series = series_of(edition, TABLE)
    detailed = order(edition, TABLE).get(item)
    if detailed is None:
        for code in codes.values():
            yield procedure_code(series, item), code
        return
    for procedure in detailed:
        narrowed = {kind for asked in procedure.information for kind in asked.narrows}
        reached = frozenset(narrowed).union(*(covering_kinds(edition)[kind] for kind in narrowed))
        for kind, code in codes.items():
            if kind in reached:
                yield procedure_code(series, item, procedure.paragraph, procedure.number), code
