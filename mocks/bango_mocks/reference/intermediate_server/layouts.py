"""What the items of a replica must be: the layouts of `bango_spec.items`, compiled once each."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs

from bango_spec import items
from bango_spec.errors import UsageError
from bango_spec.vocabulary import information_by_code

PLACES = 10


@cache
def kind_of(information: str) -> str | None:
    """The information kind of a wire code, or None for a code that names none."""
    try:
        found = information_by_code(information).id
    except UsageError:
        return None
    return found if found in items.information_ids() else None


@cache
def versions(information: str) -> tuple[str, ...]:
    """The layout versions of an information code, oldest first; none for an unknown code."""
    kind = kind_of(information)
    return () if kind is None else tuple(layout.version for layout in items.layouts(kind))


@cache
def item_codes(information: str) -> frozenset[str]:
    """Every item code that some layout of an information code has."""
    kind = kind_of(information)
    return frozenset() if kind is None else frozenset(c for v in versions(information) for c in items.codes(kind, v))


@cache
def validator(information: str, version: str) -> Any:
    """The compiled schema of the items in a layout."""
    kind = kind_of(information)
    if kind is None:
        raise LookupError(information)
    return jsonschema_rs.Draft202012Validator(items.schema(kind, version), validate_formats=True)


def wrong_places(information: str, version: str, values: dict[str, Any]) -> list[str]:
    """Where items break their layout, as JSON Pointers from the items down; at most ten, never the values."""
    found: list[str] = []
    for error in validator(information, version).iter_errors(values):
        found.append("".join(f"/{part}" for part in error.instance_path))
        if len(found) == PLACES:
            break
    return found
