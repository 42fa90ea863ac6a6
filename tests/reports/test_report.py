"""`bango report`: every format of a run as its readers meet it, with damaged files and hostile text."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import msgspec
import openpyxl
import pypdf
import pytest
from tests.reports.conftest import make_case, make_clause, make_run
from tests.reports.hostile import EVIL, FORBIDDEN, hostile

from bango_reports import store
from bango_reports.formats import folder, pdf, step_summary
from bango_reports.formats.saying import Saying
from bango_spec.errors import BangoError
from bango_spec.reading import Text

if TYPE_CHECKING:
    from tests.reports.conftest import Saver

    from bango_reports.model import Run


PANGO = pytest.mark.library("pango-1.0", pdf.INSTALL)


class Done:
    def __init__(self, *words: str | Path, cwd: Path | None = None, **environment: str) -> None:
        import os

        command = [sys.executable, "-m", "bango_conformance", "report", *map(str, words)]
        made = subprocess.run(
            command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=90, check=False
        )
        self.code, self.out, self.err = made.returncode, made.stdout, made.stderr


@PANGO
def test_all_formats_are_written_beside_the_run(red: Run, saved: Saver) -> None:
    where, _ = saved(red)
    done = Done(where, "--format", "all", cwd=where.parent)
    assert done.code == 0, done.err
    names = [Path(line).name for line in done.out.splitlines()]
    assert names == [
        "report.html",
        "report.pdf",
        "report.xlsx",
        "junit.xml",
        "ctrf.json",
        "result.sarif",
        "summary.md",
        "gitlab-junit.xml",
    ]
    assert store.load(where).run == red.run


def test_html_into_another_folder_still_finds_the_evidence(red: Run, saved: Saver, tmp_path: Path) -> None:
    where, _ = saved(red)
    done = Done(where / "result.json", "--out", tmp_path / "a" / "b")
    assert done.code == 0, done.err
    page = tmp_path / "a" / "b" / "report.html"
    links = re.findall(r'href="([^"#][^"]*)"', page.read_text(encoding="utf-8"))
    assert links
    assert all((page.parent / link).is_file() for link in links)


def test_excel_says_of_each_clause_what_came_and_why(red: Run, saved: Saver) -> None:
    where, _ = saved(red)
    assert Done(where, "--format", "xlsx").code == 0
    book = openpyxl.load_workbook(where / "report.xlsx")
    assert book.sheetnames == ["まとめ", "条項ごとの結果", "試験ごとの結果"]
    rows = list(book["条項ごとの結果"].iter_rows(min_row=2, values_only=True))
    assert [(row[1], row[4]) for row in rows] == [
        ("IS-INQ-001", "○"),
        ("IS-INQ-004", "×"),
        ("IS-PRV-001", "判定できず"),
    ]
    assert "OUTCOME-WRONG" in str(rows[1][5])
    assert rows[2][5] == "採取の手段がない。"
    summary = dict(book["まとめ"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert summary["合否"] == "不適合"
    assert summary["実行日"] == "2026-01-15（令和8年1月15日）"


def test_excel_tells_the_untested_apart_from_the_inapplicable(green: Run, saved: Saver) -> None:
    where, _ = saved(green)
    assert Done(where, "--format", "xlsx", "--lang", "ja").code == 0
    rows = openpyxl.load_workbook(where / "report.xlsx")["条項ごとの結果"].iter_rows(min_row=2, values_only=True)
    found = {row[1]: (row[4], row[5]) for row in rows}
    assert found["IS-TXT-001"][0] == "△"
    assert found["IS-SHP-001"][0] == "対象外"
    assert found["IS-OPS-001"] == ("未試験", "人の運用を見るため、機械では確かめられません。")


@PANGO
def test_the_pdf_is_tagged_numbered_and_carries_the_digest(red: Run, saved: Saver) -> None:
    where, run = saved(red)
    done = Done(where, "--format", "pdf")
    assert done.code == 0, done.err
    data = (where / "report.pdf").read_bytes()
    made = pypdf.PdfReader(io.BytesIO(data))
    root: Any = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ja"
    pages = [page.extract_text() for page in made.pages]
    short = run.digest.removeprefix("sha256:")[:16]
    for number, text in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in text
        assert short in text
    whole = "".join(pages)
    assert "不適合" in whole
    assert "IS-INQ-004" in whole
    assert Done(where, "--format", "pdf").code == 0
    assert (where / "report.pdf").read_bytes() == data


def test_without_the_library_that_sets_type_the_pdf_says_what_to_install(
    red: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Missing:
        def find_spec(self, name: str, *_: object) -> None:
            if name.startswith("weasyprint"):
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [one for one in sys.modules if one.startswith("weasyprint")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(BangoError) as told:
        pdf.render(red, Saying("ja"))
    assert told.value.code == "REPORT-PDF"
    assert "apt-get install" in told.value.step


def test_ctrf_counts_what_the_run_counts(red: Run, saved: Saver) -> None:
    where, _ = saved(red)
    assert Done(where, "--format", "ctrf", "--lang", "en").code == 0
    told = json.loads((where / "ctrf.json").read_bytes())
    assert (told["reportFormat"], told["specVersion"]) == ("CTRF", "0.0.0")
    summary, tests = told["results"]["summary"], told["results"]["tests"]
    assert (summary["tests"], summary["passed"], summary["failed"], summary["other"]) == (3, 1, 1, 1)
    assert summary["stop"] - summary["start"] == 200_000
    failed = next(test for test in tests if test["status"] == "failed")
    assert "OUTCOME-WRONG" in failed["message"]
    assert (where / failed["attachments"][0]["path"]).is_file()
    assert all(set(test) >= {"name", "status", "duration"} for test in tests)


def test_sarif_has_a_rule_for_each_clause_and_a_finding_for_what_is_not_green(red: Run, saved: Saver) -> None:
    where, _ = saved(red)
    assert Done(where, "--format", "sarif").code == 0
    told = json.loads((where / "result.sarif").read_bytes())
    assert told["version"] == "2.1.0"
    run = told["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == [clause.clause for clause in red.clauses]
    found = [(result["ruleId"], result["level"]) for result in run["results"]]
    assert found == [("IS-INQ-004", "error"), ("IS-PRV-001", "note")]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert (where / result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]).is_file()
    assert len({result["partialFingerprints"]["bangoObligation/v1"] for result in run["results"]}) == 2


def test_gitlab_gets_the_evidence_as_paths_from_the_project(red: Run, saved: Saver) -> None:
    where, _ = saved(red)
    assert Done(where, "--format", "gitlab", cwd=where.parent).code == 0
    cases = {node.get("name"): node for node in ET.parse(where / "gitlab-junit.xml").iter("testcase")}
    out = cases["permission.deny.0001"].findtext("system-out") or ""
    path = re.search(r"\[\[ATTACHMENT\|(.*)\]\]", out)
    assert path is not None
    assert (where.parent / path[1]).is_file()
    assert "ATTACHMENT" not in (cases["permission.serve.0001"].findtext("system-out") or "")


def test_github_gets_a_summary_appended(red: Run, saved: Saver, tmp_path: Path) -> None:
    where, _ = saved(red)
    step = tmp_path / "step.md"
    step.write_text("before\n", encoding="utf-8")
    assert Done(where, "--format", "github", GITHUB_STEP_SUMMARY=str(step)).code == 0
    told = step.read_text(encoding="utf-8")
    assert told.startswith("before\n## 不適合: `例示中間サーバー 1.2.3`")
    assert "`bango certify target.toml --only permission.deny.0001 --seed 42`" in told


def test_a_summary_never_outgrows_githubs_limit_and_says_what_is_left_out() -> None:
    long = Text(ja="あ" * 5000, en="x" * 5000)
    clauses = [make_clause(f"IS-A-{n:04d}") for n in range(900)]
    cases = [make_case(f"shape.{n}", "fail", f"IS-A-{n:04d}", title=long) for n in range(900)]
    for n, case in enumerate(cases):
        assert case.failure is not None
        failure = msgspec.structs.replace(case.failure, sent="え" * 5000, came="お" * 5000, expected="か" * 5000)
        cases[n] = msgspec.structs.replace(case, failure=failure)
    data = step_summary.render(make_run(cases, clauses), Saying("ja"))
    assert len(data) < step_summary.LIMIT
    left = re.search(r"ほかに (\d+) 種類", data.decode().splitlines()[-1])
    assert left is not None
    assert int(left[1]) + data.decode().count("### ×") == 900


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_hostile_text_is_only_text_in_every_format(saved: Saver, lang: str) -> None:
    where, _ = saved(hostile())
    done = Done(where, "--format", "html,xlsx,junit,ctrf,sarif,github,gitlab", "--lang", lang)
    assert done.code == 0, done.err
    for name in ("report.html", "junit.xml", "ctrf.json", "result.sarif", "summary.md", "gitlab-junit.xml"):
        assert FORBIDDEN.search((where / name).read_text(encoding="utf-8")) is None, name
    html = (where / "report.html").read_text(encoding="utf-8")
    assert html.count("<script>") == 1
    assert "<script>alert" not in html
    assert "<img" not in html
    markdown = (where / "summary.md").read_text(encoding="utf-8")
    outside = re.sub(r"(`+).*?\1", "", markdown)
    assert not re.search(r"(?<!\\)[<>]", outside)
    book = openpyxl.load_workbook(where / "report.xlsx")
    cells = [cell for page in book for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any("⟨U+202E⟩evil" in str(cell.value) for cell in cells)
    assert EVIL not in {cell.value for cell in cells}


@PANGO
def test_hostile_text_in_the_pdf_is_only_text() -> None:
    made = pypdf.PdfReader(io.BytesIO(pdf.render(hostile(), Saying("ja"))))
    text = "".join(page.extract_text() for page in made.pages)
    assert FORBIDDEN.search(text) is None
    assert "<script>alert(1)</script>" in text
    root: Any = made.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)
    assert "/JavaScript" not in root.get("/Names", {})


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda data: data[: len(data) // 2], "RESULT-CUT"),
        (lambda data: data.replace("例示中間サーバー".encode(), "別の中間サーバー".encode()), "RESULT-ALTERED"),
        (lambda data: data.replace(b'"schema_version": 1', b'"schema_version": 9', 1), "RESULT-FUTURE"),
        (lambda _: b"[]", "RESULT-SHAPE"),
    ],
)
def test_a_damaged_result_is_refused_with_its_code(red: Run, saved: Saver, damage: Any, code: str) -> None:
    where, _ = saved(red)
    file = where / "result.json"
    file.write_bytes(damage(file.read_bytes()))
    done = Done(where, "--format", "all")
    assert done.code == 4
    assert done.err.startswith(code)
    assert not (where / "report.html").exists()


def test_unknown_formats_languages_and_folders_are_told(red: Run, saved: Saver, tmp_path: Path) -> None:
    where, _ = saved(red)
    for words, code in (
        ((where, "--format", "docx"), "REPORT-FORMAT"),
        ((where, "--format", ","), "REPORT-FORMAT"),
        ((where, "--lang", "fr"), "USAGE"),
        ((tmp_path / "nowhere",), "RESULT-MISSING"),
        ((where, "--out", where / "result.json"), "REPORT-WRITE"),
    ):
        done = Done(*words)
        assert (done.code, done.err.split(":")[0]) == (4, code)


def many(number: int) -> Run:
    """A run of many cases; every third clause fails."""
    clauses = [make_clause(f"IS-A-{n:03d}") for n in range(3)]
    cases = [
        make_case(f"shape.{n}", "fail" if n % 500 == 0 else "pass", f"IS-A-{n % 3:03d}", evidence="")
        for n in range(number)
    ]
    return make_run(cases, clauses)


def test_above_five_thousand_cases_the_report_is_a_folder_whose_links_hold(tmp_path: Path) -> None:
    where = tmp_path / "run"
    run = store.save(where, many(folder.FROM + 1))
    done = Done(where)
    assert done.code == 0, done.err
    index = where / "report" / "index.html"
    assert done.out.strip() == str(index)
    pages = {path.name: path.read_text(encoding="utf-8") for path in index.parent.glob("*.html")}
    assert len(pages) == 1 + 3 * 2
    for name, text in pages.items():
        ids = set(re.findall(r'\sid="([^"]*)"', text))
        for link in re.findall(r'href="([^"]*)"', text):
            path, _, place = link.partition("#")
            target = path or name
            assert target in pages or (index.parent / target).is_file(), (name, link)
            if place and target in pages:
                assert f'id="{place}"' in pages[target] or place in ids, (name, link)
    shown = {found for text in pages.values() for found in re.findall(r"<code>(shape\.\d+)</code>", text)}
    assert shown == {case.obligation for case in run.cases}
    assert Done(where).code == 0
    (index.parent / "notes.txt").write_text("mine", encoding="utf-8")
    done = Done(where)
    assert (done.code, done.err.split(":")[0]) == (4, "REPORT-FOLDER")


def test_sources_are_told_in_words_and_strange_ones_as_they_are(saved: Saver) -> None:
    refs = (
        "law: bangoho@2020-09-06/19/1/7",
        "briefing: briefing-2014/4",
        "profile: linkage-delivery",
        "law: gone@1999/1",
    )
    run = make_run([make_case("shape.1", "pass", "IS-A-001")], [make_clause("IS-A-001", sources=refs)])
    where, _ = saved(run)
    assert Done(where).code == 0
    html = (where / "report.html").read_text(encoding="utf-8")
    assert "第19条第1項第7号" in html
    assert "4ページ" in html
    assert "profile: linkage-delivery" not in html
    assert "law: gone@1999/1" in html
