"""The lines that end a run: what failed, why and whose move it is, then the counts, the gaps and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_reports import safe, words
from bango_reports.model import Verdict
from bango_reports.page import faults
from bango_reports.verdicts import run_verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bango_reports.model import Run
    from bango_reports.page import Fault
    from bango_spec.reading import Text

_TOLD = 10
_LONG = 400


def lines(run: Run, folder: str | Path = "", *, lang: str = "ja") -> Iterator[str]:
    """The summary, most urgent first; values of the target are made safe by whoever prints them."""
    yield ""
    yield from _failed(run, lang)
    yield from _undecided(run, lang)
    yield ""
    yield from _table(run, lang)
    yield from _gaps(run, lang)
    yield ""
    yield from _end(run, str(folder), lang)


def _failed(run: Run, lang: str) -> Iterator[str]:
    found = faults(run)
    for fault in found[:_TOLD]:
        yield from _fault(run, fault, lang)
    if more := len(found) - min(len(found), _TOLD):
        yield f"{more} more reasons of failure" if lang == "en" else f"ほかに {more} 種類の不合格があります"


def _undecided(run: Run, lang: str) -> Iterator[str]:
    found = [case for case in run.cases if case.verdict in {Verdict.INCONCLUSIVE, Verdict.HARNESS_ERROR}]
    for case in found[:_TOLD]:
        note = f": {_pick(case.note, lang)}" if case.note else ""
        yield f"{words.SIGNS[case.verdict.value]} {case.obligation}  {_pick(case.title, lang)}{note}"
    if more := len(found) - min(len(found), _TOLD):
        yield f"{more} more without a verdict" if lang == "en" else f"判定できなかったものがほかに {more} 件あります"


def _gaps(run: Run, lang: str) -> Iterator[str]:
    untested = [clause for clause in run.clauses if clause.not_tested is not None and not clause.cases]
    if untested:
        yield ""
        yield "Clauses that this suite does not test:" if lang == "en" else "この試験では確かめない条項:"
        yield from (f"  {c.clause}  {_pick(c.not_tested, lang)}" for c in untested if c.not_tested is not None)
    for waiver in run.waivers:
        state = _pick(words.WAIVERS[waiver.state], lang)
        name = "waiver" if lang == "en" else "免除"
        yield f"{name} {waiver.obligation}  {state}  {waiver.owner}  {waiver.expires}  {waiver.reason}"


def _end(run: Run, folder: str, lang: str) -> Iterator[str]:
    english, target = lang == "en", run.target
    partial = " (partial: certifies nothing)" if english else "（一部だけの実行。何も証明しません）"
    yield (
        f"{_pick(words.OUTCOMES[run_verdict(run).verdict], lang)}{'' if run.selection.complete else partial}  "
        f"{target.product} {target.version}  {target.profile}  {run.edition}  "
        f"{_pick(words.GRADES[run.grade], lang)}  exit {run.exit_code}"
    )
    if folder:
        yield f"{'Files' if english else '結果のファイル'}: {folder}"
    yield from (f"{'Next' if english else '次に'}: {_pick(step, lang)}" for step in run.next_steps)


def _fault(run: Run, fault: Fault, lang: str) -> Iterator[str]:
    failure = fault.first.failure
    if failure is None:
        return
    english = lang == "en"
    clause = next((c for c in run.clauses if c.clause == fault.clause), None)
    quoted = f"  {_pick(words.LEVELS[clause.level], lang)}: {_pick(clause.text, lang)}" if clause else ""
    yield f"{words.SIGNS[fault.first.verdict.value]} {fault.clause}{quoted}"
    more = len(fault.cases) - 1
    others = (f" (+{more})" if english else f" ほか {more} 件") if more else ""
    yield f"    {fault.first.obligation}{others}  {_pick(fault.first.title, lang)}  [{failure.code}]"
    side = _pick(words.SIDES[failure.at_fault], lang)
    rows = (
        ("sent" if english else "送ったもの", failure.sent),
        ("expected" if english else "期待したもの", failure.expected),
        ("came" if english else "返ったもの", failure.came),
        ("for residents" if english else "住民にとって", _pick(failure.why, lang)),
        ("whose move" if english else "次に動く人", f"{side}  {_pick(failure.move, lang)}"),
        ("again" if english else "もう一度", failure.rerun),
    )
    for name, value in rows:
        shown = safe.line(value)
        yield f"    {_padded(name, 14)}{shown[:_LONG]}{'…' if len(shown) > _LONG else ''}"


def _table(run: Run, lang: str) -> Iterator[str]:
    counts = run.counts
    heads = [_pick(words.VERDICTS[verdict], lang) for verdict in counts.verdicts]
    widths = [max(safe.width(head), 5) + 2 for head in heads]

    def row(name: str, numbers: list[int]) -> str:
        cells = "".join(f"{number:>{width}}" for number, width in zip(numbers, widths, strict=True))
        return f"{_padded(name, 14)}{cells}{sum(numbers):>8}"

    total = "sum" if lang == "en" else "計"
    head = "".join(" " * (width - safe.width(name)) + name for name, width in zip(heads, widths, strict=True))
    yield _padded("", 14) + head + " " * (8 - safe.width(total)) + total
    for kind, numbers in counts.kinds.items():
        yield row(_pick(words.word(words.KINDS, kind), lang), list(numbers.values()))
    yield row(total, list(counts.verdicts.values()))
    states = "  ".join(f"{_pick(words.VERDICTS[s], lang)} {n}" for s, n in counts.states.items() if n)
    yield f"clauses {counts.clauses}: {states}" if lang == "en" else f"条項 {counts.clauses} 件: {states}"


def _padded(text: str, columns: int) -> str:
    return text + " " * max(1, columns - safe.width(text))


def _pick(text: Text, lang: str) -> str:
    return text.en if lang == "en" else text.ja
