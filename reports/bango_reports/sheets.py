"""Tables for Excel: xlsx without macros, formulas or links, and CSV with a byte order mark; every value is shown as it is."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from typing import TYPE_CHECKING, Any, NamedTuple

from bango_reports import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Cell = str | int | float | None
_LONGEST = 32_767
"""Characters that a cell of Excel holds."""
_CUT = "…（長いため途中まで / cut）"
_NAME_LONGEST = 31
_LINE, _HIGHEST = 15.0, 409.0
"""Points of a line, and of the highest row that Excel allows."""
_FONT = "Yu Gothic"
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "・"))
# What Excel takes for a formula when it opens a CSV file, in either width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_MADE = dt.datetime(2014, 3, 14, tzinfo=dt.UTC)
"""Files carry a fixed moment of making, so that the same content gives the same bytes."""


class Column(NamedTuple):
    """A column: its heading, its width in half-width characters, and whether its cells are to be filled in."""

    title: str
    width: float = 16
    answer: bool = False


class Sheet(NamedTuple):
    """A table: lines above it, columns, rows; `choices` lists what a column (by its place) may be filled with."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    above: Sequence[str] = ()
    choices: dict[int, tuple[str, ...]] | None = None


def cell(value: Cell) -> Cell:
    """A value as a cell holds it: hidden characters written out, and no longer than Excel takes."""
    if not isinstance(value, str):
        return value
    shown = safe.text(value)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - len(_CUT)] + _CUT


def csv_bytes(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark and CRLF, which Excel opens by a double click; what looks like a formula gets a `'`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_plain(column.title) for column in sheet.columns])
    writer.writerows([_plain(one) for one in row] for row in sheet.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _plain(value: Cell) -> str:
    shown = cell(value)
    if shown is None:
        return ""
    if not isinstance(shown, str):
        return str(shown)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def write(path: Path, sheets: Sequence[Sheet], *, title: str) -> None:
    """The sheets as one workbook: heading frozen and repeated on each printed page, A4 across, filters on the heading."""
    path.write_bytes(workbook(sheets, title=title))


def workbook(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """The workbook's bytes."""
    import xlsxwriter  # noqa: PLC0415 - most commands write none

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": safe.line(title), "created": _MADE.replace(tzinfo=None)})
        book.set_calc_mode("manual")
        plain = {"font_name": _FONT, "text_wrap": True, "valign": "top", "border": 1, "border_color": "#949494"}
        looks = {
            "plain": book.add_format(plain),
            "head": book.add_format(plain | {"bold": True, "bg_color": "#F2F2F2"}),
            "answer": book.add_format(plain | {"bg_color": "#FFF9E5"}),
            "above": book.add_format({"font_name": _FONT}),
        }
        taken: set[str] = set()
        for sheet in sheets:
            _fill(book.add_worksheet(_name(sheet.name, taken)), sheet, looks)
    return out.getvalue()


def _name(wanted: str, taken: set[str]) -> str:
    base = safe.line(wanted).translate(_NOT_IN_NAMES).strip("'")[:_NAME_LONGEST] or "表"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        ending = f"-{number}"
        name = base[: _NAME_LONGEST - len(ending)] + ending
    taken.add(name.lower())
    return name


def _height(row: Sequence[Cell], columns: Sequence[Column]) -> float:
    """Points for the cell with the most lines, as its text wraps in its column."""
    lines = 1
    for value, column in zip(row, columns, strict=False):
        if isinstance(value, str):
            lines = max(
                lines, sum(max(1, math.ceil(safe.width(line) / (column.width - 1))) for line in value.split("\n"))
            )
    return min(_HIGHEST, _LINE * lines)


def _fill(page: Any, sheet: Sheet, looks: dict[str, Any]) -> None:
    for place, text in enumerate(sheet.above):
        page.write_string(place, 0, str(cell(text)), looks["above"])
    head = len(sheet.above) + 1 if sheet.above else 0
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width)
        page.write_string(head, number, column.title, looks["head"])
    last = head
    for last, row in enumerate(sheet.rows, head + 1):
        # Excel would find the height by itself, but not every program that opens the file does.
        page.set_row(last, _height(row, sheet.columns))
        for number, value in enumerate(row):
            look = looks["answer" if sheet.columns[number].answer else "plain"]
            shown = cell(value)
            if shown is None or shown == "":
                page.write_blank(last, number, None, look)
            elif isinstance(shown, str):
                page.write_string(last, number, shown, look)
            else:
                page.write_number(last, number, shown, look)
    page.freeze_panes(head + 1, 1)
    page.repeat_rows(head)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")
    if last > head:
        page.autofilter(head, 0, last, len(sheet.columns) - 1)
        for number, choices in (sheet.choices or {}).items():
            page.data_validation(head + 1, number, last, number, {"validate": "list", "source": list(choices)})
