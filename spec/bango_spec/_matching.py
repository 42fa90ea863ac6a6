"""The items of a table that a task stands in: a task in words (law and act), or a JM or JT code."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from bango_spec import law as editions
from bango_spec import terms, vocabulary
from bango_spec._citations import number
from bango_spec._surfaces import fold
from bango_spec._task_limits import limits_of, said_limits, within_limits
from bango_spec.errors import UsageError
from bango_spec.orders import order
from bango_spec.task_codes import parse_procedure, parse_task, series_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bango_spec.law import Schedule1Item, Table, Task
    from bango_spec.orders import Procedure


class Found(NamedTuple):
    """An item, the tasks of it that are meant, the procedure when a JT code names one.

    `exact`: the words say every object, act and limit of the item's tasks.
    """

    item: str
    tasks: tuple[str, ...]
    procedure: Procedure | None = None
    exact: bool = False


def item_number(text: str) -> str:
    """`56-2` from `56-2`, `５６の２` or `別表第二の五十六の二の項`; LAW-ITEM when it is no item number."""
    plain = re.sub(
        r"^.*別表(?:第[一二12])?の?|[第項\s]|の$", "", unicodedata.normalize("NFKC", text).replace("の項", "")
    )
    parts = [number(p) for p in re.split(r"[のー‐−-]", plain)]
    if not parts or not all(parts):
        raise UsageError(
            "LAW-ITEM", f"項の番号ではない。 not an item: {text!r}", step="74、56-2 のように書く。 write 74 or 56-2"
        )
    return "-".join(str(p) for p in parts)


@functools.lru_cache(maxsize=4096)
def matching(edition: str, table: Table, law: str | None, task: str | None) -> tuple[Found, ...]:
    """The items whose tasks are meant, in the order of the table; none when no item has such a task."""
    held = editions.edition(edition)
    rows: Mapping[str, Schedule1Item] = held.schedule1 if table == "schedule1" else held.schedule2
    items = {i: row for i, row in rows.items() if not row.deleted}
    series, orders = series_of(edition, table), order(edition, table)
    wanted = _laws(law)
    code = unicodedata.normalize("NFKC", task or "").strip().upper()
    if re.match(r"JM\d", code):
        return tuple(_coded(items, series, *parse_task(code)))
    if re.match(r"JT\d", code):
        named = parse_procedure(code)
        found = _coded(items, series, named.series, named.item)
        return tuple(_procedure(f, orders, named.paragraph, named.number) for f in found)
    words = terms.deeds(task) if task else []
    said = {i.removeprefix("law/") for w in words for i in w if i.startswith("law/")}
    text = fold(task or "")
    limits = said_limits(edition, table, text)
    found = []
    for ident, row in items.items():
        under = [t for t in row.tasks if all(not laws or _under(t.law, laws) for laws in (wanted, said))]
        if meant := _meant([t for t in under if within_limits(t, limits)], words):
            found.append(Found(ident, meant, exact=_exact(row.tasks, words, text)))
    return tuple(found)


def _exact(tasks: Sequence[Task], words: list[terms.Meanings], text: str) -> bool:
    said = {i for word in words for i in word}
    own = {i for t in tasks for i in (f"object/{t.object}", f"act/{t.act}") if not i.endswith("/")}
    return own <= said and all(any(limit in text for limit in limits_of(t)) or not limits_of(t) for t in tasks)


def _laws(text: str | None) -> set[str] | None:
    if text is None or unicodedata.normalize("NFKC", text).strip().lower() in ("", "なし", "none", "-"):
        return None
    return set(terms.laws(text))


def _coded(items: Mapping[str, Schedule1Item], own: str, series: str, item: str) -> list[Found]:
    if series != own:
        raise UsageError(
            "LAW-CODE",
            f"符号は {series} のもので、尋ねた表は {own} である。 the code is of {series}, the table asked is {own}",
            step="--as-of で版を選ぶ。 choose the edition with --as-of",
        )
    return [Found(item, ())] if item in items else []


def _procedure(found: Found, orders: Mapping[str, tuple[Procedure, ...]], paragraph: int, number: str) -> Found:
    if not paragraph:
        return found
    for procedure in orders.get(found.item, ()):
        if (procedure.paragraph, procedure.number) == (paragraph, number):
            return found._replace(procedure=procedure)
    raise UsageError(
        "LAW-CODE",
        f"{found.item} の項に手続 {paragraph}.{number} はない。 item {found.item} has no procedure {paragraph}.{number}",
        step="この版の命令を見る。 see the order of the edition",
    )


def _under(law: str, wanted: set[str]) -> bool:
    """Whether a law is one of those wanted: itself, as it stood earlier, as part of a class, or what is under it."""
    if law in wanted:
        return True
    entry = vocabulary.laws()[law]
    return any(
        _under(other, wanted) for other in (entry.of, entry.by, entry.under, *entry.including, *entry.members) if other
    )


def _meant(tasks: list[Task], words: list[terms.Meanings]) -> tuple[str, ...]:
    """The tasks that the words describe; none unless every word describes one of them."""
    ids = [set(w) for w in words if not all(i.startswith("law/") for i in w)]
    objects = [w for w in ids if any(i.startswith("object/") for i in w)]
    acts = [w for w in ids if w not in objects and any(i.startswith("act/") for i in w)]
    meant = []
    for task in tasks:
        own = {f"object/{task.object}", f"act/{task.act}"}
        object_said = not objects or any(f"object/{task.object}" in w for w in objects)
        act_said = not acts or any(f"act/{task.act}" in w for w in ids)
        if not ids or (any(w & own for w in ids) and (object_said or not task.object) and (act_said or not task.act)):
            meant.append(task)
    covered = {i for t in meant for i in (f"object/{t.object}", f"act/{t.act}")}
    return tuple(t.id for t in meant) if all(w & covered for w in ids) else ()
