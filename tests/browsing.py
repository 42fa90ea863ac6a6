"""A real browser for the pages: Debian's Chromium, offline, that lets nothing pass but files and loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

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


@pytest.fixture(scope="module")
def _page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def tab(_page: Page) -> Iterator[Page]:
    """A tab at desktop width; a request to anywhere else, a script's error or a complaint of the browser fails the test."""
    wrong: list[str] = []

    def asked(request: Request) -> None:
        if not own(request.url):
            wrong.append(f"asked for {request.url}")

    def failed(error: Error) -> None:
        wrong.append(f"script: {error}")

    def said(told: ConsoleMessage) -> None:
        if told.type in {"error", "warning"}:
            wrong.append(told.text)

    _page.set_viewport_size({"width": 1280, "height": 900})
    _page.on("request", asked)
    _page.on("pageerror", failed)
    _page.on("console", said)
    yield _page
    for event, listener in (("request", asked), ("pageerror", failed), ("console", said)):
        _page.remove_listener(event, listener)
    _page.goto("about:blank")
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="module")
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
