"""Documents in order of arrival that are also found by their id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bango_mocks.reference.intermediate_server.cursors import chunked
from bango_mocks.store import Store

WIDTH = 12


class Collection:
    """One kind of document; every one keeps the number of its arrival, which orders lists and cursors."""

    def __init__(self, store: Store, kind: str) -> None:
        self._store = store
        self._kind = kind
        self._order = f"{kind}-order"
        last = store.get(f"{kind}-last", "number")
        self._last: int = last["number"] if last else 0

    def add(self, key: str, document: dict[str, Any]) -> None:
        """Take a document in as the latest."""
        self._last += 1
        self._store.put(f"{self._kind}-last", "number", {"number": self._last})
        self._store.put(self._kind, key, document | {"arrival": self._last})
        self._store.put(self._order, f"{self._last:0{WIDTH}d}", {"key": key})

    def get(self, key: str) -> dict[str, Any] | None:
        """The document with an id, or None."""
        return self._store.get(self._kind, key)

    def put(self, key: str, document: dict[str, Any]) -> None:
        """Replace a document that is there; it keeps its place."""
        old = self.get(key) or {}
        self._store.put(self._kind, key, document | {"arrival": old.get("arrival", 0)})

    def delete(self, key: str) -> None:
        """Remove a document and its place."""
        found = self.get(key)
        if found is not None:
            self._store.delete(self._order, f"{found['arrival']:0{WIDTH}d}")
            self._store.delete(self._kind, key)

    def after(self, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
        """Documents in order of arrival with their place, from the one after `place`."""
        for arrival, row in chunked(lambda start, limit: self._store.scan(self._order, "", start, limit), place):
            found = self.get(row["key"])
            if found is not None:
                yield arrival, found
