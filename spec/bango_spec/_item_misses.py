"""Bodies that are nearly right: a complete sample with exactly one thing wrong."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

from bango_spec._item_data import GROUP, Item, all_values, code_values, digits_of, in_layout, types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bango_spec.reading import Text

# A row or item number that no file uses: such a code is well formed and in no layout.
UNUSED = 99999


class NearMiss(NamedTuple):
    """An invalid body with one named defect at one place (item codes from the outside in)."""

    id: str
    defect: str
    names: Text
    place: tuple[str, ...]
    body: dict[str, Any]


Change = tuple[str, tuple[str, ...], dict[str, Any]]


def _wrong_values(item: Item, version: str) -> Iterator[tuple[str, Any]]:
    kind = types()[item.type]
    yield from kind.misses.items()
    digits = digits_of(item)
    if digits is not None:
        yield "too-long", (10**digits if kind.schema["type"] == "integer" else "0" * (digits + 1))
    if item.low is not None:
        yield "too-small", item.low - 1
    if not item.nullable:
        yield "null-not-allowed", None
    gone = set(all_values(item)) - set(code_values(item, version))
    yield from (("other-layout-code", one.code) for one in sorted(gone, key=lambda one: one.code)[:1])


def foreign(whole: dict[str, Any], others: list[dict[str, Any]]) -> Iterator[Change]:
    """Items that only other layouts have, put into this one."""
    only_there = {name: value for other in others for name, value in other.items() if name not in whole}
    for name, value in only_there.items():
        yield "other-layout-item", (name,), _changed(whole, (), name, value)


def _changed(whole: dict[str, Any], path: tuple[str, ...], name: str, value: object) -> dict[str, Any]:
    """A copy of the whole with one member of the object at the path replaced (groups: in their first row)."""
    copy = deepcopy(whole)
    place = copy
    for step in path:
        place = place[step][0]
    place[name] = value
    return copy


def _without(whole: dict[str, Any], path: tuple[str, ...], name: str) -> dict[str, Any]:
    copy = deepcopy(whole)
    place = copy
    for step in path:
        place = place[step][0]
    del place[name]
    return copy


def changes(
    items: tuple[Item, ...],
    version: str,
    code: Callable[[Item], str],
    whole: dict[str, Any],
    path: tuple[str, ...] = (),
) -> Iterator[Change]:
    """Every single defect of an object's items: the defect, the place, the broken body."""
    unknown = code(Item(no=UNUSED, names=items[0].names, type=items[0].type))
    yield "unknown-item", (*path, unknown), _changed(whole, path, unknown, "1")
    for item in in_layout(items, version):
        name = code(item)
        place = (*path, name)
        if item.required:
            yield "missing-required-item", place, _without(whole, path, name)
        if item.type == GROUP:
            row = whole[name][0]
            yield "group-not-list", place, _changed(whole, path, name, row)
            yield "too-many-rows", place, _changed(whole, path, name, [row] * (item.most + 1))
            yield from changes(item.items, version, code, whole, place)
        else:
            for defect, value in _wrong_values(item, version):
                yield defect, place, _changed(whole, path, name, value)
