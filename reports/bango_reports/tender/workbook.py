"""The workbook of a call for tenders: how to fill it in, the requirements with their answers, the assumptions behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_reports import sources, words
from bango_reports.catalogue import caught
from bango_reports.sheets import Cell, Column, Sheet, workbook
from bango_reports.tender.cover import cover
from bango_spec import assumptions, load, systems
from bango_spec.clauses import Clause, Level, area, of_system

if TYPE_CHECKING:
    from bango_reports.catalogue import Catalogue
    from bango_reports.formats.saying import Saying
    from bango_reports.model import ClauseResult
    from bango_reports.tender.answers import Answers
    from bango_spec.law import Edition

CHOICES = ("○", "△", "×", "対象外")
_MARKS = {
    "pass": "○",
    "fail": "×",
    "warn": "△",
    "not-applicable": "対象外",
    "not-tested": "未試験",
    "not-run": "未試験",
}


def tender(
    system: str,
    edition: Edition,
    catalogue: Catalogue,
    saying: Saying,
    levels: tuple[Level, ...] = (),
    answered: Answers | None = None,
) -> bytes:
    """The workbook's bytes; `levels` narrows to these, none given: all."""
    chosen = [one for one in of_system(system) if one.status != "withdrawn" and (not levels or one.level in levels)]
    title = f"{systems.system(system).names.ja} 調達仕様 要求事項"
    sheets = [
        cover(system, edition, catalogue, saying, len(chosen), answered),
        _requirements(chosen, catalogue, saying, answered),
        _assumed(chosen, saying),
    ]
    return workbook(sheets, title=title)


def _changed(clause: Clause, result: ClauseResult, saying: Saying) -> str:
    """Whether a requirement reads otherwise than when it was tested, in a line before the remark."""
    if result.text == clause.text and result.level == clause.level:
        return ""
    level = saying.one(words.LEVELS[result.level])
    return saying.pick(
        f"試験した時の文と違います（その時: {level} {saying.one(result.text)}）\n",
        f"Reads otherwise than when it was tested (then: {level} {saying.one(result.text)})\n",
    )


def _requirements(chosen: list[Clause], catalogue: Catalogue, saying: Saying, answered: Answers | None) -> Sheet:
    pick = saying.pick
    states = {one.clause: one for one in answered.run.clauses} if answered else {}
    cases = {case.obligation: case for case in answered.run.cases} if answered else {}
    rows: list[list[Cell]] = []
    for number, clause in enumerate(chosen, 1):
        result = states.get(clause.id)
        answer = _MARKS.get(result.state.value, "未試験") if result else ("未試験" if answered else None)
        found = [cases[name] for name in result.cases if name in cases] if result else []
        remark = (
            _changed(clause, result, saying) + saying.reason(result, found)
            if result
            else (pick("この結果にありません", "not in this result") if answered else None)
        )
        rows.append(
            [
                number,
                clause.id,
                saying.one(area(clause)),
                saying.one(words.LEVELS[clause.level])
                + (
                    pick("（次の版から採点）", " (scores from the next version on)")
                    if clause.status == "pending"
                    else ""
                ),
                saying.one(clause.text),
                saying.one(clause.why),
                "\n".join(saying.one(sources.told(source)) for source in clause.sources),
                _proof(clause, catalogue, saying),
                answer,
                remark,
            ]
        )
    columns = (
        Column("No.", 6),
        Column(pick("番号", "Id"), 13),
        Column(pick("分野", "Area"), 14),
        Column(pick("水準", "Level"), 8),
        Column(pick("要求事項", "Requirement"), 60),
        Column(pick("なぜ必要か", "Why"), 40),
        Column(pick("根拠", "Source"), 36),
        Column(pick("確かめ方", "How it is proven"), 30),
        Column(pick("回答", "Answer"), 10, answer=answered is None),
        Column(pick("補足", "Remarks"), 40, answer=answered is None),
    )
    return Sheet(pick("要求事項", "Requirements"), columns, rows, choices={} if answered else {8: CHOICES})


def _proof(clause: Clause, catalogue: Catalogue, saying: Saying) -> str:
    if clause.not_tested is not None:
        return saying.pick("機械では確かめられない：", "No machine can test it: ") + saying.one(
            clause.not_tested.reason
        )
    made = [one for one in catalogue.obligations if clause.id in one.clauses]
    if clause.level == "may":
        return saying.pick("任意なので試験しない", "optional: not tested")
    if clause.by_load:
        names = "、".join(load.verifying(clause.id))
        return saying.pick(f"負荷試験（{names}）", f"load campaigns: {names}")
    if not made:
        return saying.pick("試験はまだない", "no tests yet")
    kinds = saying.pick("、", ", ").join(
        saying.one(words.word(words.KINDS, kind)) for kind in dict.fromkeys(one.kind for one in made)
    )
    broken = len(caught(catalogue).get(clause.id, ()))
    proof = saying.pick(f"、変異体 {broken} で検証済み", f"; mutants caught: {broken}") if broken else ""
    return saying.pick(f"試験 {len(made)} 件（{kinds}）{proof}", f"tests: {len(made)} ({kinds}){proof}")


def _assumed(chosen: list[Clause], saying: Saying) -> Sheet:
    used: dict[str, list[str]] = {}
    for clause in chosen:
        for source in clause.sources:
            if source.kind == "profile":
                used.setdefault(source.document, []).append(clause.id)
    rows: list[list[Cell]] = [
        [saying.one(one.topic), words.plain(one.value), saying.one(one.reason), " ".join(used[one.id]), one.id]
        for one in assumptions.assumptions().values()
        if one.id in used
    ]
    columns = (
        Column(saying.pick("想定", "Assumption"), 36),
        Column(saying.pick("決めたこと", "Value"), 24),
        Column(saying.pick("理由", "Reason"), 60),
        Column(saying.pick("関わる番号", "Requirements"), 30),
        Column("id", 34),
    )
    return Sheet(saying.pick("想定", "Assumptions"), columns, rows)
