"""The cells of the statute's tables, each with its text and the facts that must account for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.spec.law_palette import Palette, article_forms

from bango_spec import law

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = Path(__file__).resolve().parents[3] / "shared" / "law"
FILES = {
    ("2015-12-27", "schedule1"): "beppyo1_2015.json",
    ("2015-12-27", "schedule2"): "beppyo2_2015.json",
    ("2020-09-06", "schedule1"): "beppyo1_2020.json",
    ("2020-09-06", "schedule2"): "beppyo2_2020.json",
    ("2025-09-24", "schedule1"): "beppyo_2025.json",
    ("2026-02-02", "schedule2"): "meirei9_table_2026.json",
}
COLUMNS = {
    "askers": ("上欄", "情報照会者"),
    "tasks": ("下欄", "事務", "特定個人番号利用事務"),
    "providers": ("情報提供者",),
    "information": ("特定個人情報", "利用特定個人情報"),
}
needs_texts = pytest.mark.skipif(not TEXTS.is_dir(), reason="the statute's text is not beside the checkout")


@dataclass(frozen=True)
class Cell:
    """One cell of the tables with the facts that must account for it."""

    edition: str
    table: law.Table
    item: str
    line: int
    column: str
    text: str
    holders: tuple[law.Holder, ...] = ()
    tasks: tuple[law.Task, ...] = ()
    information: tuple[str, ...] = ()
    details: str = ""

    @property
    def place(self) -> str:
        return f"{self.edition} {self.table} {self.item}/{self.line} {self.column}"

    def definitions(self) -> list[law.Definition]:
        return [
            d
            for d in law.edition(self.edition).definitions
            if (d.table, d.item, d.cell) == (self.table, self.item, self.column)
            and (self.column in ("askers", "tasks") or d.line == self.line)
        ]

    def palette(self) -> Palette:
        palette = Palette()
        here = self.definitions()
        contents = {d.id: d.content for d in here if d.kind == "information"}
        terms = {d.id for d in here if d.kind == "party" and d.members}
        for definition in here:
            palette.definition(definition)
        for holder in self.holders:
            seen = palette.party(holder.party)
            if holder.party not in terms:
                palette.demand(f"party {holder.party}", seen)
            for restriction in holder.restrictions:
                palette.restriction(restriction)
        for task in self.tasks:
            palette.demand(f"task {task.id}", palette.content(task))
        for kind in self.information:
            palette.information(kind, contents.get(kind))
        if self.details:
            for form in article_forms(self.details):
                palette.allow(form, ("details", self.details))
            if not self.text.endswith(("次条で定めるもの", "同条で定めるもの")):
                palette.demand(f"details {self.details}", {("details", self.details)})
        return palette


def rows(edition: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((TEXTS / FILES[edition, table]).read_text(encoding="utf-8"))["rows"]
    return found


def text_of(row: dict[str, Any], column: str) -> str:
    return next(str(row[name]) for name in COLUMNS[column] if name in row)


def cells() -> Iterator[Cell]:
    """Every cell of every table, deleted items left out."""
    for edition in law.editions():
        for table in edition.tables:
            items = edition.schedule1 if table == "schedule1" else edition.schedule2
            for row in rows(edition.id, table):
                item = items[row["num"]]
                if not item.deleted:
                    yield from cells_of(edition.id, table, item, row)


def cells_of(edition: str, table: law.Table, item: law.Schedule1Item, row: dict[str, Any]) -> Iterator[Cell]:
    yield Cell(edition, table, item.id, 0, "askers", text_of(row, "askers"), holders=item.askers)
    if not isinstance(item, law.Schedule2Item):
        yield Cell(edition, table, item.id, 0, "tasks", text_of(row, "tasks"), tasks=item.tasks)
        return
    for number, (line, texts) in enumerate(zip(item.lines, row["lines"], strict=True), 1):
        for column in ("tasks", "providers", "information"):
            yield Cell(
                edition,
                table,
                item.id,
                number,
                column,
                text_of(texts, column),
                holders=line.providers if column == "providers" else (),
                tasks=item.tasks if column == "tasks" else (),
                information=line.information if column == "information" else (),
                details=item.details if column in ("tasks", "information") else "",
            )
