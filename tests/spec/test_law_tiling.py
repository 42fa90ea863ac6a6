"""Proof that the facts account for every character of the tables: atomic spans tile each cell.

The statute's text is no part of the project. It is read from the folder `shared/law` beside the checkout; without
that folder the proof is skipped. The proof knows nothing of how the facts were made: it renders the ids of a cell
into their surface forms and lays these over the text.
"""

from __future__ import annotations

from collections import Counter

from tests.spec.law_cells import cells, needs_texts, rows
from tests.spec.law_spans import SEPARATORS, connectives, failures

from bango_spec import law, vocabulary


@needs_texts
def test_items_and_lines_are_those_of_the_tables() -> None:
    counts = {}
    for edition in law.editions():
        for table in edition.tables:
            items = edition.schedule1 if table == "schedule1" else edition.schedule2
            text = rows(edition.id, table)
            assert [r["num"] for r in text] == list(items)
            assert [r["deleted"] for r in text] == [i.deleted for i in items.values()]
            lines = sum(len(i.lines) for i in items.values() if isinstance(i, law.Schedule2Item))
            assert lines == sum(len(r.get("lines", ())) for r in text)
            counts[edition.id, table] = (len(items), lines)
    assert counts == {
        ("2015-12-27", "schedule1"): (99, 0),
        ("2015-12-27", "schedule2"): (121, 259),
        ("2020-09-06", "schedule1"): (108, 0),
        ("2020-09-06", "schedule2"): (126, 298),
        ("2025-09-24", "schedule1"): (177, 0),
        ("2026-02-02", "schedule2"): (181, 456),
    }


@needs_texts
def test_atomic_spans_tile_every_cell() -> None:
    wrong: list[str] = []
    count: Counter[str] = Counter()
    used: Counter[str] = Counter()
    for cell in cells():
        missing, spans = failures(cell)
        wrong += missing
        count["cells"] += 1
        count["characters"] += len(cell.text)
        count["atomic spans"] += sum(owner is not None for _, _, owner in spans)
        count["characters in atomic spans"] += sum(len(s) for _, s, owner in spans if owner is not None)
        used.update(s for _, s, owner in spans if owner is None)
    print(dict(count))
    print(len(used), "connectives:", " ".join(f"{c}×{n}" for c, n in used.most_common()))
    assert not wrong, "\n".join([*wrong[:40], f"{len(wrong)} in all"])
    assert set(used) == set(connectives())


def test_connectives_are_few() -> None:
    assert len(connectives()) == len(set(connectives())) <= 40


def test_no_atomic_span_holds_a_list() -> None:
    names = {x.ja for x in vocabulary.laws().values() if x.kind != "former"}
    atoms = {
        *(f for x in vocabulary.laws().values() for f in x.forms),
        *(x.ja for x in vocabulary.acts().values()),
        *(p for x in vocabulary.objects().values() for p in x.parts or (x.ja, *x.forms)),
        *(f for x in vocabulary.parties().values() for f in ((x.ja,) if x.kind != "open-class" else ()) + x.forms),
        *(f for x in vocabulary.information().values() if x.named for f in (x.ja, *x.forms)),
        *(f for x in vocabulary.restrictions().values() for f in x.forms),
    }
    assert not [atom for atom in atoms if any(s in atom for s in SEPARATORS)]
    assert {name for name in names if any(s in name for s in SEPARATORS)} == {
        "あん摩マツサージ指圧師、はり師、きゆう師等に関する法律",
        "医薬品、医療機器等の品質、有効性及び安全性の確保等に関する法律",
        "社債、株式等の振替に関する法律",
        "臨床検査技師、衛生検査技師等に関する法律",
        "臨床検査技師、衛生検査技師等に関する法律の一部を改正する法律",
    }
