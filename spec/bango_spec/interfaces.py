"""The interface documents (OpenAPI 3.1): what each system answers, to whom, and by which clauses."""

from __future__ import annotations

from functools import cache
from typing import Any

from bango_spec._bundle import METHODS, bundle
from bango_spec.error_catalogue import CatalogueError, Origin, error
from bango_spec.errors import SpecError
from bango_spec.reading import Element, Text

NAMES = (
    "intermediate-server.in-house",
    "intermediate-server.network",
    "interface-system",
    "core",
    "jlis",
)


class Answer(Element, frozen=True):
    """One documented answer; `schema` is a JSON Schema whose references point into the bundled document."""

    status: int
    media_type: str | None
    schema: dict[str, Any] | None
    headers: tuple[str, ...]
    errors: tuple[str, ...]


class Operation(Element, frozen=True):
    """One operation of a system, as the bundled document states it; `path` is the full path from the server's root.

    `errors` are what it can answer with; `entry_errors` can befall one entry of a batch that was accepted.
    `authority` is None where any staff member, or nobody in particular, may call it.
    """

    document: str
    operation_id: str
    method: str
    path: str
    title: Text
    clauses: tuple[str, ...]
    roles: tuple[str, ...]
    staff_session: bool
    authority: str | None
    caller: Origin
    here: Origin
    errors: tuple[str, ...]
    entry_errors: tuple[str, ...]
    parameters: tuple[dict[str, Any], ...]
    request_schema: dict[str, Any] | None
    responses: tuple[Answer, ...]

    def problem(self, code: str) -> tuple[CatalogueError, Origin]:
        """The catalogue's entry for a code and the side that this operation must name as its origin."""
        found = error(code)
        return found, found.origin(self.caller, self.here)


@cache
def document(name: str) -> dict[str, Any]:
    """The bundled document, complete without files; shared between callers, so do not change it."""
    if name not in NAMES:
        raise SpecError("SPEC-INTERFACE", f"there is no interface {name}", step=f"use one of {', '.join(NAMES)}")
    return bundle(f"{name}.yaml")


def title(name: str) -> Text:
    """What a document is called."""
    return Text(**document(name)["x-bango-title"])


@cache
def operations(name: str) -> tuple[Operation, ...]:
    """Every operation of a document in its order."""
    whole = document(name)
    return tuple(
        _operation(name, whole, path, method)
        for path, item in whole["paths"].items()
        for method in item
        if method in METHODS
    )


def document_clauses(name: str) -> tuple[str, ...]:
    """The clauses that every operation of a document is held to, besides its own."""
    return tuple(document(name)["x-bango-clauses"])


@cache
def _by_id() -> dict[str, Operation]:
    return {found.operation_id: found for name in NAMES for found in operations(name)}


def operation(operation_id: str) -> Operation:
    """The operation of an id; ids are unique over all documents."""
    found = _by_id().get(operation_id)
    if found is None:
        raise SpecError("SPEC-OPERATION", f"no interface has an operation {operation_id}", step="correct the id")
    return found


def resolve(name: str, node: dict[str, Any]) -> dict[str, Any]:
    """The node, or what its `$ref` points to in the document; siblings of the `$ref` win."""
    seen = 0
    while "$ref" in node and seen < 10:
        target = schema(name, node["$ref"])
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        seen += 1
    return node


def schema(name: str, pointer: str) -> dict[str, Any]:
    """The part of a document at a JSON pointer, such as `#/components/schemas/Permit`."""
    part: Any = document(name)
    for step in pointer.removeprefix("#").strip("/").split("/"):
        key = step.replace("~1", "/").replace("~0", "~")
        try:
            part = part[int(key)] if isinstance(part, list) else part[key]
        except (KeyError, IndexError, TypeError, ValueError):
            part = None
        if part is None:
            raise SpecError("SPEC-POINTER", f"{name} has nothing at {pointer}", step="correct the pointer")
    found: dict[str, Any] = part
    return found


def standalone(name: str, node: dict[str, Any]) -> dict[str, Any]:
    """A schema that a validator can use by itself: the node with the document's components beside it."""
    return {**node, "components": {"schemas": document(name)["components"]["schemas"]}}


def _operation(name: str, whole: dict[str, Any], path: str, method: str) -> Operation:
    item = whole["paths"][path]
    raw = item[method]
    security = raw.get("security", whole.get("security", []))
    origin = raw["x-bango-origin"]
    body = raw.get("requestBody", {}).get("content", {})
    return Operation(
        document=name,
        operation_id=raw["operationId"],
        method=method.upper(),
        path=path,
        title=Text(**raw["x-bango-title"]),
        clauses=tuple(raw["x-bango-clauses"]),
        roles=tuple(raw["x-bango-roles"]),
        staff_session=any("staffSession" in choice for choice in security),
        authority=raw.get("x-bango-authority"),
        caller=origin["caller"],
        here=origin["here"],
        errors=tuple(raw["x-bango-errors"]),
        entry_errors=tuple(raw.get("x-bango-entry-errors", ())),
        parameters=tuple(resolve(name, found) for found in [*item.get("parameters", []), *raw.get("parameters", [])]),
        request_schema=body.get("application/json", {}).get("schema"),
        responses=tuple(_answer(name, status, found) for status, found in raw["responses"].items()),
    )


def _answer(name: str, status: str, raw: dict[str, Any]) -> Answer:
    whole = resolve(name, raw)
    content: dict[str, dict[str, Any]] = whole.get("content", {})
    media_type = next(iter(content), None)
    media = content.get(media_type, {}) if media_type is not None else {}
    return Answer(
        status=int(status),
        media_type=media_type,
        schema=media.get("schema"),
        headers=tuple(whole.get("headers", {})),
        errors=tuple(whole.get("x-bango-errors", ())),
    )
