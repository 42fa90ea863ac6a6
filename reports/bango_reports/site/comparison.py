"""Editions side by side (新旧対照): which item became which, what came and went in its cells, and what that touches."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import NamedTuple

from bango_reports.site import lawtext
from bango_reports.site.tables import Row, rows, table_name
from bango_spec import law
from bango_spec.law import Table
from bango_spec.reading import Text
from bango_spec.task_codes import series_of

_ALIKE = 0.5
"""Two items of differently numbered tables are taken for one when at least half of their tasks are the same."""


class Pair(NamedTuple):
    """Two tables to compare: each with its edition."""

    old: str
    new: str
    table: Table

    @property
    def path(self) -> str:
        """The page of the comparison."""
        return f"law/compare/{self.table}-{self.old}-{self.new}.html"

    @property
    def numbered_alike(self) -> bool:
        """Whether an item keeps its number from one to the other."""
        return series_of(self.old, self.table) == series_of(self.new, self.table)

    @property
    def names(self) -> tuple[Text, Text]:
        """What the tables are called."""
        return table_name(self.old, self.table), table_name(self.new, self.table)


class Change(NamedTuple):
    """One cell: what it held and what it holds; equal parts are told once."""

    kept: tuple[Text, ...]
    gone: tuple[Text, ...]
    come: tuple[Text, ...]

    @property
    def changed(self) -> bool:
        """Whether anything came or went."""
        return bool(self.gone or self.come)


class Compared(NamedTuple):
    """An item before and after; one of them is None where it is new or gone."""

    old: Row | None
    new: Row | None
    cells: dict[str, Change]

    @property
    def state(self) -> str:
        """new, gone, changed or same."""
        if self.old is None or self.old.deleted:
            return "same" if self.new is None or self.new.deleted else "new"
        if self.new is None or self.new.deleted:
            return "gone"
        return "changed" if any(one.changed for one in self.cells.values()) else "same"


def pairs() -> list[Pair]:
    """Each table's editions, one after the other."""
    found = []
    for table in ("schedule1", "schedule2"):
        editions = [one.id for one in law.editions() if table in one.tables]
        found += [Pair(old, new, table) for old, new in pairwise(editions)]
    return found


@cache
def compared(pair: Pair) -> tuple[Compared, ...]:
    """Every item of both tables once, in the order of the new one, what is gone at its old place."""
    old, new = rows(pair.old, pair.table), rows(pair.new, pair.table)
    partner = _same_numbers(old, new) if pair.numbered_alike else _same_tasks(pair, old, new)
    taken = set(partner.values())
    before = {row.item: row for row in old}
    found = [_compare(before.get(partner.get(row.item, "")), row) for row in new]
    found += [_compare(row, None) for row in old if row.item not in taken]
    return tuple(found)


def _same_numbers(old: tuple[Row, ...], new: tuple[Row, ...]) -> dict[str, str]:
    known = {row.item for row in old}
    return {row.item: row.item for row in new if row.item in known}


def _same_tasks(pair: Pair, old: tuple[Row, ...], new: tuple[Row, ...]) -> dict[str, str]:
    """New item → the old one with the most tasks in common, each old item once, the most alike first."""
    tasks_before, tasks_after = _tasks(pair.old, pair.table), _tasks(pair.new, pair.table)
    scores = []
    for place, after in enumerate(new):
        for before in old:
            one, other = tasks_before[before.item], tasks_after[after.item]
            common = len(one & other)
            if common and common / len(one | other) >= _ALIKE:
                same_askers = set(before.asker_ids) == set(after.asker_ids)
                scores.append((-common / len(one | other), not same_askers, place, after.item, before.item))
    found: dict[str, str] = {}
    for _, _, _, after_item, before_item in sorted(scores):
        if after_item not in found and before_item not in found.values():
            found[after_item] = before_item
    return found


@cache
def _tasks(edition: str, table: Table) -> dict[str, frozenset[tuple[str, str, str]]]:
    found = law.edition(edition)
    items = found.schedule1 if table == "schedule1" else found.schedule2
    return {item: frozenset((t.law, t.object, t.act) for t in row.tasks) for item, row in items.items()}


def _compare(old: Row | None, new: Row | None) -> Compared:
    cells = {
        "askers": _change(old.askers if old else (), new.askers if new else ()),
        "tasks": _change(old.tasks if old else (), new.tasks if new else ()),
        "lines": _change(_facts(old), _facts(new)),
    }
    return Compared(old, new, cells)


def _facts(row: Row | None) -> tuple[Text, ...]:
    """Each provider with each kind of information that it gives."""
    if row is None:
        return ()
    made = [
        Text(ja=f"{provider.ja}：{kind.ja}", en=f"{provider.en}: {kind.en}")
        for line in row.lines
        for provider in line.providers
        for _, kind, _ in line.information
    ]
    return tuple(dict.fromkeys(made))


def _change(old: tuple[Text, ...], new: tuple[Text, ...]) -> Change:
    before, after = set(old), set(new)
    return Change(
        kept=tuple(one for one in new if one in before),
        gone=tuple(one for one in old if one not in after),
        come=tuple(one for one in new if one not in before),
    )


@cache
def twins(edition: str, table: Table) -> dict[str, list[tuple[str, str, Text]]]:
    """Item → the same item in the neighbouring editions: edition, item, and what it is called there."""
    found: dict[str, list[tuple[str, str, Text]]] = {}
    for pair in pairs():
        if pair.table != table or edition not in (pair.old, pair.new):
            continue
        for one in compared(pair):
            if one.old is None or one.new is None:
                continue
            here, there = (one.old, one.new) if edition == pair.old else (one.new, one.old)
            other = pair.new if edition == pair.old else pair.old
            found.setdefault(here.item, []).append((other, there.item, lawtext.item_name(there.item)))
    return found
