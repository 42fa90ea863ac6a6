"""The shapes of `spec/items/`: value types, layouts and items, and their reading."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from bango_spec.errors import UsageError
from bango_spec.reading import Element, Text, files, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

GROUP = "group"
_NOT_KINDS = ("types", "minimal")


def order(version: str) -> tuple[int, ...]:
    """What layout versions are sorted by: year, then the revision of that year."""
    return tuple(map(int, version.split(".")))


class CodeValue(Element, frozen=True):
    """A value of a code list, in the layouts from `since` to `until`."""

    code: str
    names: Text
    since: str | None = None
    until: str | None = None


class Draw(Element, frozen=True):
    """The bounds of samples: whole numbers, choices, or days from a first date."""

    low: int = 0
    high: int = 0
    step: int = 1
    choices: tuple[str, ...] = ()
    first: str | None = None
    days: int = 0


class ValueType(Element, frozen=True):
    """A kind of value: its JSON Schema, and for each defect a value that must be refused."""

    id: str
    names: Text
    schema: dict[str, Any]
    misses: dict[str, Any]
    unit: Text | None = None
    digits: int | None = None
    values: tuple[CodeValue, ...] = ()
    sample: Draw = Draw()


class Defect(Element, frozen=True):
    """A way for a body to be nearly right."""

    id: str
    names: Text


class Types(Element, frozen=True):
    """The whole of `items/types.yaml`; `empty` says how absent, null and zero differ."""

    empty: dict[str, Text]
    defects: tuple[Defect, ...]
    types: tuple[ValueType, ...]


class Layout(Element, frozen=True):
    """A version of the items of one kind, in force from `start` to `end` (ISO dates, both included)."""

    version: str
    start: str
    end: str | None = None
    note: Text | None = None


class Renaming(Element, frozen=True):
    """The names of an item from a layout on."""

    since: str
    names: Text


class ZeroWith(Element, frozen=True):
    """The item whose codes make an amount zero."""

    no: int
    codes: tuple[str, ...]


class Item(Element, frozen=True):
    """One item: `required` ones are present, `nullable` ones may be null; a group is a list of at most `most` rows.

    `after` and `zero_with` shape samples alone: a date not before another item's, an amount that a code makes zero.
    """

    no: int
    names: Text
    type: str
    required: bool = False
    nullable: bool = True
    digits: int | None = None
    low: int | None = None
    values: tuple[CodeValue, ...] = ()
    since: str | None = None
    until: str | None = None
    renamed: tuple[Renaming, ...] = ()
    after: int | None = None
    zero_with: ZeroWith | None = None
    most: int = 0
    items: tuple[Item, ...] = ()

    def title(self, version: str) -> Text:
        """The item's names in a layout."""
        later = [one.names for one in self.renamed if order(one.since) <= order(version)]
        return later[-1] if later else self.names


class Table(Element, frozen=True):
    """A file of items through all its layouts; `scope`: a replica is of a fiscal year, a period or the present."""

    scope: Literal["fiscal-year", "period", "current"]
    layouts: tuple[Layout, ...]
    items: tuple[Item, ...]


class Kind(Table, frozen=True):
    """The items of one kind of information."""

    information: str
    names: Text


@cache
def types() -> Mapping[str, ValueType]:
    """The value types by id."""
    return {one.id: one for one in read("items/types.yaml", Types).types}


@cache
def defects() -> Mapping[str, Defect]:
    """The defects by id."""
    return {one.id: one for one in read("items/types.yaml", Types).defects}


@cache
def empties() -> Mapping[str, Text]:
    """How absent, null and zero differ."""
    return read("items/types.yaml", Types).empty


@cache
def rich_files() -> Mapping[str, Path]:
    """The kinds with a file of their own; the file is named after the kind."""
    return {path.stem: path for path in files("items") if path.stem not in _NOT_KINDS}


@cache
def _table(path: str | Path) -> Table:
    return read(path, Table)


def table(information_id: str) -> Table:
    """The items of a kind: from its own file, or the minimal ones."""
    return _table(rich_files().get(information_id, "items/minimal.yaml"))


def layout_of(kind: Kind, version: str) -> Layout:
    """One layout; ITEMS-LAYOUT if the kind has none of that version."""
    for one in kind.layouts:
        if one.version == version:
            return one
    have = ", ".join(one.version for one in kind.layouts)
    raise UsageError("ITEMS-LAYOUT", f"{kind.information} has no layout {version}", step=f"it has {have}")


def held(version: str, since: str | None, until: str | None) -> bool:
    """Whether something that came with `since` and went after `until` is in the layout."""
    return (since is None or order(since) <= order(version)) and (until is None or order(version) <= order(until))


def in_layout(items: tuple[Item, ...], version: str) -> Iterator[Item]:
    """The items of a layout, in order."""
    return (one for one in items if held(version, one.since, one.until))


def code_values(item: Item, version: str) -> tuple[CodeValue, ...]:
    """The code list of an item in a layout: its own, or its type's."""
    return tuple(one for one in all_values(item) if held(version, one.since, one.until))


def all_values(item: Item) -> tuple[CodeValue, ...]:
    """The code list of an item through all layouts."""
    return item.values or types()[item.type].values


def digits_of(item: Item) -> int | None:
    """How many digits a number of this item may have."""
    return item.digits or types()[item.type].digits
