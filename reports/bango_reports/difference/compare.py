"""The comparison of two runs, case by case and clause by clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bango_reports.model import CaseResult, ClauseResult, ClauseState, Run, Verdict
from bango_spec.reading import Text

if TYPE_CHECKING:
    from collections.abc import Callable

_WORSE = {
    "pass": 0,
    "not-applicable": 1,
    "warn": 2,
    "not-tested": 3,
    "not-run": 3,
    "inconclusive": 3,
    "harness-error": 3,
    "fail": 4,
}
"""How far each verdict or state is from a pass: what moves up got worse."""


class CaseChange(NamedTuple):
    """One obligation in both runs, or in one of them."""

    obligation: str
    old: CaseResult | None
    new: CaseResult | None

    @property
    def shown(self) -> CaseResult:
        """The case to tell: the later one where there is one."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 - one of them is always there
        return found


class ClauseChange(NamedTuple):
    """One clause: its state in both runs, and what the spec changed of it."""

    clause: str
    old: ClauseResult | None
    new: ClauseResult | None
    wording: bool
    level: bool
    pending: bool
    """It scores in one of the runs only: what was announced binds now, or the other way round."""
    worse: bool
    """Its state got worse, whichever case it was that did it; what a selection left out got no worse."""

    @property
    def states(self) -> tuple[ClauseState | None, ClauseState | None]:
        """Its state before and after."""
        return self.old.state if self.old else None, self.new.state if self.new else None


class Difference(NamedTuple):
    """Everything that two runs differ in; regressions first."""

    old: Run
    new: Run
    regressions: tuple[CaseChange, ...]
    fixed: tuple[CaseChange, ...]
    added: tuple[CaseChange, ...]
    gone: tuple[CaseChange, ...]
    still: tuple[CaseChange, ...]
    clauses: tuple[ClauseChange, ...]
    """Clauses whose state moved, the worse ones first."""
    spec: tuple[ClauseChange, ...]
    """Clauses that were added, withdrawn or reworded, or whose level moved."""
    cautions: tuple[Text, ...]

    @property
    def worse(self) -> bool:
        """Whether anything regressed: a case, or a clause by a case that the earlier run did not have."""
        return bool(self.regressions) or any(one.worse for one in self.clauses)


def compare(old: Run, new: Run) -> Difference:
    """The earlier run and the later one."""
    before = {case.obligation: case for case in old.cases}
    after = {case.obligation: case for case in new.cases}
    names = list(dict.fromkeys([*after, *before]))
    changes = [CaseChange(name, before.get(name), after.get(name)) for name in names]
    both = [(one, _WORSE[one.old.verdict] - _WORSE[one.new.verdict]) for one in changes if one.old and one.new]
    clauses = _clauses(old, new)
    return Difference(
        old=old,
        new=new,
        regressions=tuple(one for one, moved in both if moved < 0),
        fixed=tuple(one for one, moved in both if moved > 0),
        added=tuple(sorted((one for one in changes if one.old is None), key=lambda one: not _red(one.shown))),
        gone=tuple(one for one in changes if one.new is None),
        still=tuple(one for one, moved in both if moved == 0 and _red(one.shown)),
        clauses=tuple(
            sorted(
                (one for one in clauses if one.old and one.new and one.old.state != one.new.state),
                key=lambda one: not one.worse,
            )
        ),
        spec=tuple(one for one in clauses if one.wording or one.level or one.pending or not (one.old and one.new)),
        cautions=tuple(_cautions(old, new)),
    )


def _red(case: CaseResult) -> bool:
    return case.verdict not in {Verdict.PASS, Verdict.NOT_APPLICABLE}


def _clauses(old: Run, new: Run) -> list[ClauseChange]:
    before = {clause.clause: clause for clause in old.clauses}
    after = {clause.clause: clause for clause in new.clauses}
    found = []
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name), after.get(name)
        found.append(
            ClauseChange(
                name,
                was,
                now,
                wording=bool(was and now and was.text != now.text),
                level=bool(was and now and was.level != now.level),
                pending=bool(was and now and was.pending != now.pending),
                worse=bool(was and now and _worse(was.state, now.state, complete=new.selection.complete)),
            )
        )
    return found


def _worse(was: ClauseState, now: ClauseState, *, complete: bool) -> bool:
    return _WORSE[now] > _WORSE[was] and (complete or now is not ClauseState.NOT_RUN)


def _cautions(old: Run, new: Run) -> list[Text]:
    """What the reader must know before trusting the comparison."""
    same: tuple[tuple[Callable[[Run], object], str, str], ...] = (
        (lambda run: run.target.product, "製品が違います", "another product"),
        (lambda run: run.target.profile, "プロファイルが違います", "another profile"),
        (lambda run: run.edition, "法令の版が違います", "another edition of the law"),
        (lambda run: run.spec.digest, "仕様が違います", "another spec"),
        (lambda run: run.suite.digest, "試験の版が違います", "another suite"),
        (lambda run: run.target.body_kinds, "機関の種類が違います", "other kinds of body"),
        (lambda run: run.seed, "乱数の種が違います", "another seed"),
    )
    found = [
        Text(ja=f"{ja}：{get(old)} → {get(new)}", en=f"{en}: {get(old)} → {get(new)}")
        for get, ja, en in same
        if get(old) != get(new)
    ]
    if not (old.selection.complete and new.selection.complete):
        told = Text(
            ja="一部だけの実行が含まれます。来た・無くなった試験は、選び方の違いかもしれません。",
            en="A run is partial: what came or went may only have been selected differently.",
        )
        found.append(told)
    if new.started < old.started:
        found.append(Text(ja="後に挙げた実行のほうが古いものです。", en="The run named second is the older one."))
    return found
