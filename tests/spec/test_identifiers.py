"""Identifiers: vectors, oracles that nobody here wrote, and one defect per malformed value."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.jp import cn, in_

from bango_spec import identifiers as ids
from bango_spec.errors import UsageError
from bango_spec.reading import load, root

if TYPE_CHECKING:
    from bango_spec.identifiers import Identifier

KINDS = ids.identifiers()
MUNICIPALITIES = ["131016", "011002", "141003", "221309", "131121", "472018", "271004", "401307", "151009", "142093"]


def example(spec: Identifier) -> str:
    return spec.valid[0] if spec.valid else ids.block_value(spec.id, 77)


@pytest.mark.parametrize("spec", KINDS, ids=lambda spec: spec.id)
def test_vectors_are_judged_as_the_spec_says(spec: Identifier) -> None:
    assert [ids.check(spec.id, value) for value in spec.valid] == [None] * len(spec.valid)
    found = [(vector.value, ids.check(spec.id, vector.value)) for vector in spec.invalid]
    assert [(value, wrong.code if wrong else None) for value, wrong in found] == [
        (v.value, v.code) for v in spec.invalid
    ]


@pytest.mark.parametrize("spec", KINDS, ids=lambda spec: spec.id)
def test_every_malformed_value_has_exactly_its_defect(spec: Identifier) -> None:
    cases = ids.malformed(spec.id, example(spec), medium="raw")
    found = [(code, wrong.code if (wrong := ids.check(spec.id, bad)) else None) for code, bad in cases]
    assert [got for _, got in found] == [want for want, _ in found]
    assert len({code for code, _ in cases}) == len(cases)
    assert len(cases) >= 30


def test_every_malformation_can_be_made_for_some_kind() -> None:
    made = {code for spec in KINDS for code, _ in ids.malformed(spec.id, example(spec), medium="raw")}
    assert made == {one.code for one in ids.malformations()}


def test_malformation_codes_and_kinds_are_unique_and_stable_ascii() -> None:
    codes = [one.code for one in ids.malformations()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"ID-[A-Z0-9-]+", code) for code in codes)
    assert len(set(ids.kinds())) == len(ids.kinds())
    texts = [one.text.ja for one in ids.malformations()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("kind", ["individual-number", "corporate-number"])
def test_check_digits_agree_with_stdnum(kind: str) -> None:
    draw = random.Random(20140314)
    width = ids.identifier(kind).width - 1
    oracle = in_.calc_check_digit if kind == "individual-number" else cn.calc_check_digit
    bodies = [f"{draw.randrange(1, 10**width):0{width}}" for _ in range(100_000)]
    assert [b for b in bodies if ids.check_digit(kind, b) != oracle(b)] == []


@settings(derandomize=True, max_examples=300)
@given(st.integers(1, 10**12 - 1))
def test_only_one_digit_completes_an_individual_number(number: int) -> None:
    value = f"{number:012}"
    expected = in_.is_valid(value) and value[:11] != "0" * 11
    assert (ids.check("individual-number", value) is None) == expected


@pytest.mark.parametrize("code", MUNICIPALITIES)
def test_real_municipality_codes_follow_the_rule(code: str) -> None:
    remainder = sum(int(d) * w for d, w in zip(code[:5], (6, 5, 4, 3, 2), strict=True)) % 11
    assert code[5] == str(11 - remainder)[-1]
    assert ids.check("municipality-code", code) is None


@pytest.mark.parametrize(("body", "digit"), [("01100", "2"), ("13101", "6"), ("14100", "3"), ("22130", "9")])
def test_municipality_check_digit_by_hand(body: str, digit: str) -> None:
    assert ids.check_digit("municipality-code", body) == digit


@settings(derandomize=True, max_examples=400)
@given(st.sampled_from(KINDS), st.text(max_size=45))
def test_no_text_breaks_the_judge_and_patterns_agree(spec: Identifier, text: str) -> None:
    wrong = ids.check(spec.id, text)
    if wrong is None:
        assert text.isascii()
        assert jsonschema_rs.is_valid(ids.schema(spec.id), text)


@settings(derandomize=True, max_examples=400)
@given(st.sampled_from([spec for spec in KINDS if spec.test_block and not spec.parts and not spec.ranges]), st.data())
def test_block_values_are_right_marked_and_invertible(spec: Identifier, data: st.DataObject) -> None:
    assert spec.test_block is not None
    offset = data.draw(st.integers(0, spec.test_block.size - 1))
    value = ids.block_value(spec.id, offset)
    assert ids.check(spec.id, value) is None
    assert ids.is_test_number(spec.id, value)
    assert ids.block_offset(spec.id, value) == offset


def test_numbers_outside_the_block_are_no_test_numbers() -> None:
    assert not ids.is_test_number("individual-number", "123456789018")
    assert not ids.is_test_number("individual-number", "９９００００００００００")
    assert not ids.is_test_number("municipality-code", "131016")
    assert not ids.is_test_number("task-code", "JM01000000121000")
    assert ids.is_test_number("body-code", "9000113101600001")


def test_resident_code_rule_is_a_parameter() -> None:
    right = ids.block_value("resident-code", 12345)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    found = ids.check("resident-code", wrong)
    assert found is not None
    assert found.code == "ID-CHECK"
    assert ids.check("resident-code", wrong, "none") is None
    own = ids.CheckRule(weights=(1,) * 10, modulus=10, subtract_from=9, overflow="zero", position="last")
    assert ids.check("resident-code", ids.complete("resident-code", right[:-1], own), own) is None
    assert "ID-CHECK" not in {code for code, _ in ids.malformed("resident-code", right, "none")}


def test_require_names_the_defect_and_never_the_value() -> None:
    assert ids.require("individual-number", "123456789018") == "123456789018"
    with pytest.raises(ids.MalformedIdentifierError) as caught:
        ids.require("individual-number", "123456789010")
    assert caught.value.code == "ID-CHECK"
    assert "個人番号" in str(caught.value)
    assert "123456789010" not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: ids.check("my-number", "1"), "ID-UNKNOWN-KIND"),
        (lambda: ids.malformation("ID-NOTHING"), "ID-UNKNOWN-CODE"),
        (lambda: ids.check_digit("body-code", "1"), "ID-NO-CHECK-RULE"),
        (lambda: ids.check_digit("individual-number", "１２３４５６７８９０１"), "ID-BODY"),
        (lambda: ids.block_value("task-code", 1), "ID-NO-BLOCK"),
        (lambda: ids.block_value("individual-number", 2**27), "ID-BLOCK-OFFSET"),
    ],
)
def test_misuse_has_its_own_code(call: object, code: str) -> None:
    assert callable(call)
    with pytest.raises(UsageError) as caught:
        call()
    assert caught.value.code == code


def test_media_leave_out_what_cannot_travel() -> None:
    value = "123456789018"
    everything = dict(ids.malformed("individual-number", value, medium="raw"))
    in_json = dict(ids.malformed("individual-number", value))
    in_path = dict(ids.malformed("individual-number", value, medium="path"))
    in_header = dict(ids.malformed("individual-number", value, medium="header"))
    assert set(everything) - set(in_json) == {"ID-SURROGATE"}
    assert "ID-NULL" in in_json
    assert "ID-EMPTY" not in in_path
    assert all(
        isinstance(bad, str) and bad.encode("ascii").strip() == bad.encode("ascii") for bad in in_header.values()
    )
    assert {"ID-CHECK", "ID-LENGTH-LONG", "ID-WHITESPACE"} <= set(in_header)


def test_the_individual_number_is_kept_out_of_the_network() -> None:
    for component in ("intermediate-server", "interface-system", "core"):
        assert "individual-number" in {one.id for one in ids.forbidden_at(component)}
    for spec in KINDS:
        assert not set(spec.appears) & set(spec.never)


def test_assumptions_named_by_identifiers_exist() -> None:
    known = {entry["id"] for entry in load(root() / "assumptions.yaml")}
    named = {spec.assumption for spec in KINDS if spec.assumption}
    named |= {spec.test_block.assumption for spec in KINDS if spec.test_block}
    named |= {s.removeprefix("assumption:") for spec in KINDS for s in spec.sources if s.startswith("assumption:")}
    assert named <= known
