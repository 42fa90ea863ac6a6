"""`bango rerun RUN`: the same target, seed and edition again, for all cases of a run or only those that were not green."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bango_conformance.certify import ORDER, Ordered, Request
from bango_conformance.run import NothingSelectedError
from bango_conformance.suite import Filters
from bango_reports.model import Verdict
from bango_reports.store import RESULT, load
from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from bango_reports.model import Run

RED = frozenset({Verdict.FAIL, Verdict.WARN, Verdict.INCONCLUSIVE, Verdict.HARNESS_ERROR})


def request(run: str, out: Path, *, failed: bool, json: bool = False, lang: str = "ja") -> Request:
    """The certification that repeats a run (its folder, or its name inside `out`); RERUN-NOTHING when all was green."""
    folder = find(run, out)
    made = load(folder)
    ordered = _ordered(folder)
    return Request(
        target=ordered.target,
        out=out,
        filters=Filters(only=_red(made)) if failed else Filters(),
        seed=ordered.seed,
        as_of=ordered.edition,
        jobs=ordered.jobs,
        hooks=ordered.hooks,
        json=json,
        lang=lang,
    )


def find(run: str, out: Path) -> Path:
    """The folder of a run by its path or its name."""
    for folder in (Path(run), out / run):
        if (folder / RESULT).is_file():
            return folder
    raise UsageError(
        "RERUN-UNKNOWN",
        f"{run}: 実行結果がありません / there is no run",
        cause=f"{RESULT} がありません / no {RESULT} in {run} or {out / run}",
        step="実行結果のフォルダーを指定してください / name the folder of a run",
    )


def _ordered(folder: Path) -> Ordered:
    try:
        return msgspec.json.decode((folder / ORDER).read_bytes(), type=Ordered)
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(
            "RERUN-ORDER",
            f"{folder / ORDER} を読めません / cannot be read: {error}",
            cause="ほかの機械から移された実行かもしれません / perhaps the run was moved here from elsewhere",
            step="bango certify 対象ファイル --seed … --only … / use bango certify with the run's seed and ids",
        ) from error


def _red(made: Run) -> tuple[str, ...]:
    found = tuple(case.obligation for case in made.cases if case.verdict in RED)
    if not found:
        raise NothingSelectedError(
            "RERUN-NOTHING",
            f"{made.run}: 不合格も判定できずもありません / nothing failed or stayed inconclusive",
            step=f"bango certify … --seed {made.seed}",
        )
    return found
