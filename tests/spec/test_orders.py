"""The orders as facts: complete, resolvable, and inside the items that they detail."""

from __future__ import annotations

import itertools

import pytest

from bango_spec import law, vocabulary
from bango_spec.orders import order, order_terms

EDITION = "2020-09-06"
TABLES = {"schedule1": (92, 473), "schedule2": (97, 446)}


@pytest.mark.parametrize(("table", "items", "procedures"), [(t, *n) for t, n in TABLES.items()])
def test_the_orders_of_2020_are_held(table: str, items: int, procedures: int) -> None:
    held = order(EDITION, table)
    assert (len(held), sum(map(len, held.values()))) == (items, procedures)
    ids = [p.id for ps in held.values() for p in ps]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("edition", ["2015-12-27", "2025-09-24", "2026-02-02"])
def test_no_order_is_pretended_for_other_editions(edition: str) -> None:
    assert not order(edition, "schedule1")
    assert not order(edition, "schedule2")


def test_the_items_without_an_article_are_those_that_the_edition_states() -> None:
    limit = next(x for x in law.edition(EDITION).limits if x.id == "items-without-order")
    live = {i for i, row in law.edition(EDITION).schedule2.items() if not row.deleted}
    assert live - order(EDITION, "schedule2").keys() == set(limit.items)


def test_what_an_order_asks_for_is_part_of_what_its_item_lists() -> None:
    items = law.edition(EDITION).schedule2
    for item, procedures in order(EDITION, "schedule2").items():
        listed = {k for line in items[item].lines for k in line.information}
        for procedure in procedures:
            assert procedure.information, procedure.id
            for asked in procedure.information:
                assert asked.asks, procedure.id
                assert asked.narrows, procedure.id
                assert set(asked.narrows) <= listed, procedure.id


@pytest.mark.parametrize("table", TABLES)
def test_every_reference_of_a_procedure_resolves(table: str) -> None:
    edition = law.edition(EDITION)
    rows = edition.schedule1 if table == "schedule1" else edition.schedule2
    terms = order_terms()
    acts = {a.id for a in terms.acts} | vocabulary.acts().keys()
    laws = {a.id for a in terms.laws} | vocabulary.laws().keys()
    asks = {a.id for a in terms.information}
    concerns = {a.id for a in terms.concerns}
    for item, procedures in order(EDITION, table).items():
        tasks = {t.id for t in rows[item].tasks}
        for p in procedures:
            assert not rows[item].deleted, p.id
            assert set(p.serves) < tasks, p.id
            assert p.acts, p.id
            assert set(p.acts) <= acts, p.id
            assert {c.split(":")[0].split("/")[0] for c in p.cites} <= laws, p.id
            assert {a for i in p.information for a in i.asks} <= asks, p.id
            assert {c for i in p.information for c in i.concerns} <= concerns, p.id


def test_every_term_of_the_orders_is_used_and_no_form_names_two() -> None:
    terms = order_terms()
    used = [p for table in TABLES for ps in order(EDITION, table).values() for p in ps]
    assert {a for p in used for i in p.information for a in i.asks} == {t.id for t in terms.information}
    assert {t.id for t in terms.acts} <= {a for p in used for a in p.acts}
    for group in (terms.information, terms.concerns, terms.acts, terms.laws):
        forms = [f for t in group for f in t.forms]
        assert len(forms) == len(set(forms))


def test_no_information_is_a_catch_all() -> None:
    finer = {t.id: t.forms for t in order_terms().information}
    for a, b in itertools.combinations(finer, 2):
        assert not set(finer[a]) & set(finer[b])
    assert max(len(forms) for forms in finer.values()) <= 8
