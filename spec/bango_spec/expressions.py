"""Runtime expressions and criteria of Arazzo, as far as the workflows use them, on plain data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from bango_spec.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bango_spec.workflows import Criterion

EXPRESSION = re.compile(r"\$[A-Za-z]+(?:\.[A-Za-z0-9_-]+)*(?:#[A-Za-z0-9_/~-]*)?")
EMBEDDED = re.compile(r"\{(" + EXPRESSION.pattern + r")\}")
COMPARISON = re.compile(r"(?P<left>\S+) (?P<operator>==|!=|<=|>=|<|>) (?P<right>'[^']*'|\S+)")
FILTER = re.compile(r"\$\.\.(?P<name>[a-z_]+)\[\?\((?P<tests>[^\])]+)\)\]")
TEST = re.compile(r"@(?P<path>(?:\.[a-z_]+)*)(?: (?P<operator>==|!=) (?P<value>'[^']*'|[0-9]+|true|false|null))?")

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda left, right: bool(left == right and isinstance(left, bool) == isinstance(right, bool)),
    "!=": lambda left, right: bool(left != right),
    "<": lambda left, right: bool(left < right),
    "<=": lambda left, right: bool(left <= right),
    ">": lambda left, right: bool(left > right),
    ">=": lambda left, right: bool(left >= right),
}


class _Absent:
    """What an expression finds where nothing is; equal to nothing but itself."""


ABSENT = _Absent()


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """What expressions can see: the inputs, the outputs of earlier steps, and the answer at hand."""

    inputs: Mapping[str, Any] = msgspec.field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Any]] = msgspec.field(default_factory=dict)
    status: int | None = None
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    body: Any = None


def value(expression: str, exchange: Exchange) -> Any:
    """What a runtime expression stands for; ABSENT where there is nothing."""
    head, _, pointer = expression.partition("#")
    match head.split("."):
        case ["$statusCode"]:
            return exchange.status
        case ["$inputs", name]:
            return exchange.inputs.get(name, ABSENT)
        case ["$steps", step, "outputs", name]:
            return exchange.outputs.get(step, {}).get(name, ABSENT)
        case ["$response", "header", name]:
            found = {key.lower(): text for key, text in exchange.headers.items()}
            return found.get(name.lower(), ABSENT)
        case ["$response", "body"]:
            return _pointed(exchange.body, pointer)
        case _:
            raise SpecError("SPEC-EXPRESSION", f"{expression} is no expression known here", step="see expressions.py")


def filled(template: Any, exchange: Exchange) -> Any:
    """A payload or value with every expression in it replaced; a member whose value is absent is left out."""
    if isinstance(template, dict):
        done = {key: filled(part, exchange) for key, part in template.items()}
        return {key: part for key, part in done.items() if part is not ABSENT}
    if isinstance(template, list):
        return [filled(part, exchange) for part in template]
    if not isinstance(template, str):
        return template
    if EXPRESSION.fullmatch(template):
        return value(template, exchange)
    return EMBEDDED.sub(lambda found: str(value(found[1], exchange)), template)


def met(criterion: Criterion, exchange: Exchange) -> bool:
    """Whether an answer meets a criterion."""
    context = value(criterion.context, exchange) if criterion.context else None
    if criterion.type == "regex":
        return isinstance(context, str) and re.search(criterion.condition, context) is not None
    if criterion.type == "jsonpath":
        return bool(selected(criterion.condition, context))
    found = COMPARISON.fullmatch(criterion.condition)
    if found is None:
        raise SpecError("SPEC-EXPRESSION", f"{criterion.condition} is no comparison", step="see expressions.py")
    left, right = (_operand(found[side], exchange) for side in ("left", "right"))
    try:
        return OPERATORS[found["operator"]](left, right)
    except TypeError:
        return False


def selected(path: str, data: Any) -> list[Any]:
    """What a JSONPath of the form `$..a[?(@.b == 'c' && @.d)]` selects.

    A part of RFC 9535 that other runners read alike: some wrap the answer in a list, some want the parentheses.
    """
    found = FILTER.fullmatch(path)
    if found is None:
        raise SpecError("SPEC-EXPRESSION", f"{path} is no JSONPath known here", step="see expressions.py")
    rows = [row for rows in _descendants(data, found["name"]) for row in rows]
    tests = [TEST.fullmatch(test.strip()) for test in found["tests"].split("&&")]
    if None in tests:
        raise SpecError("SPEC-EXPRESSION", f"{path} has a filter not known here", step="see expressions.py")
    return [row for row in rows if all(_passes(row, test) for test in tests if test)]


def _descendants(data: Any, name: str) -> Iterator[list[Any]]:
    """The children of every member of this name, however deep it stands."""
    for key, held in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        if key == name and isinstance(held, dict | list):
            yield list(held.values()) if isinstance(held, dict) else held
        yield from _descendants(held, name)


def _passes(row: Any, test: re.Match[str]) -> bool:
    here = _pointed(row, test["path"].replace(".", "/"))
    if test["operator"] is None:
        return here is not ABSENT
    return OPERATORS[test["operator"]](here, _literal(test["value"]))


def _operand(text: str, exchange: Exchange) -> Any:
    return value(text, exchange) if text.startswith("$") else _literal(text)


def _literal(text: str) -> Any:
    return text[1:-1] if text.startswith("'") else msgspec.json.decode(text)


def _pointed(data: Any, pointer: str) -> Any:
    """The value at a JSON pointer, or ABSENT."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(data, dict) and key in data:
            data = data[key]
        elif isinstance(data, list) and key.isdecimal() and int(key) < len(data):
            data = data[int(key)]
        else:
            return ABSENT
    return data
