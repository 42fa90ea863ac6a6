"""`bango diff`: regressions first, then what was fixed, came and went; across specs, what the clauses became."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import msgspec
import pytest
from playwright.sync_api import Page
from tests.browsing import PROGRAM, _page, browser, tab, violations
from tests.reports.conftest import digest, make_case, make_clause, make_run
from tests.reports.hostile import FORBIDDEN, hostile

from bango_reports import store
from bango_reports.difference import text
from bango_reports.difference.compare import compare
from bango_reports.formats.saying import Saying
from bango_reports.model import Named, Selection
from bango_reports.published import FOLDER
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.model import Run

__all__ = ["_page", "browser", "tab"]


def earlier() -> Run:
    return make_run(
        [
            make_case("shape.a", "pass", "IS-A-001"),
            make_case("shape.b", "fail", "IS-A-002"),
            make_case("shape.c", "pass", "IS-A-003"),
            make_case("shape.d", "warn", "IS-A-004"),
            make_case("shape.gone", "pass", "IS-A-005"),
        ],
        [make_clause(f"IS-A-00{n}", "should" if n == 4 else "must") for n in range(1, 6)],
    )


def later(**more: Any) -> Run:
    return make_run(
        [
            make_case("shape.a", "fail", "IS-A-001"),
            make_case("shape.b", "pass", "IS-A-002"),
            make_case("shape.c", "inconclusive", "IS-A-003", note=Text(ja="手段がない。", en="no hook")),
            make_case("shape.d", "warn", "IS-A-004"),
            make_case("shape.new", "fail", "IS-A-006"),
        ],
        [
            make_clause("IS-A-001", text=Text(ja="新しい文。", en="New words.")),
            make_clause("IS-A-002"),
            make_clause("IS-A-003"),
            make_clause("IS-A-004", "should-not"),
            make_clause("IS-A-006"),
        ],
        run="run-0002",
        started="2026-02-01T09:00:00+09:00",
        ended="2026-02-01T09:01:00+09:00",
        **more,
    )


def diff(tmp_path: Path, old: Run, new: Run, *words: str) -> subprocess.CompletedProcess[str]:
    folders = [tmp_path / "old", tmp_path / "new"]
    for folder, run in zip(folders, (old, new), strict=True):
        store.save(folder, run)
    command = [sys.executable, "-m", "bango_conformance", "diff", *map(str, folders), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_regressions_come_first_and_fail_the_build(tmp_path: Path) -> None:
    done = diff(tmp_path, earlier(), later(), "--lang", "ja")
    assert done.returncode == 1, done.stderr
    titles = re.findall(r"━━ (\S+): (\d+)", done.stdout)
    assert titles == [
        ("悪くなった", "2"),
        ("良くなった", "1"),
        ("新しく加わった", "1"),
        ("無くなった", "1"),
        ("変わらず合格でない", "1"),
        ("結果の変わった条項", "3"),
        ("仕様の側で変わった条項", "4"),
    ]
    first = done.stdout.split("━━")[1]
    assert "○ 合格 → × 不合格  shape.a  IS-A-001" in first
    assert "bango certify target.toml" in first
    assert "○ 合格 → ？ 判定できず  shape.c" in first


def test_json_says_the_same_to_machines(tmp_path: Path) -> None:
    done = diff(tmp_path, earlier(), later(spec=Named(version="0.2.0", digest=digest("9"))), "--format", "json")
    told = json.loads(done.stdout)
    jsonschema_rs.validate(json.loads((FOLDER / "difference.schema.json").read_bytes()), told)
    assert told["regressed"] is True
    assert [one["obligation"] for one in told["regressions"]] == ["shape.a", "shape.c"]
    assert [one["obligation"] for one in told["fixed"]] == ["shape.b"]
    assert [(one["obligation"], one["old"], one["new"]) for one in told["added"]] == [("shape.new", None, "fail")]
    assert [one["obligation"] for one in told["gone"]] == ["shape.gone"]
    assert [one["obligation"] for one in told["still"]] == ["shape.d"]
    spec = {one["clause"]: one for one in told["spec"]}
    assert (spec["IS-A-001"]["wording"], spec["IS-A-001"]["level"]) == (True, False)
    assert spec["IS-A-001"]["after"]["text"]["en"] == "New words."
    assert spec["IS-A-004"]["level"] is True
    assert (spec["IS-A-004"]["before"]["level"], spec["IS-A-004"]["after"]["level"]) == ("should", "should-not")
    assert [(one["clause"], one["worse"]) for one in told["clauses"]] == [
        ("IS-A-001", True),
        ("IS-A-003", True),
        ("IS-A-002", False),
    ]
    assert spec["IS-A-005"]["new"] is None
    assert spec["IS-A-006"]["old"] is None
    assert any("sha256:9999" in one["en"] for one in told["cautions"])


def test_nothing_worse_passes(tmp_path: Path) -> None:
    done = diff(tmp_path, later(), later())
    assert done.returncode == 0
    assert "悪くなったものはありません" in done.stdout
    assert "━━ 悪くなった: 0" in done.stdout


def one_case(*names: str, verdict: str = "pass", pending: bool = False, **more: Any) -> Run:
    cases = [make_case(name, verdict if name == names[-1] else "pass", "IS-A-001") for name in names]
    return make_run(cases, [make_clause("IS-A-001", pending=pending)], **more)


def test_a_clause_that_a_new_case_breaks_regressed(tmp_path: Path) -> None:
    done = diff(tmp_path, one_case("shape.a"), one_case("shape.a", "shape.b", verdict="fail"), "--lang", "en")
    assert done.returncode == 1, done.stderr
    assert "○ passed → × failed (worse)  IS-A-001" in done.stdout
    assert done.stdout.endswith("Something regressed\n")


def test_a_clause_that_a_selection_leaves_out_did_not_regress(tmp_path: Path) -> None:
    nothing = make_run([make_case("shape.b", "pass")], [make_clause("IS-A-001")])
    assert diff(tmp_path, one_case("shape.a"), nothing).returncode == 1
    partial = make_run([make_case("shape.b", "pass")], [make_clause("IS-A-001")], selection=Selection(complete=False))
    assert diff(tmp_path, one_case("shape.a"), partial).returncode == 0


def test_cases_that_moved_alike_are_told_once_and_hide_no_other_reason(tmp_path: Path) -> None:
    names = [f"shape.{number}" for number in range(50)]
    told = [make_clause("IS-A-001"), make_clause("IS-A-002")]
    other = make_case("text.other", "pass", "IS-A-002")
    old = make_run([*(make_case(name, "pass", "IS-A-001") for name in names), other], told)
    new = make_run(
        [*(make_case(name, "fail", "IS-A-001") for name in names), make_case("text.other", "fail", "IS-A-002")], told
    )
    shown = diff(tmp_path, old, new).stdout
    assert "━━ 悪くなった: 51" in shown
    assert "shape.0  IS-A-001  ほか 49 件" in shown
    assert "text.other  IS-A-002\n" in shown
    html = diff(tmp_path, old, new, "--format", "html").stdout
    assert "<summary>ほか 49 件</summary>" in html
    assert all(f"<code>{name}</code>" in html for name in names)


def test_a_clause_that_begins_to_score_is_told(tmp_path: Path) -> None:
    done = diff(tmp_path, one_case("shape.a", pending=True), one_case("shape.a"))
    assert done.returncode == 0
    assert "IS-A-001  採点の対象になった" in done.stdout


def test_what_makes_a_comparison_doubtful_is_said(tmp_path: Path) -> None:
    target = msgspec.structs.replace(later().target, product="別の製品")
    other = later(
        target=target, seed=9, edition="2015-12-27", selection=Selection(complete=False, filters=("--smoke",))
    )
    done = diff(tmp_path, other, earlier(), "--lang", "en")
    for said in ("another product", "another edition of the law", "another seed", "partial", "is the older one"):
        assert said in done.stdout


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_hostile_text_is_only_text(tmp_path: Path, lang: str) -> None:
    for form in ("text", "html", "json"):
        done = diff(tmp_path, earlier(), hostile(), "--format", form, "--lang", lang)
        assert done.returncode in {0, 1}, done.stderr
        if form != "json":
            assert FORBIDDEN.search(done.stdout) is None
        assert form != "html" or "<script" not in done.stdout


def test_nothing_in_a_result_steers_the_terminal(tmp_path: Path) -> None:
    evil = "IS-A-001\x1b[2J\u202e\u200b"
    old = make_run([make_case("shape.a", "pass", evil)], [make_clause(evil)], edition=evil)
    new = make_run([make_case("shape.a", "fail", evil)], [make_clause(evil, "should-not"), make_clause("X\u202e")])
    # Asked of the lines themselves: what is printed into a pipe has already lost its colours.
    shown = "\n".join(text.lines(compare(old, new), Saying("ja")))
    assert shown.count("⟨U+202E⟩") >= 5
    assert FORBIDDEN.search(shown) is None
    diff(tmp_path, old, new)
    told = json.loads((tmp_path / "new" / "result.json").read_bytes()) | {evil: 1}
    (tmp_path / "new" / "result.json").write_text(json.dumps(told), encoding="utf-8")
    command = [sys.executable, "-m", "bango_conformance", "diff", str(tmp_path / "old"), str(tmp_path / "new")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.split(":")[0]) == (4, "RESULT-SHAPE")
    assert FORBIDDEN.search(done.stderr) is None


def test_a_damaged_run_or_a_wrong_word_is_told(tmp_path: Path) -> None:
    assert diff(tmp_path, earlier(), later(), "--format", "pdf").stderr.startswith("USAGE")
    (tmp_path / "new" / "result.json").write_bytes(b"{")
    command = [sys.executable, "-m", "bango_conformance", "diff", str(tmp_path / "old"), str(tmp_path / "new")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.split(":")[0]) == (4, "RESULT-CUT")


@PROGRAM
@pytest.mark.slow
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_passes_axe_and_fits_a_phone(tmp_path: Path, tab: Page, lang: str) -> None:
    out = tmp_path / "diff.html"
    done = diff(tmp_path, earlier(), later(), "--format", "html", "--out", str(out), "--lang", lang)
    assert done.returncode == 1
    tab.goto(out.as_uri())
    assert violations(tab) == []
    tab.set_viewport_size({"width": 320, "height": 640})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    assert tab.locator("h2").first.inner_text().startswith("悪くなった" if lang == "ja" else "Regressions")
