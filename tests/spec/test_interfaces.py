"""The interface documents: complete, valid by a judge of others, and what their readers are promised."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from bango_spec import allow_list, error_catalogue, identifiers, interface_rules, interfaces, items, vocabulary
from bango_spec.errors import SpecError


@pytest.mark.parametrize("name", interfaces.NAMES)
def test_openapi_spec_validator_accepts_the_document(name: str) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(interfaces.document(name)).iter_errors()] == []


@pytest.mark.parametrize("name", interfaces.NAMES)
def test_the_document_needs_no_file(name: str) -> None:
    references = re.findall(r'"\$ref": "([^"]*)"', json.dumps(interfaces.document(name)))
    assert references
    assert {reference for reference in references if not reference.startswith("#/components/")} == set()
    for reference in set(references):
        assert interfaces.schema(name, reference)


def test_the_documents_keep_the_rules() -> None:
    assert interface_rules.problems() == []


def test_every_rule_says_why() -> None:
    for rule in interface_rules.rules().rules:
        assert rule.text.ja
        assert rule.why.ja
        assert rule.why.en


def test_operation_ids_lead_to_their_operation() -> None:
    found = interfaces.operation("putReplica")
    assert (found.method, found.path) == ("PUT", "/in-house/v1/replicas/{integrated_address_number}/{information}")
    assert found.authority == "register"
    assert found.staff_session
    assert found.roles == ("in-house",)
    with pytest.raises(SpecError, match="SPEC-OPERATION"):
        interfaces.operation("noSuchOperation")


def test_unknown_document_and_pointer_are_told() -> None:
    with pytest.raises(SpecError, match="SPEC-INTERFACE"):
        interfaces.document("no-such-system")
    with pytest.raises(SpecError, match="SPEC-POINTER"):
        interfaces.schema("core", "#/components/schemas/NoSuchSchema")


def _validator(name: str, schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(interfaces.standalone(name, schema), validate_formats=True)


@pytest.mark.parametrize("name", interfaces.NAMES)
def test_a_problem_answer_allows_exactly_its_codes(name: str) -> None:
    document = interfaces.document(name)
    for operation in interfaces.operations(name):
        raw = document["paths"][operation.path][operation.method.lower()]
        for status, answer in raw["responses"].items():
            if int(status) < 400:
                continue
            media = answer["content"]["application/problem+json"]
            validator = _validator(name, media["schema"])
            for code, reference in media["examples"].items():
                example = interfaces.resolve(name, reference)["value"]
                assert validator.is_valid(example), (operation.operation_id, code)
                assert not validator.is_valid({**example, "code": "some-other-code"})
                assert not validator.is_valid({**example, "status": 418})


def test_the_origin_follows_the_side_of_the_call() -> None:
    code, origin = interfaces.operation("requestProvision").problem("not-permitted")
    assert (code.status, origin) == (403, "provider")
    assert interfaces.operation("relayInquiry").problem("not-permitted")[1] == "network"
    assert interfaces.operation("relayInquiry").problem("malformed-request")[1] == "asker"
    assert interfaces.operation("relayAnswer").problem("malformed-request")[1] == "provider"
    assert interfaces.operation("relayInquiry").problem("peer-down")[1] == "provider"


@pytest.mark.parametrize("name", interfaces.NAMES)
def test_identifiers_are_those_of_the_identifier_file(name: str) -> None:
    kinds = {kind.id: kind for kind in identifiers.identifiers()}
    found = 0
    for title, schema in interfaces.document(name)["components"]["schemas"].items():
        kind = schema.get("x-bango-identifier")
        if kind is None:
            continue
        found += 1
        assert kind in kinds, title
        assert schema["maxLength"] == kinds[kind].width, title
        validator = _validator(name, schema)
        for valid in kinds[kind].valid:
            assert validator.is_valid(valid), (title, valid)
        for example in schema["examples"]:
            assert identifiers.check(kind, example) is None, (title, example)
            assert not validator.is_valid(example + "\n"), title
            assert not validator.is_valid(example.translate(FULL_WIDTH)), title
    assert found > 2


FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def test_sets_of_codes_expand_once_and_in_order() -> None:
    codes = error_catalogue.expand(["+body", "not-permitted", "request-too-large"])
    assert codes == ("unsupported-media-type", "request-too-large", "not-permitted")
    with pytest.raises(SpecError, match="SPEC-ERROR-SET"):
        error_catalogue.expand(["+nothing"])
    with pytest.raises(SpecError, match="SPEC-ERROR-CODE"):
        error_catalogue.expand(["no-such-code"])


def test_catalogue_codes_are_unique_and_problem_types_follow() -> None:
    errors = error_catalogue.catalogue().errors
    assert len({error.code for error in errors}) == len(errors)
    assert error_catalogue.error("not-permitted").type == "urn:bango:error:not-permitted"


def test_nothing_of_a_person_reaches_the_wrong_document() -> None:
    names = {name: set(json.dumps(interfaces.document(name)).split('"')) for name in interfaces.NAMES}
    assert "individual_number" in names["jlis"]
    assert "resident_code" in names["core"]
    for name in interfaces.NAMES:
        assert ("individual_number" in names[name]) == (name == "jlis")
        assert ("resident_code" in names[name]) == (name in {"jlis", "core"})
        assert ("integrated_address_number" in names[name]) == (name == "intermediate-server.in-house")
        assert ("linkage_code" in names[name]) == (name not in {"jlis", "intermediate-server.in-house"})


def _parts(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [part for one in node for part in _parts(one)]
    if isinstance(node, dict):
        return [node, *(part for one in node.values() for part in _parts(one))]
    return []


def _examples() -> list[dict[str, Any]]:
    named = [
        schema for name in interfaces.NAMES for schema in interfaces.document(name)["components"]["schemas"].values()
    ]
    return _parts([schema["examples"] for schema in named])


def test_items_in_examples_fit_their_layout() -> None:
    kinds = {kind.code: kind_id for kind_id, kind in vocabulary.information().items()}
    found = 0
    for part in _examples():
        if isinstance(part.get("items"), dict) and part["items"]:
            kind = kinds[part.get("information", "TM90000000000001")]
            schema = items.schema(kind, part["layout_version"])
            assert [
                error.message for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(part["items"])
            ] == []
            found += 1
    assert found > 5


def test_inquiries_in_examples_are_permitted() -> None:
    lines = {(line.task, line.procedure, line.information) for line in allow_list.allow_list("2020-09-06")}
    asked = {
        (part["task"], part["procedure"], part["information"])
        for part in _examples()
        if {"task", "procedure", "information"} <= part.keys()
    }
    assert asked
    assert asked <= lines
