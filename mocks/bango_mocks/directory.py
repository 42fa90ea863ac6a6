"""The network's directory of bodies: which parties of the law's tables each is, and whether it is admitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Entry:
    """One body; `url` is the network side of its intermediate server, `predecessors` are municipality codes and last days."""

    body: str
    name: str
    kinds: frozenset[str]
    admitted: bool = True
    municipality: str | None = None
    replaced_by: str | None = None
    wards: tuple[str, ...] = ()
    predecessors: tuple[tuple[str, str], ...] = ()
    url: str = ""
    until: dt.datetime | None = None
    """When its admission ends; None: it does not."""

    def stands(self, now: dt.datetime) -> bool:
        """Whether the body is admitted at a moment."""
        return self.admitted and (self.until is None or now < self.until)


class Directory:
    """Bodies by their code."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = {entry.body: entry for entry in entries}

    def get(self, body: str) -> Entry | None:
        """The entry of a body code, or None."""
        return self._entries.get(body)

    def put(self, entry: Entry) -> None:
        """Add or replace a body."""
        self._entries[entry.body] = entry

    def at(self, body: str, url: str) -> None:
        """Say where a body's intermediate server answers."""
        self._entries[body] = replace(self._entries[body], url=url)

    def __iter__(self) -> Iterator[Entry]:
        return iter(sorted(self._entries.values(), key=lambda entry: entry.body))
