"""Every line of the tables asked in the whole words of its own cells: yes at that line, or a no by the order."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from tests.spec.law_cells import cells

from bango_spec import law, terms
from bango_spec._matching import matching
from bango_spec.orders import order
from bango_spec.questions import Question, may_use, permits

LAW = Path(__file__).resolve().parents[3] / "shared" / "law"
pytestmark = pytest.mark.skipif(
    not LAW.is_dir(), reason="the text of the law (shared/law beside the checkout) is absent"
)

TABLES = {
    "2015-12-27": "beppyo2_2015.json",
    "2020-09-06": "beppyo2_2020.json",
    "2026-02-02": "meirei9_table_2026.json",
}
USES = {"2015-12-27": "beppyo1_2015.json", "2020-09-06": "beppyo1_2020.json", "2025-09-24": "beppyo_2025.json"}


@pytest.mark.parametrize("edition", TABLES)
def test_every_line_in_the_words_of_its_cells(edition: str) -> None:
    counts: Counter[str] = Counter()
    for row in json.loads((LAW / TABLES[edition]).read_text(encoding="utf-8"))["rows"]:
        for number, line in enumerate(row.get("lines", []), 1):
            if row["deleted"]:
                continue
            asked = Question(
                asker=row["情報照会者"],
                task=line.get("事務") or line["特定個人番号利用事務"],
                provider=line["情報提供者"],
                information=line.get("特定個人情報") or line["利用特定個人情報"],
                item=row["num"],
                as_of=edition,
            )
            answer = permits(asked)
            anywhere = permits(msgspec.structs.replace(asked, item=None))
            assert (anywhere.item, anywhere.line) == (answer.item, answer.line), (row["num"], number)
            assert answer.item == row["num"], (row["num"], number)
            if answer.permitted:
                assert answer.line == number, (row["num"], number)
            else:
                assert answer.level == "order", (row["num"], number)
                assert row["num"] in order(edition, "schedule2")
            counts["yes" if answer.permitted else "no by the order"] += 1
    assert counts["yes"] > 240
    assert (counts["no by the order"] > 0) == (edition == "2020-09-06")


@pytest.mark.parametrize("edition", USES)
def test_every_item_of_the_tables_of_uses_in_the_words_of_its_cells(edition: str) -> None:
    asked = 0
    for row in json.loads((LAW / USES[edition]).read_text(encoding="utf-8"))["rows"]:
        if row["deleted"]:
            continue
        for item in (row["num"], None):
            answer = may_use(Question(asker=row["上欄"], task=row["下欄"], item=item, as_of=edition))
            assert (answer.permitted, answer.item) == (True, row["num"])
        asked += 1
    assert asked >= 98


@pytest.mark.parametrize("edition", [e.id for e in law.editions()])
def test_every_cell_means_what_the_facts_say(edition: str) -> None:
    asked: Counter[str] = Counter()
    for cell in (c for c in cells() if c.edition == edition):
        asked[cell.column] += 1
        if cell.column in ("askers", "providers"):
            named = {ident for group in terms.parties(cell.text, "asker") for ident in group}
            assert named == {h.party for h in cell.holders}, cell.place
        elif cell.column == "information":
            kinds = {wanted.id for group in terms.information(cell.text) for wanted in group}
            assert kinds == set(cell.information), cell.place
        else:
            found = [f for f in matching(edition, cell.table, None, cell.text) if f.item == cell.item]
            assert [f.tasks for f in found] == [tuple(t.id for t in cell.tasks)], cell.place
    assert all(count >= 98 for count in asked.values())
