"""Right values made wrong on purpose: one of each malformation, each with exactly one defect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from bango_spec._diagnosis import inside
from bango_spec._identifier_data import Malformation, identifier_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bango_spec._diagnosis import Grammar

Medium = Literal["raw", "json", "text", "path", "header"]


def damaged(grammar: Grammar, value: str) -> Iterator[tuple[str, Any]]:
    """Each malformation that this kind can have, made from a right value."""
    charset = grammar.spec.charset
    for row in identifier_file().malformations:
        if row.charsets and charset not in row.charsets:
            continue
        if row.stage == "type":
            made = _type(row.code, grammar, value)
        elif row.stage == "structure":
            made = _structure(row.code, grammar, value)
        else:
            made = _text(row, grammar, value)
        for bad in made:
            yield row.code, bad


def carries(medium: Medium, value: object) -> bool:
    """Whether a well-behaved client can send the value there: any JSON, UTF-8 text, a path segment, a header."""
    if medium == "raw":
        return True
    if not isinstance(value, str):
        return medium == "json"
    if any("\ud800" <= char <= "\udfff" for char in value):
        return False
    if medium == "path":
        return value not in ("", ".", "..") and "/" not in value
    if medium == "header":
        return value.isascii() and value.isprintable() and value == value.strip() != ""
    return True


def _type(code: str, grammar: Grammar, value: str) -> list[Any]:
    if code == "ID-NULL":
        return [None]
    if code == "ID-NOT-STRING":
        return [[value]]
    return [int(value)] if grammar.spec.charset == "digits" and not grammar.spec.prefix else []


def _text(row: Malformation, grammar: Grammar, value: str) -> list[str]:
    prefix = len(grammar.spec.prefix)
    cut = max(prefix, len(value) // 2 - 1, 1)
    if row.digits or row.shift:
        place = next((i for i in [*range(cut, len(value)), *range(prefix, cut)] if value[i].isdigit()), None)
        if place is None and row.digits:
            return []
        at = cut - 1 if place is None else place
        char = chr(ord(value[at]) + int(row.shift, 16)) if row.shift else row.digits[int(value[at])]
        return [value[:at] + char + value[at + 1 :]]
    if row.make is None or ("{tail}" in row.make and len(value) < 2):
        return []
    head, tail = value[:cut], value[cut:]
    made = row.make.format(
        value=value,
        head=head,
        tail=tail,
        rest=tail[1:],
        first=value[0],
        middle=value[1:6],
        power=len(value) - 1,
        plain=value.replace("-", ""),
        upper=value.upper(),
        surrogate="\ud800",
    )
    if row.form is not None:
        return [made] if re.fullmatch(row.form, made, re.DOTALL) else []
    return [made] if set(made[prefix:]) - grammar.alphabet else []


def _structure(code: str, grammar: Grammar, value: str) -> list[str]:
    spec = grammar.spec
    made: list[str] = []
    match code:
        case "ID-LENGTH-SHORT" if spec.shortest > 1:
            made = [value[: spec.shortest - 1]]
        case "ID-LENGTH-LONG":
            made = [value + value[-1] * (spec.width + 1 - len(value))]
        case "ID-PREFIX-CASE" if spec.prefix:
            made = [spec.prefix.lower() + grammar.body(value)]
        case "ID-PREFIX-OTHER" if spec.prefix:
            others = (i.prefix for i in identifier_file().identifiers if i.prefix not in ("", spec.prefix))
            made = [prefix + grammar.body(value) for prefix in list(others)[:1]]
        case "ID-PREFIX" if spec.prefix:
            made = ["XX" + grammar.body(value)]
        case "ID-LAYOUT" if spec.layout:
            at = spec.layout.index("-")
            made = [value[: at - 1] + value[at] + value[at - 1] + value[at + 1 :]]
        case "ID-ALL-ZERO" if grammar.zero and not spec.ranges:
            made = [grammar.zero if spec.zero else grammar.whole(grammar.zero)]
        case "ID-PART":
            made = [_turned(value, part.at + 5) for part in spec.parts]
        case "ID-CHECK" if grammar.rule:
            made = [_turned(value, 0 if grammar.rule.position == "first" else len(value) - 1)]
        case _:
            made = [*_choices(code, grammar, value), *_ranges(code, grammar, value)]
    return made


def _turned(value: str, at: int) -> str:
    return value[:at] + str((int(value[at]) + 1) % 10) + value[at + 1 :]


def _choices(code: str, grammar: Grammar, value: str) -> Iterator[str]:
    for choice in grammar.spec.choices:
        if choice.code == code:
            other = min(grammar.alphabet - set(choice.of) - {"-"})
            yield value[: choice.at] + other + value[choice.at + 1 :]


def _ranges(code: str, grammar: Grammar, value: str) -> Iterator[str]:
    for span in grammar.spec.ranges:
        if span.code == code:
            outside = (f"{n:0{span.width}}" for n in range(10**span.width - 1, -1, -1))
            bad = next(digits for digits in outside if not inside(span, value[: span.at] + digits))
            yield grammar.whole(grammar.body(value[: span.at] + bad + value[span.at + span.width :]))
