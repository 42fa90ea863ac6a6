"""A real browser for the pages: Debian's Chromium, offline, that lets nothing pass but files and loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

PROGRAM = pytest.mark.program("chromium", "apt-get install chromium fonts-noto-cjk")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# It would fetch the style sheets again, which a page opened from a folder may not.
RULES = {
    "preload": False,
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab at desktop width; a request to anywhere else, a script's error or a complaint of the browser fails the test."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    wrong: list[str] = []
    page.on("request", lambda request: None if own(request.url) else wrong.append(f"asked for {request.url}"))
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("console", lambda told: wrong.append(told.text) if told.type in {"error", "warning"} else None)
    yield page
    page.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def still(browser: Browser) -> Iterator[Page]:
    """A tab without JavaScript at the width of a small phone."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def own(url: str) -> bool:
    """Whether an address is a file, or on this machine."""
    return url.startswith(("file://", "data:", "http://127.0.0.1:"))


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page, one line each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:160]} {node['failureSummary']}" for one in found for node in one["nodes"]]
