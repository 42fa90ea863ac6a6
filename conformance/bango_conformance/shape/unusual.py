"""Requests that are valid but unusual: members left out or added, values at the limits, JSON written in another way."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from bango_conformance.operations import operation
from bango_conformance.shape.request import IDEMPOTENCY, VERSION, Request
from bango_conformance.shape.schemas import resolved
from bango_spec.identifiers import identifier

Change = Callable[[Request], Request]

# Left out they make another request: the year or period is part of what a replica or a condition is.
MEANINGFUL = frozenset({"fiscal_year", "period", "passphrase"})
LONGEST = "𠮷"
OFFSET = "+09:00"
FILLED: dict[str, Any] = {
    "department_code": "A" * 20,
    "user_id": "u" * 20,
    "limit": 1000,
}


def unusual(operation_id: str) -> Iterator[tuple[str, Change]]:
    """Each way to write a request of an operation otherwise; the first one is written as JSON with spaces and escapes."""
    yield "JSON with spaces and escapes", _written_otherwise
    found = operation(operation_id)
    schema = resolved(found.document, found.request_schema or {})
    members = {name: resolved(found.document, node) for name, node in schema.get("properties", {}).items()}
    optional = [name for name in members if name not in schema.get("required", ()) and name not in MEANINGFUL]
    if optional:
        yield "without its optional members", lambda one: one.with_(body=_without(one.body, optional))
    texts = {name: node["maxLength"] for name, node in members.items() if "x-bango-characters" in node}
    if texts:
        yield "with the longest texts", lambda one: one.with_(body=one.body | _filled(texts))
        yield "with the shortest texts", lambda one: one.with_(body=one.body | dict.fromkeys(texts, "〇"))
    more = {name: value for name, value in FILLED.items() if name in members}
    if "record_id" in members:
        more["record_id"] = None
    if more:
        yield "with the longest values", lambda one: one.with_(body=one.body | _drawn(more))
    times = [name for name, node in members.items() if node.get("format") == "date-time"]
    if times and "permit" not in members:
        # What a permit says must stand in the request as it is.
        yield "with fractions of a second", lambda one: one.with_(body=one.body | _microseconds(one.body, times))
    if any(parameter["name"] == IDEMPOTENCY for parameter in found.parameters):
        width = identifier("idempotency-key").width
        yield (
            "with the longest idempotency key",
            lambda one: one.with_header(IDEMPOTENCY, uuid.uuid4().hex * (width // 32)),
        )
    yield "without a profile version", lambda one: one.with_header(VERSION, "")


def _written_otherwise(request: Request) -> Request:
    text = json.dumps(request.body, ensure_ascii=True, indent=2)
    changed = request.with_(raw=f" \t\r\n{text}\n".encode())
    return changed.with_header("Content-Type", 'application/json; charset="utf-8"')


def _without(body: Any, names: list[str]) -> Any:
    return {name: value for name, value in body.items() if name not in names}


def _filled(texts: dict[str, int]) -> dict[str, str]:
    return {name: LONGEST * longest for name, longest in texts.items()}


def _drawn(values: dict[str, Any]) -> dict[str, Any]:
    return {name: f"R{uuid.uuid4().hex}..." if name == "record_id" else value for name, value in values.items()}


def _microseconds(body: Any, names: list[str]) -> dict[str, str]:
    """The times of a body down to microseconds, not earlier than they were."""
    given = {name: body[name].removesuffix(OFFSET) for name in names if name in body}
    return {name: f"{text if '.' in text else text + '.000'}456{OFFSET}" for name, text in given.items()}
