"""The mutant matrix: every mutant of the reference is run against its clause's obligations and the smoke set."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bango_conformance.reference_target import target_file
from bango_conformance.run import Order, run
from bango_conformance.suite import Filters
from bango_reports.catalogue import Kill, Mutant
from bango_reports.events import Bus
from bango_reports.model import CaseResult, Run, Verdict
from bango_reports.store import load_evidence
from bango_spec.errors import BangoError
from bango_spec.reading import Text

PROFILE = "intermediate-server"
# Mutants that break whole families are allowed to fail the smoke set with them.
BROAD = "broad-"
LIST = [sys.executable, "-m", "bango_mocks.reference.intermediate_server", "--list-mutants"]


def mutants() -> tuple[Mutant, ...]:
    """Every mutant of the reference, as the reference itself lists them."""
    told = json.loads(subprocess.run(LIST, capture_output=True, check=True, timeout=60).stdout)  # noqa: S603 - our own module
    return tuple(
        Mutant(
            id=one["id"],
            clause=one["clause"],
            title=Text(**one["title"]),
            expected=one["reason"],
            profile=PROFILE,
        )
        for one in told
    )


@dataclass(frozen=True)
class Trial:
    """What one mutant is run with."""

    mutant: Mutant
    seed: int
    jobs: int
    whole: bool = False
    """The whole suite instead of the clause's obligations and the smoke set."""


def judge(trial: Trial) -> Kill:
    """Run one mutant. Killed: its clause fails with the stated reason, the smoke set passes, nothing crashed."""
    one = trial.mutant
    filters = Filters() if trial.whole else Filters(clauses=(one.clause,), smoke=True, either=True)
    with tempfile.TemporaryDirectory(prefix="bango-matrix-") as out, target_file(f"reference@{one.id}") as target:
        try:
            made = run(Order(target, Path(out), filters, trial.seed, jobs=trial.jobs), Bus())
        except BangoError as error:
            return Kill(mutant=one.id, killed=False, crashed=True, note=f"{error.code}: {error.what}")
        return verdict(one, made, lambda case: crashed(Path(out) / made.run, case))


def verdict(mutant: Mutant, made: Run, crash: Callable[[CaseResult], bool]) -> Kill:
    """What a run says of a mutant."""
    red = [case for case in made.cases if case.verdict in {Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.HARNESS_ERROR}]
    own = [case for case in red if mutant.clause in case.clauses]
    by = [case.obligation for case in own if case.failure and case.failure.code == mutant.expected]
    others = [case for case in red if mutant.clause not in case.clauses]
    fell = any(crash(case) for case in red)
    smoke = not any(case.obligation in smoke_ids(made) for case in others)
    reasons = sorted({case.failure.code for case in own if case.failure} - {mutant.expected})
    note = "" if by or not reasons else f"failed, but for {', '.join(reasons)}"
    return Kill(
        mutant=mutant.id,
        killed=bool(by) and (smoke or mutant.id.startswith(BROAD)) and not fell,
        by=tuple(by),
        others=tuple(case.obligation for case in others),
        smoke=smoke,
        crashed=fell,
        note=note,
    )


def smoke_ids(made: Run) -> frozenset[str]:
    """The smoke set among the cases of a run."""
    from bango_conformance.suite import Scope, suite  # noqa: PLC0415 - only here

    scope = Scope(made.edition, "", made.target.body_kinds, made.seed)
    return frozenset(one.id for one in suite(scope) if one.smoke)


def crashed(folder: Path, case: CaseResult) -> bool:
    """Whether the target fell over in a case instead of misbehaving: an internal error, or no answer at all."""
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
