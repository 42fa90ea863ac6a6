"""From cases to clauses, from clauses to the verdict of a run, its exit code and whether it can certify."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Literal

import msgspec

from bango_reports.model import BINDING, CaseResult, ClauseResult, ClauseState, Counts, Level, Run, Verdict
from bango_spec.reading import Element

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

RunWord = Literal["conformant", "not-conformant", "undecided", "harness-error"]


class ExitCode(enum.IntEnum):
    """What the process says: 0 to 5 as pytest has them, then our own."""

    OK = 0
    FAILED = 1
    INTERRUPTED = 2
    INTERNAL_ERROR = 3
    USAGE_ERROR = 4
    NOTHING_SELECTED = 5
    TARGET_UNREACHABLE = 10
    WAIVER = 11
    NOT_RUN = 12
    HARNESS_ERROR = 13


_EXITS = {
    "INTERRUPTED": ExitCode.INTERRUPTED,
    "HARNESS-ERROR": ExitCode.HARNESS_ERROR,
    "MUST-FAILED": ExitCode.FAILED,
    "WAIVER-BROKEN": ExitCode.WAIVER,
    "MUST-NOT-RUN": ExitCode.NOT_RUN,
    "MUST-WAIVED": ExitCode.FAILED,
    "NOTHING-RUN": ExitCode.NOTHING_SELECTED,
}
# A partial run that passes exits 0; it says that it is partial, and certifies nothing.


class Outcome(Element, frozen=True, kw_only=True):
    """The verdict of a whole run."""

    verdict: RunWord
    exit_code: int
    certifies: bool
    """Complete, every testable must passed, no waiver on a must: a certificate may be issued."""
    obstacles: tuple[str, ...]
    """Codes of what stands against a certificate, most urgent first."""


def failure_verdict(levels: Iterable[Level]) -> Verdict:
    """What a deviation is, from the levels of the clauses in force (not the pending ones): a fail if one binds."""
    return Verdict.FAIL if any(level in BINDING for level in levels) else Verdict.WARN


def clause_state(clause: ClauseResult, cases: Sequence[CaseResult]) -> ClauseState:
    """What the cases of a clause come to: the worst one decides; what does not bind is content with a warning."""
    found = {case.verdict for case in cases}
    if found & {Verdict.FAIL, Verdict.WARN}:
        return ClauseState.FAIL if clause.binding else ClauseState.WARN
    for verdict in (Verdict.HARNESS_ERROR, Verdict.INCONCLUSIVE, Verdict.PASS, Verdict.NOT_APPLICABLE):
        if verdict in found:
            return ClauseState(verdict.value)
    if clause.not_tested:
        return ClauseState.NOT_TESTED
    # The engine alone knows which side of an exchange the target's body never takes.
    return clause.state if clause.state is ClauseState.NOT_APPLICABLE else ClauseState.NOT_RUN


def clause_results(clauses: Iterable[ClauseResult], cases: Sequence[CaseResult]) -> tuple[ClauseResult, ...]:
    """The clauses with `cases` and `state` filled in from the cases; without any, a not-applicable that stood there stays."""
    by_clause: dict[str, list[CaseResult]] = {}
    for case in cases:
        for clause in dict.fromkeys(case.clauses):
            by_clause.setdefault(clause, []).append(case)
    return tuple(
        msgspec.structs.replace(
            clause,
            cases=tuple(case.obligation for case in by_clause.get(clause.clause, ())),
            state=clause_state(clause, by_clause.get(clause.clause, ())),
        )
        for clause in clauses
    )


def count(cases: Sequence[CaseResult], clauses: Sequence[ClauseResult]) -> Counts:
    """The counts of a run; every verdict and state has its number, also zero."""
    verdicts = dict.fromkeys((v.value for v in Verdict), 0)
    kinds: dict[str, dict[str, int]] = {}
    for case in cases:
        verdicts[case.verdict.value] += 1
        row = kinds.setdefault(case.kind, dict.fromkeys(verdicts, 0))
        row[case.verdict.value] += 1
    states = dict.fromkeys((s.value for s in ClauseState), 0)
    for clause in clauses:
        states[clause.state.value] += 1
    return Counts(
        cases=len(cases),
        verdicts=verdicts,
        kinds=dict(sorted(kinds.items())),
        waived=sum(case.waived for case in cases),
        clauses=len(clauses),
        states=states,
    )


def run_verdict(run: Run) -> Outcome:
    """The verdict of a run by the design's rules: a must that did not run is never green, nor is a waived one."""
    binding = [clause for clause in run.clauses if clause.binding]
    states = {clause.state for clause in binding}
    loose = {clause.clause for clause in run.clauses if not clause.binding}

    def binds(case: CaseResult) -> bool:
        # A clause that the run does not know may be any: it is taken for one that binds.
        return any(clause not in loose for clause in case.clauses)

    found = {case.verdict for case in run.cases}
    deviating = [
        case for case in run.cases if case.verdict is Verdict.FAIL or (case.verdict is Verdict.WARN and binds(case))
    ]
    idle_must = ClauseState.INCONCLUSIVE in states or (run.selection.complete and ClauseState.NOT_RUN in states)
    known = {clause.clause for clause in run.clauses}
    orphan = any(
        case.verdict is Verdict.INCONCLUSIVE and not known.issuperset(case.clauses or ("",)) for case in run.cases
    )
    # A whole run without any clause shows no conformity, however green it is.
    unbound = run.selection.complete and bool(run.cases) and not run.clauses
    obstacles = {
        "INTERRUPTED": run.interrupted,
        "HARNESS-ERROR": Verdict.HARNESS_ERROR in found,
        "MUST-FAILED": any(not case.waived for case in deviating),
        "WAIVER-BROKEN": any(w.state in {"stale", "expired", "unknown-obligation"} for w in run.waivers),
        "MUST-NOT-RUN": idle_must or orphan or unbound,
        "MUST-WAIVED": any(case.waived and binds(case) for case in run.cases),
        "NOTHING-RUN": not run.cases,
        "PARTIAL": not run.selection.complete,
    }
    against = tuple(code for code, stands in obstacles.items() if stands)
    exit_code = next((_EXITS[code] for code in against if code in _EXITS), ExitCode.OK)
    return Outcome(
        verdict=_word(against, failed=bool(deviating)),
        exit_code=int(exit_code),
        certifies=not against,
        obstacles=against,
    )


def _word(against: tuple[str, ...], *, failed: bool) -> RunWord:
    if "HARNESS-ERROR" in against:
        return "harness-error"
    if failed:
        return "not-conformant"
    return "undecided" if against else "conformant"


def finish(run: Run, folder: Path | None = None) -> Run:
    """The run with clauses, counts, exit code and next steps computed from its cases; engines end with this.

    The engine hands in `clauses` with wording and level (any state), empty counts and any exit code; a run aborted
    before the cases (10, target unreachable) keeps the exit code that the engine gave it. The next steps name the run
    by its `folder`.
    """
    from bango_reports._advice import next_steps  # noqa: PLC0415 - it reads this module

    clauses = clause_results(run.clauses, run.cases)
    counted = msgspec.structs.replace(run, clauses=clauses, counts=count(run.cases, clauses))
    outcome = run_verdict(counted)
    aborted = not run.cases and run.exit_code == ExitCode.TARGET_UNREACHABLE
    done = msgspec.structs.replace(counted, exit_code=run.exit_code if aborted else outcome.exit_code)
    return msgspec.structs.replace(done, next_steps=next_steps(done, outcome, folder))


NO_COUNTS = count((), ())
"""Empty counts, for a run that `finish` will complete."""
