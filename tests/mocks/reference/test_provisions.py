"""The provider's side: permits, the own table check, replicas, staff."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from joserfc.jwk import ECKey

from bango_mocks.clock import stamp, system_clock
from bango_mocks.serving import Problem

if TYPE_CHECKING:
    from tests.mocks.reference.world import World


@pytest.fixture(scope="module")
def person(world: World) -> tuple[str, str]:
    """Somebody with a code and a replica of 2020."""
    number, code = world.bound()
    assert world.replica(number).status_code == 201
    return number, code


def test_the_answer_is_sealed_and_holds_what_was_asked(world: World, person: tuple[str, str]) -> None:
    asked = [next(iter(world.tax_items()))]
    body, key = world.provision(person[1], items=asked)
    found = world.net("provisions", body)
    assert found.status_code == 200, found.text
    header, content = world.opened(found.json(), key)
    assert header["permit_id"] == content["permit_id"] == found.json()["permit_id"]
    assert content["items"] == {asked[0]: world.tax_items()[asked[0]]}
    assert (content["generation"], content["layout_version"]) == (1, world.LAYOUT)
    assert content["updated_at"] == "2020-06-10T18:00:00+09:00"
    assert person[0] not in found.text


def test_without_items_everything_is_provided(world: World, person: tuple[str, str]) -> None:
    body, key = world.provision(person[1])
    assert world.opened(world.net("provisions", body).json(), key)[1]["items"] == world.tax_items()


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"expires_at": stamp(system_clock() - dt.timedelta(seconds=1))}, "permit-expired"),
        ({"provider": "9000163102700001"}, "permit-mismatch"),
        ({"asker": "9000163103500001"}, "permit-mismatch"),
        ({"task": "JM01000000121001"}, "permit-mismatch"),
        ({"procedure": "JT01010000000215"}, "permit-mismatch"),
        ({"information": "TM00000000000082"}, "permit-mismatch"),
        ({"requested_at": "2020-09-07T09:31:00+09:00"}, "permit-mismatch"),
        ({"items": ["TK90000000200001"]}, "permit-mismatch"),
        ({"permit_id": "no uuid"}, "permit-forged"),
    ],
)
def test_a_permit_must_fit(world: World, person: tuple[str, str], claims: dict[str, Any], code: str) -> None:
    body, _ = world.provision(person[1])
    found = world.net("provisions", body | {"permit": world.network.permit(**claims)})
    assert (found.status_code, found.json()["code"]) == (403, code)
    assert found.json()["origin"] == "network"


def test_only_the_core_signs_permits(world: World, person: tuple[str, str]) -> None:
    body, _ = world.provision(person[1])
    stranger = ECKey.generate_key("P-256")
    assert world.net("provisions", body | {"permit": world.network.permit(stranger)}).json()["code"] == "permit-forged"
    head, claims, signature = body["permit"].split(".")
    bent = ("A" if signature[0] != "A" else "B") + signature[1:]
    assert world.net("provisions", body | {"permit": f"{head}.{claims}.{bent}"}).json()["code"] == "permit-forged"
    unsigned = "eyJhbGciOiJub25lIn0." + claims + ".AAAA"
    assert world.net("provisions", body | {"permit": unsigned}).json()["code"] == "permit-forged"


def test_a_permit_serves_once(world: World, person: tuple[str, str]) -> None:
    body, _ = world.provision(person[1])
    first = world.net("provisions", body)
    assert world.net("provisions", body).json() == first.json()
    other = ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES+A256KW"})
    other.ensure_kid()
    again = world.net("provisions", body | {"encryption_key": other.as_dict(private=False)})
    assert (again.status_code, again.json()["code"]) == (409, "permit-reused")
    assert len(world.records(permit_id=first.json()["permit_id"])) == 1


def test_the_table_is_checked_although_the_permit_is_right(world: World, person: tuple[str, str]) -> None:
    changed: dict[str, Any] = {"procedure": "JT01010000000999"}
    body, _ = world.provision(person[1], **changed)
    permit = world.network.permit(**changed)
    found = world.net("provisions", body | {"permit": permit})
    assert (found.status_code, found.json()["code"], found.json()["origin"]) == (403, "not-permitted", "provider")
    assert found.json()["nearest"][0]["differs"] == ["procedure"]
    assert world.net("provisions", body | {"permit": permit}).json()["code"] == "not-permitted"
    refused = [one for one in world.records(role="provider") if one["outcome"] == "not-permitted"]
    assert [one["procedure"] for one in refused] == ["JT01010000000999"]


def test_nobody_and_nothing_are_different_outcomes(world: World) -> None:
    body, _ = world.provision(world.new_code())
    assert world.net("provisions", body).json()["outcome"] == "no-person"
    number, code = world.bound()
    assert world.net("provisions", world.provision(code)[0]).json()["outcome"] == "no-record"
    assert world.replica(number, fiscal_year="2019").status_code == 201
    assert world.net("provisions", world.provision(code)[0]).json()["outcome"] == "no-record"


def test_a_withheld_replica_is_provided_and_says_so(world: World) -> None:
    number, code = world.bound()
    assert world.replica(number, withheld=True).status_code == 201
    answer = world.net("provisions", world.provision(code)[0]).json()
    assert (answer["outcome"], answer["withheld"]) == ("provided", True)
    assert world.records(permit_id=answer["permit_id"])[0]["withheld"] is True


def test_an_unusable_key_is_refused(world: World, person: tuple[str, str]) -> None:
    body, _ = world.provision(person[1])
    off_curve = body["encryption_key"] | {"y": "A" * 43}
    assert world.net("provisions", body | {"encryption_key": off_curve}).json()["code"] == "key-unusable"
    private = body["encryption_key"] | {"d": "A" * 43}
    assert world.net("provisions", body | {"encryption_key": private}).json()["code"] == "malformed-request"


@pytest.fixture
def waiting(world: World) -> tuple[str, ECKey]:
    """A permit whose request waits for staff, and the key of its answer."""
    number, code = world.bound()
    assert world.replica(number).status_code == 201
    assert world.replica(number, 2, automatic_answer=False).status_code == 200
    body, key = world.provision(code)
    found = world.net("provisions", body)
    assert found.status_code == 202, found.text
    return found.json()["permit_id"], key


def test_staff_approve(world: World, waiting: tuple[str, ECKey]) -> None:
    permit, key = waiting
    assert permit in [
        one["permit_id"] for one in world.call("GET", "approvals?state=waiting&limit=1000").json()["approvals"]
    ]
    failing = iter([Problem("core-down")])
    usual = world.network.answer

    def late(call: Any) -> Any:
        for problem in failing:
            raise problem
        return usual(call)

    world.network.answer = late
    decided = world.call("POST", f"approvals/{permit}/decision", {"decision": "approve", "reason": "確認済み"})
    assert (decided.status_code, decided.json()["state"]) == (200, "approved"), decided.text
    sent = world.network.wait("relayAnswer", 2, permit_id=permit)
    assert len({call.headers["idempotency-key"] for call in sent}) == 1
    assert world.opened(sent[-1].body, key)[1]["generation"] == 2
    again = world.call("POST", f"approvals/{permit}/decision", {"decision": "refuse", "reason": "やはり"})
    assert (again.status_code, again.json()["code"]) == (409, "already-decided")
    world.network.answer = usual


def test_staff_refuse_and_their_reason_stays_here(world: World, waiting: tuple[str, ECKey]) -> None:
    permit, _ = waiting
    world.call("POST", f"approvals/{permit}/decision", {"decision": "refuse", "reason": "避難中のため"})
    sent = world.network.wait("relayAnswer", permit_id=permit)[0]
    assert (sent.body["outcome"], sent.body["reason"]) == ("refused-by-staff", "refused-by-staff")
    assert "避難中" not in sent.raw.decode()
    assert world.call("GET", f"approvals/{permit}").json()["reason"] == "避難中のため"


def test_a_withdrawal_closes_what_waits(world: World, waiting: tuple[str, ECKey], person: tuple[str, str]) -> None:
    permit, _ = waiting
    told = {"permit_id": permit, "requested_at": "2020-09-07T10:00:00+09:00"}
    assert world.net("withdrawals", told).json() == {"permit_id": permit, "state": "withdrawn"}
    late = world.call("POST", f"approvals/{permit}/decision", {"decision": "approve", "reason": "確認済み"})
    assert late.json()["code"] == "already-withdrawn"
    assert [one.get("outcome") for one in world.records(permit_id=permit)] == [None, "withdrawn"]
    answered = world.net("provisions", world.provision(person[1])[0]).json()["permit_id"]
    assert world.net("withdrawals", told).json()["code"] == "already-withdrawn"
    assert world.net("withdrawals", told | {"permit_id": answered}).json()["code"] == "already-answered"
    assert world.net("withdrawals", told | {"permit_id": world.network_id()}).json()["code"] == "unknown-permit"
