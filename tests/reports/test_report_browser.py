"""The report in a real browser: nothing wrong for axe, filters with JavaScript, everything without it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page
from tests.browsing import PROGRAM, _page, browser, still, tab, violations

from bango_reports import page
from bango_reports.formats import folder

if TYPE_CHECKING:
    from tests.reports.conftest import Saver

    from bango_reports.model import Run

pytestmark = [PROGRAM, pytest.mark.slow]
__all__ = ["_page", "browser", "still", "tab"]


def written(run: Run, saved: Saver, lang: str, *, filters: bool = True) -> Path:
    where, kept = saved(run)
    path = where / "report.html"
    path.write_text(page.render(kept, lang=lang, filters=filters), encoding="utf-8")
    return path


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("kind", ["red", "green"])
def test_axe_finds_nothing_at_either_width(
    tab: Page, saved: Saver, kind: str, lang: str, request: pytest.FixtureRequest
) -> None:
    path = written(request.getfixturevalue(kind), saved, lang)
    tab.goto(path.as_uri())
    assert violations(tab) == []
    tab.set_viewport_size({"width": 320, "height": 640})
    assert violations(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_axe_finds_nothing_in_the_folder(tab: Page, saved: Saver, red: Run, lang: str) -> None:
    where, kept = saved(red)
    index = folder.write(where, where, kept, lang=lang)
    for path in sorted(index.parent.glob("*.html")):
        tab.goto(path.as_uri())
        assert violations(tab) == []


def test_filters_narrow_and_the_executive_view_hides_the_rest(tab: Page, saved: Saver, red: Run) -> None:
    tab.goto(written(red, saved, "ja").as_uri())
    cases = tab.locator("[data-case]:visible")
    tab.select_option("[data-filter=case]", "fail")
    assert [one.get_attribute("id") for one in cases.all()] == ["case-permission.deny.0001"]
    assert tab.locator("[data-clause]:visible").count() == 1
    tab.select_option("[data-filter=case]", "")
    tab.fill("[data-filter=text]", "is-prv-001")
    assert [one.get_attribute("aria-labelledby") for one in tab.locator("[data-clause]:visible").all()] == [
        "clause-IS-PRV-001"
    ]
    tab.get_by_role("button", name="要点だけ").click()
    assert not tab.locator("#clauses").is_visible()
    assert tab.locator("#failed").is_visible()
    tab.get_by_role("button", name="すべて").click()
    assert tab.locator("#clauses").is_visible()


def test_without_javascript_everything_is_said_and_nothing_pretends(still: Page, saved: Saver, red: Run) -> None:
    still.goto(written(red, saved, "ja").as_uri())
    assert still.locator("[data-clause]").count() == 3
    assert not still.locator(".filters").is_visible()
    assert not still.locator(".views").is_visible()
    assert "bango certify target.toml --only permission.deny.0001 --seed 42" in still.locator("main").inner_text()
