"""One interface document made whole: shared parts pulled in, answers told which errors they can carry."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath
from typing import Any, TypeVar

import msgspec

from bango_spec import error_catalogue
from bango_spec.errors import SpecError
from bango_spec.reading import load, root

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SHARED = "common.yaml"
Part = TypeVar("Part")


@cache
def source(file: str) -> dict[str, Any]:
    """A file of `interfaces/` as it is written."""
    data: dict[str, Any] = load(root() / "interfaces" / file)
    return data


def _copy(node: Part) -> Part:
    """A deep copy of plain data; several times faster than copy.deepcopy."""
    found: Part = msgspec.json.decode(msgspec.json.encode(node))
    return found


def bundle(file: str) -> dict[str, Any]:
    """The document with every shared component it needs under its own `components`, and nothing else referenced."""
    whole: dict[str, Any] = {key: value for key, value in _copy(source(file)).items() if key != "x-bango-shared"}
    components: dict[str, Any] = whole.setdefault("components", {})
    _pull(whole, components)
    for item in whole["paths"].values():
        for method, operation in item.items():
            if method in METHODS:
                _problems(operation, components)
                _examples(operation, components)
    whole["components"] = {section: dict(sorted(parts.items())) for section, parts in sorted(components.items())}
    return whole


def _pull(node: object, components: dict[str, Any]) -> None:
    """Rewrite references into the shared file and copy what they point to, and what that points to in turn."""
    waiting: list[object] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            reference = part.get("$ref")
            if isinstance(reference, str) and reference.startswith(SHARED + "#"):
                added = _adopt(reference.removeprefix(SHARED), components)
                part["$ref"] = reference.removeprefix(SHARED)
                if added is not None:
                    waiting.append(added)
            waiting.extend(part.values())


def _adopt(pointer: str, components: dict[str, Any]) -> dict[str, Any] | None:
    """Copy one shared component, its own references turned outward again; None if it is here already."""
    _, _, section, name = PurePosixPath(pointer).parts
    target = components.setdefault(section, {})
    if name in target and "$ref" not in target[name]:
        return None
    try:
        found: dict[str, Any] = _copy(source(SHARED)["components"][section][name])
    except KeyError:
        raise SpecError("SPEC-REF", f"interfaces/{SHARED} has no {pointer}", step="correct the $ref") from None
    _outward(found)
    target[name] = found
    return found


def _outward(node: object) -> None:
    if isinstance(node, list):
        for part in node:
            _outward(part)
    elif isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith("#"):
            node["$ref"] = SHARED + reference
        for part in node.values():
            _outward(part)


def _problems(operation: dict[str, Any], components: dict[str, Any]) -> None:
    """Replace each problem answer by one that allows exactly the codes this operation can give with that status."""
    errors = [error_catalogue.error(code) for code in error_catalogue.expand(operation.get("x-bango-errors", []))]
    operation["x-bango-errors"] = [found.code for found in errors]
    origin = operation.get("x-bango-origin", {"caller": "network", "here": "network"})
    for status, answer in operation["responses"].items():
        if answer.get("$ref") != "#/components/responses/Problem":
            continue
        possible = [found for found in errors if str(found.status) == status]
        if not possible:
            continue
        shared = _copy(components["responses"]["Problem"])
        shared["x-bango-errors"] = [found.code for found in possible]
        media = shared["content"]["application/problem+json"]
        media["schema"] = {
            "$ref": "#/components/schemas/Problem",
            "properties": {
                "status": {"const": int(status)},
                "code": {"enum": [found.code for found in possible]},
            },
        }
        media["examples"] = {
            found.code: _example(found, found.origin(origin["caller"], origin["here"]), components)
            for found in possible
        }
        operation["responses"][status] = shared


def _example(found: error_catalogue.CatalogueError, origin: str, components: dict[str, Any]) -> dict[str, Any]:
    """The reference to an example problem, which is written once for each code and origin."""
    name = f"{found.code}-{origin}"
    title = f"{found.title.ja} / {found.title.en}"
    value = {
        "type": found.type,
        "title": title,
        "status": found.status,
        "code": found.code,
        "origin": origin,
        "correlation_id": "c0ffee00-1111-4222-8333-444455556666",
    }
    components.setdefault("examples", {})[name] = {"summary": title, "value": value}
    return {"$ref": f"#/components/examples/{name}"}


def _examples(operation: dict[str, Any], components: dict[str, Any]) -> None:
    """Show the schema's first example beside each request and answer that brings none of its own."""
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    for body in [*bodies, *operation["responses"].values()]:
        for media in body.get("content", {}).values():
            if "example" in media or "examples" in media:
                continue
            schema = media["schema"]
            if "$ref" in schema:
                schema = components["schemas"][schema["$ref"].rsplit("/", 1)[1]]
            if schema.get("examples"):
                media["example"] = _copy(schema["examples"][0])
