"""Items: valid schemas, valid samples, near misses with one defect each, and nothing that tells who a person is."""

from __future__ import annotations

import importlib
import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bango_spec import _item_data, _items_check, items
from bango_spec.errors import UsageError
from bango_spec.reading import load, root

if TYPE_CHECKING:
    from collections.abc import Iterator

RICH = (
    "local-tax",
    "resident-record",
    "medical-insurance",
    "pension",
    "public-assistance",
    "child-allowance",
    "long-term-care",
    "disability",
)
LAYOUTS = [(name, one.version) for name in items.information_ids() for one in items.layouts(name)]
RICH_LAYOUTS = [(name, version) for name, version in LAYOUTS if name in RICH]
ITEM_CODE = re.compile(r"TK9[0-9]{13}")


SAMPLE = {
    "TK99000000100001": "10",
    "TK99000000100002": 3,
    "TK99000000100007": "2",
    "TK99000000100008": None,
    "TK99000000100009": "2013-08-04",
    "TK99000000100010": "03",
    "TK99000000100011": "2010-11-29",
}


def leaves(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for code, rule in schema["properties"].items():
        if rule["type"] == "array":
            yield from leaves(rule["items"])
        else:
            yield code, rule


def place_of(error: Any) -> tuple[str, ...]:
    """Where the validator complains: the item codes, with the item that is missing or too many."""
    path = [step for step in error.instance_path if isinstance(step, str)]
    kind = error.kind.as_dict()
    return (*path, *kind.get("unexpected", []), *([kind["property"]] if "property" in kind else []))


def test_every_kind_that_the_tables_name_has_a_schema() -> None:
    assert len(items.information_ids()) > 100
    assert {name for name in items.information_ids() if items.is_rich(name)} == set(RICH)
    assert items.problems() == []


@pytest.mark.parametrize(("name", "version"), LAYOUTS)
def test_schemas_are_valid_closed_and_marked(name: str, version: str) -> None:
    schema = items.schema(name, version)
    importlib.import_module("jsonschema").Draft202012Validator.check_schema(schema)
    assert schema["x-bango-detail"] == ("rich" if name in RICH else "minimal")
    assert schema["additionalProperties"] is False
    assert re.fullmatch(r"TM[0-9]{14}", schema["x-bango-information"])
    assert set(schema["x-bango-empty"]) == {"absent", "null", "zero"}
    for code, rule in leaves(schema):
        assert ITEM_CODE.fullmatch(code)
        assert rule["title"]
        assert rule["x-bango-title-en"]


def test_item_codes_are_unique_through_all_kinds() -> None:
    owner: dict[str, str] = {}
    for name, version in LAYOUTS:
        for code, _ in leaves(items.schema(name, version)):
            assert owner.setdefault(code, name) == name
    assert len(owner) > 800


@pytest.mark.parametrize(("name", "version"), LAYOUTS)
def test_samples_are_valid_and_depend_on_nothing_but_their_arguments(name: str, version: str) -> None:
    validator = jsonschema_rs.validator_for(items.schema(name, version), validate_formats=True)
    bodies = [items.sample(name, version, seed) for seed in range(12)]
    for body in [*bodies, items.sample(name, version, 0, full=True)]:
        assert [str(error) for error in validator.iter_errors(body)] == []
    assert bodies == [items.sample(name, version, seed) for seed in range(12)]
    assert len({json.dumps(body, sort_keys=True) for body in bodies}) > 6


def test_samples_fit_the_interface_documents() -> None:
    components = load(root() / "interfaces" / "common.yaml")["components"]
    wire = jsonschema_rs.validator_for({"$ref": "#/components/schemas/Items", "components": components})
    version = jsonschema_rs.validator_for({"$ref": "#/components/schemas/LayoutVersion", "components": components})
    for name, layout in LAYOUTS:
        assert version.is_valid(layout)
        assert wire.is_valid(items.sample(name, layout, 1, full=True)), name
        assert wire.is_valid(items.sample(name, layout, 2)), name


def test_samples_tell_absent_null_and_zero_apart() -> None:
    bodies = [items.sample("local-tax", "2020.1", seed) for seed in range(60)]
    optional = items.code("local-tax", 11)
    found = {body.get(optional, "absent") for body in bodies}
    assert {"absent", None, 0} <= found


def test_a_sample_repeats_the_fiscal_year_of_its_replica() -> None:
    year = items.code("local-tax", 1)
    assert {items.sample("local-tax", "2020.1", seed, fiscal_year="2018")[year] for seed in range(9)} == {"2018"}
    assert items.kind("local-tax").scope == "fiscal-year"


def test_the_sample_of_a_seed_never_changes() -> None:
    body = items.sample("resident-record", "2015.1", 1)
    assert body == SAMPLE


@pytest.mark.parametrize(("name", "version"), [*RICH_LAYOUTS, ("asbestos-relief", "2015.1")])
def test_near_misses_are_refused_at_their_place_and_nowhere_else(name: str, version: str) -> None:
    validator = jsonschema_rs.validator_for(items.schema(name, version), validate_formats=True)
    misses = items.near_misses(name, version)
    assert len({miss.id for miss in misses}) == len(misses) > 30
    for miss in misses:
        assert {place_of(error) for error in validator.iter_errors(miss.body)} == {miss.place}, miss.id


def test_another_validator_agrees() -> None:
    validator = importlib.import_module("jsonschema").Draft202012Validator(items.schema("local-tax", "2020.1"))
    assert all(validator.is_valid(items.sample("local-tax", "2020.1", seed)) for seed in range(5))
    assert [miss.id for miss in items.near_misses("local-tax", "2020.1") if validator.is_valid(miss.body)] == []


def test_every_defect_occurs() -> None:
    seen = {miss.defect for name, version in RICH_LAYOUTS for miss in items.near_misses(name, version)}
    assert seen == set(_item_data.defects())


def test_layouts_stand_side_by_side_and_drift() -> None:
    for name in ("local-tax", "medical-insurance"):
        assert [one.version for one in items.layouts(name)] == ["2015.1", "2020.1"]
        assert [one.version for one in items.layouts(name, "2020-09-06")] == ["2015.1", "2020.1"]
        assert [one.version for one in items.layouts(name, "2015-12-27")] == ["2015.1"]
        assert [one.version for one in items.layouts(name, "2026-02-02")] == ["2020.1"]
        old, new = (items.schema(name, version)["properties"] for version in ("2015.1", "2020.1"))
        assert new.keys() - old.keys()
        assert old.keys() - new.keys()
        assert [code for code in old.keys() & new.keys() if old[code]["title"] != new[code]["title"]]
    assert [len(items.layouts(name, "2020-09-06")) > 0 for name in items.information_ids()].count(False) == 0


def test_drift_names_what_a_program_must_follow() -> None:
    found = {(one.change, one.code) for one in items.drift("local-tax", "2015.1", "2020.1")}
    assert ("removed", items.code("local-tax", 34)) in found
    assert ("added", items.code("local-tax", 35)) in found
    assert ("renamed", items.code("local-tax", 6)) in found
    assert ("codes", items.code("local-tax", 29)) in found
    assert ("added", items.code("local-tax", 34)) in {
        (one.change, one.code) for one in items.drift("local-tax", "2020.1", "2015.1")
    }
    assert items.drift("local-tax", "2020.1", "2020.1") == ()


def test_samples_make_sense() -> None:
    status, part = items.code("local-tax", 4), items.code("local-tax", 6)
    taxes = [items.sample("local-tax", "2020.1", seed) for seed in range(60)]
    exempt = [body[part] for body in taxes if body[status] in ("0", "1")]
    assert set(exempt) <= {0, None}
    assert 0 in exempt
    since, until = items.code("medical-insurance", 3), items.code("medical-insurance", 4)
    spans = [items.sample("medical-insurance", "2020.1", seed) for seed in range(60)]
    both = [(body[since], body[until]) for body in spans if body[since] and body[until]]
    assert len(both) > 20
    assert all(start <= end for start, end in both)


@pytest.mark.parametrize(("old", "new"), [("2015.1", "2020.1"), ("2020.1", "2015.1")])
@pytest.mark.parametrize("name", ["local-tax", "medical-insurance"])
def test_a_full_body_of_one_layout_is_refused_by_the_other(name: str, old: str, new: str) -> None:
    body = items.sample(name, old, 3, full=True)
    assert jsonschema_rs.is_valid(items.schema(name, old), body)
    assert not jsonschema_rs.is_valid(items.schema(name, new), body)


def test_an_answer_holds_what_was_asked_and_no_more() -> None:
    asked = items.codes("local-tax", "2020.1")[3:6]
    schema = items.schema("local-tax", "2020.1", only=asked)
    body = items.sample("local-tax", "2020.1", 5, full=True)
    answer = {code: body[code] for code in asked}
    assert jsonschema_rs.is_valid(schema, answer)
    assert not jsonschema_rs.is_valid(schema, body)
    assert not jsonschema_rs.is_valid(schema, {})


def test_unknown_kinds_and_layouts_say_so() -> None:
    with pytest.raises(UsageError, match="no information kind shoe-size"):
        items.schema("shoe-size", "2015.1")
    with pytest.raises(UsageError, match=r"no layout 1999\.1") as caught:
        items.sample("local-tax", "1999.1", 0)
    assert "2015.1, 2020.1" in caught.value.step


# Who a person is: numbers with right check digits and made-up attributes, in the forms in which they leak.
SECRETS = [
    "123456789018", "１２３４５６７８９０１８", "1234-5678-9018", "12345678901", 123456789018, 12345678901,
    "番号 太郎", "ﾊﾞﾝｺﾞｳ ﾀﾛｳ", "BANGO TARO", "東京都千代田区霞が関2-1-2", "男", "女", "male", "昭和60年1月2日", "S600102",
]  # fmt: skip
TELLING = re.compile("個人番号|住民票コード|氏名|名前|住所|居所|生年月日|性別|男|女|年齢")
TELLING_EN = re.compile(
    r"\b(individual number|resident code|name|address|birth ?date|date of birth|sex|male|female)\b", re.IGNORECASE
)


@pytest.mark.parametrize(("name", "version"), LAYOUTS)
def test_no_item_can_carry_who_a_person_is(name: str, version: str) -> None:
    for code, rule in leaves(items.schema(name, version)):
        titles = [rule["title"], *(text["ja"] for text in rule.get("x-bango-values", {}).values())]
        assert not any(TELLING.search(title) for title in titles), code
        assert not TELLING_EN.search(rule["x-bango-title-en"]), code
        bare = {key: value for key, value in rule.items() if not key.startswith("x-")}
        validator = jsonschema_rs.validator_for(bare)
        assert [secret for secret in SECRETS if validator.is_valid(secret)] == [], code


@settings(derandomize=True, max_examples=60)
@given(number=st.integers(10**10, 10**12 - 1), row=st.integers(0, len(RICH_LAYOUTS) - 1))
def test_no_item_takes_a_number_as_long_as_a_persons(number: int, row: int) -> None:
    for code, rule in leaves(items.schema(*RICH_LAYOUTS[row])):
        validator = jsonschema_rs.validator_for(rule)
        assert not validator.is_valid(number), code
        assert not validator.is_valid(str(number)), code
        assert not validator.is_valid(f"{number:012d}"), code


def changed(**changes: Any) -> _item_data.Kind:
    return msgspec.structs.replace(items.kind("local-tax"), **changes)


def an_item(**values: Any) -> _item_data.Item:
    return _item_data.Item(no=1, names=items.kind("local-tax").names, **values)


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        (changed(items=(an_item(type="yen"), an_item(type="yen"))), "stands twice"),
        (changed(items=(an_item(type="yen", digits=11),)), "more than 10 digits"),
        (changed(items=(an_item(type="words"),)), "no value type words"),
        (changed(items=(an_item(type="code"),)), "a code without its list"),
        (changed(items=(an_item(type="group"),)), "a group needs items"),
        (changed(items=(an_item(type="group", most=1, items=(an_item(type="group"),)),)), "a group within a group"),
        (changed(items=(an_item(type="yen", since="2019.1"),)), "speaks of the layout 2019.1"),
        (changed(items=(an_item(type="date", after=2),)), "comes after item 2"),
        (
            changed(items=(an_item(type="yen", zero_with=_item_data.ZeroWith(no=2, codes=("0",))),)),
            "is zero with item 2",
        ),
        (changed(layouts=items.layouts("local-tax")[::-1]), "out of order"),
        (changed(layouts=items.layouts("local-tax")[:1]), "the newest layout ends"),
    ],
)
def test_the_check_names_what_is_wrong(kind: _item_data.Kind, complaint: str) -> None:
    assert any(complaint in line for line in _items_check.problems(kind))


def test_the_check_refuses_titles_that_tell_who_a_person_is() -> None:
    names = msgspec.structs.replace(items.kind("local-tax").names, ja="申告者の氏名")
    kind = changed(items=(msgspec.structs.replace(an_item(type="yen"), names=names),))
    assert list(_items_check.problems(kind)) == ["local-tax: item 1 is called 氏名"]
