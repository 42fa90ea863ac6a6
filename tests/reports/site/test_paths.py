"""The two ways that must never break: an officer's from the front door to a verdict, an engineer's from a failure to its case."""

from __future__ import annotations

import io
import shlex
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page
from tests.browsing import PROGRAM

from bango_reports import store

pytestmark = [PROGRAM, pytest.mark.slow]


def test_an_officer_comes_from_the_front_door_to_an_answer_an_export_and_a_verdict(site: Path, tab: Page) -> None:
    tab.goto((site / "index.html").as_uri())
    tab.locator("main").get_by_role("link", name="この照会はできますか").click()
    for name, value in (("asker", "mayor"), ("task", "74"), ("provider", "mayor"), ("information", "local-tax")):
        tab.select_option(f"#q-{name}", value)
    assert tab.locator(".answer").inner_text().startswith(("○", "×"))
    tab.locator(".answer a").first.click()
    assert "74の項" in tab.locator("h1").inner_text()
    tab.locator("section.item ul a[href*=clauses]").first.click()
    assert "住民にとって" in tab.locator("main").inner_text()
    tab.get_by_role("link", name="書き出し").click()
    with tab.expect_download() as taken:
        tab.get_by_role("link", name="clauses.xlsx").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes()))
    assert book.worksheets[0]["A2"].value == "IS-LNK-001"
    tab.get_by_role("link", name="製品の結果").click()
    row = tab.locator("tbody tr", has_text="不適合")
    assert "見本" in row.inner_text()
    row.locator("a").click()
    assert tab.locator(".outcome").inner_text().startswith("不適合")
    tab.locator("a", has_text="IS-PRV-005").first.click()
    assert "試験が見抜けることの証明" in tab.locator("main").inner_text()


def bango(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bango_conformance", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100, check=False)


def test_an_engineer_comes_from_a_failed_run_to_the_single_case(tab: Page, tmp_path: Path) -> None:
    only = "permission.provider.refuses.2020-09-06.66.2.asker"
    run = bango(tmp_path, "certify", "reference@is-prv-005", "--clause", "IS-PRV-005", "--only", only, "--seed", "7")
    assert run.returncode == 1, run.stderr
    folder = next((tmp_path / "runs").iterdir())
    assert bango(tmp_path, "report", str(folder)).returncode == 0
    tab.goto((folder / "report.html").as_uri())
    tab.locator("#failed ~ table a", has_text=only).click()
    case = tab.locator(f"[id='case-{only}']")
    assert case.is_visible()
    again = shlex.split(case.locator("pre", has_text="bango certify").inner_text())
    assert again[:2] == ["bango", "certify"]
    second = bango(tmp_path, *again[1:], "--out", "again")
    assert second.returncode == 1, second.stderr
    found = store.load(next((tmp_path / "again").iterdir()))
    assert [(one.obligation, one.verdict) for one in found.cases] == [(only, "fail")]
    same = bango(tmp_path, "diff", str(folder), str(next((tmp_path / "again").iterdir())))
    assert same.returncode == 0, same.stdout
