"""Obligations written by hand: a check with its id, clauses and titles, in as few words as it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bango_conformance.obligation import Kind, Obligation
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case

CLOCK = ("hook:clock",)


def by_hand(
    identity: str,
    clauses: tuple[str, ...],
    check: Callable[[Case], None],
    ja: str,
    en: str,
    *,
    needs: tuple[str, ...] = (),
    alone: bool = False,
    smoke: bool = False,
) -> Obligation:
    """An obligation whose id begins with its kind; one that moves the clock or restarts the target runs alone."""
    kind: Kind = "lifecycle" if identity.startswith("lifecycle.") else "workflow"
    return Obligation(
        id=identity,
        kind=kind,
        clauses=clauses,
        element=f"requirements/{clauses[0]}",
        title=Text(ja=ja, en=en),
        check=check,
        needs=needs,
        alone=alone or bool(needs),
        smoke=smoke,
    )
