"""The judge of answers: each deviation is found under its own code, and a right answer passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NoReturn, cast

import pytest

from bango_conformance.case import Case
from bango_conformance.findings import Broken
from bango_conformance.shape.defects import Defect
from bango_conformance.shape.judge import documented, refused
from bango_conformance.shape.oracle import drawn, findings
from bango_conformance.shape.request import Request
from bango_conformance.stage.client import Answer

CORRELATION = "c0ffee00-1111-4222-8333-444455556666"
NUMBER = "000009000000001"
REQUEST = Request("requestAcquisition", body={"integrated_address_number": NUMBER})
DEFECT = Defect(
    id="/integrated_address_number: fullwidth",
    where="body",
    put=lambda request: request,
    codes=("format-integrated-address-number",),
    places=("/integrated_address_number",),
    clause="IS-TXT-003",
    located=("format-integrated-address-number",),
)
Change = Callable[[dict[str, Any], dict[str, str]], object]


def case() -> Case:
    """As much of a case as the judge looks at."""
    exchange = SimpleNamespace(request=SimpleNamespace(headers=(("Bango-Correlation-Id", CORRELATION),)))
    person = SimpleNamespace(integrated_address_number=NUMBER, linkage_code="A" * 43)

    def fail(code: str, **said: Any) -> NoReturn:
        raise Broken(code, **said)

    return cast("Case", SimpleNamespace(fail=fail, last_sent=lambda: exchange, subjects=lambda: (person,)))


def headers(media: str) -> dict[str, str]:
    return {
        "content-type": media,
        "bango-correlation-id": CORRELATION,
        "bango-profile-version": "1.0",
        "cache-control": "no-store",
    }


def answer(status: int, body: Any, fields: dict[str, str]) -> Answer:
    return Answer(status, fields, json.dumps(body, ensure_ascii=False).encode(), body)


def problem() -> dict[str, Any]:
    return {
        "type": "urn:bango:error:format-integrated-address-number",
        "title": "団体内統合宛名番号の形式誤り",
        "status": 400,
        "code": "format-integrated-address-number",
        "origin": "asker",
        "correlation_id": CORRELATION,
        "errors": [{"in": "body", "place": "/integrated_address_number", "code": "format-integrated-address-number"}],
    }


def other_code(body: dict[str, Any], _: dict[str, str]) -> None:
    body |= {"code": "malformed-request", "type": "urn:bango:error:malformed-request"}


def other_echo(body: dict[str, Any], fields: dict[str, str]) -> None:
    fields["bango-correlation-id"] = body["correlation_id"] = "c0ffee00-1111-4222-8333-444455556667"


REFUSALS: list[tuple[str, str, int, Change]] = [
    ("SERVER-ERROR", "IS-API-013", 500, lambda body, fields: None),
    ("ACCEPTED-DEFECT", "IS-TXT-003", 201, lambda body, fields: None),
    ("NO-PROBLEM", "IS-API-001", 400, lambda body, fields: fields.update({"content-type": "text/plain"})),
    ("UNKNOWN-PROBLEM", "IS-API-001", 400, lambda body, fields: body.update(code="of-our-own")),
    ("UNKNOWN-PROBLEM", "IS-API-001", 400, lambda body, fields: body.update(type="about:blank")),
    ("UNKNOWN-PROBLEM", "IS-API-001", 422, lambda body, fields: None),
    ("PROBLEM-SHAPE", "IS-API-001", 400, lambda body, fields: body.update(stack="line 1")),
    ("WRONG-ORIGIN", "IS-API-002", 400, lambda body, fields: body.update(origin="network")),
    ("NOT-ECHOED", "IS-API-003", 400, other_echo),
    ("NOT-ECHOED", "IS-API-003", 400, lambda body, fields: fields.pop("bango-correlation-id")),
    ("NO-VERSION", "IS-API-007", 400, lambda body, fields: fields.pop("bango-profile-version")),
    ("PERSON-IN-PROBLEM", "IS-PRI-006", 400, lambda body, fields: body.update(detail=f"{NUMBER} is wrong")),
    (
        "PERSON-IN-PROBLEM",
        "IS-PRI-006",
        400,
        lambda body, fields: body.update(detail="０００００９００００００００１ is wrong"),
    ),
    ("WRONG-REASON", "IS-TXT-003", 400, other_code),
    ("WRONG-PLACE", "IS-TXT-003", 400, lambda body, fields: body.pop("errors")),
    ("WRONG-PLACE", "IS-TXT-003", 400, lambda body, fields: body["errors"][0].update(place="/other")),
    ("WRONG-PLACE", "IS-TXT-003", 400, lambda body, fields: body["errors"][0].update({"in": "header"})),
]


def test_the_right_refusal_passes() -> None:
    refused(case(), REQUEST, answer(400, problem(), headers("application/problem+json")), DEFECT)


@pytest.mark.parametrize("named", ["000009000000001", "000009000000002", "A" * 43, "B" * 43])
def test_whichever_person_of_the_case_is_named_it_is_found(named: str) -> None:
    played = case()
    people = [(NUMBER, "A" * 43), ("000009000000002", "B" * 43)]
    persons = tuple(SimpleNamespace(integrated_address_number=one, linkage_code=two) for one, two in people)
    played.subjects = lambda: persons  # type: ignore[assignment,method-assign,return-value]
    told = answer(400, problem() | {"detail": named}, headers("application/problem+json"))
    with pytest.raises(Broken) as found:
        refused(played, REQUEST, told, DEFECT)
    assert found.value.code == "PERSON-IN-PROBLEM"


@pytest.mark.parametrize(("code", "clause", "status", "change"), REFUSALS)
def test_each_wrong_refusal_is_found(code: str, clause: str, status: int, change: Change) -> None:
    body, fields = problem(), headers("application/problem+json")
    change(body, fields)
    with pytest.raises(Broken) as found:
        refused(case(), REQUEST, answer(status, body, fields), DEFECT)
    assert (found.value.code, found.value.clause) == (code, clause)


def acquisition() -> dict[str, Any]:
    return {
        "acquisition_number": "20200907000000000001",
        "integrated_address_number": NUMBER,
        "state": "requested",
        "requested_at": "2020-09-07T09:00:00+09:00",
        "expires_at": "2020-09-08T09:00:00+09:00",
    }


def created() -> dict[str, str]:
    return headers("application/json") | {"location": "/in-house/v1/acquisitions/20200907000000000001"}


ANSWERS: list[tuple[str, int, Change]] = [
    ("NOT-ACCEPTED", 200, lambda body, fields: None),
    ("NOT-ACCEPTED", 500, lambda body, fields: None),
    ("MEDIA-TYPE", 201, lambda body, fields: fields.update({"content-type": "text/html"})),
    ("ANSWER-SHAPE", 201, lambda body, fields: body.update(linkage_code="A" * 43)),
    ("ANSWER-SHAPE", 201, lambda body, fields: body.update(requested_at="2020-09-07T09:00:00Z")),
    ("ANSWER-SHAPE", 201, lambda body, fields: body.pop("state")),
    ("NOT-AS-SENT", 201, lambda body, fields: body.update(integrated_address_number="000009000000002")),
    ("HEADER-CACHE-CONTROL", 201, lambda body, fields: fields.pop("cache-control")),
    ("HEADER-CACHE-CONTROL", 201, lambda body, fields: fields.update({"cache-control": "private"})),
    ("HEADER-LOCATION", 201, lambda body, fields: fields.pop("location")),
    ("LOCATION", 201, lambda body, fields: fields.update(location="/elsewhere/1")),
    ("NOT-ECHOED", 201, lambda body, fields: fields.pop("bango-correlation-id")),
    ("NO-VERSION", 201, lambda body, fields: fields.pop("bango-profile-version")),
]


def test_the_documented_answer_passes() -> None:
    documented(case(), REQUEST, answer(201, acquisition(), created()))


@pytest.mark.parametrize(("code", "status", "change"), ANSWERS)
def test_each_undocumented_answer_is_found(code: str, status: int, change: Change) -> None:
    body, fields = acquisition(), created()
    change(body, fields)
    with pytest.raises(Broken) as found:
        documented(case(), REQUEST, answer(status, body, fields))
    assert found.value.code == code


def test_the_oracle_draws_the_same_requests_for_the_same_seed_and_judges_answers() -> None:
    def made(seed: int) -> list[tuple[str, str, bytes | None, bool]]:
        found = drawn("intermediate-server.in-house", "/in-house/v1/acquisitions", "POST", seed)
        return [(one.target, str(sorted(one.headers.items())), one.body, one.valid) for one in found]

    assert made(1) == made(1)
    assert made(1) != made(2)
    requests = drawn("intermediate-server.in-house", "/in-house/v1/acquisitions", "POST", 1)
    assert {one.valid for one in requests} == {True, False}
    valid = next(one for one in requests if one.valid)
    wrong = next(one for one in requests if not one.valid)
    assert findings(valid, answer(201, acquisition(), created())) == []
    assert [name for name, _ in findings(valid, answer(500, {}, headers("application/json")))]
    assert [name for name, _ in findings(wrong, answer(201, acquisition(), created()))] == ["AcceptedNegativeData"]
    assert "JsonSchemaError" in [name for name, _ in findings(valid, answer(201, {}, created()))]
