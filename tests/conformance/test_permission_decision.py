"""The decision, exhaustively: compiled table and allow list against a reading of the same facts that is naive and slow."""

from __future__ import annotations

import itertools
import json
from functools import cache
from typing import Any

import pytest

from bango_spec import vocabulary
from bango_spec.allow_list import TABLE, Entry, allow_list, party_kinds
from bango_spec.permits import NO, permits
from bango_spec.reading import root
from bango_spec.task_codes import parse_procedure, procedure_code, series_of, task_code

EDITIONS = ("2015-12-27", "2020-09-06")
Triple = tuple[str, str, str]


def facts(edition: str, name: str) -> list[dict[str, Any]]:
    path = root() / "law" / edition / f"{name}.json"
    return json.loads(path.read_bytes()) if path.is_file() else []


@cache
def climbs_to(party: str, listed: str) -> bool:
    """Whether one gets from a party to what is listed by going from narrow to wide, through the vocabulary."""
    known = vocabulary.parties()
    wider = [known[party].within] + [one.id for one in known.values() if party in one.members]
    return party == listed or any(climbs_to(one, listed) for one in wider if one)


def lies_within(party: str, listed: str) -> bool:
    """Whether a body that is `party` is meant where the table lists `listed`: itself, or every member of it."""
    members = vocabulary.parties()[party].members
    return climbs_to(party, listed) or (bool(members) and all(climbs_to(one, listed) for one in members))


@cache
def is_part(kind: str, listed: str) -> bool:
    """Whether information of one kind is part of what the table lists: all of its content, and not all of the other's."""
    if kind == listed:
        return True
    part, whole = vocabulary.information()[kind], vocabulary.information()[listed]
    return whole.named and bool(part.content) and set(part.content) < set(whole.content)


@cache
def asked_by_order(edition: str) -> dict[str, dict[tuple[int, str], frozenset[str]]]:
    """By item and procedure, the kinds of the table that the order asks for; empty where the edition has no order."""
    found: dict[str, dict[tuple[int, str], frozenset[str]]] = {}
    for row in facts(edition, "order2"):
        kinds = frozenset(kind for asked in row.get("information", ()) for kind in asked["narrows"])
        at = found.setdefault(row["item"], {})
        at[row["paragraph"], row["number"]] = at.get((row["paragraph"], row["number"]), frozenset()) | kinds
    return found


@cache
def naive(edition: str) -> dict[str, set[Triple]]:
    """By item, every (asker, provider, information) that some line permits for some procedure."""
    parties, kinds = list(vocabulary.parties()), list(vocabulary.information())
    permitted: dict[str, set[Triple]] = {}
    for row in facts(edition, "schedule2"):
        if row.get("deleted"):
            continue
        found = permitted.setdefault(row["id"], set())
        askers = [p for p in parties if any(lies_within(p, one["party"]) for one in row["askers"])]
        by_order = asked_by_order(edition).get(row["id"])
        for line in row["lines"]:
            providers = [p for p in parties if any(lies_within(p, one["party"]) for one in line["providers"])]
            wanted = [k for k in kinds if any(is_part(k, one) for one in line["information"])]
            if by_order is not None:
                narrowed = frozenset().union(*by_order.values())
                wanted = [k for k in wanted if any(is_part(k, one) for one in narrowed)]
            found.update(itertools.product(askers, providers, wanted))
    return permitted


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_compiled_table_permits_what_a_naive_reading_permits_and_nothing_else(edition: str) -> None:
    table = permits(edition)
    parties, kinds = list(vocabulary.parties()), list(vocabulary.information())
    assert set(table.items) == set(naive(edition))
    for item, wanted in naive(edition).items():
        task = table.task([table.slot(item)])
        # Every place that the compiled table knows for the task, and every place that the naive reading permits.
        compiled = set()
        for place, line in table._tasks[task].items():
            rest, kind = divmod(place, len(kinds))
            asker, provider = divmod(rest, len(parties))
            if line >= 0:
                compiled.add((parties[asker], parties[provider], kinds[kind]))
        assert compiled == wanted, f"item {item}"


