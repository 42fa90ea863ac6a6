"""Numbers and codes: what is right, what exactly is wrong with the rest, and wrong values made on purpose.

Everything is read from spec/identifiers.yaml. Nothing here repairs a value: full-width digits, spaces or missing
zeros are malformations. Messages never repeat the value, since it may be a personal number.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from bango_spec._damage import Medium, carries, damaged
from bango_spec._diagnosis import Grammar, check_character, grammar
from bango_spec._identifier_data import CheckRule, Component, Identifier, Malformation, TestBlock, identifier_file
from bango_spec.errors import BangoError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "CheckRule",
    "Component",
    "Identifier",
    "Malformation",
    "MalformedIdentifierError",
    "Medium",
    "Rule",
    "TestBlock",
    "block_offset",
    "block_value",
    "check",
    "check_digit",
    "complete",
    "forbidden_at",
    "identifier",
    "identifiers",
    "is_test_number",
    "kinds",
    "malformation",
    "malformations",
    "malformed",
    "require",
    "schema",
]

# The check rule to judge with: the spec's, none, or one that a body knows and the public does not (resident code).
Rule = CheckRule | Literal["spec", "none"]


class MalformedIdentifierError(BangoError):
    """A value is not what its kind requires; `code` is the malformation's code."""


def kinds() -> tuple[str, ...]:
    """The ids of all kinds of identifier, in the order of the spec."""
    return tuple(one.id for one in identifier_file().identifiers)


def identifiers() -> tuple[Identifier, ...]:
    """All kinds of identifier, in the order of the spec."""
    return identifier_file().identifiers


def identifier(kind: str) -> Identifier:
    """One kind, for example `individual-number`; ID-UNKNOWN-KIND for a word that names none."""
    return _grammar(kind).spec


def malformations() -> tuple[Malformation, ...]:
    """Every way to be wrong, in the order in which values are judged."""
    return identifier_file().malformations


def malformation(code: str) -> Malformation:
    """One malformation by its stable code; ID-UNKNOWN-CODE for another word."""
    found = _by_code().get(code)
    if found is None:
        raise UsageError("ID-UNKNOWN-CODE", f"no malformation is called {code!r}")
    return found


def check(kind: str, value: object, rule: Rule = "spec") -> Malformation | None:
    """What is wrong with `value` as a `kind`, or None; the first defect in the order of the spec."""
    code = _grammar(kind, rule).code(value)
    return None if code is None else _by_code()[code]


def require(kind: str, value: object, rule: Rule = "spec") -> str:
    """The value itself when it is right; otherwise MalformedIdentifierError with the malformation's code."""
    wrong = check(kind, value, rule)
    if wrong is not None or not isinstance(value, str):
        found = wrong or malformation("ID-NOT-STRING")
        name = identifier(kind).name
        raise MalformedIdentifierError(found.code, f"{name.ja}: {found.text.ja} ({name.en}: {found.text.en})")
    return value


def check_digit(kind: str, body: str, rule: Rule = "spec") -> str:
    """The check digit for the digits that stand beside it; ID-NO-CHECK-RULE for a kind without one."""
    chosen = _grammar(kind, rule).rule
    if chosen is None:
        raise UsageError("ID-NO-CHECK-RULE", f"{kind} has no check digit")
    if len(body) != len(chosen.weights) or not (body.isascii() and body.isdigit()):
        raise UsageError("ID-BODY", f"{kind} needs {len(chosen.weights)} ASCII digits beside its check digit")
    return check_character(chosen, body)


def complete(kind: str, body: str, rule: Rule = "spec") -> str:
    """A body with its prefix and its check digit."""
    return _grammar(kind, rule).whole(body)


def malformed(kind: str, valid_value: str, rule: Rule = "spec", *, medium: Medium = "json") -> list[tuple[str, Any]]:
    """One value for each malformation that `kind` can have, made from a right value, each with exactly one defect.

    `medium` leaves out what cannot travel there: `json` lone surrogates, `text` also what is no string,
    `path` also the empty string and slashes, `header` all but printable ASCII; `raw` leaves out nothing.
    """
    require(kind, valid_value, rule)
    return [(code, bad) for code, bad in damaged(_grammar(kind, rule), valid_value) if carries(medium, bad)]


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind, as far as a pattern can say it (check digits are not in it)."""
    spec = identifier(kind)
    return {"type": "string", "pattern": spec.pattern, "minLength": spec.shortest, "maxLength": spec.width}


def block_value(kind: str, offset: int) -> str:
    """The test number at `offset` of the kind's test block, with its check digit."""
    first, width, size, whole = _block_maker(kind)
    if not 0 <= offset < size:
        raise UsageError("ID-BLOCK-OFFSET", f"the test block of {kind} holds offsets 0 to {size - 1}")
    return whole(str(first + offset).zfill(width))


def block_offset(kind: str, value: str) -> int | None:
    """The place of a right value in its kind's test block, None outside of it."""
    block = _block(kind)
    offset = int(_grammar(kind).body(require(kind, value))) - int(block.first)
    return offset if 0 <= offset < block.size else None


def is_test_number(kind: str, value: object) -> bool:
    """Whether a value is well-formed and lies in the block that the testbed makes its numbers in."""
    if identifier(kind).test_block is None or check(kind, value) is not None:
        return False
    return block_offset(kind, str(value)) is not None


def forbidden_at(component: Component) -> Iterable[Identifier]:
    """The kinds that must never appear at a component, neither sent, stored nor logged."""
    return tuple(one for one in identifiers() if component in one.never)


def _grammar(kind: str, rule: Rule = "spec") -> Grammar:
    if kind not in _known():
        from difflib import get_close_matches  # noqa: PLC0415 - only for the message

        near = ", ".join(get_close_matches(kind, kinds(), 3, 0.3))
        raise UsageError("ID-UNKNOWN-KIND", f"no identifier is called {kind!r}", step=f"known: {near or kinds()}")
    if rule == "spec":
        return grammar(kind)
    return Grammar(grammar(kind).spec, None if rule == "none" else rule)


def _block(kind: str) -> TestBlock:
    block = identifier(kind).test_block
    if block is None:
        raise UsageError("ID-NO-BLOCK", f"{kind} has no test block")
    return block


@cache
def _block_maker(kind: str) -> tuple[int, int, int, Callable[[str], str]]:
    block = _block(kind)
    return int(block.first), len(block.first), block.size, grammar(kind).whole


@cache
def _known() -> frozenset[str]:
    return frozenset(kinds())


@cache
def _by_code() -> dict[str, Malformation]:
    return {one.code: one for one in malformations()}
