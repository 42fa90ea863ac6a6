"""The compiled decision against a slow reading of the same facts, over every line and at random."""

from __future__ import annotations

import random

import pytest

from bango_spec import law, vocabulary
from bango_spec.permits import NO, ORDER_NO, Permits, covering_kinds, covering_parties, permits

EDITIONS = [e.id for e in law.editions() if "schedule2" in e.tables]


def slow(table: Permits, item: str, tasks: tuple[str, ...], asker: str, provider: str, kind: str) -> tuple[bool, bool]:
    """Whether a line permits it, and whether the order lets it, read from the facts as they stand."""
    row = table.items[item]
    if not covering_parties()[asker] & {a.party for a in row.askers}:
        return False, False
    for line in row.lines:
        by = covering_parties()[provider] & {h.party for h in line.providers}
        if by and covering_kinds(table.edition.id)[kind] & set(line.information):
            break
    else:
        return False, False
    if item not in table.orders:
        return True, True
    procedures = [p for p in table.orders[item] if not tasks or not p.serves or set(p.serves) & set(tasks)]
    asked = {k for p in procedures for i in p.information for k in i.narrows}
    return True, bool(covering_kinds(table.edition.id)[kind] & asked)


def said(table: Permits, item: str, tasks: tuple[str, ...], asker: str, provider: str, kind: str) -> tuple[bool, bool]:
    task = table.task([table.slot(item, tasks)])
    number = table.decide(table.party(asker), task, table.party(provider), table.kind(kind))
    return number != NO, number >= 0


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_line_is_permitted_in_every_combination_that_it_names(edition: str) -> None:
    table = permits(edition)
    count = 0
    for item, row in table.items.items():
        for line in row.lines:
            for asker in row.askers:
                for holder in line.providers:
                    for kind in line.information:
                        one = (table, item, (), asker.party, holder.party, kind)
                        assert said(*one) == slow(*one)
                        assert said(*one)[0], one[1:]
                        count += 1
    assert count > 700


@pytest.mark.parametrize("edition", EDITIONS)
def test_random_questions_are_decided_as_the_facts_say(edition: str) -> None:
    table = permits(edition)
    rng = random.Random(20200906)
    parties, kinds = list(vocabulary.parties()), list(vocabulary.information())
    seen = set()
    for _ in range(20_000):
        item = rng.choice(list(table.items))
        row = table.items[item]
        line = rng.choice(row.lines)
        asker = rng.choice(row.askers).party if rng.random() < 0.7 else rng.choice(parties)
        provider = rng.choice(line.providers).party if rng.random() < 0.7 else rng.choice(parties)
        kind = rng.choice(line.information) if rng.random() < 0.7 else rng.choice(kinds)
        tasks = (rng.choice(row.tasks).id,) if rng.random() < 0.5 else ()
        one = (table, item, tasks, asker, provider, kind)
        assert said(*one) == slow(*one), one[1:]
        seen.add(said(*one))
    assert {(True, True), (False, False)} <= seen
    assert ((True, False) in seen) == (edition == "2020-09-06")


def test_a_decision_names_its_line() -> None:
    table = permits("2020-09-06")
    task = table.task([table.slot("74")])
    number = table.decide(table.party("mayor"), task, table.party("mayor"), table.kind("local-tax"))
    assert table.refs[number] == ("74", 1)


def test_a_line_that_the_order_does_not_ask_for_is_named_too() -> None:
    table = permits("2020-09-06")
    task = table.task([table.slot("27")])
    number = table.decide(table.party("mayor"), task, table.party("jpn-pension-service"), table.kind("pension"))
    assert number <= ORDER_NO
    assert table.refs[table.line(number)] == ("27", 5)


def test_a_task_in_two_items_is_permitted_by_either() -> None:
    table = permits("2020-09-06")
    both = table.task([table.slot("74"), table.slot("75")])
    mayor, pension = table.party("mayor"), table.party("jpn-pension-service")
    assert table.refs[table.decide(mayor, both, mayor, table.kind("local-tax"))].item == "74"
    assert table.refs[table.decide(mayor, both, pension, table.kind("pension"))].item == "75"
    assert table.task([table.slot("74"), table.slot("75")]) == both


@pytest.mark.parametrize(
    ("party", "wider", "covers"),
    [
        ("mayor", "medical-insurers", True),
        ("city-mayor", "medical-insurers", True),
        ("hiroshima-mayor", "mayor", True),
        ("national-officers-association", "medical-insurers", True),
        ("city-mayor", "governors-etc", True),
        ("prefectural-governor", "governors-etc", True),
        ("mayor", "governors-etc", False),
        ("mayor", "city-mayor", False),
        ("medical-insurers", "mayor", False),
        ("health-insurance-society", "mutual-aid-associations-etc", False),
        ("minister-of-health", "jpn-pension-service", False),
    ],
)
def test_a_party_is_covered_only_when_it_lies_wholly_within(party: str, wider: str, covers: bool) -> None:
    assert (wider in covering_parties()[party]) is covers


def test_a_class_is_covered_by_what_covers_all_its_members() -> None:
    for party in vocabulary.parties().values():
        for member in party.members:
            assert party.id in covering_parties()[member]
        if party.members:
            shared = frozenset.intersection(*(covering_parties()[m] for m in party.members))
            assert covering_parties()[party.id] >= shared


def test_a_kind_is_covered_by_the_named_kind_that_contains_it() -> None:
    old, new = covering_kinds("2020-09-06"), covering_kinds("2026-02-02")
    assert "disability" in old["physical-disability-certificate"]
    assert old["disability"] == {"disability"}
    assert old["local-tax"] == {"local-tax"}
    assert "disability" not in old["children-and-their-families-investigation"]
    assert "disability" in new["children-and-their-families-investigation"]