@pytest.mark.parametrize("edition", EDITIONS)
def test_decide_says_what_the_naive_reading_says_of_every_party_that_the_table_names(edition: str) -> None:
    table = permits(edition)
    wanted = naive(edition)
    askers = sorted({entry.asker for entry in allow_list(edition)})
    providers = sorted({entry.provider for entry in allow_list(edition)})
    kinds = sorted({k for triples in wanted.values() for _, _, k in triples})
    places = itertools.product(wanted, askers, providers, kinds)
    differing = []
    # One in 97 of all places, so that a run takes seconds; the test above goes through the compiled table itself.
    for item, asker, provider, kind in itertools.islice(places, 0, None, 97):
        task = table.task([table.slot(item)])
        said = table.decide(table.party(asker), task, table.party(provider), table.kind(kind)) >= 0
        if said != ((asker, provider, kind) in wanted[item]):
            differing.append((item, asker, provider, kind))
    assert differing == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_allow_list_is_the_table_line_by_line_and_procedure_by_procedure(edition: str) -> None:
    series, orders = series_of(edition, TABLE), asked_by_order(edition)
    wanted: set[tuple[str, ...]] = set()
    for row in facts(edition, "schedule2"):
        if row.get("deleted"):
            continue
        procedures: dict[tuple[int, str], frozenset[str] | None] = dict(orders.get(row["id"], {})) or {(0, ""): None}
        for line, ((paragraph, number), asked) in itertools.product(row["lines"], procedures.items()):
            codes = [
                vocabulary.information()[kind].code
                for kind in line["information"]
                if asked is None or any(is_part(one, kind) for one in asked)
            ]
            for asker, provider, code in itertools.product(row["askers"], line["providers"], codes):
                procedure = procedure_code(series, row["id"], paragraph, number)
                wanted.add((asker["party"], provider["party"], task_code(series, row["id"]), procedure, code))
    assert {entry[2:] for entry in allow_list(edition)} == wanted


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_decision_agrees_with_the_allow_list_for_every_entry_and_for_its_procedure_elsewhere(edition: str) -> None:
    table = permits(edition)
    by_code = {kind.code: kind.id for kind in vocabulary.information().values()}
    listed = {(e.item, e.asker, e.provider, e.procedure, e.information) for e in allow_list(edition)}
    procedures = {
        item: {procedure_code(series_of(edition, TABLE), item, p.paragraph, p.number): p for p in found}
        for item, found in table.orders.items()
    }

    def decided(entry: Entry, procedure: str) -> int:
        detail = procedures.get(entry.item, {}).get(procedure)
        task = table.task([table.slot(entry.item, procedure=detail)])
        kind = table.kind(by_code[entry.information])
        return table.decide(table.party(entry.asker), task, table.party(entry.provider), kind)

    for entry in allow_list(edition):
        for procedure in procedures.get(entry.item, {entry.procedure: None}):
            key = (entry.item, entry.asker, entry.provider, procedure, entry.information)
            assert (decided(entry, procedure) >= 0) == (key in listed), key


def test_a_deleted_item_permits_nothing_and_has_no_entry() -> None:
    for edition in EDITIONS:
        assert "36" not in permits(edition).items
        assert not [entry for entry in allow_list(edition) if entry.item == "36"]


def test_a_class_takes_in_its_members_on_the_way_up_only() -> None:
    assert party_kinds(["mayor"]) == {"mayor", "medical-insurers"}
    assert "mayor" not in party_kinds(["medical-insurers"])
    assert lies_within("mayor", "medical-insurers")
    assert not lies_within("medical-insurers", "mayor")


def test_procedures_of_the_allow_list_read_back_as_their_item() -> None:
    for edition in EDITIONS:
        for entry in allow_list(edition):
            assert parse_procedure(entry.procedure).item == entry.item


def test_no_line_at_all_is_a_plain_no() -> None:
    table = permits("2020-09-06")
    task = table.task([table.slot("1")])
    nobody = next(
        kind for kind in vocabulary.information() if not any(k == kind for _, _, k in naive("2020-09-06")["1"])
    )
    assert table.decide(table.party("mayor"), task, table.party("mayor"), table.kind(nobody)) == NO
