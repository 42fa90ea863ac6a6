"""Checks of the linter that look at schemas: closed, bounded, explained, with examples that fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bango_spec import interfaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bango_spec._interface_checks import Breach, Check, Scope

CHECKS: dict[str, Check] = {}
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
JAPANESE = re.compile("[ぁ-んァ-ン一-龥]")


def check(rule: str) -> Callable[[Check], Check]:
    """Register the check of a rule."""

    def register(function: Check) -> Check:
        CHECKS[rule] = function
        return function

    return register


def _inside(place: str, node: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schema and every schema inside it."""
    yield place, node
    for key in ("properties", "patternProperties"):
        for name, part in node.get(key, {}).items():
            yield from _inside(f"{place}/{name}", part)
    for key in ("items",):
        if isinstance(node.get(key), dict):
            yield from _inside(f"{place}/{key}", node[key])
    for key in ("oneOf", "anyOf", "allOf"):
        for index, part in enumerate(node.get(key, [])):
            yield from _inside(f"{place}/{key}/{index}", part)


def _schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in interfaces.NAMES:
        components = interfaces.document(name)["components"]
        for title, part in components["schemas"].items():
            yield from _inside(f"{name}: {title}", part)
        for operation in interfaces.operations(name):
            for found in operation.parameters:
                yield from _inside(f"{name}: {operation.operation_id}: {found['name']}", found["schema"])


def _named() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name in interfaces.NAMES:
        for title, part in interfaces.document(name)["components"]["schemas"].items():
            yield name, title, part


def _bilingual(text: str | None) -> bool:
    first, divider, second = (text or "").partition(" / ")
    return bool(divider and JAPANESE.search(first) and not JAPANESE.search(second) and second.strip())


@check("both-languages")
def _both_languages(_: Scope) -> Iterator[Breach]:
    for name in interfaces.NAMES:
        for operation in interfaces.operations(name):
            place = f"{name}: {operation.operation_id}"
            raw = interfaces.document(name)["paths"][operation.path][operation.method.lower()]
            if JAPANESE.search(raw["summary"]) or not JAPANESE.search(operation.title.ja):
                yield place, "the summary is English, the title is in both languages"
            answers = [interfaces.resolve(name, found) for found in raw["responses"].values()]
            for part in (raw, *operation.parameters, *answers):
                if not _bilingual(part.get("description")):
                    yield place, f"lacks one language: {part.get('name', part.get('description'))}"
    for name, title, part in _named():
        if not _bilingual(part.get("description")):
            yield f"{name}: {title}", "lacks one language"
        for key, member in part.get("properties", {}).items():
            if not _bilingual(interfaces.resolve(name, member).get("description")):
                yield f"{name}: {title}/{key}", "lacks one language"


@check("closed-objects")
def _closed_objects(_: Scope) -> Iterator[Breach]:
    for place, node in _schemas():
        if node.get("type") == "object" and node.get("additionalProperties") is not False:
            yield place, "is open"
        if "properties" in node and node.get("type") != "object":
            yield place, "has properties but is not said to be an object"


@check("bounds")
def _bounds(_: Scope) -> Iterator[Breach]:
    for place, node in _schemas():
        kind = node.get("type")
        if kind == "string" and not ({"maxLength", "enum", "const"} & node.keys()):
            yield place, "has no longest length"
        if kind == "array" and "maxItems" not in node:
            yield place, "has no largest size"
        if kind == "integer" and not ({"minimum", "maximum"} <= node.keys()):
            yield place, "lacks an end"


@check("patterns")
def _patterns(_: Scope) -> Iterator[Breach]:
    for place, node in _schemas():
        for pattern in [node.get("pattern"), *node.get("patternProperties", {})]:
            if pattern is None:
                continue
            if not (pattern.startswith("^") and pattern.endswith("$")):
                yield place, f"{pattern} is not anchored"
            if not pattern.isascii() or re.search(r"\\[dDwWsSpP]", pattern):
                yield place, f"{pattern} is not made of ASCII classes"


@check("property-names")
def _property_names(_: Scope) -> Iterator[Breach]:
    for place, node in _schemas():
        for key in node.get("properties", {}):
            if not SNAKE.fullmatch(key):
                yield place, f"{key} is not snake_case"


@check("schema-examples")
def _schema_examples(_: Scope) -> Iterator[Breach]:
    import jsonschema_rs  # noqa: PLC0415  the linter alone needs it

    for name, title, part in _named():
        examples = part.get("examples", [])
        if not examples:
            yield f"{name}: {title}", "has no example"
            continue
        validator = jsonschema_rs.Draft202012Validator(interfaces.standalone(name, part), validate_formats=True)
        for example in examples:
            for error in validator.iter_errors(example):
                yield f"{name}: {title}", f"an example does not fit: {error.message}"


@check("test-values")
def _test_values(_: Scope) -> Iterator[Breach]:
    blocks = {
        "individual-number": "990",
        "resident-code": "90",
        "integrated-address-number": "000009",
        "body-code": "9",
    }
    for name, title, part in _named():
        block = blocks.get(part.get("x-bango-identifier", ""))
        for example in part.get("examples", []):
            if block is not None and not example.startswith(block):
                yield f"{name}: {title}", f"{example} is no test value"


@check("format-codes")
def _format_codes(_: Scope) -> Iterator[Breach]:
    for name in interfaces.NAMES:
        for operation in interfaces.operations(name):
            place = f"{name}: {operation.operation_id}"
            starts = [found["schema"] for found in operation.parameters]
            starts += [operation.request_schema] if operation.request_schema else []
            expected = {part["x-bango-error"] for part in _reached(name, starts) if "x-bango-error" in part}
            listed = {code for code in operation.errors if code.startswith("format-") and code != "format-characters"}
            for code in sorted(expected - listed):
                yield place, f"does not list {code}"
            for code in sorted(listed - expected):
                yield place, f"lists {code}, but nothing in the request has this format"
            texts = any("x-bango-characters" in part for part in _reached(name, starts))
            if texts != ("format-characters" in operation.errors + operation.entry_errors):
                yield place, "texts in the request and format-characters do not go together"


@check("separation")
def _separation(scope: Scope) -> Iterator[Breach]:
    for name, title, part in _named():
        if part.get("x-bango-identifier") in scope.separation.get(name, ()):
            yield f"{name}: {title}", "must not appear in this document"


def _reached(name: str, starts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every schema that a request can hold, references followed."""
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        for _, node in _inside("", waiting.pop()):
            found.append(node)
            reference = node.get("$ref")
            if reference is not None and reference not in seen:
                seen.add(reference)
                waiting.append(interfaces.schema(name, reference))
    return found
