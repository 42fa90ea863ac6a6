"""The linter of the interface documents: rules are data with reasons, and each has one check."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bango_spec import _interface_checks, _interface_schema_checks
from bango_spec.reading import Element, Text, read

if TYPE_CHECKING:
    from collections.abc import Iterator


class Rule(Element, frozen=True):
    """One rule of the documents and what goes wrong without it."""

    id: str
    text: Text
    why: Text


class Rules(Element, frozen=True):
    """The file `interfaces/rules.yaml`."""

    rules: tuple[Rule, ...]
    roles: tuple[str, ...]
    separation: dict[str, tuple[str, ...]]


@cache
def rules() -> Rules:
    """The rules as they are written."""
    return read("interfaces/rules.yaml", Rules)


def problems() -> list[str]:
    """Every breach in every document, as `document: place: rule: what`; empty when all is well."""
    checks = _interface_checks.CHECKS | _interface_schema_checks.CHECKS
    listed = {rule.id for rule in rules().rules}
    found = [f"rules.yaml: {rule}: no check does this rule" for rule in sorted(listed - checks.keys())]
    found += [f"rules.yaml: {rule}: this check has no rule" for rule in sorted(checks.keys() - listed)]
    return found + list(_run(checks, rules()))


def _run(checks: dict[str, _interface_checks.Check], data: Rules) -> Iterator[str]:
    scope = _interface_checks.Scope(roles=data.roles, separation=data.separation)
    for rule, check in checks.items():
        for place, what in check(scope):
            yield f"{place}: {rule}: {what}"
