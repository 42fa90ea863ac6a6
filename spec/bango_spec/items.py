"""Items of the information kinds: schemas, layouts, samples and near misses, from `spec/items/`.

Some kinds have a file of their own; every other kind that the tables name has the minimal items, marked as such.
Items and their codes are made up (assumption `synthetic-items`): the real ones are not public.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from bango_spec import _item_data as data
from bango_spec._item_data import Item, Kind, Layout, ValueType
from bango_spec._item_misses import NearMiss
from bango_spec.errors import UsageError
from bango_spec.reading import Text
from bango_spec.vocabulary import information

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from bango_spec._item_drift import Drift
    from bango_spec.vocabulary import Information

__all__ = [
    "Item",
    "Kind",
    "Layout",
    "NearMiss",
    "code",
    "codes",
    "drift",
    "information_ids",
    "is_rich",
    "kind",
    "layouts",
    "near_misses",
    "problems",
    "sample",
    "schema",
    "value_types",
]


def information_ids() -> tuple[str, ...]:
    """The ids of every information kind that the tables name."""
    return tuple(information())


def value_types() -> Mapping[str, ValueType]:
    """The kinds of value that items have, by id."""
    return data.types()


def is_rich(information_id: str) -> bool:
    """Whether the kind has items of its own rather than the minimal ones."""
    return information_id in data.rich_files()


def _named(information_id: str) -> Information:
    try:
        return information()[information_id]
    except KeyError:
        raise UsageError(
            "ITEMS-KIND", f"no information kind {information_id}", step="see spec/law/information.yaml for the ids"
        ) from None


@cache
def kind(information_id: str) -> Kind:
    """The layouts and items of a kind; ITEMS-KIND if the tables name no such information."""
    named = _named(information_id)
    found = data.table(information_id)
    return Kind(
        information=information_id,
        names=Text(ja=named.ja, en=named.en),
        scope=found.scope,
        layouts=found.layouts,
        items=found.items,
    )


def layouts(information_id: str, on: str | None = None) -> tuple[Layout, ...]:
    """The layouts of a kind, oldest first; with an ISO date, those in force on that day (old and new overlap)."""
    found = kind(information_id).layouts
    return found if on is None else tuple(one for one in found if one.start <= on <= (one.end or "9999-12-31"))


def code(information_id: str, number: int) -> str:
    """The item code on the wire: TK, 9 for made up, first and last seven digits of the information code, the number."""
    of_kind = _named(information_id).code
    return f"TK9{of_kind[2]}{of_kind[-7:]}{number:05d}"


def _coder(information_id: str) -> Callable[[Item], str]:
    return lambda item: code(information_id, item.no)


def codes(information_id: str, layout: str) -> tuple[str, ...]:
    """The item codes of a layout that an inquiry can ask for (rows' members are asked for with their group)."""
    found = kind(information_id)
    data.layout_of(found, layout)
    return tuple(map(_coder(information_id), data.in_layout(found.items, layout)))


def schema(information_id: str, layout: str, only: Collection[str] | None = None) -> dict[str, Any]:
    """The JSON Schema 2020-12 of a replica's items; with `only`, of an answer that was asked for these item codes."""
    from bango_spec._item_schema import build  # noqa: PLC0415 - the command line does not need it

    head = {
        "x-bango-information": _named(information_id).code,
        "x-bango-detail": "rich" if is_rich(information_id) else "minimal",
    }
    return build(kind(information_id), layout, _coder(information_id), head, only)


def _body(information_id: str, layout: str, seed: int, *, full: bool) -> dict[str, Any]:
    from bango_spec._item_sample import Stream, body  # noqa: PLC0415

    found = kind(information_id)
    data.layout_of(found, layout)
    stream = Stream(f"{information_id}/{layout}/{seed}")
    return body(found.items, layout, _coder(information_id), stream, full=full)


def sample(
    information_id: str, layout: str, seed: int, *, full: bool = False, fiscal_year: str | None = None
) -> dict[str, Any]:
    """A made-up, valid body, a pure function of its arguments; `full` has every item, no null and one row a group.

    With `fiscal_year` the items that repeat the replica's own year say the same.
    """
    found = _body(information_id, layout, seed, full=full)
    if fiscal_year is not None and kind(information_id).scope == "fiscal-year":
        years = (code(information_id, one.no) for one in kind(information_id).items if one.type == "fiscal-year")
        found |= {name: fiscal_year for name in years if name in found}
    return found


def near_misses(information_id: str, layout: str) -> tuple[NearMiss, ...]:
    """Invalid bodies with exactly one named defect each: every defect of every item of the layout."""
    from bango_spec._item_misses import changes, foreign  # noqa: PLC0415

    found = kind(information_id)
    whole = _body(information_id, layout, 0, full=True)
    others = [_body(information_id, one.version, 0, full=True) for one in found.layouts if one.version != layout]
    broken = [*changes(found.items, layout, _coder(information_id), whole), *foreign(whole, others)]
    known = data.defects()
    return tuple(
        NearMiss(f"{'-'.join(place)}-{defect}", defect, known[defect].names, place, body)
        for defect, place, body in broken
    )


def drift(information_id: str, old: str, new: str) -> tuple[Drift, ...]:
    """What changed from one layout to another: items added, removed and renamed, code lists that differ."""
    from bango_spec._item_drift import drift as differences  # noqa: PLC0415

    return tuple(differences(kind(information_id), old, new, _coder(information_id)))


def problems() -> list[str]:
    """Everything wrong with the items of every kind, one sentence each; empty when they are in order."""
    from bango_spec import _items_check  # noqa: PLC0415

    strangers = sorted(set(data.rich_files()) - set(information_ids()))
    found = [f"items/{name}.yaml: the tables name no such information" for name in strangers]
    return found + [line for name in information_ids() for line in _items_check.problems(kind(name))]
