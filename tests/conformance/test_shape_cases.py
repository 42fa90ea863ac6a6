"""The compiled cases are themselves right: valid requests fit the documents, each defect breaks them at its place and nowhere else."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any

import pytest

from bango_conformance.kinds import shape, text
from bango_conformance.operations import operation
from bango_conformance.shape import whole
from bango_conformance.shape.defects import FEW, Defect, missing, places, unlisted, wrong
from bango_conformance.shape.items import item_defects
from bango_conformance.shape.naming import DOCUMENTS, kebab
from bango_conformance.shape.parameters import parameter_defects, parameters
from bango_conformance.shape.request import Request
from bango_conformance.shape.schemas import faults, fits, resolved
from bango_conformance.shape.unusual import unusual
from bango_conformance.suite import Scope
from bango_spec import identifiers
from bango_spec.clauses import clause
from bango_spec.error_catalogue import by_code
from bango_spec.interfaces import Operation, operations

OPERATIONS = [found for document in DOCUMENTS for found in operations(document)]
WITH_BODY = [found for found in OPERATIONS if found.request_schema is not None]
SCOPE = Scope("2020-09-06", "9000151201000003", ("mayor",), 1)


def example(found: Operation) -> Request:
    return Request(found.operation_id, body=whole.example_body(found.operation_id))


def name(found: Operation) -> str:
    return found.operation_id


def body_defects(found: Operation, request: Request) -> list[Defect]:
    made: list[Defect] = []
    for place in places(found.operation_id):
        if place.required and place.steps:
            made.append(missing(place))
        if resolved(found.document, place.schema).get("type") == "object":
            made.append(unlisted(place))
        made += wrong(place, request, None if len(place.steps) == 1 else FEW)
        if place.steps:
            made += item_defects(place)
    return made


def schema_of(found: Operation) -> dict[str, Any]:
    assert found.request_schema is not None
    return found.request_schema


@pytest.mark.parametrize("found", WITH_BODY, ids=name)
def test_the_example_bodies_are_valid(found: Operation) -> None:
    assert fits(found.document, schema_of(found), whole.example_body(found.operation_id))


@pytest.mark.parametrize("found", WITH_BODY, ids=name)
def test_each_defect_breaks_the_body_at_its_place_and_nowhere_else(found: Operation) -> None:
    request = example(found)
    for defect in body_defects(found, request):
        broken = defect.put(request)
        body = None if broken.raw is not None else broken.body
        wrongs = faults(found.document, schema_of(found), body)
        assert wrongs, f"{defect.id} is no defect"
        for at, message in wrongs:
            fitting = any(at == place or at.startswith(f"{place}/") for place in defect.places)
            assert fitting, f"{defect.id}: also wrong at {at!r}: {message}"
        assert request.body == whole.example_body(found.operation_id), "the valid request has changed"


@pytest.mark.parametrize("found", WITH_BODY, ids=name)
def test_each_defect_names_reasons_that_the_operation_documents(found: Operation) -> None:
    documented = {*found.errors, *found.entry_errors}
    for defect in body_defects(found, example(found)):
        assert set(defect.codes) & documented, f"{defect.id}: {defect.codes}"
        assert set(defect.codes) <= set(by_code())


@pytest.mark.parametrize("found", WITH_BODY, ids=name)
def test_unreadable_bodies_cannot_be_read_and_twice_written_names_can_be_seen(found: Operation) -> None:
    request = example(found)
    for defect in whole.unreadable(request):
        raw = defect.put(request).raw
        assert raw is not None
        assert not readable(found, raw), defect.id
    objects = [p for p in places(found.operation_id) if resolved(found.document, p.schema).get("type") == "object"]
    twice = whole.twice(objects, request)
    assert twice
    for defect in twice:
        raw = defect.put(request).raw
        assert raw is not None
        assert len(written_twice(raw)) == 1
        assert fits(found.document, schema_of(found), json.loads(raw)), "the second defect"


def readable(found: Operation, raw: bytes) -> bool:
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError):
        return False
    return fits(found.document, schema_of(found), value)


def refuse(word: str) -> None:
    raise ValueError(word)


def written_twice(raw: bytes) -> list[str]:
    seen: list[str] = []

    def noted(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [key for key, _ in pairs]
        seen.extend(sorted({key for key in names if names.count(key) > 1}))
        return dict(pairs)

    json.loads(raw, object_pairs_hook=noted)
    return seen


@pytest.mark.parametrize("found", WITH_BODY, ids=name)
def test_unusual_bodies_are_valid(found: Operation) -> None:
    ways = list(unusual(found.operation_id))
    assert len(ways) >= 2
    for way, change in ways:
        changed = change(example(found))
        body = changed.body if changed.raw is None else json.loads(changed.raw)
        assert faults(found.document, schema_of(found), body) == [], way


@pytest.mark.parametrize("found", OPERATIONS, ids=name)
def test_each_parameter_defect_breaks_the_parameters_schema(found: Operation) -> None:
    for where in ("path", "query", "header"):
        for parameter in parameters(found.operation_id, where):
            made = list(parameter_defects(parameter, Request(found.operation_id)))
            assert made, parameter["name"]
            for defect in made:
                if defect.id.endswith(("missing", "given twice", "names nothing")):
                    continue
                value = sent(defect, where, parameter["name"])
                integer = resolved(found.document, parameter["schema"]).get("type") == "integer"
                read: Any = int(value) if integer and value.isascii() and value.isdigit() else value
                assert not fits(found.document, parameter["schema"], read), f"{defect.id}: {value!r}"
                assert defect.places == (parameter["name"].lower(),)


def sent(defect: Defect, where: str, parameter: str) -> str:
    broken = defect.put(Request("readReplica"))
    if where == "query":
        return dict(broken.query)[parameter]
    return (broken.path if where == "path" else broken.headers)[parameter]


def test_every_malformation_of_every_identifier_in_a_body_is_tried_somewhere() -> None:
    tried: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, str] = {}
    for found in WITH_BODY:
        for place in places(found.operation_id):
            kind = resolved(found.document, place.schema).get("x-bango-identifier")
            if kind and len(place.steps) == 1:
                kinds[kind] = resolved(found.document, place.schema)["examples"][0]
                tried[kind] |= {defect.id.rsplit(": ", 1)[1] for defect in wrong(place, example(found))}
    rich = {"integrated-address-number", "body-code", "linkage-code", "information-code", "task-code", "permit-id"}
    assert rich <= set(tried)
    for kind in rich:
        refusable = {
            code
            for code, bad in identifiers.malformed(kind, kinds[kind], medium="json")
            if re.fullmatch(identifiers.identifier(kind).pattern, bad if isinstance(bad, str) else "") is None
        }
        left = {code.removeprefix("ID-").lower() for code in refusable} - tried[kind]
        # What is no string is tried as a wrong type.
        assert left <= {"null", "number", "not-string", "empty"}, f"{kind}: {sorted(left)}"


def test_the_suite_has_every_operation_and_cites_known_clauses() -> None:
    made = [*shape.obligations(SCOPE), *text.obligations(SCOPE)]
    ids = [one.id for one in made]
    assert len(ids) == len(set(ids))
    assert 350 <= sum(one.kind == "shape" for one in made) <= 520
    assert sum(one.smoke for one in made) <= 6
    for found in OPERATIONS:
        for tail in ("answer", "oracle", "header.general"):
            assert f"shape.{kebab(found.operation_id)}.{tail}" in ids
    for one in made:
        assert all(clause(cited).id.startswith("IS-") for cited in one.clauses)
        assert len(set(one.clauses)) == len(one.clauses)
        assert one.title.ja != one.title.en


def test_the_suite_is_the_same_every_time() -> None:
    first, second = list(shape.obligations(SCOPE)), list(shape.obligations(SCOPE))
    assert [(one.id, one.clauses, one.title) for one in first] == [(one.id, one.clauses, one.title) for one in second]


def test_too_many_records_are_ten_thousand_and_one_valid_ones() -> None:
    found = operation("submitInquiryFile")
    broken = whole.too_many("records").put(example(found))
    assert len(broken.body["records"]) == 10_001
    assert len({record["record_id"] for record in broken.body["records"]}) == 10_001
    assert {at for at, _ in faults(found.document, schema_of(found), broken.body)} == {"/records"}
