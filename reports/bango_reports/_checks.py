"""The questions that a reader of a certificate asks, in their order; None means that a question does not arise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from bango_reports import words
from bango_reports.model import ClauseState, Verdict
from bango_spec.reading import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from bango_reports.keys import Issuer
    from bango_reports.model import Grade
    from bango_reports.statement import Conformity, Statement


@dataclass(frozen=True, kw_only=True)
class Question:
    """A certificate, opened, and what the reader wants it for."""

    statement: Statement
    conformity: Conformity
    issuer: Issuer | None
    signed: bool
    now: datetime
    product: str | None
    version: str | None
    artefact_digest: str | None
    profile: str | None
    grade: Grade
    folder_digest: str | None


Answer: TypeAlias = tuple[bool, Text] | None


def _say(passed: bool, yes: tuple[str, str], no: tuple[str, str]) -> Answer:  # noqa: FBT001 - yes or no is the point
    ja, en = yes if passed else no
    return passed, Text(ja=ja, en=en)


def _signature(q: Question) -> Answer:
    return _say(
        q.signed,
        ("署名は正しく、内容は発行後に変わっていません", "the signature is right: nothing was changed after issue"),
        ("署名が内容と合いません。内容か署名が変えられています", "the signature does not match: it was tampered with"),
    )


def _issuer(q: Question) -> Answer:
    key = q.conformity.issuer.key[:16]
    name = q.issuer.name if q.issuer else Text(ja="", en="")
    return _say(
        q.issuer is not None,
        (f"発行者「{name.ja}」は信頼する発行者です", f"the issuer “{name.en}” is on the trust list"),
        (f"発行者の鍵 {key}… は信頼一覧にありません", f"the issuer's key {key}… is not on the trust list"),
    )


def _issuer_grade(q: Question) -> Answer:
    if q.issuer is None:
        return None
    grade = words.GRADES[q.conformity.grade]
    return _say(
        q.conformity.grade in q.issuer.grades,
        (f"発行者は「{grade.ja}」の証明書を発行できます", f"the issuer may issue {grade.en}"),
        (f"この発行者は「{grade.ja}」の証明書を発行できません", f"this issuer may not issue {grade.en}"),
    )


def _issuer_day(q: Question) -> Answer:
    if q.issuer is None:
        return None
    last = q.issuer.last_day()
    return _say(
        datetime.fromisoformat(q.conformity.issued).date() <= last,
        (
            f"発行者の鍵の有効期間（{last} まで）に発行されました",
            f"issued while the issuer's key was valid (to {last})",
        ),
        (f"発行者の鍵の期限（{last}）のあとで発行されました", f"issued after the issuer's key had ended ({last})"),
    )


def _begun(q: Question) -> Answer:
    issued = q.conformity.issued
    return _say(
        q.now >= datetime.fromisoformat(issued),
        (f"発行日時 {issued}", f"issued {issued}"),
        (f"発行日時 {issued} はまだ来ていません", f"its date of issue {issued} lies in the future"),
    )


def _expired(q: Question) -> Answer:
    expires = q.conformity.expires
    return _say(
        q.now < datetime.fromisoformat(expires),
        (f"有効期限 {expires} の前です", f"not expired: valid until {expires}"),
        (f"有効期限 {expires} を過ぎています", f"it expired {expires}"),
    )


def _product(q: Question) -> Answer:
    target = q.conformity.target
    asked = (q.product or target.product, q.version or target.version, q.artefact_digest or target.artefact_digest)
    held = (target.product, target.version, target.artefact_digest)
    shown = f"{target.product} {target.version}"
    if q.product is q.version is q.artefact_digest is None:
        return _say(True, (f"製品は {shown}", f"the product is {shown}"), ("", ""))  # noqa: FBT003
    wanted = " ".join(part for part in (q.product, q.version, q.artefact_digest) if part)
    return _say(
        asked == held,
        (f"製品は求めどおり {shown}", f"the product is the one asked for: {shown}"),
        (
            f"別の製品の証明書です（証明書: {shown} {target.artefact_digest}、求めたもの: {wanted}）",
            f"it is for another product (certificate: {shown} {target.artefact_digest}; asked for: {wanted})",
        ),
    )


def _profile(q: Question) -> Answer:
    held = words.profile(q.conformity.target.profile)
    wanted = words.profile(q.profile or "")
    return _say(
        q.profile in {None, q.conformity.target.profile},
        (f"試験の種類（プロファイル）は{held.ja}", f"the profile is {held.en}"),
        (
            f"別の種類の証明書です（{held.ja}。求めたもの: {wanted.ja}）",
            f"its profile is {held.en}, not {wanted.en}",
        ),
    )


def _partial(q: Question) -> Answer:
    return _say(
        q.conformity.complete,
        ("すべての項目を実行しています", "the whole suite was run"),
        ("一部だけの実行です。適合を示しません", "the run was partial and shows no conformity"),
    )


def _result(q: Question) -> Answer:
    counts, clauses = q.conformity.counts, q.conformity.clauses
    bad = {Verdict.FAIL.value, Verdict.INCONCLUSIVE.value, Verdict.HARNESS_ERROR.value}
    states = {ClauseState.FAIL.value, ClauseState.INCONCLUSIVE.value, ClauseState.HARNESS_ERROR.value}
    failed = any(counts.verdicts.get(v, 0) for v in (Verdict.FAIL.value, Verdict.HARNESS_ERROR.value))
    clean = not failed and q.statement.predicate.result != "FAILED" and not q.statement.predicate.failed
    clean = clean and counts.waived == 0 and not states.intersection(clauses.values()) and bool(counts.cases)
    total = sum(counts.verdicts.values())
    clean = clean and total == counts.cases and sum(counts.states.values()) == counts.clauses == len(clauses)
    number = sum(counts.verdicts.get(v, 0) for v in bad)
    return _say(
        clean,
        (
            f"試験 {counts.cases} 件、不合格なし。この試験では確かめない条項 {len(q.conformity.not_tested)} 件",
            f"{counts.cases} cases, none failed; {len(q.conformity.not_tested)} clauses that this suite does not test",
        ),
        (
            f"適合を示す結果ではありません（合格でない試験 {number} 件）",
            f"its result shows no conformity ({number} not green)",
        ),
    )


def _subject(q: Question) -> Answer:
    target, subjects = q.conformity.target, q.statement.subject
    same = len(subjects) == 1 and subjects[0].digest == {"sha256": target.artefact_digest.removeprefix("sha256:")}
    if same:
        return None
    return _say(False, ("", ""), ("証明書の中で、対象物と製品の記載が合いません", "subject and product do not agree"))  # noqa: FBT003


def _evidence(q: Question) -> Answer:
    if q.folder_digest is None:
        return None
    return _say(
        q.folder_digest == q.conformity.evidence,
        ("実行結果のフォルダーは証明書のときのままです", "the run folder is as it was when the certificate was issued"),
        (
            "実行結果のフォルダーは証明書のものと違うか、変えられています",
            "the run folder is another one or was changed",
        ),
    )


def _grade(q: Question) -> Answer:
    grade = q.conformity.grade
    if grade == "witnessed":
        return _say(True, ("等級は立会い（witnessed）", "the grade is witnessed"), ("", ""))  # noqa: FBT003
    return _say(
        q.grade == "self-declared",
        (
            "等級は自己宣言（self-declared）。何を実行したかを示すだけで、接続は許されません",
            "the grade is self-declared: it shows what was run and admits nobody to the network",
        ),
        (
            "自己宣言の証明書では接続できません。運営者の立会いが要ります",
            "self-declared admits nobody: a witnessed one is needed",
        ),
    )


CHECKS: tuple[tuple[str, Callable[[Question], Answer]], ...] = (
    ("CERT-TAMPERED", _signature),
    ("CERT-UNTRUSTED", _issuer),
    ("CERT-ISSUER-GRADE", _issuer_grade),
    ("CERT-ISSUER-EXPIRED", _issuer_day),
    ("CERT-NOT-YET", _begun),
    ("CERT-EXPIRED", _expired),
    ("CERT-SUBJECT", _subject),
    ("CERT-PRODUCT", _product),
    ("CERT-PROFILE", _profile),
    ("CERT-PARTIAL", _partial),
    ("CERT-NOT-PASSED", _result),
    ("CERT-SELF-DECLARED", _grade),
    ("CERT-EVIDENCE", _evidence),
)
"""Code of the refusal and the question, in the order in which they are told."""
