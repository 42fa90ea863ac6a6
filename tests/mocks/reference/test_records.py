"""Records, their chain, disclosure and notices."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from bango_mocks.clock import stamp, system_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mocks.reference.world import World

ALL = {"from": "2015-01-01T00:00:00+09:00", "to": "2040-01-01T00:00:00+09:00"}


def chain_holds(records: list[dict[str, Any]]) -> bool:
    """Whether numbers and hashes follow from each other."""
    previous = "0" * 64
    for number, record in enumerate(records, 1):
        kept = {name: value for name, value in record.items() if name not in ("hash", "previous_hash")}
        data = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        digest = hashlib.sha256(previous.encode() + data).hexdigest()
        if (record["sequence"], record["previous_hash"], record["hash"]) != (number, previous, digest):
            return False
        previous = digest
    return True


def test_the_chain_goes_on_over_a_restart(make_world: Callable[..., World]) -> None:
    world = make_world()
    person, code = world.bound()
    world.replica(person)
    world.ended(world.ask(person))
    world.net("provisions", world.provision(code)[0])
    before = world.records()
    assert [(one["role"], one.get("outcome")) for one in before] == [
        ("asker", None),
        ("asker", "provided"),
        ("provider", "provided"),
    ]
    world.restart()
    world.net("provisions", world.provision(code)[0])
    after = world.records()
    assert after[:3] == before
    assert len(after) == 4
    assert chain_holds(after)
    head = world.call("GET", "records/head").json()
    assert head == {"sequence": 4, "hash": after[-1]["hash"]}
    assert {one["department_code"] for one in after} == {"0120"}


def test_a_restart_keeps_what_waits(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.network.inquiry = world.network.waits
    person, code = world.bound()
    world.replica(person, automatic_answer=False)
    place = world.ask(person)
    permit = world.ended(place, ("waiting",))["permit_id"]
    body, key = world.provision(code)
    waiting = world.net("provisions", body).json()["permit_id"]
    acquired = world.call("POST", "acquisitions", {"integrated_address_number": world.new_person()}).json()
    world.restart()
    sent = world.network.sent("relayInquiry", linkage_code=code)[0]
    assert world.net("answers", world.network.sealed(sent, permit)).status_code == 200
    assert world.ended(place)["outcome"] == "provided"
    decided = world.call("POST", f"approvals/{waiting}/decision", {"decision": "approve", "reason": "可"})
    assert decided.status_code == 200
    answer = world.network.wait("relayAnswer", permit_id=waiting)[0].body
    assert world.opened(answer, key)[1]["items"] == world.tax_items()
    assert world.call("GET", f"acquisitions/{acquired['acquisition_number']}").json()["state"] == "requested"
    assert world.net("provisions", body).status_code == 202


def test_an_interrupted_inquiry_is_sent_after_the_restart(make_world: Callable[..., World]) -> None:
    world = make_world()
    person, code = world.bound()
    world.config = replace(world.config, relay_first_pause_seconds=60.0)
    world.restart()
    world.network.down = True
    place = world.ask(person)
    world.ended(place, ("sent",))
    world.network.down = False
    world.restart()
    assert world.ended(place)["outcome"] == "provided"
    assert len(world.network.sent("relayInquiry", linkage_code=code)) == 1


def test_deadlines_and_retention(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.network.inquiry = world.network.waits
    person, code = world.bound()
    world.replica(person, automatic_answer=False)
    place = world.ask(person)
    permit = world.ended(place, ("waiting",))["permit_id"]
    waiting = world.net("provisions", world.provision(code)[0]).json()["permit_id"]
    number = world.call("POST", "acquisitions", {"integrated_address_number": world.new_person()}).json()
    world.clock.ahead = dt.timedelta(days=16)
    world.login("clerk")
    ended = world.call("GET", place).json()
    assert (ended["state"], ended["problem"]["code"]) == ("failed", "deadline-passed")
    late = world.network.sealed(world.network.sent("relayInquiry", linkage_code=code)[0], permit)
    assert world.net("answers", late).json()["code"] == "deadline-passed"
    decided = world.call("POST", f"approvals/{waiting}/decision", {"decision": "approve", "reason": "可"})
    assert decided.json()["code"] == "deadline-passed"
    assert world.call("GET", f"acquisitions/{number['acquisition_number']}").json()["reason"] == "expired"
    world.clock.ahead = dt.timedelta(days=48)
    world.login("clerk")
    assert world.call("GET", place).json()["code"] == "unknown-inquiry"
    assert world.call("GET", f"acquisitions/{number['acquisition_number']}").json()["code"] == "unknown-acquisition"
    assert [one["outcome"] for one in world.records(permit_id=permit)] == ["failed"]
    world.clock.ahead = dt.timedelta(days=7 * 365)
    world.login("clerk")
    assert len(world.records()) == 4


def test_the_withheld_mark_of_either_side_is_recorded(world: World) -> None:
    person, code = world.bound()
    world.network.inquiry = lambda call: type(world.network.answered(call))(
        200, world.network.sealed(call, world.network_id()) | {"withheld": True}
    )
    place = world.ask(person)
    permit = world.ended(place)["permit_id"]
    world.network.inquiry = world.network.answered
    assert [one["withheld"] for one in world.records(permit_id=permit)] == [True]
    world.replica(person)
    marked = world.net("provisions", world.provision(code, asker_withheld=True)[0]).json()["permit_id"]
    assert [one["withheld"] for one in world.records(permit_id=marked)] == [True]
    told = world.net("disclosures", {"linkage_code": code} | ALL).json()["records"]
    assert {one["permit_id"]: one["withheld"] for one in told if "permit_id" in one} == {permit: True, marked: True}


def test_a_refusal_by_the_network_is_recorded(world: World) -> None:
    world.network.inquiry = world.network.refused
    person, _ = world.bound()
    world.ended(world.ask(person))
    world.network.inquiry = world.network.answered
    rows = world.records(integrated_address_number=person)
    assert [(one.get("outcome"), one.get("network_refusal")) for one in rows] == [
        (None, None),
        ("not-permitted", "not-permitted"),
    ]


def test_a_disclosure_holds_the_person_and_nobody_else(world: World) -> None:
    people = [world.bound() for _ in range(2)]
    permits = []
    for person, code in people:
        world.replica(person)
        permits.append(
            {
                world.ended(world.ask(person))["permit_id"],
                world.net("provisions", world.provision(code)[0]).json()["permit_id"],
            }
        )
    for (person, code), expected in zip(people, permits, strict=True):
        found = world.net("disclosures", {"linkage_code": code} | ALL)
        assert {one["permit_id"] for one in found.json()["records"] if "permit_id" in one} == expected
        assert person not in found.text
        first = world.net("disclosures", {"linkage_code": code, "limit": 1} | ALL).json()
        rest = world.net("disclosures", {"linkage_code": code, "cursor": first["next_cursor"]} | ALL).json()
        assert first["records"] + rest["records"] == found.json()["records"]
        border = {"from": "2020-09-07T09:30:00+09:00", "to": "2020-09-07T09:30:01+09:00"}
        assert len(world.net("disclosures", {"linkage_code": code} | border).json()["records"]) == 3
        before = {"from": "2015-01-01T00:00:00+09:00", "to": "2020-09-07T09:30:00+09:00"}
        assert world.net("disclosures", {"linkage_code": code} | before).json() == {"records": []}
    unknown = world.net("disclosures", {"linkage_code": world.new_code()} | ALL)
    assert unknown.json()["code"] == "no-linkage-code"


@pytest.fixture
def notice(world: World) -> dict[str, Any]:
    """A notice that is shown now; `code` is its person's."""
    person, code = world.bound()
    now = system_clock()
    body = {
        "integrated_address_number": person,
        "title": "児童手当の手続のお知らせ",
        "text": "現況届の提出は不要です。" * 100,
        "shown_from": stamp(now - dt.timedelta(days=1)),
        "shown_to": stamp(now + dt.timedelta(days=1)),
    }
    made = world.call("POST", "notices", body)
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json() | {"code": code}
    return shown


