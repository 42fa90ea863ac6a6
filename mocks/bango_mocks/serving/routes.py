"""Routing by the paths of an OpenAPI document: a tree over path segments, literals before parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


@dataclass(slots=True)
class _Node:
    literal: dict[str, _Node] = field(default_factory=dict)
    parameter: _Node | None = None
    names: tuple[str, ...] = ()
    operations: dict[str, str] = field(default_factory=dict)


class Routes:
    """The operations of a document by method and path."""

    def __init__(self, document: dict[str, Any], prefix: str) -> None:
        self._top = _Node()
        for path, item in document["paths"].items():
            node, names = self._top, []
            for segment in (prefix + path).strip("/").split("/"):
                if segment.startswith("{"):
                    names.append(segment[1:-1])
                    node.parameter = node.parameter or _Node()
                    node = node.parameter
                else:
                    node = node.literal.setdefault(segment, _Node())
            node.names = tuple(names)
            node.operations = {m.upper(): item[m]["operationId"] for m in METHODS if m in item}

    def find(self, raw_path: str) -> tuple[dict[str, str], dict[str, str]] | None:
        """(operation id by method, path parameters) for a path as sent, or None; an encoded slash stays in its segment."""
        node, values = self._top, []
        for raw in raw_path.strip("/").split("/"):
            segment = unquote(raw)
            if segment in node.literal:
                node = node.literal[segment]
            elif node.parameter is not None:
                values.append(segment)
                node = node.parameter
            else:
                return None
        if not node.operations:
            return None
        return node.operations, dict(zip(node.names, values, strict=True))
