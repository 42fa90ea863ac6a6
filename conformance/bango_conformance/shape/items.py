"""Defects of the items of a replica as the interface document sees them: item codes and the kinds of value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bango_conformance.shape.defects import Defect, Place
from bango_conformance.shape.request import Request
from bango_conformance.shape.schemas import MALFORMED, resolved
from bango_conformance.shape.values import ASCII_ONLY, EXACT_WIDTH, FAULTY
from bango_spec.identifiers import malformed

FORMAT_ITEM = "format-item-code"
CONTENT = "content-invalid"
CODES = {
    "ID-FULLWIDTH": ASCII_ONLY,
    "ID-LENGTH-SHORT": EXACT_WIDTH,
    "ID-NEWLINE": EXACT_WIDTH,
    "ID-PREFIX-OTHER": FAULTY,
}


def item_defects(place: Place) -> Iterator[Defect]:
    """Wrong item codes, and values that no item can have; nothing for other places."""
    if not resolved(place.document, place.schema).get("patternProperties") or place.steps[-1] != "items":
        return
    for code, clause in CODES.items():
        yield _defect(place, code.removeprefix("ID-").lower(), _renamed(code), clause)
    for name, value in (("boolean", True), ("fraction", 1.5), ("object", {"a": 1}), ("empty string", "")):
        yield _defect(place, f"a value that is a {name}", _valued(value), FAULTY)


def _defect(place: Place, name: str, change: Callable[[dict[str, Any]], dict[str, Any]], clause: str) -> Defect:
    def put(request: Request) -> Request:
        began = place.start(request)
        there: Any = began.body
        for step in place.steps[:-1]:
            there = there[step]
        there["items"] = change(there["items"])
        return began

    return Defect(
        id=f"{place.pointer}: {name}",
        where="body",
        put=put,
        codes=(MALFORMED, FORMAT_ITEM, CONTENT),
        places=(place.pointer, *place.branch),
        clause=clause,
        located=(MALFORMED, FORMAT_ITEM),
    )


def _renamed(code: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def change(items: dict[str, Any]) -> dict[str, Any]:
        first = next(iter(items))
        bad = dict(malformed("item-code", first))[code]
        return {bad if name == first else name: value for name, value in items.items()}

    return change


def _valued(value: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda items: items | {next(iter(items)): value}
