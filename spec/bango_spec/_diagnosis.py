"""What exactly is wrong with a value: the slow way, taken only when the fast test has failed."""

from __future__ import annotations

import re
import string
from functools import cache
from operator import mul
from typing import TYPE_CHECKING

from bango_spec._identifier_data import CheckRule, Identifier, Malformation, Range, identifier_file
from bango_spec._spans import belongs

if TYPE_CHECKING:
    from collections.abc import Callable

_ALPHANUMERIC = frozenset(string.ascii_letters + string.digits)


def _shows(row: Malformation, value: str, place: int) -> bool:
    """Whether the character at a place is one that the row is about, at a place the row is about."""
    char = value[place]
    if row.at == "start" and place != 0:
        return False
    if row.at == "end" and value[place:].strip(char):
        return False
    return belongs(char, row.characters, row.categories)


class Rows:
    """The malformations that can happen in one charset, by stage and in the order of the file."""

    def __init__(self, charset: str) -> None:
        rows = [m for m in identifier_file().malformations if not m.charsets or charset in m.charsets]
        self.forms = [(re.compile(m.form, re.DOTALL), m.code) for m in rows if m.form is not None]
        self.classes = [m for m in rows if m.stage == "character"]

    def form(self, value: str) -> str | None:
        return next((code for form, code in self.forms if form.fullmatch(value)), None)

    def character(self, value: str, place: int) -> str:
        return next((m.code for m in self.classes if _shows(m, value, place)), "ID-CHARSET")


@cache
def rows(charset: str) -> Rows:
    """The malformations of one charset, prepared once."""
    return Rows(charset)


class Grammar:
    """One identifier, prepared for judging; `rule` is its check rule (already chosen), or None."""

    def __init__(self, spec: Identifier, rule: CheckRule | None) -> None:
        self.spec = spec
        self.rule = rule
        self.alphabet = frozenset(next(c.characters for c in identifier_file().charsets if c.id == spec.charset))
        self.form = re.compile(spec.pattern)
        width = spec.width - len(spec.prefix) - (rule is not None)
        self.zero = spec.zero or ("0" * width if spec.charset == "digits" else "")
        tests: list[tuple[object, Callable[[str], str | None]]] = [
            (spec.prefix, self._prefix_code),
            (spec.layout, self._layout_code),
            (self.zero, self._zero_code),
            (spec.choices, self._choice_code),
            (spec.ranges, self._range_code),
            (spec.parts, self._part_code),
            (rule, self._check_code),
        ]
        self._tests = [test for needed, test in tests if needed]

    def body(self, value: str) -> str:
        """The characters without prefix and check digit."""
        value = value[len(self.spec.prefix) :]
        if self.rule is None:
            return value
        return value[1:] if self.rule.position == "first" else value[:-1]

    def whole(self, body: str) -> str:
        """A body with its prefix and its check digit."""
        if self.rule is None:
            return self.spec.prefix + body
        digit = check_character(self.rule, body)
        return self.spec.prefix + (digit + body if self.rule.position == "first" else body + digit)

    def code(self, value: object) -> str | None:
        """The code of what is wrong, None when nothing is."""
        if type(value) is not str:
            return _type_code(value)
        if self.form.fullmatch(value) is None:
            return self._text_code(value) or self._structure_code(value) or "ID-CHARSET"
        return self._structure_code(value)

    def _text_code(self, value: str) -> str | None:
        if found := rows(self.spec.charset).form(value):
            return found
        start = len(self.spec.prefix) if value.startswith(self.spec.prefix) else 0
        allowed = self.alphabet if start or not self.spec.prefix else self.alphabet | _ALPHANUMERIC
        for place in range(start, len(value)):
            if value[place] not in allowed:
                return rows(self.spec.charset).character(value, place)
        if len(value) < self.spec.shortest:
            return "ID-LENGTH-SHORT"
        return "ID-LENGTH-LONG" if len(value) > self.spec.width else None

    def _structure_code(self, value: str) -> str | None:
        for test in self._tests:
            if found := test(value):
                return found
        return None

    def _prefix_code(self, value: str) -> str | None:
        prefix = self.spec.prefix
        if value.startswith(prefix):
            return None
        start = value[: len(prefix)]
        if start.upper() == prefix:
            return "ID-PREFIX-CASE"
        return "ID-PREFIX-OTHER" if start in {other.prefix for other in identifier_file().identifiers} else "ID-PREFIX"

    def _layout_code(self, value: str) -> str | None:
        wrong = any((char == "-") != (place == "-") for char, place in zip(value, self.spec.layout, strict=True))
        return "ID-LAYOUT" if wrong else None

    def _zero_code(self, value: str) -> str | None:
        return "ID-ALL-ZERO" if self.zero in (value, self.body(value)) else None

    def _choice_code(self, value: str) -> str | None:
        return next((c.code for c in self.spec.choices if value[c.at] not in c.of), None)

    def _range_code(self, value: str) -> str | None:
        return next((r.code for r in self.spec.ranges if not inside(r, value)), None)

    def _part_code(self, value: str) -> str | None:
        for part in self.spec.parts:
            inner = grammar(part.kind)
            found = value[part.at : part.at + inner.spec.width]
            if found not in part.others and inner.code(found):
                return "ID-PART"
        return None

    def _check_code(self, value: str) -> str | None:
        rule = self.rule
        if rule is None:
            return None
        found = value[0] if rule.position == "first" else value[-1]
        return None if found == check_character(rule, self.body(value)) else "ID-CHECK"


def check_character(rule: CheckRule, body: str) -> str:
    """The check digit of an ASCII body that has as many digits as the rule has weights."""
    # Bytes of ASCII digits are 48 too high each; taking that off the sum is twice as fast as int() per digit.
    total = sum(map(mul, rule.weights, body.encode())) - 48 * sum(rule.weights)
    digit = rule.subtract_from - total % rule.modulus
    if digit > 9:
        digit = 0 if rule.overflow == "zero" else digit % 10
    return str(digit)


def inside(span: Range, value: str) -> bool:
    """Whether the digits at the place of `span` lie in one of its spans."""
    found = value[span.at : span.at + span.width]
    return any(low <= found <= high for low, high in span.spans)


def _type_code(value: object) -> str:
    if value is None:
        return "ID-NULL"
    return "ID-NUMBER" if isinstance(value, int | float) and not isinstance(value, bool) else "ID-NOT-STRING"


@cache
def grammar(kind: str) -> Grammar:
    """The grammar of a kind with the check rule of the spec."""
    spec = next(i for i in identifier_file().identifiers if i.id == kind)
    return Grammar(spec, spec.check)
