"""The suite of a profile: every obligation that its kinds make from the spec, in a stable order."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module

from bango_conformance.obligation import Obligation
from bango_spec.errors import SpecError, UsageError

# The order in which a run goes through the kinds: what everything else rests on comes first.
KINDS = ("transport", "shape", "workflow", "permission", "lifecycle", "record", "privacy", "text")
PROFILES = ("intermediate-server",)


@dataclass(frozen=True)
class Scope:
    """What the obligations of a run depend on besides the spec: the edition, and the target's body and its parties."""

    edition: str
    body: str
    parties: tuple[str, ...]
    seed: int = 0


def suite(scope: Scope) -> tuple[Obligation, ...]:
    """All obligations; SUITE-TWICE if two have the same id."""
    found: dict[str, Obligation] = {}
    for kind in KINDS:
        module = import_module(f"bango_conformance.kinds.{kind}")
        for obligation in module.obligations(scope):
            if obligation.id in found:
                raise SpecError("SUITE-TWICE", f"two obligations are called {obligation.id}")
            found[obligation.id] = obligation
    return tuple(found.values())


@dataclass(frozen=True)
class Filters:
    """The options that narrow a run; all empty: the whole suite."""

    only: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    smoke: bool = False
    either: bool = False
    """The smoke set beside what the other filters choose, instead of among it."""

    def typed(self) -> tuple[str, ...]:
        """The filters as one types them."""
        options = [f"--only {one}" for one in self.only]
        options += [f"--kind {one}" for one in self.kinds]
        options += [f"--clause {one}" for one in self.clauses]
        return (*options, *(("--smoke",) if self.smoke else ()))


def select(obligations: Sequence[Obligation], filters: Filters) -> tuple[Obligation, ...]:
    """The obligations that pass every kind of filter given; SUITE-SELECTION for a word that names nothing.

    `only` takes whole ids, or beginnings that end at a dot.
    """
    _known("--kind", filters.kinds, {one.kind for one in obligations})
    _known("--clause", filters.clauses, {clause for one in obligations for clause in one.clauses})
    for word in filters.only:
        if not any(_under(one.id, word) for one in obligations):
            raise UsageError(
                "SUITE-SELECTION",
                f"--only {word}: その id の義務はありません / no obligation has this id",
                step="id は bango explain 条項 で分かります / `bango explain CLAUSE` lists them",
            )
    return tuple(one for one in obligations if _wanted(one, filters))


def _wanted(one: Obligation, filters: Filters) -> bool:
    if filters.either and one.smoke:
        return True
    return (
        (not filters.only or any(_under(one.id, word) for word in filters.only))
        and (not filters.kinds or one.kind in filters.kinds)
        and (not filters.clauses or bool(set(filters.clauses) & set(one.clauses)))
        and (not filters.smoke or one.smoke or filters.either)
    )


def _under(identity: str, word: str) -> bool:
    return identity == word or identity.startswith(f"{word}.")


def _near(word: str, known: set[str]) -> list[str]:
    return difflib.get_close_matches(word.upper(), known, 5) or sorted(known)[:12]


def _known(option: str, given: Iterable[str], known: set[str]) -> None:
    for word in given:
        if word not in known:
            raise UsageError(
                "SUITE-SELECTION",
                f"{option} {word}: 当たる義務がありません / nothing in the suite has it",
                step=f"次から選んでください / choose from: {', '.join(_near(word, known))}",
            )
