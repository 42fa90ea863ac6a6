"""Schemas of the interface documents as the checks read them: resolved, compiled, and with their error codes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from bango_spec import interfaces

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DOCUMENTS = ("intermediate-server.in-house", "intermediate-server.network")
MALFORMED = "malformed-request"

Schema = dict[str, Any]


def resolved(document: str, node: Schema) -> Schema:
    """A schema, or what its reference points to."""
    return interfaces.resolve(document, node)


def validator(document: str, node: Schema) -> Any:
    """A validator (JSON Schema 2020-12 with formats) of a schema of a document."""
    return _compiled(document, _key(node))


@cache
def _compiled(document: str, text: str) -> Any:
    import jsonschema_rs  # noqa: PLC0415 - heavy, and not needed to list obligations
    import msgspec  # noqa: PLC0415

    components = interfaces.document(document)["components"]
    node = msgspec.json.decode(text)
    whole = {"$schema": DIALECT, "components": components, "allOf": [node]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _key(node: Schema) -> str:
    import msgspec  # noqa: PLC0415

    return msgspec.json.encode(node, order="deterministic").decode()


def fits(document: str, node: Schema, value: Any) -> bool:
    """Whether a value is valid by a schema of a document."""
    return bool(validator(document, node).is_valid(value))


def faults(document: str, node: Schema, value: Any) -> list[tuple[str, str]]:
    """Where a value breaks a schema, as JSON pointer and message."""
    found = validator(document, node).iter_errors(value)
    return [(pointer(error.instance_path), error.message) for error in found]


def error_code(document: str, node: Schema) -> str | None:
    """The catalogue's code for a malformed value of a schema, where it has one of its own."""
    found: str | None = resolved(document, node).get("x-bango-error")
    return found


def example(document: str, node: Schema) -> Any:
    """The schema's first example; for a schema without one the plainest value that fits it."""
    schema = resolved(document, node)
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    plain = {"string": "あ" if "x-bango-characters" in schema else "a" * max(1, schema.get("minLength", 1))}
    plain |= {"boolean": False, "integer": schema.get("minimum", 1)}
    return plain[schema["type"]]


def branches(document: str, node: Schema) -> Iterator[tuple[str, Schema]]:
    """The named alternatives of a `oneOf`, with the last word of their reference."""
    for choice in resolved(document, node).get("oneOf", ()):
        yield choice.get("$ref", "").rsplit("/", 1)[-1], resolved(document, choice)


def pointer(place: tuple[str | int, ...] | list[str | int]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)
