"""The workbook of a call for tenders: how to fill it in, the requirements with their answers, the assumptions behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_reports import safe, sources, words
from bango_reports.sheets import Cell, Column, Sheet, workbook
from bango_spec import assumptions, systems
from bango_spec.clauses import Clause, Level, of_system
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.catalogue import Catalogue
    from bango_reports.formats.saying import Saying
    from bango_reports.tender.answers import Answers
    from bango_spec.law import Edition

_ABOUT = Text(
    ja="製品に求めることの一覧です。入札の要求事項にそのまま使えます。",
    en="What a product must do, ready for a call for tenders.",
)
CHOICES = ("○", "△", "×", "対象外")
_MARKS = {
    "pass": "○",
    "fail": "×",
    "warn": "△",
    "not-applicable": "対象外",
    "not-tested": "未試験",
    "not-run": "未試験",
}
AREAS: dict[str, Text] = {
    "ADM": Text(ja="接続の認可", en="Admission"),
    "API": Text(ja="接続仕様", en="Interface"),
    "AUT": Text(ja="相手の確認", en="Authentication"),
    "DIR": Text(ja="機関の一覧", en="Directory"),
    "DSC": Text(ja="開示とお知らせ", en="Disclosure and notices"),
    "INQ": Text(ja="情報照会", en="Inquiries"),
    "LNK": Text(ja="符号の取得", en="Linkage codes"),
    "OPS": Text(ja="運用", en="Operation"),
    "PRI": Text(ja="秘匿", en="Privacy"),
    "PRM": Text(ja="情報提供許可", en="Permits"),
    "PRV": Text(ja="情報提供", en="Provision"),
    "REC": Text(ja="情報提供等記録", en="Provision records"),
    "RLY": Text(ja="中継", en="Relay"),
    "RPL": Text(ja="副本", en="Replicas"),
    "STF": Text(ja="職員と権限", en="Staff and authority"),
    "TRN": Text(ja="通信路", en="Transport"),
    "TXT": Text(ja="文字", en="Characters"),
}
"""The areas of the clause ids, in words."""


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
        _cover(system, edition, catalogue, saying, len(chosen), answered),
        _requirements(chosen, catalogue, saying, answered),
        _assumed(chosen, saying),
    ]
    return workbook(sheets, title=title)


def _cover(
    system: str, edition: Edition, catalogue: Catalogue, saying: Saying, number: int, answered: Answers | None
) -> Sheet:
    pick = saying.pick
    rows: list[list[Cell]] = [
        [pick("この表は", "This table"), saying.one(_ABOUT)],
        [pick("対象のシステム", "System"), saying.one(systems.system(system).names)],
        [pick("要求事項の数", "Requirements"), number],
        [
            pick("法令の版", "Edition of the law"),
            f"{saying.day(edition.id)} {saying.one(Text(ja=edition.ja, en=edition.en))}",
        ],
        [pick("仕様の版と要約値", "Spec"), f"{catalogue.spec.version} {catalogue.spec.digest}"],
    ]
    rows += _of_result(answered, saying) if answered else _how_to_fill(saying)
    rows += [
        [
            pick("結果の確かめ方", "How to check a result"),
            pick(
                "提出された適合証明書は、bango verify 証明書 --run 実行結果 --trust 信頼一覧 で、通信なしに確かめられます。"
                "「自己宣言」は製品の側の試験、「立会い」は運用者の試験です。",
                "bango verify CERTIFICATE --run RUN --trust TRUST checks a certificate offline. Self-declared: run by the vendor; "
                "witnessed: run by the operator.",
            ),
        ],
        [
            pick("ご注意", "Note"),
            pick(
                "実際の接続仕様は公開されていません。公開資料にないところは、この試験台の想定です（三枚目）。",
                "The real interface is not public: what no public source states is assumed (third sheet).",
            ),
        ],
    ]
    return Sheet(
        pick("はじめに", "Read first"), (Column(pick("項目", "What"), 24), Column(pick("内容", "Value"), 90)), rows
    )


def _how_to_fill(saying: Saying) -> list[list[Cell]]:
    told = Text(
        ja="黄色の「回答」に、○（満たす）、△（条件つきで満たす）、×（満たさない）、対象外 のどれかを選び、"
        "○のほかは「補足」に理由を書いてください。",
        en="Choose ○ (met), △ (met on a condition), × (not met) or 対象外 (not applicable); say why for all but ○.",
    )
    return [[saying.pick("書き方", "How to fill in"), saying.one(told)]]


def _of_result(answered: Answers, saying: Saying) -> list[list[Cell]]:
    pick, run, conformity = saying.pick, answered.run, answered.conformity
    return [
        [
            pick("書き込み済み", "Filled in from"),
            pick("署名を確かめた結果から書き込みました。", "a result whose signature was checked."),
        ],
        [pick("製品", "Product"), safe.line(f"{run.target.product} {run.target.version}")],
        [pick("製造者", "Vendor"), safe.line(run.target.vendor)],
        [pick("等級", "Grade"), saying.one(words.GRADES[conformity.grade])],
        [pick("証明書の発行者", "Issuer"), saying.one(answered.issuer)],
        [pick("発行日", "Issued"), saying.day(conformity.issued)],
        [pick("有効期限", "Expires"), saying.day(conformity.expires)],
        [pick("試験した日", "Run on"), saying.day(run.started)],
        [pick("試験した法令の版", "Edition tested"), saying.day(run.edition)],
        [pick("結果の要約値", "Result digest"), run.digest],
    ]


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
            saying.reason(result, found)
            if result
            else (pick("この結果にありません", "not in this result") if answered else None)
        )
        rows.append(
            [
                number,
                clause.id,
                saying.one(AREAS.get(clause.id.split("-")[1], Text(ja="", en=""))),
                saying.one(words.LEVELS[clause.level]),
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
    if not made:
        return saying.pick("試験はまだない", "no tests yet")
    kinds = saying.pick("、", ", ").join(
        saying.one(words.word(words.KINDS, kind)) for kind in dict.fromkeys(one.kind for one in made)
    )
    broken = sum(one.clause == clause.id and not one.breaks for one in catalogue.mutants)
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
