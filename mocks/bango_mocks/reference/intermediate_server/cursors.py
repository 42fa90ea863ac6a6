"""Pages: a cursor names the list it belongs to and the last entry shown, and is opaque to the caller."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from typing import Any

from bango_mocks.serving.call import Call, Problem
from bango_spec.assumptions import number


def page_limit(call: Call) -> int:
    """The page size asked for in the query or the body, or the usual one."""
    asked = call.body.get("limit") if isinstance(call.body, dict) else call.query.get("limit")
    return int(asked) if asked else number("page-size-default")


def after(call: Call, listed: str) -> str:
    """The key after which the page starts; cursor-invalid for a cursor that this list never gave."""
    cursor = call.body.get("cursor") if isinstance(call.body, dict) else call.query.get("cursor")
    if cursor is None:
        return ""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise Problem("cursor-invalid") from error
    name, mark, key = text.partition(":")
    if name != listed or not mark or not key or next_cursor(listed, key) != cursor:
        raise Problem("cursor-invalid")
    return key


def next_cursor(listed: str, key: str) -> str:
    """The cursor after the entry `key` of a list."""
    return base64.urlsafe_b64encode(f"{listed}:{key}".encode()).rstrip(b"=").decode("ascii")


def page(call: Call, listed: str, name: str, rows: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """A page under `name` of rows that start after the cursor; `next_cursor` if there are more."""
    limit = page_limit(call)
    shown: list[dict[str, Any]] = []
    last = ""
    for key, row in rows:
        if len(shown) == limit:
            return {name: shown, "next_cursor": next_cursor(listed, last)}
        shown.append(row)
        last = key
    return {name: shown}


def chunked(read: Any, start: str, chunk: int = 200) -> Iterator[tuple[str, dict[str, Any]]]:
    """All rows of `read(after, limit)` in order, a chunk at a time."""
    while True:
        rows = list(read(start, chunk))
        yield from rows
        if len(rows) < chunk:
            return
        start = rows[-1][0]
