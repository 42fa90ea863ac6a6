"""One obligation against the target: the check's findings become a case result with its evidence."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bango_conformance.case import Case
from bango_conformance.findings import Broken, NotApplicable, Unmet
from bango_conformance.misread import undocumented
from bango_reports.model import CaseResult, Evidence, Failure, Verdict
from bango_reports.verdicts import failure_verdict
from bango_spec.clauses import clause
from bango_spec.reading import Text
from bango_spec.target import TargetError

if TYPE_CHECKING:
    from bango_conformance.obligation import Obligation
    from bango_conformance.stage import Stage

MOVES = {
    "target": Text(
        ja="製品の開発者の番です。下の条項と証跡を見て直し、この一件だけをもう一度実行してください。",
        en="The product's developers: read the clause and the evidence below, mend it, and run this one case again.",
    ),
    "network": Text(ja="ネットワーク側の設定を確かめてください。", en="Whoever runs the network: check its settings."),
    "harness": Text(
        ja="試験台の誤りです。結果を添えて試験台の開発者に知らせてください。",
        en="The testbed's developers: this is an error of the testbed; report it with the result.",
    ),
    "unknown": Text(ja="証跡を見て原因の側を確かめてください。", en="Read the evidence to find the side at fault."),
}


@dataclass(frozen=True)
class Executor:
    """Runs obligations on a stage; `rerun` is the command line that repeats one of them, without its id."""

    stage: Stage
    seed: int
    rerun: str
    unavailable: frozenset[str]
    not_supported: frozenset[str]
    ordinals: Mapping[str, int]

    def __call__(self, obligation: Obligation) -> tuple[CaseResult, Evidence]:
        """The result of one obligation and what was seen; never raises for a fault of the target."""
        started = time.perf_counter()
        case = Case(self.stage, obligation, self.ordinals[obligation.id])
        verdict, failure, note = Verdict.PASS, None, None
        try:
            self._prerequisites(obligation)
            obligation.check(case)
        except Broken as found:
            verdict, failure = self._broken(obligation, found)
        except Unmet as found:
            verdict, note = Verdict.INCONCLUSIVE, Text(ja=found.ja, en=found.en)
        except NotApplicable as found:
            verdict, note = Verdict.NOT_APPLICABLE, Text(ja=found.ja, en=found.en)
        except TargetError as error:
            verdict, note = Verdict.INCONCLUSIVE, Text(ja=f"対象の設定の誤り: {error.what}", en=error.what)
        except Exception as error:  # noqa: BLE001 - an error of ours must not pass for one of the target's
            verdict, note = self._stumbled(case, error)
        finally:
            evidence = case.evidence()
        result = CaseResult(
            obligation=obligation.id,
            kind=obligation.kind,
            clauses=obligation.clauses,
            title=obligation.title,
            element=obligation.element,
            verdict=verdict,
            failure=failure,
            note=note,
            duration_ms=round((time.perf_counter() - started) * 1000, 1),
            seed=self.seed,
        )
        return result, evidence

    def _stumbled(self, case: Case, error: Exception) -> tuple[Verdict, Text]:
        """What an exception in a check means: an answer that could not be read, or an error of the testbed."""
        told = undocumented(case.evidence().exchanges)
        if told is not None:
            return Verdict.INCONCLUSIVE, Text(
                ja=f"対象の応答が定義に合わず、先を読めませんでした: {told}",
                en=f"an answer of the target breaks its document, so that the check could not go on: {told}",
            )
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {error} ({place.name}, line {place.lineno})"
        return Verdict.HARNESS_ERROR, Text(ja=f"試験台の誤り: {what}", en=f"error of the testbed: {what}")

    def _prerequisites(self, obligation: Obligation) -> None:
        for need in obligation.needs:
            if need in self.not_supported:
                raise NotApplicable(
                    f"対象が「{need}」を持たないと宣言しています。", f"the target declares not to have {need}"
                )
            if need in self.unavailable:
                raise Unmet(f"前提「{need}」が対象ファイルにありません。", f"the target file does not give {need}")

    def _broken(self, obligation: Obligation, found: Broken) -> tuple[Verdict, Failure]:
        first = clause(found.clause or obligation.clauses[0])
        failure = Failure(
            clause=first.id,
            code=found.code,
            sent=found.sent,
            expected=found.expected,
            came=found.came,
            at_fault=found.at_fault,
            located=found.located,
            why=first.why,
            move=MOVES[found.at_fault],
            rerun=f"{self.rerun} --only {obligation.id}",
        )
        return failure_verdict(clause(name).level for name in obligation.clauses), failure
