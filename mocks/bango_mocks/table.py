"""The table check (照会許可用照合リスト): the permitted combinations of one edition, and what is near a refused one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any, NamedTuple

from bango_mocks.serving.call import Problem

COORDINATES = ("asker", "provider", "task", "procedure", "information")
NEAREST = 5


class Place(NamedTuple):
    """Where the law permits something: item and line of the table."""

    item: str
    line: int


class Table:
    """Entries as `AllowListEntry` of the interface documents has them; asker and provider are party kinds."""

    def __init__(self, edition: str, entries: Sequence[dict[str, Any]]) -> None:
        self.edition = edition
        self.entries = entries
        self._lines: dict[tuple[str, ...], Place] = {}
        self._partial: tuple[dict[tuple[str, ...], tuple[str, ...]], ...] | None = None
        for entry in entries:
            key = tuple(entry[name] for name in COORDINATES)
            self._lines.setdefault(key, Place(entry["item"], entry["line"]))

    def line(self, asker: Iterable[str], provider: Iterable[str], inquiry: dict[str, Any]) -> Place | None:
        """The item and line that permit an inquiry between bodies of these party kinds, or None."""
        rest = (inquiry["task"], inquiry["procedure"], inquiry["information"])
        for one, other in product(asker, provider):
            found = self._lines.get((one, other, *rest))
            if found is not None:
                return found
        return None

    def nearest(self, asker: Iterable[str], provider: Iterable[str], inquiry: dict[str, Any]) -> list[dict[str, Any]]:
        """Up to five lines that differ from a refused inquiry in one coordinate only."""
        if self._partial is None:
            self._partial = self._index()
        found: dict[tuple[Place, str], None] = {}
        for one, other in product(sorted(asker), sorted(provider)):
            key = (one, other, inquiry["task"], inquiry["procedure"], inquiry["information"])
            for position, name in enumerate(COORDINATES):
                match = self._partial[position].get(key[:position] + key[position + 1 :])
                if match is not None:
                    found[(self._lines[match], name)] = None
        return [
            {"edition": self.edition, "item": place.item, "line": place.line, "differs": [name]}
            for place, name in list(found)[:NEAREST]
        ]

    def refusal(self, asker: Iterable[str], provider: Iterable[str], inquiry: dict[str, Any]) -> Problem:
        """The problem for an inquiry that no line permits, with what is near."""
        nearest = self.nearest(asker, provider, inquiry)
        members: dict[str, Any] = {"nearest": nearest} if nearest else {}
        return Problem("not-permitted", "no line of the table permits this", **members)

    def _index(self) -> tuple[dict[tuple[str, ...], tuple[str, ...]], ...]:
        # For each coordinate: the lines by all the others. Built on the first refusal, since most tables never need it.
        made: tuple[dict[tuple[str, ...], tuple[str, ...]], ...] = tuple(defaultdict(tuple) for _ in COORDINATES)
        for key in self._lines:
            for position in range(len(COORDINATES)):
                made[position].setdefault(key[:position] + key[position + 1 :], key)
        return tuple(dict(index) for index in made)
