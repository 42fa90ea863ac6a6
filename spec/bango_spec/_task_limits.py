"""Tasks that differ only by what narrows them (障害に係るもの beside 疾病に係るもの): which of them the words leave in."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from bango_spec import law as editions
from bango_spec import vocabulary
from bango_spec._surfaces import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bango_spec.law import Schedule1Item, Table, Task


def limits_of(task: Task) -> set[str]:
    """What the table puts in parentheses or in front of the task to narrow it (障害に係るもの, 未支給)."""
    held = (vocabulary.restrictions()[r] for r in task.restrictions)
    return {fold(form) for one in held if one.effect == "only" for form in one.forms}


@functools.cache
def _limited(edition: str, table: Table) -> tuple[tuple[tuple[str, str, str], str], ...]:
    """Every limit on a task of a table, with the law, object and act of the task."""
    held = editions.edition(edition)
    rows: Mapping[str, Schedule1Item] = held.schedule1 if table == "schedule1" else held.schedule2
    tasks = [task for row in rows.values() for task in row.tasks]
    return tuple(((t.law, t.object, t.act), limit) for t in tasks for limit in sorted(limits_of(t)))


def said_limits(edition: str, table: Table, text: str) -> Mapping[tuple[str, str, str], set[str]]:
    """The limits that the words name, by law, object and act."""
    said: dict[tuple[str, str, str], set[str]] = {}
    for core, limit in _limited(edition, table):
        if limit in text:
            said.setdefault(core, set()).add(limit)
    return said


def within_limits(task: Task, said: Mapping[tuple[str, str, str], set[str]]) -> bool:
    """Whether the words leave the task in: not when they name the limit of a task that differs only by it."""
    named, own = said.get((task.law, task.object, task.act)), limits_of(task)
    return not named or not own or bool(own & named)
