"""The cases about text: samples, refused characters, numbers and empty values are what they claim to be."""

from __future__ import annotations

import json
import unicodedata
from types import SimpleNamespace
from typing import Any, NoReturn, cast

import jsonschema_rs
import pytest

from bango_conformance.case import Case
from bango_conformance.findings import Broken
from bango_conformance.kinds import text, text_items, text_kept, text_refused, text_values
from bango_conformance.shape.request import Request
from bango_conformance.suite import Scope
from bango_spec.characters import characters, check, samples
from bango_spec.items import is_rich, layouts, schema
from bango_spec.vocabulary import information, information_by_code

SCOPE = Scope("2020-09-06", "9000151201000003", ("mayor",), 1)
RICH = [named for key, named in information().items() if is_rich(key)]


def case() -> Case:
    def fail(code: str, **said: Any) -> NoReturn:
        raise Broken(code, **said)

    return cast("Case", SimpleNamespace(fail=fail))


@pytest.mark.parametrize("one", samples(), ids=lambda one: one.id)
def test_a_sample_that_comes_back_otherwise_is_found(one: Any) -> None:
    text_kept._same(case(), {"title": one.text}, ("title",), one, "then")
    changed = {unicodedata.normalize(form, one.text) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    changed |= {one.text.strip(), one.text[:-1], one.text.encode("cp932", "replace").decode("cp932"), ""}
    for came in changed - {one.text}:
        with pytest.raises(Broken):
            text_kept._same(case(), {"title": came}, ("title",), one, "then")


def test_every_sample_and_every_refused_character_has_its_obligation() -> None:
    ids = {one.id for one in text.obligations(SCOPE)}
    for one in samples():
        assert {f"text.notice.{one.id}", f"text.staff-name.{one.id}"} <= ids
        assert check(one.text, "name") is None
    assert set(text_kept.TELLING) <= {one.id for one in samples()}


def test_refused_examples_are_refused_by_the_rules_for_that_reason() -> None:
    for one in characters().refused:
        fault = check(one.example.replace("{surrogate}", "\ud800"))
        assert fault is not None
        assert fault.code == one.code
        broken = text_refused._defect(one, "title", "IS-API-001").put(Request("createNotice", body={"title": "件名"}))
        assert broken.raw is not None
        assert json.loads(broken.raw)["title"] == one.example.replace("{surrogate}", "\ud800")


@pytest.mark.parametrize("named", RICH, ids=lambda one: one.id)
def test_widest_and_emptied_items_are_valid_and_show_what_they_are_for(named: Any) -> None:
    rules = schema(named.id, layouts(named.id)[-1].version)
    validator = jsonschema_rs.Draft202012Validator(rules, validate_formats=True)
    for fill in (text_values.widest, text_values.emptied):
        assert list(validator.iter_errors(fill(named.code))) == []
    numbers = [value for value in text_values.widest(named.code).values() if isinstance(value, int)]
    assert not numbers or max(numbers) >= 9


def test_the_information_used_shows_null_zero_and_absent() -> None:
    tax = information_by_code("TM00000000000002")
    found = text_values.emptied(tax.code)
    assert None in found.values()
    assert 0 in found.values()
    assert set(schema(tax.id, layouts(tax.id)[-1].version)["properties"]) - set(found)
    wide = text_values.widest(tax.code).values()
    assert {9_999_999_999, -9_999_999_999} <= {value for value in wide if isinstance(value, int)}


@pytest.mark.parametrize("named", RICH, ids=lambda one: one.id)
def test_item_defects_break_the_layout_at_their_place(named: Any) -> None:
    version = layouts(named.id)[-1].version
    validator = jsonschema_rs.Draft202012Validator(schema(named.id, version), validate_formats=True)
    for defect, misses in text_items._misses(named.id, version).items():
        assert defect in text_items.CLAUSES
        assert 1 <= len(misses) <= text_items.MOST
        for miss in misses:
            made = text_items._defect(miss, "IS-TXT-003")
            for error in validator.iter_errors(miss.body):
                at = "/items" + "".join(f"/{step}" for step in error.instance_path)
                assert any(at == place or at.startswith(f"{place}/") for place in made.places)
            assert not validator.is_valid(miss.body)
