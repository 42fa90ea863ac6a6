"""What must hold of the clauses as a whole: sources resolve, duties differ, little is left untested."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

from bango_spec.assumptions import assumptions
from bango_spec.clauses import areas, clauses, documents
from bango_spec.systems import systems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bango_spec.clauses import Clause

# Two texts of one system that share nine tenths are taken to differ in a noun only.
NEAR = 0.9
# At most one must in ten may be left to attestation.
UNTESTED_SHARE = 0.1


def problems() -> list[str]:
    """Every fault of the clauses in words, empty if there is none; unreadable files raise instead."""
    every = list(clauses().values())
    found = [f"{one.id}: {fault}" for one in every for fault in _faults(one)]
    for system in dict.fromkeys(one.system for one in every):
        of_system = [one for one in every if one.system == system]
        if system not in systems():
            found.append(f"{system}: no such system")
        found += _untested(system, of_system)
        found += [f"{first.id} and {second.id}: nearly the same text" for first, second in _near(of_system)]
    cited = {source.document for one in every for source in one.sources}
    found += [f"sources.yaml: nothing cites {unused}" for unused in documents() if unused not in cited]
    return found


def _faults(one: Clause) -> Iterator[str]:
    texts = {"text": one.text, "why": one.why}
    if one.test:
        texts["test"] = one.test.how
    if one.not_tested:
        texts["not_tested"] = one.not_tested.reason
    yield from (f"{name} lacks a language" for name, text in texts.items() if not (text.ja.strip() and text.en.strip()))
    if (one.test is None) == (one.not_tested is None):
        yield "needs either test or not_tested"
    if one.test and not one.test.through:
        yield "test names no surface"
    if one.id.split("-")[1] not in areas():
        yield "lies in an area that areas.yaml does not name"
    if not one.sources:
        yield "has no source"
    if not one.kinds:
        yield "no kind of obligation can verify it"
    for source in one.sources:
        yield from _source_faults(source.kind, source.document, source.ref)


def _source_faults(kind: str, document: str, ref: str) -> Iterator[str]:
    if kind == "profile":
        if ref not in assumptions():
            yield f"no assumption {ref}"
    elif document not in documents():
        yield f"no source {document}"
    elif documents()[document].kind != kind:
        yield f"{document} is not of kind {kind}"


def _untested(system: str, of_system: list[Clause]) -> Iterator[str]:
    binding = [one for one in of_system if one.binding]
    untested = [one.id for one in binding if one.not_tested]
    if len(untested) > UNTESTED_SHARE * len(binding):
        yield f"{system}: {len(untested)} of {len(binding)} musts are not tested ({', '.join(untested)})"


def _near(of_system: list[Clause]) -> Iterable[tuple[Clause, Clause]]:
    for first, second in combinations(of_system, 2):
        if similar(first.text.ja, second.text.ja) or similar(first.text.en, second.text.en):
            yield first, second


@cache
def similar(first: str, second: str) -> bool:
    """Whether two texts say nearly the same; cheap upper bounds are asked first."""
    match = SequenceMatcher(None, first, second, autojunk=False)
    return match.real_quick_ratio() >= NEAR and match.quick_ratio() >= NEAR and match.ratio() >= NEAR