def test_a_notice_reaches_its_person(world: World, notice: dict[str, Any]) -> None:
    place, code = f"notices/{notice['notice_id']}", notice["code"]
    found = world.net("notices/search", {"linkage_code": code})
    assert [one["notice_id"] for one in found.json()["notices"]] == [notice["notice_id"]]
    assert notice["integrated_address_number"] not in found.text
    assert world.call("GET", place).json()["state"] == "delivered"
    other = world.bound()[1]
    assert world.net("notices/search", {"linkage_code": other}).json() == {"notices": []}
    read = {"linkage_code": other, "acknowledged_at": "2026-01-01T09:00:00+09:00"}
    assert world.net(f"{place}/acknowledgement", read).json()["code"] == "unknown-notice"
    for time in ("2026-01-01T09:00:00+09:00", "2026-01-02T09:00:00+09:00"):
        told = world.net(f"{place}/acknowledgement", {"linkage_code": code, "acknowledged_at": time})
        assert told.json() == {"notice_id": notice["notice_id"], "state": "acknowledged"}
    assert world.call("GET", place).json()["acknowledged_at"] == "2026-01-01T09:00:00+09:00"


def test_a_notice_that_was_taken_back(world: World, notice: dict[str, Any]) -> None:
    place = f"notices/{notice['notice_id']}"
    assert world.call("DELETE", place).json()["state"] == "withdrawn"
    assert world.net("notices/search", {"linkage_code": notice["code"]}).json() == {"notices": []}
    assert world.call("DELETE", place).json()["code"] == "already-withdrawn"


def test_no_notice_without_a_code_or_with_a_number(world: World, notice: dict[str, Any]) -> None:
    body = {name: notice[name] for name in ("integrated_address_number", "title", "text", "shown_from", "shown_to")}
    stranger = world.call("POST", "notices", body | {"integrated_address_number": world.new_person()})
    assert stranger.json()["code"] == "no-linkage-code"
    numbered = world.call("POST", "notices", body | {"text": "個人番号は９９００-００００-００１９です"})
    assert numbered.json()["code"] == "forbidden-content"
