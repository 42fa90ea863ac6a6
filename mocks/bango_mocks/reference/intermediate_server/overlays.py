"""Mutants: the reference with one rule broken, as classes laid over it from outside."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from bango_spec.errors import UsageError
from bango_spec.reading import Text

PACKAGE = "bango_mocks.reference.intermediate_server.mutants"
C = TypeVar("C", bound=type)


@dataclass(frozen=True)
class Mutant:
    """One broken rule: the clause it breaks, and the reason that the suite must give when it finds out.

    A broad one breaks whole families of obligations (beginnings of their ids) besides, so that each of them is seen to fail.
    One with a campaign misbehaves under load only, and that load campaign has to find out.
    """

    id: str
    clause: str
    title: Text
    reason: str
    overlay: type
    breaks: tuple[str, ...] = ()
    campaign: str = ""


_registered: dict[str, Mutant] = {}


def mutant(
    *,
    clause: str,
    title: Text,
    reason: str,
    name: str | None = None,
    breaks: tuple[str, ...] = (),
    campaign: str = "",
) -> Callable[[C], C]:
    """Register a subclass of one part as a mutant; its id is `name` or the clause in lower case."""

    def register(overlay: C) -> C:
        made = Mutant(name or clause.lower(), clause, title, reason, overlay, breaks, campaign)
        if made.id in _registered:
            raise UsageError("MUTANT-TWICE", f"the mutant {made.id} stands twice", step="give one of them a name")
        _registered[made.id] = made
        return overlay

    return register


@cache
def mutants() -> tuple[Mutant, ...]:
    """Every mutant, by id; MUTANT-TWICE if two have the same."""
    package = importlib.import_module(PACKAGE)
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{PACKAGE}.{module.name}")
    return tuple(sorted(_registered.values(), key=lambda one: one.id))


def find(mutant_id: str) -> Mutant:
    """One mutant; MUTANT-UNKNOWN for another word."""
    for one in mutants():
        if one.id == mutant_id:
            return one
    raise UsageError("MUTANT-UNKNOWN", f"no mutant is called {mutant_id}", step=f"see the folder of {PACKAGE}")
