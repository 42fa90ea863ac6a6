"""Operations of the interface documents by their id."""

from __future__ import annotations

from functools import cache

from bango_spec.interfaces import NAMES, Operation, operations


@cache
def _by_id() -> dict[str, Operation]:
    return {one.operation_id: one for name in NAMES for one in operations(name)}


def operation(operation_id: str) -> Operation:
    """The operation with this id; KeyError for an id that no document has."""
    return _by_id()[operation_id]
