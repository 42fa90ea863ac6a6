"""The run for Excel: a summary, the clauses with ○ × 対象外 未試験 and a reason, every case; no macros, no formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_reports import safe, words
from bango_reports.sheets import Cell, Column, Sheet, workbook
from bango_reports.verdicts import run_verdict

if TYPE_CHECKING:
    from bango_reports.formats.saying import Saying
    from bango_reports.model import CaseResult, Run

FILE = "report.xlsx"


def render(run: Run, saying: Saying) -> bytes:
    """The workbook's bytes."""
    title = safe.line(f"{run.target.product} {run.target.version}")
    return workbook([_summary(run, saying), _clauses(run, saying), _cases(run, saying)], title=title)


def _summary(run: Run, saying: Saying) -> Sheet:
    outcome = words.OUTCOMES[run_verdict(run).verdict]
    partial = (
        ""
        if run.selection.complete
        else saying.pick("一部だけの実行です。何も証明しません。", "Partial: certifies nothing.")
    )
    rows: list[list[Cell]] = [
        [saying.pick("合否", "Verdict"), f"{saying.one(outcome)} {partial}".strip()],
        [saying.pick("製品", "Product"), run.target.product],
        [saying.pick("製品の版", "Version"), run.target.version],
        [saying.pick("製造者", "Vendor"), run.target.vendor],
        [saying.pick("配布物の要約値", "Artefact digest"), run.target.artefact_digest],
        [saying.pick("プロファイル", "Profile"), run.target.profile],
        [
            saying.pick("機関の種類", "Kinds of body"),
            "、".join(saying.one(words.party(kind)) for kind in run.target.body_kinds),
        ],
        [saying.pick("法令の版", "Edition of the law"), saying.day(run.edition)],
        [saying.pick("等級", "Grade"), saying.one(words.GRADES[run.grade])],
        [saying.pick("実行日", "Run on"), saying.day(run.started)],
        [saying.pick("仕様の版と要約値", "Spec"), f"{run.spec.version} {run.spec.digest}"],
        [saying.pick("試験の版と要約値", "Suite"), f"{run.suite.version} {run.suite.digest}"],
        [saying.pick("結果の要約値", "Result digest"), run.digest],
        [saying.pick("乱数の種", "Seed"), str(run.seed)],
    ]
    rows += [
        [f"{saying.pick('条項', 'Clauses')}: {saying.one(words.VERDICTS[s])}", n] for s, n in run.counts.states.items()
    ]
    rows += [[saying.pick("条項の計", "Clauses, sum"), run.counts.clauses]]
    rows += [
        [f"{saying.pick('試験', 'Tests')}: {saying.one(words.VERDICTS[v])}", n] for v, n in run.counts.verdicts.items()
    ]
    rows += [[saying.pick("試験の計", "Tests, sum"), run.counts.cases]]
    rows += [[saying.pick("次にすること", "Next"), saying.one(step)] for step in run.next_steps]
    return Sheet(
        saying.pick("まとめ", "Summary"),
        (Column(saying.pick("項目", "What"), 28), Column(saying.pick("内容", "Value"), 80)),
        rows,
    )


def _clauses(run: Run, saying: Saying) -> Sheet:
    cases = {case.obligation: case for case in run.cases}
    rows: list[list[Cell]] = []
    for number, clause in enumerate(run.clauses, 1):
        found: list[CaseResult] = [cases[name] for name in clause.cases if name in cases]
        rows.append(
            [
                number,
                clause.clause,
                saying.one(words.LEVELS[clause.level]),
                saying.one(clause.text),
                saying.mark(clause.state.value),
                saying.reason(clause, found),
                saying.one(clause.why),
            ]
        )
    columns = (
        Column("No.", 6),
        Column(saying.pick("条項", "Clause"), 14),
        Column(saying.pick("水準", "Level"), 10),
        Column(saying.pick("内容", "Text"), 60),
        Column(saying.pick("結果", "Result"), 10),
        Column(saying.pick("理由", "Reason"), 50),
        Column(saying.pick("住民にとって", "For residents"), 40),
    )
    return Sheet(saying.pick("条項ごとの結果", "Clauses"), columns, rows)


def _cases(run: Run, saying: Saying) -> Sheet:
    rows: list[list[Cell]] = [
        [
            case.obligation,
            saying.one(words.word(words.KINDS, case.kind)),
            " ".join(case.clauses),
            saying.mark(case.verdict.value),
            saying.one(case.title),
            case.failure.code if case.failure else "",
            case.failure.expected if case.failure else "",
            case.failure.came if case.failure else saying.one(case.note),
            case.failure.rerun if case.failure else "",
        ]
        for case in run.cases
    ]
    columns = (
        Column(saying.pick("試験", "Test"), 44),
        Column(saying.pick("種類", "Kind"), 10),
        Column(saying.pick("条項", "Clauses"), 16),
        Column(saying.pick("結果", "Result"), 10),
        Column(saying.pick("題", "Title"), 46),
        Column(saying.pick("理由コード", "Reason"), 22),
        Column(saying.pick("期待したもの", "Expected"), 36),
        Column(saying.pick("返ったもの・注", "Came, note"), 46),
        Column(saying.pick("もう一度", "Run again"), 46),
    )
    return Sheet(saying.pick("試験ごとの結果", "Tests"), columns, rows)
