"""Assumptions and vocabulary: every entry is explained, found by id, and of the kind its readers expect."""

from __future__ import annotations

import re

import pytest

from bango_spec import assumptions, glossary, items
from bango_spec.errors import SpecError
from bango_spec.reading import load, root

UNITS = ("seconds", "days", "milliseconds", "bytes", "rows", "digits", "characters", "attempts", "limit", "kept")
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


def test_every_assumption_is_explained_in_both_languages() -> None:
    for one in assumptions.assumptions().values():
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", one.id), one.id
        assert JAPANESE.search(one.topic.ja), one.id
        assert JAPANESE.search(one.reason.ja), one.id
        assert len(one.reason.en) > 15, one.id
        assert one.value not in (None, "", [], {}), one.id


def test_numbers_carry_their_unit() -> None:
    for one in assumptions.assumptions().values():
        if one.id.endswith(tuple(f"-{unit}" for unit in UNITS)):
            assert type(one.value) is int, one.id
            assert one.value > 0, one.id


def test_values_that_the_contract_between_components_rests_on() -> None:
    assert assumptions.number("inquiry-batch-limit-rows") == 10_000
    assert assumptions.value("inquiry-outcomes")[0] == "provided"
    assert assumptions.number("permit-lifetime-seconds") < assumptions.number("approval-deadline-days") * 86400
    assert assumptions.number("approval-deadline-days") < assumptions.number("inquiry-deadline-days")
    assert assumptions.number("provider-answer-seconds") < assumptions.number("request-timeout-seconds")
    assert assumptions.number("encryption-key-lifetime-seconds") >= assumptions.number("approval-deadline-days") * 86400


def test_the_interface_documents_hold_the_same_values() -> None:
    common = load(root() / "interfaces" / "common.yaml")["components"]
    in_house = load(root() / "interfaces" / "intermediate-server.in-house.yaml")["components"]["schemas"]
    limit = common["parameters"]["Limit"]["schema"]
    documented = {
        "inquiry-outcomes": common["schemas"]["Outcome"]["enum"],
        "staff-authorities": common["schemas"]["Authority"]["enum"],
        "page-size-default": limit["default"],
        "page-size-limit": limit["maximum"],
        "replica-batch-limit-rows": in_house["ReplicaBatch"]["properties"]["entries"]["maxItems"],
        "inquiry-batch-limit-rows": in_house["InquiryFile"]["properties"]["records"]["maxItems"],
        "notice-limit-characters": in_house["NoticeRequest"]["properties"]["text"]["maxLength"],
    }
    assert {name: assumptions.value(name) for name in documented} == documented


def test_update_frequencies_speak_of_information_kinds() -> None:
    assert set(assumptions.value("replica-update-frequency")) <= set(items.information_ids())


def test_unknown_and_mistaken_entries_say_so() -> None:
    with pytest.raises(SpecError, match="no assumption nothing"):
        assumptions.value("nothing")
    with pytest.raises(SpecError, match="not a whole number"):
        assumptions.number("record-chain")


def test_an_entry_that_stands_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = list(assumptions.assumptions().values())[:1] * 2
    monkeypatch.setattr(assumptions, "read", lambda *_: twice)
    with pytest.raises(SpecError, match="stands twice"):
        assumptions.assumptions.__wrapped__()


def test_terms_are_unique_and_readable() -> None:
    terms = glossary.terms()
    assert len(terms) == len(load(root() / "glossary.yaml")["terms"])
    for field in ("code", "ja", "en"):
        values = [getattr(one, field) for one in terms.values()]
        assert len(set(values)) == len(values), field
    for one in terms.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", one.code), one.id
        assert re.fullmatch(r"[ぁ-んー]+", one.reading), one.id


def test_the_vocabulary_of_the_wire_is_there() -> None:
    names = "individual_number resident_code linkage_code acquisition_number integrated_address_number replica permit"
    assert set(names.split()) <= {one.code for one in glossary.terms().values()}
    assert glossary.term("replica").ja == "副本"
    with pytest.raises(SpecError, match="no term copy"):
        glossary.term("copy")


def test_drift_tells_2014_from_today() -> None:
    drift = {one.id: one for one in glossary.glossary().drift}
    assert drift["commission"].today.ja == "個人情報保護委員会"
    assert drift["ordinance-article"].evidence == "uncertain"
    for one in drift.values():
        assert one.briefing.ja != one.today.ja, one.id
