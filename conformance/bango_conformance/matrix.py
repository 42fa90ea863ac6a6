"""The mutant matrix: every mutant of the reference is run against its clause's obligations and the smoke set.

A broad mutant is run against the families that it breaks instead: it shows that each of their obligations can fail.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bango_conformance.run import Order, run
from bango_conformance.suite import Filters
from bango_mocks.reference_target import listed, write
from bango_reports.catalogue import Kill, Mutant
from bango_reports.events import Bus
from bango_reports.model import CaseResult, Run, Verdict
from bango_reports.store import load_evidence
from bango_spec.errors import BangoError
from bango_spec.reading import Text

PROFILE = "intermediate-server"


def mutants() -> tuple[Mutant, ...]:
    """The mutants that obligations find, as the reference itself lists them; those of load campaigns are left to these."""
    return tuple(
        Mutant(
            id=one["id"],
            clause=one["clause"],
            title=Text(**one["title"]),
            expected=one["reason"],
            profile=PROFILE,
            breaks=tuple(one["breaks"]),
        )
        for one in listed()
        if not one["campaign"]
    )


@dataclass(frozen=True)
class Trial:
    """What one mutant is run with."""

    mutant: Mutant
    seed: int
    jobs: int


def judge(trial: Trial) -> Kill:
    """Run one mutant. Killed: its clause fails with the stated reason, the smoke set passes, nothing crashed.

    Of a broad mutant the smoke set is not asked.
    """
    one = trial.mutant
    own = Filters(clauses=(one.clause,), smoke=True, either=True)
    filters = Filters(only=one.breaks) if one.breaks else own
    with (
        tempfile.TemporaryDirectory(prefix="bango-matrix-") as out,
        tempfile.TemporaryDirectory(prefix="bango-reference-") as own_folder,
    ):
        try:
            made = run(Order(write(Path(own_folder), one.id), Path(out), filters, trial.seed, jobs=trial.jobs), Bus())
        except BangoError as error:
            return Kill(mutant=one.id, killed=False, crashed=True, note=f"{error.code}: {error.what}")
        return verdict(one, made, lambda case: crashed(Path(out) / made.run, case))


def verdict(mutant: Mutant, made: Run, crash: Callable[[CaseResult], bool]) -> Kill:
    """What a run says of a mutant."""
    red = [case for case in made.cases if case.verdict not in {Verdict.PASS, Verdict.NOT_APPLICABLE}]
    failed = [case for case in red if case.failure is not None]
    by = [case for case in failed if mutant.clause in case.clauses and _code(case) == mutant.expected]
    fell = any(crash(case) for case in red)
    smoke = bool(mutant.breaks) or not any(
        case.obligation in smoke_ids(made) for case in red if mutant.clause not in case.clauses
    )
    reasons = sorted({_code(case) for case in failed if mutant.clause in case.clauses} - {mutant.expected})
    return Kill(
        mutant=mutant.id,
        killed=bool(by) and smoke and not fell,
        by=tuple(case.obligation for case in by),
        others=tuple(case.obligation for case in failed if case not in by),
        smoke=smoke,
        crashed=fell,
        note="" if by or not reasons else f"failed, but for {', '.join(reasons)}",
    )


def _code(case: CaseResult) -> str:
    return case.failure.code if case.failure else ""


def smoke_ids(made: Run) -> frozenset[str]:
    """The smoke set among the cases of a run."""
    from bango_conformance.suite import Scope, suite  # noqa: PLC0415 - only here

    scope = Scope(made.edition, "", made.target.body_kinds, made.seed)
    return frozenset(one.id for one in suite(scope) if one.smoke)


def crashed(folder: Path, case: CaseResult) -> bool:
    """Whether somebody fell over in a case: the target with an internal error or no answer at all, or the harness itself."""
    if case.verdict is Verdict.HARNESS_ERROR:
        return True
    if case.failure and case.failure.code == "NO-ANSWER":
        return True
    if not case.evidence:
        return False
    return any(
        exchange.response is not None and '"internal-error"' in exchange.response.body
        for exchange in load_evidence(folder, case).exchanges
        if exchange.direction == "sent-to-target"
    )


def survivors(kills: Iterable[Kill]) -> list[Kill]:
    """The mutants that were not killed."""
    return [kill for kill in kills if not kill.killed]
