"""The built site as files: every link leads somewhere, nothing comes from outside, the same spec gives the same bytes."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest

from bango_reports.site import comparison, permit_rooms
from bango_reports.site.build import build
from bango_reports.site.exports import exports
from bango_reports.site.tables import rows, tables
from bango_spec import clauses, law, systems

LINK = re.compile(r'(?:href|src)="([^"]*)"')
ID = re.compile(r'\sid="([^"]*)"')


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, str]:
    return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}


def test_every_link_leads_to_a_page_and_a_place_on_it(site: Path, pages: dict[str, str]) -> None:
    ids = {name: set(ID.findall(text)) for name, text in pages.items()}
    broken = set()
    for name, text in pages.items():
        for link in set(LINK.findall(text)):
            path, _, place = link.partition("#")
            target = os.path.normpath(Path(name).parent / path) if path else name
            if (target not in pages and not (site / target).is_file()) or (
                place and target in ids and unquote(place) not in ids[target]
            ):
                broken.add(f"{name}: {link}")
    assert sorted(broken)[:10] == []


def test_no_page_has_an_id_twice_and_none_speaks_to_the_world(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        found = ID.findall(text)
        assert len(found) == len(set(found)), name
        assert not [link for link in LINK.findall(text) if re.match(r"[a-z]+:|//", link)], name
        assert " style=" not in text, name
        assert "<script>" not in text, name


def test_every_line_of_every_edition_has_its_place(pages: dict[str, str]) -> None:
    for edition, table in tables():
        for row in rows(edition.id, table):
            if row.lines:
                text = pages[f"law/{edition.id}/{table}/{row.item}.html"]
                assert all(f'id="line-{line.number}"' in text for line in row.lines)
            assert f'id="item-{row.item}"' in pages[f"law/{edition.id}/{table}.html"]


def test_every_clause_and_system_has_its_page(pages: dict[str, str]) -> None:
    assert {f"clauses/{one}.html" for one in clauses.clauses()} <= pages.keys()
    assert {f"systems/{one}.html" for one in systems.systems()} <= pages.keys()
    text = pages["clauses/IS-PRV-005.html"]
    assert "permission.provider.refuses.2020-09-06.66.2.asker" in text
    assert "is-prv-005" in text


def test_prepared_answers_are_those_of_the_table(pages: dict[str, str]) -> None:
    for edition in ("2015-12-27", "2020-09-06", "2026-02-02"):
        for asker, page in permit_rooms.same_page(edition, "schedule2").items():
            mine = [row.item for row in permit_rooms.asked_by(edition, "schedule2", asker)]
            text = pages[f"permits/{edition}/{page}.html"]
            assert text.count('<section class="item"') == len(mine)


def test_the_comparison_shows_what_came_and_what_went(pages: dict[str, str]) -> None:
    pair = next(one for one in comparison.pairs() if one.table == "schedule2" and one.new == "2020-09-06")
    found = {row.new.item: row for row in comparison.compared(pair) if row.new and row.state == "new"}
    assert "56-2" not in found
    assert found
    text = pages[pair.path]
    assert "<ins>" in text
    assert "<del>" in text
    assert all(f"/{item}.html" in text for item in found)


def test_the_front_door_names_all_there_is(pages: dict[str, str]) -> None:
    text = pages["index.html"]
    assert all(one.names.ja.split("（")[0][:4] in text for one in systems.systems().values())
    assert all(edition.ja in text for edition in law.editions())


def test_tables_can_be_taken_as_excel_and_csv(site: Path) -> None:
    names = sorted(path.stem for path in (site / "downloads").glob("*.csv"))
    assert names == sorted(path.stem for path in (site / "downloads").glob("*.xlsx"))
    assert f"law-schedule2-{law.default_edition().id}" in names
    data = (site / "downloads" / "clauses.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert lines[1][0] == "IS-LNK-001"
    assert sorted(line[0] for line in lines[1:]) == sorted(clauses.clauses())
    book = openpyxl.load_workbook(site / "downloads" / "law-schedule2-2020-09-06.xlsx")
    page = book.worksheets[0]
    cells = [row for row in page.iter_rows(values_only=True) if row[0] == "74"]
    assert [row[1] for row in cells] == [1]
    assert cells[0][5] == "地方税関係情報\n住民票関係情報"


def test_the_zip_holds_the_whole_site(site: Path) -> None:
    with zipfile.ZipFile(site / "downloads" / "bango-site.zip") as package:
        names = {name.removeprefix("bango-site/") for name in package.namelist()}
    every = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert every - names == {"downloads/bango-site.zip"}


def test_the_same_spec_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    again = build(tmp_path / "site", langs=("ja", "en")).folder
    for path in site.rglob("*"):
        if path.is_file():
            assert (again / path.relative_to(site)).read_bytes() == path.read_bytes(), path.name


def bango(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bango_conformance", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_writes_a_site_and_says_what_next(tmp_path: Path) -> None:
    out = tmp_path / "site"
    done = bango("site", "build", "--out", out)
    assert done.returncode == 0, done.stderr
    assert "index.html" in done.stdout
    assert not (out / "en").exists()
    assert bango("site", "build", "--out", out, "--lang", "en").returncode == 0
    assert '<html lang="en">' in (out / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_lies_there_is_never_overwritten(tmp_path: Path, what: str) -> None:
    out = tmp_path / "site"
    if what == "folder":
        out.mkdir()
        (out / "letter.txt").write_text("mine", encoding="utf-8")
    else:
        out.write_text("mine", encoding="utf-8")
    done = bango("site", "build", "--out", out)
    assert done.returncode == 4
    assert done.stderr.startswith("SITE-FOLDER")
    assert ((out / "letter.txt") if what == "folder" else out).read_text(encoding="utf-8") == "mine"


def test_a_missing_folder_or_catalogue_is_told(tmp_path: Path) -> None:
    done = bango("site", "build", "--out", tmp_path / "a", "--published", tmp_path / "none")
    assert (done.returncode, done.stderr.split(":")[0]) == (4, "PUBLISHED-FOLDER")
    done = bango("site", "build", "--out", tmp_path / "a", "--catalogue", tmp_path / "none.json")
    assert (done.returncode, done.stderr.split(":")[0]) == (4, "CATALOGUE-FORM")
    assert not (tmp_path / "a").exists()


def test_it_can_be_served_on_loopback(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "bango_conformance",
        "site",
        "serve",
        "--out",
        str(tmp_path / "site"),
        "--port",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        address = next(line.split()[0] for line in running.stdout if line.startswith("http://127.0.0.1:"))
        with urllib.request.urlopen(f"{address}clauses/IS-PRV-005.html", timeout=10) as answer:
            assert "IS-PRV-005" in answer.read().decode()
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0


def test_each_export_has_the_columns_it_fills(site: Path) -> None:
    from bango_reports import catalogue
    from bango_reports.site.knowledge import Knowledge

    where = catalogue.find()
    assert where is not None
    for one in exports(Knowledge(catalogue.read(where))):
        assert all(len(row) == len(one.sheet.columns) for row in one.sheet.rows), one.name
        assert (site / "downloads" / f"{one.name}.csv").is_file()
