"""The page, JUnit and the terminal, with text that wants to do harm."""

from __future__ import annotations

import io
import itertools
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from tests.reports.conftest import make_case, make_clause, make_evidence, make_failure, make_run

from bango_reports import junit, page, safe, words
from bango_reports.events import CaseFinished, CaseStarted, Problem, Progress, RunFinished, RunStarted
from bango_reports.model import Difficulty, Exchange, Selection, Waiver
from bango_reports.terminal import Terminal
from bango_spec.reading import Text

if TYPE_CHECKING:
    from tests.reports.conftest import Saver

    from bango_reports.model import Run

GOLDEN = Path(__file__).parent / "golden"
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;]]>"
    "\x1b[2J\x1b]0;owned\x07\x00\x08\u202eevil\u2066\u200b\ufffe\U000e0041[red]x[/red]"
)
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufffe\ud800-\udfff\U000e0000-\U000e007f]"
)


class Outline(HTMLParser):
    """What a reader without eyes and a browser without scripts would find."""

    void = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert len({name for name, _ in attrs}) == len(attrs)
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)


def hostile() -> Run:
    text = Text(ja=EVIL, en=EVIL)
    failure = make_failure(
        "IS-EVL-001", sent=EVIL, expected=EVIL, came=EVIL, why=text, move=text, rerun=EVIL, code="CODE"
    )
    base = make_run(
        [
            make_case("shape.evil.0001", "fail", "IS-EVL-001", title=text, note=text, failure=failure),
            make_case("shape.evil.0002", "inconclusive", "IS-EVL-001", title=text, note=text),
            make_case("shape.evil.0003", "harness-error", title=text, note=text),
            make_case("shape.evil.0004", "warn", "IS-EVL-002", title=text, note=text, failure=failure),
            make_case("shape.evil.0005", "not-applicable", "IS-EVL-002", title=text, note=text),
        ],
        [
            make_clause("IS-EVL-001", text=text, why=text, sources=(EVIL,)),
            make_clause("IS-EVL-002", "should", text=text),
            make_clause("IS-EVL-003", not_tested=text),
        ],
        selection=Selection(complete=False, filters=(EVIL,)),
        waivers=(Waiver(obligation="shape.evil.0001", reason=EVIL, owner=EVIL, expires="2026-12-31"),),
        difficulties=(Difficulty(code="X", what=text, cause=EVIL, step=text),),
    )
    target = msgspec.structs.replace(base.target, product=EVIL, vendor=EVIL, version=EVIL, body_kinds=(EVIL,))
    return msgspec.structs.replace(base, target=target)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("kind", ["red", "green"])
def test_the_page_is_the_golden_one(
    kind: str, lang: Literal["ja", "en"], saved: Saver, request: pytest.FixtureRequest
) -> None:
    folder, run = saved(request.getfixturevalue(kind))
    html = page.write(folder, run, lang=lang).read_text(encoding="utf-8")
    without_style = re.sub(r"<style>.*?</style>", "<style></style>", html, flags=re.DOTALL)
    golden = GOLDEN / f"report.{kind}.{lang}.html"
    if os.environ.get("BANGO_GOLDEN"):  # write them anew; look at them before the commit
        golden.write_text(without_style, encoding="utf-8")
    assert without_style == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_is_well_formed_plain_and_its_links_lead_somewhere(red: Run, saved: Saver, lang: Any) -> None:
    folder, run = saved(red)
    html = page.write(folder, run, lang=lang).read_text(encoding="utf-8")
    outline = Outline(html)
    names = [tag for tag, _ in outline.tags]
    assert not {"script", "img", "iframe", "link", "form", "object"}.intersection(names)
    assert outline.tags[0] == ("html", {"lang": lang})
    assert not re.search(r"(?:https?:)?//|@import|url\(", html)
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    hrefs = [str(attributes["href"]) for tag, attributes in outline.tags if tag == "a"]
    for href in hrefs:
        assert href[1:] in ids if href.startswith("#") else (folder / href).is_file()
    headings = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(headings))
    assert all("scope" in attributes for tag, attributes in outline.tags if tag == "th")
    assert names.count("table") == names.count("caption")
    assert {str(a["lang"]) for _, a in outline.tags if "lang" in a} == {"ja", "en"}


def test_the_first_screen_says_what_matters(red: Run) -> None:
    html = page.render(red)
    first = html[html.index("<body") : html.index('id="counts"')]
    for said in (
        "例示中間サーバー 1.2.3",
        "intermediate-server",
        '2020-09-06（<span lang="ja">令和2年9月6日</span>）',
        red.target.artefact_digest,
        red.spec.digest,
        red.suite.digest,
        "不適合",
        "IS-INQ-004",
        "法律で認められない情報が渡ります。",
        "製品側で照合の順序を直してください。",
        "判定できなかったもの",
    ):
        assert said in first, said


