"""What the files of `spec/items/` must satisfy beyond their shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_spec._item_data import GROUP, Item, Kind, digits_of, order, types

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What no item may be called: the numbers and attributes that an intermediate server never holds.
FORBIDDEN = ("個人番号", "住民票コード", "氏名", "名前", "住所", "生年月日", "性別", "年齢", "電話", "カナ")
# More digits would let a resident code (11) or an individual number (12) pass for a value.
MOST_DIGITS = 10


def every_item(items: Iterable[Item]) -> Iterator[Item]:
    """The items with the members of their rows."""
    for item in items:
        yield item
        yield from every_item(item.items)


def _shape(item: Item) -> Iterator[str]:
    if item.type == GROUP:
        if not item.items or item.most < 1:
            yield "a group needs items and the most rows it may have"
        if any(member.type == GROUP for member in item.items):
            yield "a group within a group"
        return
    if item.type not in types():
        yield f"no value type {item.type}"
        return
    if item.type == "code" and not item.values:
        yield "a code without its list"
    if (digits_of(item) or 0) > MOST_DIGITS:
        yield f"more than {MOST_DIGITS} digits"


def _versions(item: Item, known: set[str]) -> Iterator[str]:
    named = [item.since, item.until, *(one.since for one in item.renamed)]
    named += [version for one in item.values for version in (one.since, one.until)]
    yield from (
        f"speaks of the layout {version}, which is not there" for version in named if version and version not in known
    )
    titles = [text.ja for text in (item.names, *(one.names for one in item.renamed))]
    yield from (f"is called {word}" for word in FORBIDDEN for title in titles if word in title)


def _siblings(items: tuple[Item, ...]) -> Iterator[tuple[Item, str]]:
    """Items that point to another item which does not stand beside them."""
    beside = {item.no: item for item in items}
    for item in items:
        other = beside.get(item.after) if item.after is not None else None
        if item.after is not None and (other is None or other.type != item.type):
            yield item, f"comes after item {item.after}, which is no {item.type} beside it"
        if item.zero_with is not None and item.zero_with.no not in beside:
            yield item, f"is zero with item {item.zero_with.no}, which is not beside it"
        yield from _siblings(item.items)


def problems(kind: Kind) -> Iterator[str]:
    """Everything wrong with one kind's items, one sentence each."""
    known = {one.version for one in kind.layouts}
    if [one.version for one in kind.layouts] != sorted(known, key=order):
        yield f"{kind.information}: the layouts are out of order or stand twice"
    for older, newer in zip(kind.layouts, kind.layouts[1:], strict=False):
        if older.end is None or older.end < newer.start:
            yield f"{kind.information}: {older.version} and {newer.version} do not overlap"
    if kind.layouts[-1].end is not None:
        yield f"{kind.information}: the newest layout ends"
    numbers = [item.no for item in every_item(kind.items)]
    if len(numbers) != len(set(numbers)):
        yield f"{kind.information}: an item number stands twice"
    for item in every_item(kind.items):
        for complaint in (*_shape(item), *_versions(item, known)):
            yield f"{kind.information}: item {item.no} {complaint}"
    yield from (f"{kind.information}: item {item.no} {complaint}" for item, complaint in _siblings(kind.items))
