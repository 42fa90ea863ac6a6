"""What officers do on the pages, in a real browser: search, narrow, ask, compute, follow an answer to its proof."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.browsing import PROGRAM

from bango_reports.site import permit_rooms
from bango_reports.site.tables import rows
from bango_spec import characters, identifiers, law
from bango_spec.permits import NO, permits

pytestmark = [PROGRAM, pytest.mark.slow]
INQUIRIES = [one.id for one in law.editions() if "schedule2" in one.tables]


def test_the_pages_key_is_the_specs_key(site: Path, tab: Page) -> None:
    tab.goto((site / "search.html").as_uri())
    texts = [one.text for one in characters.samples()]
    texts += [
        "ﾁﾎｳｾﾞｲ",
        "ちほうぜい",
        "Ａｂｃ－１２３",
        "齋藤・邉",
        "㈱ ㍻",
        "か゛",
        "ヴァイオリン",
        "ß",
        "葛\U000e0100城",
        "ゝゞ",
    ]
    keys = tab.evaluate("texts => texts.map(bangoKey)", texts)
    assert keys == [characters.search_key(text) for text in texts]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("ﾁﾎｳｾﾞｲ", None),
        ("地方税関係", "地方税関係情報"),
        ("IS-PRV-005", "IS-PRV-005"),
        ("ふくほん", "副本"),
        ("中間サーバ", "中間サーバー"),
    ],
)
def test_a_word_is_found_however_it_is_written(site: Path, tab: Page, words: str, first: str | None) -> None:
    tab.goto((site / "search.html").as_uri())
    tab.fill("#words", words)
    names = tab.locator("#results a").all_inner_texts()
    assert (names == []) if first is None else any(name.startswith(first) for name in names[:5])
    if first is not None:
        tab.locator("#results a").first.click()
        assert tab.locator("h1").is_visible()


def test_facets_and_words_narrow_a_table_together(site: Path, tab: Page) -> None:
    tab.goto((site / "law/2020-09-06/schedule2.html").as_uri())
    every = tab.locator("[data-entry]:visible").count()
    assert every == len(rows("2020-09-06", "schedule2"))
    tab.select_option("[data-filter-facet=asker]", "mayor")
    mine = tab.locator("[data-entry]:visible").count()
    tab.fill("[data-filter-text]", "児童手当法")
    shown = tab.locator("[data-entry]:visible")
    assert [one.get_attribute("id") for one in shown.all()] == ["item-74", "item-75"]
    assert 1 < mine < every
    tab.locator("#item-74 a").first.click()
    assert tab.locator("h1").inner_text().startswith("別表第二（2020-09-06 の版） 74の項")


def asked(tab: Page, date: str, asker: str, task: str, provider: str = "", information: str = "") -> str:
    tab.fill("#q-date", date)
    for name, value in (("asker", asker), ("task", task), ("provider", provider), ("information", information)):
        if value:
            tab.select_option(f"#q-{name}", value)
    return tab.locator(".answer").inner_text()


def test_a_question_is_answered_with_item_line_depth_and_proof(site: Path, tab: Page) -> None:
    tab.goto((site / "permits/index.html").as_uri())
    told = asked(tab, "2020-09-06", "mayor", "74", "mayor", "local-tax")
    assert told.startswith("○ できます")
    assert "74の項1行目" in told
    assert "主務省令まで調べました" in told
    assert "2020-09-06（令和2年9月6日）" in told
    tab.get_by_role("link", name="74の項の1行目の求めに提供する").click()
    assert "permission.provider.serves.2020-09-06.74.1" in tab.locator("tr:target").inner_text()


def test_a_no_says_what_the_item_gives_instead(site: Path, tab: Page) -> None:
    tab.goto((site / "permits/index.html").as_uri())
    told = asked(tab, "2020-09-06", "mayor", "74", "mayor", "public-assistance")
    assert told.startswith("× できません")
    assert "地方税関係情報、住民票関係情報" in told


def test_a_day_without_an_edition_of_its_own_carries_its_caveat(site: Path, tab: Page) -> None:
    tab.goto((site / "permits/index.html").as_uri())
    gap = next(one for one in law.gaps() if "schedule2" in one.tables)
    told = asked(tab, gap.since, "mayor", "74", "mayor", "local-tax")
    assert gap.ja in told
    tab.fill("#q-date", "2010-01-01")
    assert "この日の版はここにありません" in tab.locator(".answer").inner_text()


def test_the_use_of_the_number_is_answered_by_schedule_1(site: Path, tab: Page) -> None:
    tab.goto((site / "uses/index.html").as_uri())
    item = next(row.item for row in rows("2020-09-06", "schedule1") if "child-allowance-act" in row.laws)
    told = asked(tab, "2020-09-06", "mayor", item)
    assert told.startswith("○ できます")
    tab.locator(".answer a").first.click()
    assert "児童手当法" in tab.locator("section:target").inner_text()


@pytest.mark.parametrize("edition", INQUIRIES)
def test_the_page_decides_as_the_command_does(site: Path, tab: Page, edition: str) -> None:
    tab.goto((site / "permits/index.html").as_uri())
    table = permits(edition)
    draw = random.Random(edition)
    askers = permit_rooms.askers(edition, "schedule2")
    items = [row for row in rows(edition, "schedule2") if row.lines]
    questions: list[tuple[Any, ...]] = []
    for _ in range(400):
        row = draw.choice(items)
        line = draw.choice(row.lines)
        asker = draw.choice([*row.asker_ids, draw.choice(askers)])
        provider = draw.choice([*line.provider_ids, *draw.choice(items).lines[0].provider_ids])
        kind = draw.choice([*(one for one, _, _ in line.information), draw.choice(items).lines[0].information[0][0]])
        questions.append((asker, row.item, provider, kind))
    told = tab.evaluate(
        """([edition, questions]) => questions.map(([asker, item, provider, kind]) => {
          const at = window.BANGO_QUESTION.editions.find((one) => one.id === edition);
          return bangoDecide(at, at.items.find((one) => one.id === item), { asker, provider, information: kind });
        })""",
        [edition, questions],
    )
    wanted = []
    for asker, item, provider, kind in questions:
        task = table.task([table.slot(item)])
        said = table.decide(table.party(asker), task, table.party(provider), table.kind(kind))
        number = table.refs[said if said >= 0 else table.line(said)].line if said != NO else None
        wanted.append((said >= 0, number))
    assert [(one["yes"], one.get("line")) for one in told] == wanted
    assert {yes for yes, _ in wanted} == {True, False}


def test_check_digits_are_those_of_the_spec(site: Path, tab: Page) -> None:
    tab.goto((site / "identifiers.html").as_uri())
    with_digit = [one for one in identifiers.identifiers() if one.check]
    assert with_digit
    for one in with_digit:
        assert one.check is not None
        body = ("123456789012345" * 2)[: len(one.check.weights)]
        box = tab.locator(f"#{one.id} .calculator")
        box.locator("input").fill(body)
        assert f"全体: {identifiers.complete(one.id, body)}" in box.inner_text()
        box.locator("input").fill("１２３")
        assert "半角の数字を" in box.inner_text()


def test_the_keyboard_alone_reaches_the_answer(site: Path, tab: Page) -> None:
    tab.goto((site / "index.html").as_uri())
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.url.endswith("#main")
    tab.goto((site / "permits/index.html").as_uri())
    tab.focus("#q-asker")
    for name, value in (
        ("asker", "市町村長"),
        ("task", "74の項"),
        ("provider", "市町村長"),
        ("information", "地方税関係情報"),
    ):
        assert tab.evaluate("document.activeElement.id") == f"q-{name}"
        options = tab.locator(f"#q-{name} option").all_inner_texts()
        for _ in range(next(place for place, text in enumerate(options) if text.startswith(value))):
            tab.keyboard.press("ArrowDown")
        assert tab.locator(f"#q-{name}").evaluate("one => one.selectedOptions[0].textContent").startswith(value)
        tab.keyboard.press("Tab")
    assert tab.locator(".answer").inner_text().startswith("○ できます")


def test_a_table_can_be_taken_home(site: Path, tab: Page) -> None:
    tab.goto((site / "downloads/index.html").as_uri())
    with tab.expect_download() as taken:
        tab.get_by_role("link", name="law-schedule2-2020-09-06.xlsx").click()
    assert taken.value.suggested_filename == "law-schedule2-2020-09-06.xlsx"
