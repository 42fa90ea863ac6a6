"""Pages by cursor: a cursor is the position after the last entry shown, opaque to the caller."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

from bango_mocks.serving.call import Call, Problem

DEFAULT_LIMIT = 100
CHUNK = 500


def limit_of(call: Call) -> int:
    """The page size that the caller asked for."""
    return int(call.query.get("limit", DEFAULT_LIMIT))


def position_of(call: Call) -> int:
    """The position that the caller's cursor names; 0 without one, cursor-invalid for one that was never given."""
    cursor = call.query.get("cursor")
    if cursor is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError as error:
        raise Problem("cursor-invalid") from error
    if not (text.isascii() and text.isdigit()):
        raise Problem("cursor-invalid")
    return int(text)


def cursor_at(position: int) -> str:
    """The cursor for a position."""
    return base64.urlsafe_b64encode(str(position).encode("ascii")).rstrip(b"=").decode("ascii")


def page(call: Call, name: str, entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One page of a whole list, under `name`."""
    start, limit = position_of(call), limit_of(call)
    made: dict[str, Any] = {name: list(entries[start : start + limit])}
    if start + limit < len(entries):
        made["next_cursor"] = cursor_at(start + limit)
    return made


def numbered(
    call: Call,
    name: str,
    read: Callable[[int, int], list[dict[str, Any]]],
    wanted: Callable[[dict[str, Any]], bool],
) -> dict[str, Any]:
    """One page of numbered records (`sequence`), read on from the cursor until the page is full."""
    after, limit = position_of(call), limit_of(call)
    found: list[dict[str, Any]] = []
    while True:
        records = read(after, CHUNK)
        for record in records:
            if wanted(record):
                if len(found) == limit:
                    return {name: found, "next_cursor": cursor_at(after)}
                found.append(record)
            after = record["sequence"]
        if len(records) < CHUNK:
            return {name: found}
