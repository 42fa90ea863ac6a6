"""From an item table to a JSON Schema 2020-12."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bango_spec._item_data import GROUP, Item, Kind, code_values, digits_of, empties, in_layout, layout_of, types

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _value(item: Item, version: str) -> dict[str, Any]:
    kind = types()[item.type]
    found: dict[str, Any] = dict(kind.schema)
    digits = digits_of(item)
    if digits is not None and found["type"] == "integer":
        found["maximum"] = 10**digits - 1
        found.setdefault("minimum", -found["maximum"])
        if item.low is not None:
            found["minimum"] = item.low
    elif digits is not None:
        found |= {"pattern": f"^[0-9]{{{digits}}}$", "minLength": digits, "maxLength": digits}
    if values := code_values(item, version):
        found["enum"] = [one.code for one in values]
        found["x-bango-values"] = {one.code: {"ja": one.names.ja, "en": one.names.en} for one in values}
    if item.nullable:
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    if kind.unit is not None:
        found["x-bango-unit"] = {"ja": kind.unit.ja, "en": kind.unit.en}
    return found


def _item(item: Item, version: str, code: Callable[[Item], str]) -> dict[str, Any]:
    title = item.title(version)
    head = {"title": title.ja, "x-bango-title-en": title.en, "x-bango-type": item.type}
    if item.type != GROUP:
        return head | _value(item, version)
    return head | {"type": "array", "maxItems": item.most, "items": _object(item.items, version, code)}


def _object(items: tuple[Item, ...], version: str, code: Callable[[Item], str]) -> dict[str, Any]:
    present = list(in_layout(items, version))
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [code(one) for one in present if one.required],
        "properties": {code(one): _item(one, version, code) for one in present},
    }


def build(
    kind: Kind, version: str, code: Callable[[Item], str], head: dict[str, Any], only: Collection[str] | None
) -> dict[str, Any]:
    """The schema of the items of one layout; with `only`, of an answer that was asked for these items."""
    layout = layout_of(kind, version)
    body = _object(kind.items, version, code)
    if only is not None:
        body["properties"] = {name: rule for name, rule in body["properties"].items() if name in only}
        body["required"] = [name for name in body["required"] if name in only]
    return {
        "$schema": DIALECT,
        "$id": f"urn:bango:items:{kind.information}:{version}",
        "title": kind.names.ja,
        "x-bango-title-en": kind.names.en,
        **head,
        "x-bango-synthetic": True,
        "x-bango-layout": version,
        "x-bango-scope": kind.scope,
        "x-bango-effective": {"start": layout.start, "end": layout.end},
        "x-bango-empty": {name: {"ja": text.ja, "en": text.en} for name, text in empties().items()},
        **body,
    }
