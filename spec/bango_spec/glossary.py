"""The vocabulary: one term per concept, and how terms moved since the briefing (`spec/glossary.yaml`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from bango_spec.errors import SpecError
from bango_spec.reading import Element, Text, read

if TYPE_CHECKING:
    from collections.abc import Mapping


class Term(Element, frozen=True):
    """A concept: the identifier in code, the Japanese term with its reading in hiragana, the English one."""

    id: str
    code: str
    ja: str
    reading: str
    en: str
    note: Text


class Drift(Element, frozen=True):
    """A term of 2014 and what stands in its place today; `since` is an ISO month where known."""

    id: str
    about: Text
    briefing: Text
    today: Text
    evidence: Literal["confirmed", "inferred", "uncertain"]
    since: str | None = None


class Glossary(Element, frozen=True):
    """The whole of `glossary.yaml`."""

    terms: tuple[Term, ...]
    drift: tuple[Drift, ...]


@cache
def glossary() -> Glossary:
    """Everything that `glossary.yaml` says."""
    return read("glossary.yaml", Glossary)


@cache
def terms() -> Mapping[str, Term]:
    """Every term by id, in the file's order."""
    return {one.id: one for one in glossary().terms}


def term(term_id: str) -> Term:
    """One term; TERM-UNKNOWN if the id is not in the file."""
    try:
        return terms()[term_id]
    except KeyError:
        raise SpecError(
            "TERM-UNKNOWN",
            f"{term_id} という用語はない。 no term {term_id}",
            step="id は spec/glossary.yaml にある。 see spec/glossary.yaml for the ids",
        ) from None
