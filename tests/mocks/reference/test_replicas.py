"""Replicas: what may be held, which generation stands, what leaves when."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from bango_mocks.clock import stamp, system_clock
from bango_spec.identifiers import block_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mocks.reference.world import World

SCHOOL = "TM90000000000999"


def test_a_replica_is_returned_as_it_was_registered(world: World) -> None:
    person = world.new_person()
    made = world.replica(person)
    assert (made.status_code, made.headers["etag"]) == (201, '"g1"')
    shown = world.call("GET", f"replicas/{person}/{world.TAX}?fiscal_year=2020").json()
    assert shown["items"] == world.tax_items()
    assert shown["updated_at"] == "2020-06-10T18:00:00+09:00"
    canonical = json.dumps(world.tax_items(), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert made.json()["content_digest"] == hashlib.sha256(canonical).hexdigest()


@pytest.mark.parametrize(
    ("generation", "changes"),
    [
        (2, {}),
        (1, {"updated_at": "2020-06-20T18:00:00+09:00"}),
        (3, {"updated_at": "2020-06-01T18:00:00+09:00"}),
        (3, {"updated_at": "2020-06-11T18:00:00+09:00"}),
    ],
    ids=["same", "lower generation", "older", "same time, other content"],
)
def test_nothing_older_replaces_what_is_there(world: World, generation: int, changes: dict[str, Any]) -> None:
    person = world.new_person()
    world.replica(person)
    assert world.replica(person, 2).status_code == 200
    found = world.replica(person, generation, **changes)
    assert (found.status_code, found.json()["code"]) == (409, "stale-generation")
    assert world.call("GET", f"replicas/{person}/{world.TAX}?fiscal_year=2020").json()["generation"] == 2


def test_fractions_of_a_second_are_compared(world: World) -> None:
    person = world.new_person()
    world.replica(person, 1, updated_at="2020-06-10T18:00:00.500+09:00")
    assert world.replica(person, 2, updated_at="2020-06-10T18:00:00.499+09:00").status_code == 409
    assert world.replica(person, 2, updated_at="2020-06-10T18:00:00.501+09:00").status_code == 200


def test_years_stand_side_by_side_and_generations_can_be_read(world: World) -> None:
    person = world.new_person()
    for generation in range(1, 5):
        world.replica(person, generation)
    world.replica(person, 9, fiscal_year="2019")
    place = f"replicas/{person}/{world.TAX}"
    listed = world.call("GET", f"{place}/generations?fiscal_year=2020").json()["generations"]
    assert [(one["generation"], one["state"]) for one in listed] == [
        (4, "current"),
        (3, "superseded"),
        (2, "superseded"),
    ]
    assert world.call("GET", f"{place}?fiscal_year=2020&generation=2").json()["items"] == world.tax_items(2)
    assert world.call("DELETE", f"{place}?fiscal_year=2019&reason=no-longer-held").status_code == 200
    assert world.call("GET", f"{place}?fiscal_year=2019").json()["code"] == "replica-deleted"
    assert world.call("GET", f"{place}?fiscal_year=2020").json()["generation"] == 4
    assert world.call("GET", f"{place}?fiscal_year=2018").json()["code"] == "no-replica"


def test_a_deleted_replica_is_not_provided_and_its_numbers_are_used_up(world: World) -> None:
    person, code = world.bound()
    world.replica(person, 3)
    place = f"replicas/{person}/{world.TAX}"
    gone = world.call("DELETE", f"{place}?fiscal_year=2020&reason=moved-out").json()
    assert gone["state"] == "deleted"
    assert world.net("provisions", world.provision(code)[0]).json()["outcome"] == "no-record"
    assert world.replica(person, 3, updated_at="2020-07-01T00:00:00+09:00").json()["code"] == "stale-generation"
    assert world.replica(person, 4).status_code == 201
    assert world.net("provisions", world.provision(code)[0]).json()["outcome"] == "provided"


def test_a_correction_tells_who_got_the_wrong_generation(world: World) -> None:
    person, code = world.bound()
    world.replica(person)
    permit = world.net("provisions", world.provision(code)[0]).json()["permit_id"]
    content = {
        "layout_version": world.LAYOUT,
        "fiscal_year": "2020",
        "generation": 2,
        "updated_at": "2020-06-12T10:00:00+09:00",
        "automatic_answer": True,
        "withheld": False,
        "items": world.tax_items(2),
    }
    body = {"corrects": 1, "reason": "転記の誤り", "content": content}
    made = world.call("POST", f"replicas/{person}/{world.TAX}/corrections", body)
    assert made.status_code == 201, made.text
    assert [one["permit_id"] for one in made.json()["provided_to"]] == [permit]
    listed = world.call("GET", f"replicas/{person}/{world.TAX}/generations?fiscal_year=2020").json()["generations"]
    assert [one["state"] for one in listed] == ["current", "corrected"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"layout_version": "1999.9"}, "layout-mismatch"),
        ({"items": {"TK90000000299999": 1}}, "content-invalid"),
        ({"updated_at": stamp(system_clock() + dt.timedelta(days=1))}, "future-update"),
        ({"fiscal_year": None, "period": {"from": "2020-04-02", "to": "2020-04-01"}}, "period-reversed"),
    ],
)
def test_what_may_not_be_registered_changes_nothing(world: World, changes: dict[str, Any], code: str) -> None:
    person = world.new_person()
    world.replica(person)
    body = {
        "layout_version": world.LAYOUT,
        "fiscal_year": "2020",
        "generation": 2,
        "updated_at": "2020-06-12T10:00:00+09:00",
        "automatic_answer": True,
        "withheld": False,
        "items": world.tax_items(2),
    } | changes
    sent = {name: value for name, value in body.items() if value is not None}
    assert world.call("PUT", f"replicas/{person}/{world.TAX}", sent).json()["code"] == code
    assert world.call("GET", f"replicas/{person}/{world.TAX}?fiscal_year=2020").json()["items"] == world.tax_items()


def test_an_individual_number_is_found_in_every_writing(world: World) -> None:
    number = block_value("individual-number", 7)
    wide = number.translate({ord("0") + digit: chr(ord("０") + digit) for digit in range(10)})
    item = next(iter(world.tax_items()))
    for text in (number, wide, f"{number[:4]}-{number[4:8]}-{number[8:]}", f"{wide[:4]}　{wide[4:8]}　{wide[8:]}"):
        found = world.replica(world.new_person(), items=world.tax_items() | {item: text})
        assert found.json()["code"] == "forbidden-content", text
        assert number not in found.text


def test_only_information_that_the_body_provides(world: World) -> None:
    body = {
        "layout_version": "2015.1",
        "generation": 1,
        "updated_at": "2020-06-12T10:00:00+09:00",
        "automatic_answer": True,
        "withheld": False,
        "items": {"TK90000000100001": "1"},
    }
    person = world.new_person()
    found = world.call("PUT", f"replicas/{person}/TM90000000000001", body)
    assert found.json()["code"] == "information-not-provided"
    assert world.call("PUT", f"replicas/{person}/TM99999999999999", body).json()["code"] == "unknown-code"


def test_a_version_that_is_not_the_present_one(world: World) -> None:
    person = world.new_person()
    world.replica(person)
    place = f"replicas/{person}/{world.TAX}?fiscal_year=2020&reason=other"
    assert world.call("DELETE", place, headers={"If-Match": '"g7"'}).json()["code"] == "version-changed"
    assert world.call("DELETE", place, headers={"If-Match": '"g1"'}).status_code == 200


def test_a_batch_reports_every_entry_once(world: World) -> None:
    person = world.new_person()
    content = {
        "layout_version": world.LAYOUT,
        "fiscal_year": "2020",
        "generation": 1,
        "updated_at": "2020-06-12T10:00:00+09:00",
        "automatic_answer": True,
        "withheld": False,
        "items": world.tax_items(),
    }
    put = {"operation": "put", "integrated_address_number": person, "information": world.TAX, "content": content}
    entries = [
        put,
        put,
        put | {"content": content | {"layout_version": "1999.9"}},
        {"operation": "delete", "integrated_address_number": person, "information": world.TAX, "reason": "other"},
        put | {"content": content | {"fiscal_year": "2019"}},
    ]
    taken = world.call("POST", "replica-batches", {"entries": entries})
    assert taken.status_code == 202, taken.text
    place = taken.headers["location"].removeprefix("/in-house/v1/")
    for _ in range(2000):
        report = world.call("GET", place).json()
        if report["batch"]["state"] == "finished":
            break
    assert (report["batch"]["succeeded"], report["batch"]["failed"]) == (2, 3)
    assert [(one["index"], one["problem"]["code"]) for one in report["failures"]] == [
        (1, "stale-generation"),
        (2, "layout-mismatch"),
        (3, "no-replica"),
    ]


def test_the_export_states_count_and_digest(world: World) -> None:
    person = world.new_person()
    world.replica(person)
    found = world.call("GET", "replica-export", params={"information": world.TAX})
    assert found.headers["content-type"] == "application/x-ndjson"
    *lines, end = found.content.splitlines(keepends=True)
    assert json.loads(end) == {"count": len(lines), "digest": hashlib.sha256(b"".join(lines)).hexdigest()}
    keys = [json.loads(line)["integrated_address_number"] for line in lines]
    assert keys.count(person) == 1
    fresh = world.call("GET", "freshness").json()["information"]
    assert [(one["information"], one["interval"], one["overdue"]) for one in fresh] == [(world.TAX, "daily", True)]


def test_a_deleted_replica_is_purged_when_its_time_is_over(make_world: Callable[..., World]) -> None:
    world = make_world()
    person = world.new_person()
    world.replica(person)
    place = f"replicas/{person}/{world.TAX}"
    world.call("DELETE", f"{place}?fiscal_year=2020&reason=moved-out")
    world.clock.ahead = dt.timedelta(days=89)
    world.login("clerk")
    assert world.call("GET", f"{place}/generations?fiscal_year=2020").status_code == 200
    world.clock.ahead = dt.timedelta(days=92)
    world.login("clerk")
    assert world.call("GET", f"{place}/generations?fiscal_year=2020").json()["code"] == "no-replica"
    store = world.running.server.store
    assert not [key for kind in ("replica", "replica-generation") for key, _ in store.scan(kind) if person in key]
