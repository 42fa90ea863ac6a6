"""Entries by id, each id once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from bango_spec.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """The id, unique among its kind."""


T = TypeVar("T", bound=Identified)


def by_id(entries: Iterable[T]) -> dict[str, T]:
    """The entries by id in their order; SPEC-DUPLICATE if two share one."""
    found: dict[str, T] = {}
    for entry in entries:
        if entry.id in found:
            raise SpecError("SPEC-DUPLICATE", f"two entries with the id {entry.id}", step="give one of them another id")
        found[entry.id] = entry
    return found
