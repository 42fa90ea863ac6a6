"""The terminal, with text that wants to do harm, and the words and dates of all writers."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Literal

import pytest
from rich.console import Console
from tests.reports.conftest import make_case, make_clause, make_run
from tests.reports.hostile import EVIL, FORBIDDEN, hostile

from bango_reports import words
from bango_reports.events import CaseFinished, CaseStarted, Problem, Progress, RunFinished, RunStarted
from bango_reports.model import Difficulty
from bango_reports.terminal import Terminal
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.model import Run


def play(run: Run, lang: Literal["ja", "en"], *, terminal: bool) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, highlight=False)
    writer = Terminal(console, lang=lang)
    writer.handle(
        RunStarted(
            run=run.run, target=run.target, edition="2020-09-06", seed=1, selection=run.selection, cases=len(run.cases)
        )
    )
    writer.handle(Progress(phase=Text(ja="準備", en="preparing"), done=1, total=2))
    for case in run.cases:
        writer.handle(CaseStarted(obligation=case.obligation, kind=case.kind, title=case.title))
        writer.handle(CaseFinished(result=case))
    writer.handle(Problem(difficulty=Difficulty(code="X-1", what=Text(ja="何か", en="something"), cause=EVIL)))
    writer.handle(RunFinished(run=run, folder="runs/1"))
    writer.close()
    return out.getvalue()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_without_a_terminal_the_lines_are_plain_and_lead_with_the_failure(red: Run, lang: Literal["ja", "en"]) -> None:
    out = play(red, lang, terminal=False)
    assert "\x1b" not in out
    order = ["3/3", "IS-INQ-004", "OUTCOME-WRONG", "bango certify target.toml", "privacy.log.0001"]
    order += ["exit 1", "runs/1", "bango rerun run-0001 --failed"]
    end = out[out.index("3/3") :]
    assert [end.index(said) for said in order] == sorted(end.index(said) for said in order)
    for said in {
        "ja": ("不適合", "住民にとって", "次に動く人"),
        "en": ("Not conformant", "for residents", "whose move"),
    }[lang]:
        assert said in end


def test_a_green_run_says_what_was_not_tested(green: Run) -> None:
    out = play(green, "ja", terminal=False)
    assert "この試験では確かめない条項" in out
    assert "IS-OPS-001" in out
    assert "適合  例示中間サーバー" in out


@pytest.mark.parametrize("terminal", [True, False])
def test_hostile_text_cannot_steer_the_terminal(terminal: bool) -> None:
    out = play(hostile(), "ja", terminal=terminal)
    own = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out) if terminal else out
    assert FORBIDDEN.search(own.replace("\r", "")) is None
    assert "\x1b[2J" not in out
    assert "[red]x[/red]" in out


def test_a_hundred_reasons_are_not_all_told() -> None:
    cases = [make_case(f"shape.{n}", "fail", f"C-{n}") for n in range(100)]
    cases += [make_case(f"text.{n}", "inconclusive", "C-0") for n in range(100)]
    out = play(make_run(cases, [make_clause(f"C-{n}") for n in range(100)]), "ja", terminal=False)
    assert "ほかに 90 種類" in out
    assert "ほかに 90 件" in out
    assert len(out.splitlines()) < 180


def test_dates_stand_in_both_calendars() -> None:
    assert words.japanese_date("2019-04-30") == "平成31年4月30日"
    assert words.japanese_date("2019-05-01") == "令和元年5月1日"
    assert words.japanese_date("1989-01-07T00:00:00Z") == "昭和64年1月7日"
    assert words.japanese_date("1800-01-01") == words.japanese_date("soon") == ""


def test_every_verdict_and_state_has_a_word_and_a_sign() -> None:
    from bango_reports.model import ClauseState, Verdict

    for value in [*Verdict, *ClauseState]:
        assert words.VERDICTS[value.value].ja
        assert words.SIGNS[value.value]
