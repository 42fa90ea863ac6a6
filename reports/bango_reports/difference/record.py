"""The comparison for machines: one JSON object of a published shape (`difference.schema.json`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bango_reports.model import ClauseState, Level, Verdict
from bango_spec.reading import Element, Text

if TYPE_CHECKING:
    from bango_reports.difference.compare import CaseChange, ClauseChange, Difference
    from bango_reports.model import ClauseResult, Run

SCHEMA_VERSION = 1


class ComparedRun(Element, frozen=True, kw_only=True):
    """Which run it was; `spec` and `suite` are digests."""

    run: str
    product: str
    version: str
    profile: str
    started: str
    edition: str
    spec: str
    suite: str
    seed: int
    complete: bool
    digest: str


class ComparedCase(Element, frozen=True, kw_only=True):
    """One obligation: its verdicts (null where a run has none), and why it fails now."""

    obligation: str
    clauses: tuple[str, ...]
    old: Verdict | None
    new: Verdict | None
    code: str | None
    rerun: str | None


class MovedClause(Element, frozen=True, kw_only=True):
    """One clause whose state moved."""

    clause: str
    old: ClauseState | None
    new: ClauseState | None
    worse: bool


class Worded(Element, frozen=True, kw_only=True):
    """A clause as a run carries it."""

    level: Level
    pending: bool
    text: Text


class ChangedClause(Element, frozen=True, kw_only=True):
    """One clause that was added (`before` is null), withdrawn (`after` is null), reworded, or that binds otherwise."""

    clause: str
    old: ClauseState | None
    new: ClauseState | None
    wording: bool
    level: bool
    pending: bool
    before: Worded | None
    after: Worded | None


class Record(Element, frozen=True, kw_only=True):
    """Two runs compared; `regressed` is what the exit code 1 says."""

    schema_version: int = SCHEMA_VERSION
    regressed: bool
    old: ComparedRun
    new: ComparedRun
    cautions: tuple[Text, ...]
    regressions: tuple[ComparedCase, ...]
    fixed: tuple[ComparedCase, ...]
    added: tuple[ComparedCase, ...]
    gone: tuple[ComparedCase, ...]
    still: tuple[ComparedCase, ...]
    clauses: tuple[MovedClause, ...]
    spec: tuple[ChangedClause, ...]


def json(found: Difference) -> bytes:
    """The comparison as JSON."""
    record = Record(
        regressed=found.worse,
        old=_run(found.old),
        new=_run(found.new),
        cautions=found.cautions,
        regressions=tuple(map(_case, found.regressions)),
        fixed=tuple(map(_case, found.fixed)),
        added=tuple(map(_case, found.added)),
        gone=tuple(map(_case, found.gone)),
        still=tuple(map(_case, found.still)),
        clauses=tuple(
            MovedClause(clause=one.clause, old=one.states[0], new=one.states[1], worse=one.worse)
            for one in found.clauses
        ),
        spec=tuple(map(_changed, found.spec)),
    )
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def _run(run: Run) -> ComparedRun:
    return ComparedRun(
        run=run.run,
        product=run.target.product,
        version=run.target.version,
        profile=run.target.profile,
        started=run.started,
        edition=run.edition,
        spec=run.spec.digest,
        suite=run.suite.digest,
        seed=run.seed,
        complete=run.selection.complete,
        digest=run.digest,
    )


def _case(one: CaseChange) -> ComparedCase:
    failure = one.new.failure if one.new else None
    return ComparedCase(
        obligation=one.obligation,
        clauses=one.shown.clauses,
        old=one.old.verdict if one.old else None,
        new=one.new.verdict if one.new else None,
        code=failure.code if failure else None,
        rerun=failure.rerun if failure else None,
    )


def _changed(one: ClauseChange) -> ChangedClause:
    return ChangedClause(
        clause=one.clause,
        old=one.states[0],
        new=one.states[1],
        wording=one.wording,
        level=one.level,
        pending=one.pending,
        before=_worded(one.old),
        after=_worded(one.new),
    )


def _worded(clause: ClauseResult | None) -> Worded | None:
    return Worded(level=clause.level, pending=clause.pending, text=clause.text) if clause else None
