"""How the layouts of a kind differ: what a program has to follow when the layout of the year changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from bango_spec._item_data import Item, Kind, code_values, held, layout_of
from bango_spec._items_check import every_item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bango_spec.reading import Text


class Drift(NamedTuple):
    """One difference of a later layout: the item, and its names before and after (None where it is not there)."""

    change: Literal["added", "removed", "renamed", "codes"]
    code: str
    before: Text | None
    after: Text | None


def drift(kind: Kind, old: str, new: str, code: Callable[[Item], str]) -> Iterator[Drift]:
    """What changed from one layout to another, in the order of the items."""
    layout_of(kind, old)
    layout_of(kind, new)
    for item in every_item(kind.items):
        was, now = (held(version, item.since, item.until) for version in (old, new))
        before, after = item.title(old), item.title(new)
        if was and not now:
            yield Drift("removed", code(item), before, None)
        elif now and not was:
            yield Drift("added", code(item), None, after)
        elif was and now:
            if before != after:
                yield Drift("renamed", code(item), before, after)
            if item.values and code_values(item, old) != code_values(item, new):
                yield Drift("codes", code(item), before, after)
