"""Workbooks and CSV files as Excel meets them: nothing runs, nothing is lost, every value is the text it was."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from bango_reports.sheets import Column, Sheet, csv_bytes, workbook

HOSTILE = ["=1+1", "+81", "-1", "@SUM(A1)", "\t=1", "＝1+1", '=HYPERLINK("http://x.invalid","x")', "https://x.invalid/"]
SHEET = Sheet(
    name="条項 [一覧]: 1/2",
    columns=(Column("条項", 12), Column("答え", 30, answer=True), Column("件数", 8)),
    rows=[(text, None, number) for number, text in enumerate([*HOSTILE, "葛\U000e0100城", "a\x1b[31m\u202eb", "0012"])],
    above=("題名", "注意"),
    choices={1: ("○", "×")},
)


@pytest.fixture(scope="module")
def data() -> bytes:
    return workbook([SHEET, SHEET], title="題")


def test_every_text_is_a_text_and_no_cell_a_formula(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book.worksheets[0]
    column = [row[0] for row in page.iter_rows(min_row=5)]
    assert [one.value for one in column[: len(HOSTILE)]] == HOSTILE
    assert {one.data_type for one in column} == {"s"}
    assert not any(one.hyperlink for one in column)
    assert [one.value for one in column[len(HOSTILE) :]] == ["葛\U000e0100城", "a⟨U+001B⟩[31m⟨U+202E⟩b", "0012"]


def test_there_are_neither_formulas_nor_macros_nor_links_in_the_package(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        assert not [one for one in names if "vba" in one.lower() or "externalLink" in one]
        for name in names:
            if name.startswith("xl/worksheets/"):
                text = package.read(name).decode()
                assert "<f>" not in text
                assert "hyperlink" not in text


def test_names_of_sheets_are_what_excel_allows(data: bytes) -> None:
    names = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert names == ["条項 ・一覧・・ 1・2", "条項 ・一覧・・ 1・2-2"]


def test_the_answer_column_offers_its_choices(data: bytes) -> None:
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    rules = page.data_validations.dataValidation
    assert [(str(one.sqref), one.formula1) for one in rules] == [("B5:B15", '"○,×"')]
    assert page.freeze_panes == "B5"
    assert page.print_title_rows == "$4:$4"


def test_the_same_content_gives_the_same_bytes(data: bytes) -> None:
    assert workbook([SHEET, SHEET], title="題") == data


def test_a_text_too_long_for_a_cell_says_that_it_was_cut() -> None:
    made = workbook([Sheet("s", (Column("c"),), [("あ" * 40_000,)])], title="t")
    value = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]["A2"].value
    assert len(value) == 32_767
    assert value.endswith("cut）")


def test_csv_has_a_mark_and_disarms_formulas() -> None:
    data = csv_bytes(SHEET)
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines[0] == "条項,答え,件数"
    assert lines[1] == "'=1+1,,0"
    assert lines[6] == "'＝1+1,,5"
    assert lines[8] == "https://x.invalid/,,7"


def test_rows_are_as_high_as_their_text_wraps() -> None:
    rows = [("短い",), ("あ" * 40,), ("一\n二\n三",), ("あ" * 9000,)]
    page = openpyxl.load_workbook(io.BytesIO(workbook([Sheet("s", (Column("c", 21),), rows)], title="t"))).worksheets[0]
    heights = [page.row_dimensions[number].height for number in range(2, 6)]
    assert heights == [None, 60, 45, 408.75]
