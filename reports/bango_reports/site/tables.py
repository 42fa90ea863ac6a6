"""The law's tables arranged for reading: per item its cells as phrases, per line what proves it and how far down it is decided."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from bango_reports.site import lawtext
from bango_spec import law
from bango_spec.law import Edition, Table
from bango_spec.orders import Procedure, order
from bango_spec.permits import covering_kinds
from bango_spec.reading import Text

NAMES: dict[str, dict[str, Text]] = {
    "schedule1": {
        "": Text(ja="別表第一", en="Schedule 1"),
        "2025-09-24": Text(ja="別表（別表第一の後継）", en="the Schedule (successor of Schedule 1)"),
    },
    "schedule2": {
        "": Text(ja="別表第二", en="Schedule 2"),
        "2026-02-02": Text(ja="命令の表（別表第二の後継）", en="the order's table (successor of Schedule 2)"),
    },
}


class Line(NamedTuple):
    """One line of an item: who provides, what, and for each kind whether the order asks for it (None: no order)."""

    number: int
    providers: tuple[Text, ...]
    provider_ids: tuple[str, ...]
    information: tuple[tuple[str, Text, bool | None], ...]


class Row(NamedTuple):
    """One item of a table."""

    item: str
    name: Text
    deleted: bool
    askers: tuple[Text, ...]
    asker_ids: tuple[str, ...]
    tasks: tuple[Text, ...]
    laws: tuple[str, ...]
    lines: tuple[Line, ...]
    asked: frozenset[str] | None
    details: str

    @property
    def level(self) -> str:
        """How far down an answer about the item is decided."""
        return "table" if self.asked is None else "order"


def table_name(edition: str, table: str) -> Text:
    """What a table is called in its edition."""
    names = NAMES[table]
    return names.get(edition, names[""])


def tables() -> list[tuple[Edition, Table]]:
    """Every table of every edition, the default edition first and then the newest."""
    default = law.default_edition()
    rest = sorted((one for one in law.editions() if one.id != default.id), key=lambda one: one.id, reverse=True)
    return [(edition, table) for edition in (default, *rest) for table in edition.tables]


@cache
def rows(edition: str, table: Table) -> tuple[Row, ...]:
    """The items of a table in order."""
    found = law.edition(edition)
    items = found.schedule1 if table == "schedule1" else found.schedule2
    orders = order(edition, table)
    return tuple(_row(edition, item, row, orders.get(item)) for item, row in items.items())


def _row(edition: str, item: str, row: law.Schedule1Item, detailed: tuple[Procedure, ...] | None) -> Row:
    asked = asked_kinds(detailed)
    kinds = covering_kinds(edition)
    lines = row.lines if isinstance(row, law.Schedule2Item) else ()
    return Row(
        item=item,
        name=lawtext.item_name(item),
        deleted=row.deleted,
        askers=tuple(map(lawtext.holder, row.askers)),
        asker_ids=tuple(one.party for one in row.askers),
        tasks=tuple(map(lawtext.content, row.tasks)),
        laws=tuple(dict.fromkeys(task.law for task in row.tasks if task.law)),
        lines=tuple(
            Line(
                number=number,
                providers=tuple(map(lawtext.holder, line.providers)),
                provider_ids=tuple(one.party for one in line.providers),
                information=tuple(
                    (kind, lawtext.information(kind), None if asked is None else bool(kinds[kind] & asked))
                    for kind in line.information
                ),
            )
            for number, line in enumerate(lines, 1)
        ),
        asked=asked,
        details=row.details if isinstance(row, law.Schedule2Item) else "",
    )


def asked_kinds(procedures: tuple[Procedure, ...] | None) -> frozenset[str] | None:
    """The kinds of information that some procedure of an item's order asks for; None where no order details the item."""
    if procedures is None:
        return None
    return frozenset(kind for one in procedures for asked in one.information for kind in asked.narrows)
