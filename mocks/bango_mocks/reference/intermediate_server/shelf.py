"""Where replicas stand: a head for each, its generations, and to whom each generation was given."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from bango_mocks.clock import stamp
from bango_mocks.store import Store
from bango_spec.assumptions import number

HEAD = "replica"
GENERATION = "replica-generation"
GIVEN = "replica-given"
STATE = (
    "integrated_address_number",
    "information",
    "fiscal_year",
    "period",
    "state",
    "generation",
    "layout_version",
    "updated_at",
    "registered_at",
    "deleted_at",
    "purge_after",
    "content_digest",
)

_canonical = msgspec.json.Encoder(order="sorted").encode


class Shelf:
    """The replicas in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def head(self, key: str) -> dict[str, Any] | None:
        """`highest` generation used, `current` one or None, and what is known of a deletion."""
        return self._store.get(HEAD, key)

    def current(self, key: str) -> dict[str, Any] | None:
        """The present generation of a replica, or None."""
        head = self.head(key)
        return None if head is None or head["current"] is None else self.generation(key, head["current"])

    def generation(self, key: str, generation: int) -> dict[str, Any] | None:
        """One generation that is still kept, or None."""
        return self._store.get(GENERATION, f"{key}/{generation:09d}")

    def history(self, key: str) -> list[dict[str, Any]]:
        """The generations kept, newest first."""
        return [one for _, one in self._store.scan(GENERATION, f"{key}/")][::-1]

    def bring_in(self, key: str, content: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
        """Make a content the present generation; the former one is superseded, the oldest ones go."""
        head = self.head(key)
        if head is not None and head["current"] is not None:
            self.mark(key, head["current"], "superseded")
        made = content | {
            "state": "current",
            "registered_at": stamp(now),
            "content_digest": hashlib.sha256(_canonical(content["items"])).hexdigest(),
        }
        self._store.put(HEAD, key, {"highest": made["generation"], "current": made["generation"]})
        self._keep(key, made)
        for old in self.history(key)[number("replica-generations-kept") :]:
            self._store.delete(GENERATION, f"{key}/{old['generation']:09d}")
        return made

    def take_out(self, key: str, now: dt.datetime, purge_after: str, reason: str) -> dict[str, Any]:
        """Mark the present generation as deleted; there is no present one afterwards."""
        head = self._store.get(HEAD, key) or {}
        made = self.mark(key, head["current"], "deleted", deleted_at=stamp(now), purge_after=purge_after)
        self._store.put(HEAD, key, head | {"current": None, "purge_after": purge_after, "reason": reason})
        return made

    def mark(self, key: str, generation: int, state: str, **more: Any) -> dict[str, Any]:
        """Change the state of a generation."""
        found = self.generation(key, generation) or {}
        made = found | {"state": state} | more
        self._keep(key, made)
        return made

    def _keep(self, key: str, made: dict[str, Any]) -> None:
        self._store.put(GENERATION, f"{key}/{made['generation']:09d}", made)

    def erase(self, key: str) -> None:
        """Remove a replica with everything that is known of it."""
        self._store.delete(HEAD, key)
        for kind in (GENERATION, GIVEN):
            for name, _ in list(self._store.scan(kind, f"{key}/")):
                self._store.delete(kind, name)

    def present(self, person: str, information: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every replica of an information about a person that is not deleted, in its present generation."""
        for key, head in self._store.scan(HEAD, f"{person}/{information}/"):
            if head["current"] is not None:
                found = self.generation(key, head["current"])
                if found is not None:
                    yield key, found

    def without_year(self, person: str, information: str) -> str | None:
        """The key of the newest replica without a fiscal year, deleted ones last."""
        keys = [
            (head["current"] is not None, head["highest"], key)
            for key, head in self._store.scan(HEAD, f"{person}/{information}/")
            if not (key.rpartition("/")[2].isdigit())
        ]
        return max(keys)[2] if keys else None

    def given(self, key: str, generation: int, permit_id: str, asker: str, provided_at: str) -> None:
        """Note to whom a generation was given."""
        told = {"permit_id": permit_id, "asker": asker, "provided_at": provided_at}
        self._store.put(GIVEN, f"{key}/{generation:09d}/{permit_id}", told)

    def given_to(self, key: str, generation: int) -> list[dict[str, Any]]:
        """To whom a generation was given, at most a thousand."""
        return [one for _, one in self._store.scan(GIVEN, f"{key}/{generation:09d}/", "", 1000)]


def key_of(person: str, information: str, content: Mapping[str, Any]) -> str:
    """The key of a replica: person, information, and fiscal year or period (`-` without one)."""
    period = content.get("period")
    scope = f"{period['from']}..{period['to']}" if period else content.get("fiscal_year", "-")
    return f"{person}/{information}/{scope}"


def tag(generation: int) -> str:
    """The entity tag of a generation."""
    return f'"g{generation}"'


def exact(value: Any) -> Any:
    """A value with whole numbers as integers: 120000.0 and 120000 are the same number in JSON."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: exact(member) for name, member in value.items()}
    if isinstance(value, list):
        return [exact(member) for member in value]
    return value
