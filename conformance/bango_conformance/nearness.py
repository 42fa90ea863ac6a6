"""Which lines of the table come nearest to what was asked, and in which coordinates they differ: the judge's own reckoning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bango_conformance.covering import Place
from bango_conformance.lines import entries_of
from bango_spec.allow_list import TABLE, Entry
from bango_spec.orders import order


def nearest(
    edition: str, askers: Iterable[str], providers: Iterable[str], asked: Entry
) -> dict[Place, set[frozenset[str]]]:
    """The lines with the fewest coordinates that differ, each with the sets of coordinates in which it does."""
    own, other = set(askers), set(providers)
    found: dict[int, dict[Place, set[frozenset[str]]]] = {}
    for entry in entries_of(edition):
        differs = {
            name for name in ("task", "procedure", "information") if getattr(entry, name) != getattr(asked, name)
        }
        differs |= {name for name, kinds in (("asker", own), ("provider", other)) if getattr(entry, name) not in kinds}
        at = found.setdefault(len(differs), {}).setdefault(Place(entry.item, entry.line), set())
        at.add(frozenset(differs))
    return found[min(found)]


def level(edition: str, item: str) -> str:
    """How far down an item is decided: `order` where an order details it, else `table`."""
    return "order" if item in order(edition, TABLE) else "table"


def wrong(told: Any, edition: str, expected: dict[Place, set[frozenset[str]]]) -> str | None:
    """What is wrong with the `nearest` member of a not-permitted problem, in words; None if nothing is."""
    if not isinstance(told, list) or not told or not isinstance(told[0], dict):
        return "no nearest line at all"
    first = told[0]
    place = Place(first.get("item", ""), first.get("line", 0))
    if place not in expected:
        return f"item {place.item}, line {place.line}, which is not among the nearest"
    if frozenset(first.get("differs", ())) not in expected[place]:
        return f"item {place.item}, line {place.line}, said to differ in {first.get('differs')}"
    if first.get("edition") != edition:
        return f"edition {first.get('edition')}"
    if first.get("level") != level(edition, place.item):
        return f"level {first.get('level')} for item {place.item}"
    return None
