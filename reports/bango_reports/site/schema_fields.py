"""A JSON Schema as rows that people read: the name of each member, its meaning, what it looks like, whether it must be there."""

from __future__ import annotations

from typing import Any, NamedTuple

from bango_reports.site.voice import split
from bango_spec import interfaces
from bango_spec.reading import Text

_DEEPEST = 4
_TYPES = {
    "string": Text(ja="文字列", en="string"),
    "integer": Text(ja="整数", en="integer"),
    "number": Text(ja="数", en="number"),
    "boolean": Text(ja="はい・いいえ", en="true or false"),
    "object": Text(ja="まとまり", en="object"),
    "array": Text(ja="一覧", en="list"),
    "null": Text(ja="空", en="null"),
}
_SHOWN_VALUES = 12


class Field(NamedTuple):
    """One member: its path with dots (`records[].permit_id`), depth from 0, and what a reader needs of it."""

    name: str
    depth: int
    required: bool
    kind: Text
    meaning: Text
    example: str


def parameter(document: str, raw: dict[str, Any]) -> tuple[str, Field]:
    """A parameter: where it stands (path, query, header) and its row."""
    schema = interfaces.resolve(document, raw.get("schema", {}))
    meaning = split(raw.get("description", "") or schema.get("description", ""))
    row = Field(raw["name"], 0, bool(raw.get("required")), _kind(document, schema), meaning, _example(schema))
    return raw["in"], row


def fields(document: str, schema: dict[str, Any], *, depth: int = 0, above: str = "") -> list[Field]:
    """The members of an object schema, those of nested objects below their own."""
    whole = _merged(document, schema)
    if whole.get("type") == "array" or "items" in whole:
        return fields(document, whole.get("items", {}), depth=depth, above=f"{above}[]")
    required = set(whole.get("required", ()))
    found: list[Field] = []
    for name, raw in whole.get("properties", {}).items():
        inner = _merged(document, raw)
        path = f"{above}.{name}".lstrip(".")
        meaning = split(raw.get("description", "") or inner.get("description", ""))
        found.append(Field(path, depth, name in required, _kind(document, inner), meaning, _example(inner)))
        if depth < _DEEPEST and _has_members(document, inner):
            found += fields(document, inner, depth=depth + 1, above=path)
    return found


def _has_members(document: str, schema: dict[str, Any]) -> bool:
    inner = _merged(document, schema.get("items", {})) if "items" in schema else schema
    return "properties" in inner


def _merged(document: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with its reference followed, and the members of `allOf` and of every alternative taken together."""
    whole = dict(interfaces.resolve(document, schema))
    for part in (*whole.pop("allOf", ()), *whole.pop("oneOf", ()), *whole.pop("anyOf", ())):
        inner = _merged(document, part)
        whole["properties"] = {**inner.get("properties", {}), **whole.get("properties", {})}
        for key, value in inner.items():
            if key not in {"properties", "required"}:
                whole.setdefault(key, value)
    if not whole.get("properties"):
        whole.pop("properties", None)
    return whole


def _kind(document: str, schema: dict[str, Any]) -> Text:
    kinds = schema.get("type", "object" if "properties" in schema else "")
    names = [_TYPES[one] for one in ([kinds] if isinstance(kinds, str) else kinds) if one in _TYPES]
    ja, en = [one.ja for one in names], [one.en for one in names]
    if "enum" in schema:
        shown = [str(one) for one in schema["enum"][:_SHOWN_VALUES]]
        more = "…" if len(schema["enum"]) > _SHOWN_VALUES else ""
        ja, en = [f"次のどれか: {', '.join(shown)}{more}"], [f"one of: {', '.join(shown)}{more}"]
    if "const" in schema:
        ja, en = [f"必ず {schema['const']}"], [f"always {schema['const']}"]
    if "items" in schema:
        inner = _kind(document, _merged(document, schema["items"]))
        ja, en = [f"一覧（{inner.ja}）"], [f"list of {inner.en}"]
    limits = _limits(schema)
    return Text(ja="・".join([*ja, *(one.ja for one in limits)]), en=", ".join([*en, *(one.en for one in limits)]))


def _limits(schema: dict[str, Any]) -> list[Text]:
    found = []
    low, high = schema.get("minLength"), schema.get("maxLength")
    if low is not None and low == high:
        found.append(Text(ja=f"{low}文字", en=f"{low} characters"))
    elif high is not None:
        found.append(Text(ja=f"{high}文字まで", en=f"up to {high} characters"))
    if "minimum" in schema or "maximum" in schema:
        span = f"{schema.get('minimum', '')}～{schema.get('maximum', '')}"
        found.append(Text(ja=span, en=span.replace("～", "–")))
    if schema.get("format"):
        found.append(Text(ja=f"形式 {schema['format']}", en=f"format {schema['format']}"))
    if schema.get("maxItems"):
        found.append(Text(ja=f"{schema['maxItems']}件まで", en=f"up to {schema['maxItems']}"))
    return found


def _example(schema: dict[str, Any]) -> str:
    examples = schema.get("examples") or ([schema["example"]] if "example" in schema else [])
    if not examples or isinstance(examples[0], dict | list):
        return ""
    return str(examples[0])
