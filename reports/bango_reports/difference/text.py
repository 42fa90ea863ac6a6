"""The comparison as lines for a terminal, regressions first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_reports import safe, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bango_reports.difference.compare import CaseChange, ClauseChange, Difference
    from bango_reports.formats.saying import Saying
    from bango_reports.model import CaseResult

_TOLD = 20


def lines(found: Difference, saying: Saying) -> Iterator[str]:
    """What a reader of a build log needs, most urgent first; no value of a run can steer the terminal."""
    yield from (safe.line(line) for line in _lines(found, saying))


def _lines(found: Difference, saying: Saying) -> Iterator[str]:
    for run, name in ((found.old, saying.pick("前", "before")), (found.new, saying.pick("後", "after"))):
        product = f"{run.target.product} {run.target.version}"
        yield f"{name}  {product}  {run.started[:10]}  {run.edition}  seed {run.seed}  {run.run}"
    for caution in found.cautions:
        yield f"！ {saying.one(caution)}"
    for title, changes in sections(found, saying):
        yield ""
        yield f"━━ {title}: {len(changes)}"
        alike = grouped(changes)
        for group in alike[:_TOLD]:
            yield from _group(group, saying)
        if more := sum(map(len, alike[_TOLD:])):
            yield saying.pick(f"    ほか {more} 件（--format html か json）", f"    {more} more: --format html or json")
    yield from _clauses(found, saying)
    yield from _spec(found, saying)
    yield ""
    if found.worse:
        yield saying.pick("悪くなったものがあります", "Something regressed")
    else:
        yield saying.pick("悪くなったものはありません", "Nothing regressed")


def sections(found: Difference, saying: Saying) -> list[tuple[str, tuple[CaseChange, ...]]]:
    """The parts of a comparison in the order in which they matter."""
    named = (
        (saying.pick("悪くなった", "Regressions"), found.regressions),
        (saying.pick("良くなった", "Fixed"), found.fixed),
        (saying.pick("新しく加わった", "New"), found.added),
        (saying.pick("無くなった", "Gone"), found.gone),
        (saying.pick("変わらず合格でない", "Still not passing"), found.still),
    )
    return [(title, changes) for title, changes in named if changes or title == named[0][0]]


def verdict_of(case: CaseResult | None, saying: Saying) -> str:
    """A verdict in words with its sign; a dash where the run has no such case."""
    return "－" if case is None else f"{words.SIGNS[case.verdict]} {saying.one(words.VERDICTS[case.verdict])}"


def grouped(changes: tuple[CaseChange, ...]) -> list[list[CaseChange]]:
    """The cases of the same clauses that moved alike for the same reason, together and in their order."""
    found: dict[tuple[object, ...], list[CaseChange]] = {}
    for one in changes:
        failure = one.new.failure if one.new else None
        verdicts = (one.old and one.old.verdict, one.new and one.new.verdict)
        found.setdefault((one.shown.clauses, verdicts, failure and failure.code), []).append(one)
    return list(found.values())


def _group(group: list[CaseChange], saying: Saying) -> Iterator[str]:
    one, more = group[0], len(group) - 1
    case = one.shown
    others = saying.pick(f"  ほか {more} 件", f"  and {more} more alike") if more else ""
    verdicts = f"{verdict_of(one.old, saying)} → {verdict_of(one.new, saying)}"
    yield f"  {verdicts}  {case.obligation}  {' '.join(case.clauses)}{others}"
    if one.new is not None and one.new.failure is not None:
        yield f"      {saying.one(case.title)} [{one.new.failure.code}]"
        yield f"      {one.new.failure.rerun}"


def _clauses(found: Difference, saying: Saying) -> Iterator[str]:
    if not found.clauses:
        return
    yield ""
    yield f"━━ {saying.pick('結果の変わった条項', 'Clauses whose result moved')}: {len(found.clauses)}"
    for one in found.clauses[:_TOLD]:
        yield f"  {moved(one, saying)}  {one.clause}"
    if (more := len(found.clauses) - _TOLD) > 0:
        yield saying.pick(f"    ほか {more} 件", f"    {more} more")


def moved(one: ClauseChange, saying: Saying) -> str:
    """The state of a clause before and after, with their signs; what got worse is marked."""
    before, after = (
        "－" if state is None else f"{words.SIGNS[state]} {saying.one(words.VERDICTS[state])}" for state in one.states
    )
    mark = saying.pick("（悪くなった）", " (worse)") if one.worse else ""
    return f"{before} → {after}{mark}"


def _spec(found: Difference, saying: Saying) -> Iterator[str]:
    if not found.spec:
        return
    yield ""
    yield f"━━ {saying.pick('仕様の側で変わった条項', 'Clauses that the spec changed')}: {len(found.spec)}"
    for one in found.spec:
        yield f"  {safe.line(one.clause)}  {what_changed(one, saying)}"


def what_changed(one: ClauseChange, saying: Saying) -> str:
    """Whether a clause was added, withdrawn, reworded, or its level moved."""
    if one.old is None:
        return saying.pick("加わった", "added")
    if one.new is None:
        return saying.pick("無くなった", "withdrawn")
    parts = [saying.pick("文が変わった", "reworded")] if one.wording else []
    if one.level:
        levels = f"{saying.one(words.LEVELS[one.old.level])} → {saying.one(words.LEVELS[one.new.level])}"
        parts.append(saying.pick(f"水準 {levels}", f"level {levels}"))
    if one.pending:
        scores = saying.pick("採点の対象になった", "scores now")
        parts.append(saying.pick("採点の対象から外れた", "scores no longer") if one.new.pending else scores)
    return saying.pick("、", ", ").join(parts)
