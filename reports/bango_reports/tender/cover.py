"""The first sheet: what the table is, how it is filled in, or which signed result filled it in and what that is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_reports import safe, words
from bango_reports.sheets import Cell, Column, Sheet
from bango_spec import systems
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.catalogue import Catalogue
    from bango_reports.formats.saying import Saying
    from bango_reports.model import Run
    from bango_reports.tender.answers import Answers
    from bango_spec.law import Edition

_ABOUT = Text(
    ja="製品に求めることの一覧です。入札の要求事項にそのまま使えます。",
    en="What a product must do, ready for a call for tenders.",
)


def cover(
    system: str, edition: Edition, catalogue: Catalogue, saying: Saying, number: int, answered: Answers | None
) -> Sheet:
    """The sheet for a system with so many requirements."""
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
    if answered:
        rows += _of_result(answered, saying) + _cautions(answered.run, edition, catalogue, saying)
    else:
        rows += _how_to_fill(saying)
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


def _cautions(run: Run, edition: Edition, catalogue: Catalogue, saying: Saying) -> list[list[Cell]]:
    """Where the result was not made with what this table says."""
    told = [
        (
            run.edition != edition.id,
            "試験した法令の版が、この表の版と違います。",
            "The result was made with another edition of the law than this table.",
        ),
        (
            run.spec.digest != catalogue.spec.digest,
            f"試験した仕様（{run.spec.version} {run.spec.digest}）が、この表の仕様と違います。変わった要求事項は補足にあります。",
            f"The result was made with another spec ({run.spec.version} {run.spec.digest}); remarks say which requirements changed.",
        ),
    ]
    return [
        [saying.pick("結果を読む前に", "Before you read on"), saying.pick(ja, en)] for stands, ja, en in told if stands
    ]
