"""Schema checks of requests and answers, compiled once for each operation (jsonschema-rs, JSON Schema 2020-12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs

DIALECT = "https://json-schema.org/draft/2020-12/schema"


MALFORMED = "malformed-request"
PLACES = 10


@dataclass(slots=True, frozen=True)
class Fault:
    """One place where a request breaks the document: part of the request, JSON Pointer or name, error code; never the value."""

    where: str
    place: str
    code: str = MALFORMED


@dataclass(slots=True)
class Parameter:
    """A parameter of an operation with its compiled schema."""

    name: str
    where: str
    required: bool
    integer: bool
    code: str
    schema: Any

    def fault(self, value: str | None) -> Fault | None:
        """What is wrong with the value as sent, if anything."""
        if value is None:
            return Fault(self.where, self.name) if self.required else None
        typed: Any = int(value) if self.integer and value.isascii() and value.isdigit() else value
        return None if self.schema.is_valid(typed) else Fault(self.where, self.name, self.code)


@dataclass(slots=True)
class Contract:
    """What an operation takes and gives."""

    operation_id: str
    raw: dict[str, Any]
    document: dict[str, Any]
    parameters: list[Parameter]
    body: Any
    media_types: frozenset[str]
    body_required: bool
    roles: frozenset[str]
    answers: dict[tuple[str, str], Any] = field(default_factory=dict)

    def body_faults(self, value: Any) -> list[Fault]:
        """Where a parsed body breaks the request schema, at most ten places."""
        if self.body is None:
            return []
        found = []
        for error in self.body.iter_errors(value):
            place = "".join(f"/{part}" for part in error.instance_path)
            found.append(Fault("body", place, self._code(error.schema_path)))
            if len(found) == PLACES:
                break
        return found

    def _code(self, path: list[str | int]) -> str:
        """The error code that the innermost schema on the path names (`x-bango-error`)."""
        node: Any = {
            "allOf": [self.raw["requestBody"]["content"]["application/json"]["schema"]],
            "components": self.document.get("components", {}),
        }
        code = MALFORMED
        for part in path:
            if isinstance(node, dict):
                code = node.get("x-bango-error", code)
            node = resolved(self.document, node) if part == "$ref" else node[part]
        return code

    def query(self, raw: bytes) -> tuple[dict[str, str], list[Fault]]:
        """The query parameters, and what is wrong about their names: unknown or given twice."""
        values: dict[str, str] = {}
        known = {p.name for p in self.parameters if p.where == "query"}
        wrong = []
        for name, value in parse_qsl(raw.decode("ascii", "replace"), keep_blank_values=True):
            if name not in known or name in values:
                wrong.append(Fault("query", name))
            values[name] = value
        return values, wrong


def contracts(document: dict[str, Any]) -> dict[str, Contract]:
    """Every operation of a bundled document (no references outside `#/components`), compiled."""
    made = {}
    for item in document["paths"].values():
        shared = item.get("parameters", [])
        for operation in item.values():
            if isinstance(operation, dict) and "operationId" in operation:
                made[operation["operationId"]] = _contract(document, operation, shared)
    return made


def _contract(document: dict[str, Any], operation: dict[str, Any], shared: list[Any]) -> Contract:
    parameters = [_parameter(document, resolved(document, p)) for p in [*shared, *operation.get("parameters", [])]]
    body = resolved(document, operation.get("requestBody", {}))
    content = body.get("content", {})
    schemas = {media: compiled(document, entry["schema"]) for media, entry in content.items() if "schema" in entry}
    answers = {}
    for status, response in operation["responses"].items():
        for media, entry in resolved(document, response).get("content", {}).items():
            # Problems are made from the catalogue and not checked again; their many schemas would cost a second to compile.
            if "json" in media and not media.endswith(("ndjson", "problem+json")) and "schema" in entry:
                answers[(status, media)] = compiled(document, entry["schema"])
    return Contract(
        operation_id=operation["operationId"],
        raw=operation | {"requestBody": body},
        document=document,
        parameters=parameters,
        body=schemas.get("application/json"),
        media_types=frozenset(content),
        body_required=body.get("required", False),
        roles=frozenset(operation.get("x-bango-roles", ())),
        answers=answers,
    )


def _parameter(document: dict[str, Any], raw: dict[str, Any]) -> Parameter:
    schema = resolved(document, raw["schema"])
    name = raw["name"].lower() if raw["in"] == "header" else raw["name"]
    return Parameter(
        name=name,
        where=raw["in"],
        required=raw.get("required", False),
        integer=schema.get("type") == "integer",
        code=schema.get("x-bango-error", MALFORMED),
        schema=compiled(document, raw["schema"]),
    )


def resolved(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """`value`, or what its `$ref` inside the document names."""
    while "$ref" in value:
        node: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        value = node
    return value


def compiled(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A validator of `schema` whose references are those of the document; formats are checked."""
    whole = {"$schema": DIALECT, "components": document.get("components", {}), "allOf": [schema]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
