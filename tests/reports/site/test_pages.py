"""Every page in a real browser: nothing wrong for axe, nothing lost without JavaScript, nothing asked of anybody."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page
from tests.browsing import PROGRAM, violations

pytestmark = [PROGRAM, pytest.mark.slow]
TYPES = (
    "index.html",
    "search.html",
    "permits/index.html",
    "permits/2020-09-06/mayor.html",
    "uses/index.html",
    "uses/2020-09-06/mayor.html",
    "law/index.html",
    "law/2015-12-27/schedule2.html",
    "law/2020-09-06/schedule2-by-provider.html",
    "law/2020-09-06/schedule2/74.html",
    "law/compare/schedule1-2015-12-27-2020-09-06.html",
    "systems/index.html",
    "systems/intermediate-server.html",
    "systems/tax.html",
    "milestones.html",
    "clauses/index.html",
    "clauses/IS-PRV-005.html",
    "clauses/IS-OPS-009.html",
    "interfaces/index.html",
    "interfaces/core.html",
    "operations/submitInquiry.html",
    "workflows/inquiry-answered-by-staff.html",
    "lifecycles/inquiry.html",
    "information/index.html",
    "information/local-tax.html",
    "reference.html",
    "identifiers.html",
    "errors.html",
    "glossary.html",
    "assumptions.html",
    "characters.html",
    "sources.html",
    "products/index.html",
    "products/badges.html",
    "downloads/index.html",
)


def test_on_paper_there_is_no_navigation_and_nothing_is_cut(site: Path, tab: Page, tmp_path: Path) -> None:
    tab.goto((site / "permits/2020-09-06/mayor.html").as_uri())
    tab.emulate_media(media="print")
    assert not tab.locator("header nav").is_visible()
    assert not tab.locator("[data-filter]").is_visible()
    tab.emulate_media(media="null")
    tab.pdf(path=tmp_path / "page.pdf", format="A4")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "page.pdf").pages)
    assert unicodedata.normalize("NFKC", "児童手当法：児童手当の支給") in unicodedata.normalize(
        "NFKC", text.replace("\n", "")
    )


def product(site: Path) -> str:
    return next(p for p in (site / "products").glob("*is-prv-005*.html")).relative_to(site).as_posix()


def test_every_kind_of_page_is_among_those_looked_at(site: Path) -> None:
    rooms = {path.relative_to(site).parts[0] for path in site.rglob("*.html")} - {"en"}
    assert rooms == {path.split("/")[0] for path in TYPES}


@pytest.mark.parametrize("lang", ["", "en/"])
@pytest.mark.parametrize("path", [*TYPES, "product"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(site: Path, tab: Page, path: str, lang: str) -> None:
    tab.goto((site / lang / (product(site) if path == "product" else path)).as_uri())
    assert violations(tab) == []
    tab.set_viewport_size({"width": 320, "height": 640})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", TYPES)
def test_without_javascript_everything_is_there(site: Path, still: Page, path: str) -> None:
    still.goto((site / path).as_uri())
    assert still.locator("main").inner_text().strip()
    hidden = still.locator("main [hidden]").evaluate_all("found => found.map((one) => one.id || one.className)")
    assert set(hidden) <= {"filter", "calculator", "question", "search"}
