"""The chosen obligations through pytest: their results in the suite's order, and what ended them early."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import pytest

from bango_conformance.execute import Executor
from bango_conformance.kept import kept
from bango_conformance.plugin import SuitePlugin, run_pytest
from bango_reports.events import CaseFinished, CaseStarted
from bango_reports.store import keep
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from pathlib import Path

    from bango_conformance.obligation import Obligation
    from bango_conformance.stage import Stage
    from bango_reports.events import Bus
    from bango_reports.model import CaseResult


class RunBrokenError(BangoError):
    """The run could not go on, or its result not be kept: the testbed's own surroundings failed."""

    exit_code = 13


@dataclass(frozen=True)
class Carried:
    """Results of the cases that ended; `interrupted` by whoever runs it, or by `trouble`."""

    results: tuple[CaseResult, ...]
    interrupted: bool
    trouble: BangoError | None


@dataclass(frozen=True)
class Plan:
    """What is to be run: `chosen` of `whole`, with what every case is told."""

    whole: tuple[Obligation, ...]
    chosen: tuple[Obligation, ...]
    seed: int
    rerun: str
    unavailable: frozenset[str]
    not_supported: frozenset[str]
    waived: frozenset[str]
    jobs: int


def carry_out(plan: Plan, stage: Stage, folder: Path, bus: Bus) -> Carried:
    """Run the cases; every result is kept in `folder` and told to `bus` as it comes."""
    executor = Executor(
        stage=stage,
        seed=plan.seed,
        rerun=plan.rerun,
        unavailable=plan.unavailable,
        not_supported=plan.not_supported,
        ordinals={one.id: n for n, one in enumerate(plan.whole)},
    )
    results: dict[str, CaseResult] = {}

    def execute(obligation: Obligation) -> CaseResult:
        bus.emit(CaseStarted(obligation=obligation.id, kind=obligation.kind, title=obligation.title))
        result, evidence = executor(obligation)
        with stage.masker() as masker:
            told, shown = masker.mask_all(result), kept(evidence, masker)
        result = keep(folder, told, shown)
        result = msgspec.structs.replace(result, waived=result.obligation in plan.waived)
        results[obligation.id] = result
        bus.emit(CaseFinished(result=result))
        return result

    plugin = SuitePlugin(plan.chosen, execute, plan.jobs)
    ended = run_pytest(plugin)
    stopped = ended is pytest.ExitCode.INTERRUPTED
    done = tuple(results[one.id] for one in plan.chosen if one.id in results)
    trouble = None if stopped else _trouble(plugin.trouble, ended, missing=len(plan.chosen) - len(done))
    return Carried(done, interrupted=stopped or trouble is not None, trouble=trouble)


def _trouble(error: Exception | None, ended: pytest.ExitCode, missing: int) -> BangoError | None:
    """Why cases have no result although nobody stopped the run; None where none is missing."""
    if isinstance(error, OSError):
        return unkept(f"{error.strerror}: {error.filename or ''}".rstrip(": "))
    if isinstance(error, BangoError):
        return RunBrokenError(error.code, error.what, cause=error.cause, step=error.step)
    if error is not None:
        raise error
    if missing:
        return RunBrokenError(
            "RUN-ENGINE",
            f"{missing} 件に結果がありません / {missing} cases have no result: pytest ended with {ended!r}",
            cause="試験台の誤りです / this is an error of the testbed, not of your product",
            step="出力を添えて知らせてください / report it with what was printed",
        )
    return None


def unkept(told: str) -> RunBrokenError:
    """RUN-UNKEPT: evidence or result cannot be written."""
    return RunBrokenError(
        "RUN-UNKEPT",
        f"結果を書けません / the result cannot be written: {told}",
        cause="ディスクがいっぱいか、フォルダーに書けなくなりました / the disk is full, or its folder can no longer be written to",
        step="空きを作り、もう一度実行してください。書けた証跡は残っています"
        " / make room and run it again; the evidence written so far is kept",
    )
