"""The numbered clauses: `spec/requirements/*.yaml` and the sources they cite (`spec/sources.yaml`) as typed data."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal

import msgspec

from bango_spec.assumptions import value
from bango_spec.errors import SpecError, UsageError
from bango_spec.reading import Element, Text, files, read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Level = Literal["must", "must-not", "should", "should-not", "may"]
Kind = Literal[
    "shape", "permission", "workflow", "lifecycle", "privacy", "record", "transport", "fault", "text", "load"
]
SourceKind = Literal["law", "order", "briefing", "rfc", "incident", "profile", "fact"]
Surface = Literal["in-house", "network", "sent", "store", "logs", "clock", "restart", "kill"]

ASSUMPTION = re.compile(r"\{([a-z0-9-]+)\}")


class SourceDocument(Element, frozen=True):
    """An entry of the catalogue of sources; `law` is the e-Gov id, `edition` the date its numbers are read in."""

    id: str
    kind: SourceKind
    title: Text
    law: str | None = None
    edition: str | None = None
    source: Text | None = None
    confidence: Literal["stated", "inferred", "usual"] | None = None


class Source(Element, frozen=True):
    """Where a duty comes from: `<document>/<place>`, or for kind `profile` the id of an assumption."""

    kind: SourceKind
    ref: str
    note: Text | None = None

    @property
    def document(self) -> str:
        """The id in the catalogue of sources (or of the assumption)."""
        return self.ref.partition("/")[0]

    @property
    def place(self) -> str:
        """Article, paragraph and item (`19/1/7`), page or section; empty if the whole document is meant."""
        return self.ref.partition("/")[2]


class Observation(Element, frozen=True):
    """Through which surfaces and hooks the duty shows from outside, and how."""

    through: tuple[Surface, ...]
    how: Text


class NotTested(Element, frozen=True):
    """Why no machine can test the clause; the operator attests it instead."""

    reason: Text


class Clause(Element, frozen=True):
    """One duty: `party` is the part in which a target is judged, `why` what a breach does to a resident."""

    id: str
    level: Level
    text: Text
    why: Text
    sources: tuple[Source, ...]
    kinds: tuple[Kind, ...]
    since: str
    system: str = ""
    party: Literal["asker", "provider", "both"] | None = None
    test: Observation | None = None
    not_tested: NotTested | None = None
    status: Literal["active", "pending", "withdrawn"] = "active"

    @property
    def area(self) -> str:
        """The id without its number: `IS-INQ`."""
        return self.id.rpartition("-")[0]

    @property
    def binding(self) -> bool:
        """Whether breaking it fails a target: a must or must not that is in force."""
        return self.level in {"must", "must-not"} and self.status == "active"

    @property
    def by_load(self) -> bool:
        """Whether only a load campaign can verify it, so that no certification without load asks for it."""
        return self.kinds == ("load",)

    @property
    def testable(self) -> bool:
        """Whether some obligation has to verify it."""
        return self.status == "active" and self.level != "may" and self.not_tested is None


class _Area(Element, frozen=True):
    id: str
    names: Text


class _File(Element, frozen=True):
    system: str
    prefix: str
    clauses: tuple[Clause, ...]


def _filled(text: Text) -> Text:
    """The text with the value of each assumption named in braces, so that no number is written down twice."""

    def stated(match: re.Match[str]) -> str:
        found = value(match[1])
        return f"{found:,}" if type(found) is int else str(found)

    return Text(ja=ASSUMPTION.sub(stated, text.ja), en=ASSUMPTION.sub(stated, text.en))


def _read(path: Path) -> list[Clause]:
    file = read(path, _File)
    for clause in file.clauses:
        if not re.fullmatch(rf"{file.prefix}-[A-Z]{{3}}-[0-9]{{3}}", clause.id):
            raise SpecError("CLAUSE-ID", f"{path.name}: {clause.id} is no clause id of {file.prefix}")
    return [msgspec.structs.replace(one, system=file.system, text=_filled(one.text)) for one in file.clauses]


@cache
def clauses() -> Mapping[str, Clause]:
    """Every clause by id, file by file in the order written; CLAUSE-TWICE if an id stands twice."""
    found: dict[str, Clause] = {}
    for path in files("requirements"):
        for one in _read(path):
            if one.id in found:
                raise SpecError(
                    "CLAUSE-TWICE", f"{one.id} stands twice", step="ids are never used again: take the next"
                )
            found[one.id] = one
    return found


def clause(clause_id: str) -> Clause:
    """One clause; CLAUSE-UNKNOWN with the nearest ids if there is none."""
    try:
        return clauses()[clause_id]
    except KeyError:
        from difflib import get_close_matches  # noqa: PLC0415 - only for the message

        near = ", ".join(get_close_matches(clause_id.upper(), clauses(), n=3, cutoff=0.5))
        raise UsageError(
            "CLAUSE-UNKNOWN", f"no clause {clause_id}", step=f"did you mean {near}?" if near else ""
        ) from None


def of_system(system: str, *, level: Level | None = None, kind: Kind | None = None) -> list[Clause]:
    """The clauses of a system (id as in `systems.yaml`), narrowed by level or by the kind of obligation."""
    return [
        one
        for one in clauses().values()
        if one.system == system and level in {None, one.level} and (kind is None or kind in one.kinds)
    ]


@cache
def areas() -> Mapping[str, Text]:
    """The areas of the clauses by the three letters in the middle of their ids (`areas.yaml`)."""
    return {one.id: one.names for one in read("areas.yaml", list[_Area])}


def area(one: Clause) -> Text:
    """The area of a clause in words; AREA-UNKNOWN if `areas.yaml` does not name it."""
    letters = one.id.split("-")[1]
    try:
        return areas()[letters]
    except KeyError:
        raise SpecError("AREA-UNKNOWN", f"{one.id}: no area {letters}", step="name it in areas.yaml") from None


@cache
def documents() -> Mapping[str, SourceDocument]:
    """The catalogue of sources by id; SOURCE-TWICE if an id stands twice."""
    found: dict[str, SourceDocument] = {}
    for one in read("sources.yaml", list[SourceDocument]):
        if one.id in found:
            raise SpecError("SOURCE-TWICE", f"the source {one.id} stands twice", step="merge the two entries")
        found[one.id] = one
    return found


def problems() -> list[str]:
    """Every fault of the clauses as a whole in words, empty if there is none."""
    from bango_spec._clauses_check import problems as found  # noqa: PLC0415 - the check reads this module

    return found()