def test_a_failure_is_told_whole_and_once(red: Run) -> None:
    html = page.render(red)
    assert html.count("bango certify target.toml --only permission.deny.0001 --seed 42") == 1
    assert "200 {&#34;outcome&#34;: &#34;provided&#34;}" in html
    assert "OUTCOME-WRONG" in html


def test_a_case_of_several_clauses_is_told_at_the_one_it_broke() -> None:
    failure = make_failure("IS-B")
    run = make_run(
        [make_case("shape.1", "fail", "IS-A", "IS-B", failure=failure)], [make_clause("IS-A"), make_clause("IS-B")]
    )
    html = page.render(run)
    assert html.count('id="case-shape.1"') == 1
    assert html.index('id="clause-IS-B"') < html.index('id="case-shape.1"')
    assert html.count('<a href="#case-shape.1">shape.1</a>') == 2


def test_altered_evidence_is_told_of_and_not_shown(red: Run, saved: Saver) -> None:
    folder, run = saved(red)
    (folder / "evidence" / "permission.deny.0001.json").write_text("{}", encoding="utf-8")
    html = page.write(folder, run).read_text(encoding="utf-8")
    assert "RESULT-EVIDENCE-ALTERED" in html
    assert "/network/v1/provisions</code>" not in html.split('id="case-permission.deny.0001"')[1].split("<h3")[0]


def test_long_evidence_is_shortened() -> None:
    run = make_run([make_case("shape.1", "fail", "IS-A")], [make_clause("IS-A")])
    long = make_evidence("shape.1", "x" * 10_000)
    many = msgspec.structs.replace(long, exchanges=long.exchanges * 30)
    html = page.render(run, lambda _: many)
    assert "残り 10 件" in html
    assert len(html) < 130_000


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_hostile_text_on_the_page_is_only_text(lang: Any) -> None:
    evidence = make_evidence("shape.evil.0001", EVIL)
    exchange = msgspec.structs.replace(evidence.exchanges[0], url=EVIL, error=EVIL, label=EVIL)
    html = page.render(hostile(), lambda _: msgspec.structs.replace(evidence, exchanges=(exchange,)), lang=lang)
    assert FORBIDDEN.search(html) is None
    outline = Outline(html)
    assert not {"script", "img"}.intersection(tag for tag, _ in outline.tags)
    assert not any(name.startswith("on") for _, attributes in outline.tags for name in attributes)
    assert "<script>alert(1)</script>" in "".join(outline.text)
    assert "⟨U+202E⟩evil" in html


def test_hostile_text_in_junit_is_only_text() -> None:
    data = junit.render(hostile())
    assert FORBIDDEN.search(data.decode()) is None
    suite = ET.fromstring(data)[0]
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.text is not None
    assert "<script>alert(1)</script>" in failure.text


@settings(derandomize=True, max_examples=50)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_makes_parseable_xml_and_a_quiet_line(value: str) -> None:
    run = make_run([make_case("shape.1", "fail", "C", failure=make_failure("C", came=value))], [make_clause("C")])
    ET.fromstring(junit.render(run))
    assert FORBIDDEN.search(safe.line(value)) is None
    assert "\n" not in safe.line(value)


def test_junit_counts_and_names(red: Run) -> None:
    suite = ET.fromstring(junit.render(red))[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped")) == (
        "3",
        "1",
        "1",
        "0",
    )
    names = [(case.get("classname"), case.get("name")) for case in suite.iter("testcase")]
    assert len(set(names)) == 3
    assert all((name or "").isascii() for pair in names for name in pair)
    properties = {p.get("name"): p.get("value") for p in suite.findall("testcase[2]/properties/property")}
    assert properties["clauses"] == "IS-INQ-004"
    assert properties["title.ja"] == "permission.deny.0001 の確認"
    failure = suite.find("testcase[2]/failure")
    assert failure is not None
    assert failure.get("type") == "OUTCOME-WRONG"
    for said in ("sent:", "expected:", "came:", "bango certify target.toml"):
        assert said in (failure.text or "")


def test_an_inconclusive_should_is_skipped_and_a_must_is_an_error() -> None:
    run = make_run([make_case("a.1", "inconclusive", "S"), make_case("a.2", "warn", "S")], [make_clause("S", "should")])
    suite = ET.fromstring(junit.render(run))[0]
    assert (suite.get("errors"), suite.get("skipped"), suite.get("failures")) == ("0", "1", "0")
    assert suite.find("testcase[2]/system-out") is not None


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
    assert "機械では確かめられない条項" in out
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


def test_no_answer_and_no_status_are_shown() -> None:
    exchange = Exchange(direction="sent-to-target", player="core", method="GET", url="/x", error="connection reset")
    run = make_run([make_case("shape.1", "fail", "IS-A")], [make_clause("IS-A")])
    html = page.render(run, lambda _: msgspec.structs.replace(make_evidence("shape.1"), exchanges=(exchange,)))
    assert "→ connection reset" in html
