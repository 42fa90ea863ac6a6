"""A language's words for the formats that have room for one only, every value made harmless to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_reports import safe, words

if TYPE_CHECKING:
    from bango_reports.model import CaseResult, ClauseResult, Failure
    from bango_spec.reading import Text


class Saying:
    """Speaks Japanese or English."""

    def __init__(self, lang: str) -> None:
        self.lang = "en" if lang == "en" else "ja"

    def pick(self, ja: str, en: str) -> str:
        """A phrase of the report itself."""
        return en if self.lang == "en" else ja

    def one(self, text: Text | None) -> str:
        """A text of the spec or the target in this language."""
        return "" if text is None else safe.text(self.pick(text.ja, text.en))

    def day(self, moment: str) -> str:
        """A date in both calendars."""
        era = words.japanese_date(moment)
        return f"{moment[:10]}（{era}）" if era else safe.line(moment)

    def failure(self, failure: Failure) -> str:
        """Everything that a reader needs to act, as lines."""
        rows = (
            (self.pick("条項", "Clause"), failure.clause),
            (self.pick("理由コード", "Reason"), failure.code),
            (self.pick("送ったもの", "Sent"), failure.sent),
            (self.pick("期待したもの", "Expected"), failure.expected),
            (self.pick("返ったもの", "Came"), failure.came),
            (self.pick("どちらの側か", "At fault"), self.one(words.SIDES[failure.at_fault])),
            (self.pick("住民にとって", "For residents"), self.one(failure.why)),
            (self.pick("次にすること", "Whose move"), self.one(failure.move)),
            (self.pick("もう一度", "Run it again"), failure.rerun),
        )
        return "\n".join(f"{name}: {safe.text(value)}" for name, value in rows)

    def mark(self, state: str) -> str:
        """A verdict as the sign that goes into a form: ○ × △ 対象外 未試験."""
        signs = {"pass": "○", "fail": "×", "warn": "△"}
        return signs.get(state) or self.one(words.VERDICTS[state])

    def reason(self, clause: ClauseResult, cases: list[CaseResult]) -> str:
        """Why a clause came to its state, in a line or two."""
        if clause.not_tested is not None and not clause.cases:
            return self.one(clause.not_tested)
        bad = [case for case in cases if case.failure is not None]
        if bad and bad[0].failure is not None:
            more = len(bad) - 1
            others = self.pick(f"（ほか {more} 件）", f" (+{more})") if more else ""
            return f"{self.one(bad[0].title)}{others} [{bad[0].failure.code}] {bad[0].obligation}"
        noted = next((case for case in cases if case.note is not None), None)
        if noted is not None:
            return self.one(noted.note)
        return (
            self.pick(f"試験 {len(cases)} 件", f"tests: {len(cases)}")
            if cases
            else self.pick("実行していません", "not run")
        )
