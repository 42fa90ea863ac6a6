"""The asker's side: accepted at once, sent once, ended once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bango_mocks.serving import Call, Problem, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mocks.reference.world import World


@pytest.fixture(autouse=True)
def usual(world: World) -> Iterator[None]:
    yield
    world.network.inquiry = world.network.answered


def test_an_answer_that_comes_at_once(world: World) -> None:
    person, code = world.bound()
    done = world.ended(world.ask(person))
    assert (done["state"], done["outcome"]) == ("answered", "provided")
    assert done["status"] == {"detail": "09", "information": "01"}
    assert done["result"]["items"] == {"TK90000000200001": 120000}
    sent = world.network.sent("relayInquiry", linkage_code=code)
    assert len(sent) == 1
    assert sent[0].body["asker"] == world.OWN
    assert sent[0].body["department_code"] == "0120"
    assert "d" not in sent[0].body["encryption_key"]
    assert person not in sent[0].raw.decode()
    record = world.records(permit_id=done["permit_id"])
    assert [(one["role"], one["outcome"]) for one in record] == [("asker", "provided")]


def test_an_answer_that_comes_late_is_matched_by_permit(world: World) -> None:
    world.network.inquiry = world.network.waits
    people = [world.bound() for _ in range(2)]
    places = [world.ask(person) for person, _ in people]
    waiting = [world.ended(place, ("waiting",)) for place in places]
    calls = [world.network.sent("relayInquiry", linkage_code=code)[0] for _, code in people]
    for index in (1, 0):
        permit = waiting[index]["permit_id"]
        answer = world.network.sealed(calls[index], permit, items={"TK90000000200001": index})
        assert world.net("answers", answer).json() == {"permit_id": permit, "state": "answered"}
        assert world.net("answers", answer).json()["code"] == "already-answered"
    for index, place in enumerate(places):
        assert world.ended(place)["result"]["items"] == {"TK90000000200001": index}
    unknown = world.network.sealed(calls[0], world.network_id())
    assert world.net("answers", unknown).json()["code"] == "unknown-permit"


@pytest.mark.parametrize("outcome", ["no-record", "no-person", "withheld", "refused-by-staff", "failed"])
def test_an_outcome_of_the_provider_stays_what_it_is(world: World, outcome: str) -> None:
    def empty(call: Call) -> Reply:
        answer = world.network.sealed(call, world.network_id())
        kept = {name: answer[name] for name in ("permit_id", "answered_at", "withheld")}
        return Reply(200, kept | {"outcome": outcome, "reason": "no-replica"})

    world.network.inquiry = empty
    person, _ = world.bound()
    done = world.ended(world.ask(person))
    assert done["outcome"] == outcome
    assert done["problem"]["origin"] == "provider"
    assert "result" not in done


def test_what_no_line_allows_is_never_sent(world: World) -> None:
    person, code = world.bound()
    done = world.ended(world.ask(person, information="TM90000000000001"))
    assert (done["state"], done["outcome"]) == ("failed", "not-permitted")
    assert done["problem"]["origin"] == "asker"
    assert done["problem"]["nearest"] == [
        {"edition": "2020-09-06", "item": "74", "line": 1, "differs": ["information"], "level": "table"}
    ]
    assert not world.network.sent("relayInquiry", linkage_code=code)


def test_nobody_is_asked_about_without_a_code(world: World) -> None:
    before = len(world.network.sent("relayInquiry"))
    done = world.ended(world.ask(world.new_person()))
    assert done["outcome"] == "failed"
    assert (done["problem"]["code"], done["problem"]["origin"]) == ("no-linkage-code-asker", "asker")
    assert len(world.network.sent("relayInquiry")) == before


@pytest.mark.parametrize(
    "changes", [{"permit_id": "7b1f0f64-9c1e-4d0a-8a7e-0a1b2c3d4e5f"}, {"information": "TM00000000000082"}]
)
def test_content_for_something_else_is_not_handed_over(world: World, changes: dict[str, Any]) -> None:
    world.network.inquiry = lambda call: Reply(200, world.network.sealed(call, world.network_id(), **changes))
    person, _ = world.bound()
    done = world.ended(world.ask(person))
    assert (done["outcome"], done["problem"]["code"]) == ("failed", "peer-invalid")
    assert "result" not in done


def test_the_same_message_is_sent_again_and_then_no_more(world: World) -> None:
    def busy(_call: Call) -> Reply:
        raise Problem("core-down")

    world.network.inquiry = busy
    person, code = world.bound()
    done = world.ended(world.ask(person))
    assert (done["outcome"], done["problem"]["origin"]) == ("failed", "network")
    sent = world.network.sent("relayInquiry", linkage_code=code)
    assert len(sent) == 5
    assert len({(call.raw, call.headers["idempotency-key"]) for call in sent}) == 1


def test_a_refusal_of_the_network_keeps_its_origin(world: World) -> None:
    world.network.inquiry = world.network.refused
    person, _ = world.bound()
    done = world.ended(world.ask(person))
    assert (done["outcome"], done["problem"]["origin"]) == ("not-permitted", "network")


def test_a_waiting_inquiry_is_withdrawn_on_both_sides(world: World) -> None:
    world.network.inquiry = world.network.waits
    person, code = world.bound()
    place = world.ask(person)
    permit = world.ended(place, ("waiting",))["permit_id"]
    assert world.call("DELETE", place).json()["state"] == "withdrawn"
    assert world.network.sent("relayWithdrawal", permit_id=permit)
    late = world.network.sealed(world.network.sent("relayInquiry", linkage_code=code)[0], permit)
    assert world.net("answers", late).json()["code"] == "already-withdrawn"
    assert world.call("DELETE", place).json()["code"] == "already-withdrawn"
    assert "result" not in world.call("GET", place).json()


@pytest.mark.parametrize(
    ("given", "reached"),
    [
        ("9000163111600001", "9000163102700001"),
        ("9000163201500001", "9000163102700001"),
        ("9000163103500001", "9000163102700001"),
    ],
    ids=["ward", "former municipality", "replaced body"],
)
def test_the_provider_is_the_body_that_exists_today(world: World, given: str, reached: str) -> None:
    person, code = world.bound()
    assert world.ended(world.ask(person, provider=given))["outcome"] == "provided"
    assert world.network.sent("relayInquiry", linkage_code=code)[0].body["provider"] == reached


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"asker": "9000163102700001"}, "body-mismatch"),
        ({"provider": "9999999999999999"}, "unknown-body"),
        ({"information": "TM99999999999999"}, "unknown-code"),
        ({"task": "JM99999999999999"}, "staff-task"),
        ({"items": ["TK99999999999999"]}, "unknown-code"),
        ({"fiscal_year": None, "period": {"from": "2020-04-02", "to": "2020-04-01"}}, "period-reversed"),
    ],
)
def test_what_leads_nowhere_is_refused_at_once(world: World, changes: dict[str, Any], code: str) -> None:
    body = {name: value for name, value in world.inquiry(world.new_person(), **changes).items() if value is not None}
    assert world.call("POST", "inquiries", body).json()["code"] == code


def test_a_record_id_comes_once(world: World) -> None:
    body = world.inquiry(world.new_person())
    assert world.call("POST", "inquiries", body).status_code == 202
    assert world.call("POST", "inquiries", body).json()["code"] == "duplicate-record-id"


def test_a_file_ends_record_by_record(world: World) -> None:
    person, _ = world.bound()
    records = [world.inquiry(person) for _ in range(4)]
    records[1]["provider"] = "9999999999999999"
    records[2]["record_id"] = records[0]["record_id"]
    taken = world.call("POST", "inquiry-files", {"records": records})
    assert taken.status_code == 202, taken.text
    place = taken.headers["location"].removeprefix("/in-house/v1/")
    for _ in range(2000):
        state = world.call("GET", place).json()
        if state["state"] == "finished":
            break
    assert (state["total"], state["succeeded"], state["failed"], state["pending"]) == (4, 2, 2, 0)
    first = world.call("GET", f"{place}/results", params={"limit": "3"}).json()
    rest = world.call("GET", f"{place}/results", params={"cursor": first["next_cursor"]}).json()
    rows = first["inquiries"] + rest["inquiries"]
    assert [row["record_id"] for row in rows] == [record["record_id"] for record in records]
    assert [row.get("problem", {}).get("code") for row in rows] == [None, "unknown-body", "duplicate-record-id", None]
