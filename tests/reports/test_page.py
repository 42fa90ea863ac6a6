"""The page, with text that wants to do harm."""

from __future__ import annotations

import itertools
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import pytest
from tests.reports.conftest import make_case, make_clause, make_evidence, make_failure, make_run
from tests.reports.hostile import EVIL, FORBIDDEN, hostile

from bango_reports import page
from bango_reports.model import Exchange

if TYPE_CHECKING:
    from tests.reports.conftest import Saver

    from bango_reports.model import Run

GOLDEN = Path(__file__).parent / "golden"


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


def test_no_answer_and_no_status_are_shown() -> None:
    exchange = Exchange(direction="sent-to-target", player="core", method="GET", url="/x", error="connection reset")
    run = make_run([make_case("shape.1", "fail", "IS-A")], [make_clause("IS-A")])
    html = page.render(run, lambda _: msgspec.structs.replace(make_evidence("shape.1"), exchanges=(exchange,)))
    assert "→ connection reset" in html
