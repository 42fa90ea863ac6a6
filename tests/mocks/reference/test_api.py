"""What holds for every operation: problems, repetitions, versions, names, headers."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.mocks.reference.world import World


def test_a_repetition_gets_the_first_answer(world: World) -> None:
    body = world.inquiry(world.new_person())
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = world.call("POST", "inquiries", body, headers=key)
    again = world.call("POST", "inquiries", body, headers=key)
    assert (again.status_code, again.json(), again.headers["location"]) == (
        202,
        first.json(),
        first.headers["location"],
    )
    other = world.call("POST", "inquiries", body | {"record_id": "another"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-conflict")
    assert world.call("POST", "inquiries", body | {"record_id": "another"}).status_code == 202


def test_repetitions_at_the_same_time_take_effect_once(world: World) -> None:
    body = {"integrated_address_number": world.new_person()}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    before = len(world.network.sent("obtainAcquisitionNumber"))
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: world.call("POST", "acquisitions", body, headers=key), range(4)))
    assert {one.status_code for one in made} == {201}
    assert len({one.json()["acquisition_number"] for one in made}) == 1
    assert len(world.network.sent("obtainAcquisitionNumber")) == before + 1


def test_two_persons_at_the_same_time_but_one_acquisition_each(world: World) -> None:
    person = world.new_person()
    with ThreadPoolExecutor(4) as pool:
        made = list(
            pool.map(
                lambda _: world.call("POST", "acquisitions", {"integrated_address_number": person}).json(), range(4)
            )
        )
    assert sorted(one.get("code", "") for one in made) == ["", *["acquisition-open"] * 3]


def test_a_creating_request_needs_a_key(world: World) -> None:
    found = world.call("POST", "inquiries", world.inquiry(world.new_person()), headers={"Idempotency-Key": ""})
    assert (found.status_code, found.json()["errors"][0]["place"]) == (400, "idempotency-key")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (
            b'{"integrated_address_number": "000009000000001", "integrated_address_number": "000009000000002"}',
            "/integrated_address_number",
        ),
        (b'{"integrated_address_number": "000009000000001", "name": "x"}', ""),
        (b'{"integrated_address_number": "\xff"}', ""),
        (b'{"integrated_address_number": "\\ud800"}', ""),
        (b"[" * 5000, ""),
        (b'{"integrated_address_number": 1e999}', ""),
        (b"", ""),
    ],
    ids=["twice", "unknown", "no UTF-8", "lone surrogate", "deep", "endless", "empty"],
)
def test_a_body_that_is_wrong(world: World, content: bytes, place: str) -> None:
    headers = {"Content-Type": "application/json"}
    found = world.call("POST", "acquisitions", content=content, headers=headers)
    assert found.status_code == 400, found.text
    assert found.headers["content-type"] == "application/problem+json"
    assert found.json()["errors"][0]["place"] == place


@pytest.mark.parametrize(
    "number", ["00000900000000", "0000090000000001", "００００09000000001", " 000009000000001", "000009000000001\n"]
)
def test_numbers_are_never_repaired(world: World, number: str) -> None:
    found = world.call("POST", "acquisitions", {"integrated_address_number": number})
    assert (found.status_code, found.json()["code"]) == (400, "format-integrated-address-number")
    assert number.strip() not in found.text


def test_problems_name_the_side_and_nothing_of_the_request(world: World) -> None:
    found = world.call("GET", "replicas/000009000000001/TM00000000000002?colour=red")
    problem = found.json()
    assert (problem["code"], problem["origin"]) == ("malformed-request", "provider")
    assert problem["errors"] == [{"in": "query", "place": "colour", "code": "malformed-request"}]
    for method, path, status in (("GET", "nowhere", 404), ("PATCH", "records", 405), ("DELETE", "records", 405)):
        found = world.call(method, path)
        assert (found.status_code, found.headers["content-type"]) == (status, "application/problem+json")


def test_every_answer_says_what_it_follows(world: World) -> None:
    correlation = str(uuid.uuid4())
    for path in ("health", "records/head", "records?limit=0"):
        found = world.call("GET", path, headers={"Bango-Correlation-Id": correlation})
        assert found.headers["bango-correlation-id"] == correlation
        assert found.headers["bango-profile-version"] == "1.0"
        assert found.headers["cache-control"] == "no-store"
    other = world.call("GET", "records/head", headers={"Bango-Profile-Version": "2.0"})
    assert (other.status_code, other.json()["code"]) == (400, "profile-version-unsupported")


def test_a_correlation_id_that_is_none_is_not_passed_on(world: World) -> None:
    found = world.call("GET", "records", headers={"Bango-Correlation-Id": "not-one"})
    assert found.status_code == 400
    assert found.json()["errors"] == [{"in": "header", "place": "bango-correlation-id", "code": "malformed-request"}]
    assert found.headers["bango-correlation-id"] == found.json()["correlation_id"] != "not-one"


def test_the_correlation_goes_on_into_the_network(world: World) -> None:
    correlation = str(uuid.uuid4())
    person, code = world.bound()
    world.call("POST", "inquiries", world.inquiry(person), headers={"Bango-Correlation-Id": correlation})
    sent = world.network.wait("relayInquiry", linkage_code=code)
    assert [call.correlation_id for call in sent] == [correlation]


def test_pages_hold_everything_once(world: World) -> None:
    places = [world.ask(world.new_person()).rpartition("/")[2] for _ in range(3)]
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        found = world.call("GET", "inquiries", params={"limit": "1"} | cursor).json()
        seen += [one["inquiry_id"] for one in found["inquiries"]]
        if "next_cursor" not in found:
            break
        if len(seen) == 1:
            added = world.ask(world.new_person()).rpartition("/")[2]
        cursor = {"cursor": found["next_cursor"]}
    assert len(seen) == len(set(seen))
    assert seen[-4:] == [*places, added]
    assert world.call("GET", "inquiries?cursor=bm9uc2Vuc2U").json()["code"] == "cursor-invalid"
    other = world.call("GET", "operation-log?limit=1").json()["next_cursor"]
    assert world.call("GET", f"inquiries?cursor={other}").json()["code"] == "cursor-invalid"


def test_texts_survive_and_wrong_characters_are_named(world: World) -> None:
    world.login("root")
    body = {"department_code": "0120", "authorities": [], "tasks": []}
    for name in ("葛󠄀城", "𠮷野", "が", "\ue000村"):
        found = world.call("PUT", "staff/texts", body | {"name": name}, staff="root")
        if found.status_code != 422:
            assert found.json()["name"] == name
    wrong = world.call("PUT", "staff/texts", body | {"name": "a\u0007b"}, staff="root")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "format-characters")
    assert wrong.json()["errors"][0]["place"] == "/name"
    assert wrong.json()["errors"][0]["malformation"].startswith("TX-")


def test_metrics_health_and_functions(world: World) -> None:
    person, _ = world.bound()
    world.ended(world.ask(person))
    text = world.call("GET", "metrics").text
    assert text.endswith("# EOF\n")
    assert 'bango_inquiries_total{outcome="provided"}' in text
    assert person not in text
    health = world.request("in-house", "GET", "/in-house/v1/health").json()
    assert {one["name"]: one["status"] for one in health["checks"]} == {"store": "up", "interface-system": "up"}
    world.network.down = True
    assert world.request("in-house", "GET", "/in-house/v1/health").json()["status"] == "degraded"
    world.network.down = False
    named = {one for row in world.call("GET", "functions").json()["functions"] for one in row["operations"]}
    assert named <= set(world.running.server.handlers)
    profile = world.call("GET", "profile").json()
    assert profile["editions"] == ["2020-09-06"]
    assert json.dumps(profile).count(world.TAX) == 1
