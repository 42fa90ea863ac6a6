"""Which places of a request are texts, and whether their characters may be held (`x-bango-characters`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bango_mocks.serving.validation import Contract, resolved
from bango_spec import characters

EVERY = "*"
TOO_LONG = "TX-LENGTH-LONG"
Place = tuple[str, ...]


def text_places(contract: Contract) -> list[tuple[Place, str]]:
    """The places of a request body that the document marks as texts, with the kind of text; `*` is every element."""
    schema = contract.raw["requestBody"].get("content", {}).get("application/json", {}).get("schema")
    return [] if schema is None else list(dict.fromkeys(_walk(contract.document, schema, ())))


def _walk(document: dict[str, Any], schema: dict[str, Any], place: Place) -> Iterator[tuple[Place, str]]:
    schema = resolved(document, schema)
    if "x-bango-characters" in schema:
        yield place, schema["x-bango-characters"]
    for name, member in schema.get("properties", {}).items():
        yield from _walk(document, member, (*place, name))
    if isinstance(schema.get("items"), dict):
        yield from _walk(document, schema["items"], (*place, EVERY))
    for choice in (*schema.get("oneOf", ()), *schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _walk(document, choice, place)


def faults(body: Any, places: list[tuple[Place, str]]) -> list[dict[str, str]]:
    """Where a body's texts hold what they may not, as members `errors` of a problem."""
    found = []
    for place, kind in places:
        for where, text in _at(body, place, ""):
            fault = characters.check(text, kind)
            # How long a text may be, its own schema says.
            if fault is not None and fault.code != TOO_LONG:
                code = {"code": "format-characters", "malformation": fault.code}
                found.append({"in": "body", "place": where} | code)
    return found


def _at(value: Any, place: Place, where: str) -> Iterator[tuple[str, str]]:
    if not place:
        if isinstance(value, str):
            yield where, value
    elif place[0] == EVERY:
        for number, element in enumerate(value if isinstance(value, list) else ()):
            yield from _at(element, place[1:], f"{where}/{number}")
    elif isinstance(value, dict) and place[0] in value:
        yield from _at(value[place[0]], place[1:], f"{where}/{place[0]}")
