"""Staff: sessions, authorities, tasks, lock-out, and the log of what they do."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from bango_spec.interfaces import operations

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mocks.reference.world import World

    from bango_spec.interfaces import Operation

OPEN = {"openStaffSession", "readInHouseHealth"}


@pytest.mark.parametrize(
    "operation",
    [one for one in operations("intermediate-server.in-house") if one.operation_id not in OPEN],
    ids=lambda one: one.operation_id,
)
def test_nothing_is_done_without_a_session(world: World, operation: Operation) -> None:
    path = "/".join("x" if part.startswith("{") else part for part in operation.path.split("/"))
    for token in (None, "Bearer " + "x" * 43, "Basic x"):
        headers = {} if token is None else {"Authorization": token}
        found = world.request("in-house", operation.method, path, headers=headers)
        assert (found.status_code, found.json()["code"]) == (401, "staff-session-missing")


@pytest.mark.parametrize("authority", ["inquire", "approve", "register", "audit", "administer"])
def test_no_authority_includes_another(world: World, authority: str) -> None:
    staff_id = f"only-{authority}"
    world.staff(staff_id, [authority])
    reading = {
        "inquire": "inquiries",
        "approve": "approvals",
        "register": "freshness",
        "audit": "records",
        "administer": "staff",
    }
    found = {needed: world.call("GET", path, staff=staff_id).status_code for needed, path in reading.items()}
    assert found == {needed: 200 if needed == authority else 403 for needed in reading}


def test_a_session_ends_when_it_is_closed(world: World) -> None:
    world.staff("leaver", ["audit"])
    assert world.call("DELETE", "staff-sessions/current", staff="leaver").status_code == 204
    assert world.call("GET", "records", staff="leaver").json()["code"] == "staff-session-expired"


def test_what_is_taken_away_is_gone_at_once(world: World) -> None:
    world.staff("mover", ["audit"])
    body = {"name": "試験 職員", "department_code": "0120", "authorities": [], "tasks": []}
    assert world.call("PUT", "staff/mover", body, staff="root").status_code == 200
    assert world.call("GET", "records", staff="mover").json()["code"] == "staff-authority"
    assert world.call("DELETE", "staff/mover", staff="root").status_code == 204
    assert world.call("GET", "records", staff="mover").status_code == 401
    assert world.call("GET", "staff/mover", staff="root").json()["code"] == "unknown-staff"


def test_nobody_changes_themselves_or_holds_both_keys(world: World) -> None:
    world.login("root")
    body = {"name": "試験 職員", "department_code": "0120", "authorities": ["administer", "inquire"], "tasks": []}
    assert world.call("PUT", "staff/root", body, staff="root").json()["code"] == "self-approval"
    assert world.call("DELETE", "staff/root", staff="root").json()["code"] == "self-approval"
    apart = body | {"authorities": ["administer", "audit"]}
    assert world.call("PUT", "staff/both", apart, staff="root").json()["code"] == "authorities-apart"
    shown = world.call("GET", "staff", staff="root").json()["staff"]
    assert {one["staff_id"]: one["authorities"] for one in shown}["root"] == ["administer"]
    assert "both" not in {one["staff_id"] for one in shown}
    assert world.PASSPHRASE not in str(shown)


def test_a_task_that_is_not_assigned_stays_closed(world: World) -> None:
    person, _ = world.bound()
    place = world.ask(person)
    world.staff("outsider", ["inquire"], ["JM01000000009000"])
    assert world.call("GET", place, staff="outsider").json()["code"] == "staff-task"
    assert world.call("DELETE", place, staff="outsider").json()["code"] == "staff-task"
    refused = world.call("POST", "inquiries", world.inquiry(person), staff="outsider")
    assert refused.json()["code"] == "staff-task"
    assert world.call("GET", "inquiries", staff="outsider").json() == {"inquiries": []}


def test_five_failures_lock_a_member_out(make_world: Callable[..., World]) -> None:
    world = make_world()
    for _ in range(4):
        assert world.login("clerk", "a wrong passphrase").json()["code"] == "staff-credentials"
    assert world.login("clerk").status_code == 201
    for _ in range(5):
        assert world.login("clerk", "a wrong passphrase").status_code == 401
    assert world.login("clerk").json()["code"] == "staff-locked"
    assert world.login("nobody", "a wrong passphrase").json()["code"] == "staff-credentials"
    world.clock.ahead = dt.timedelta(seconds=901)
    assert world.login("clerk").status_code == 201
    world.clock.ahead = dt.timedelta(seconds=901 + 899)
    assert world.call("GET", "records").status_code == 200
    world.clock.ahead = dt.timedelta(seconds=901 + 901)
    assert world.call("GET", "records").json()["code"] == "staff-session-expired"


def test_the_log_tells_who_did_what_about_whom(world: World) -> None:
    world.staff("logged", ["register"])
    world.staff("auditor", ["audit"])
    person = world.new_person()
    world.call("GET", f"replicas/{person}/{world.TAX}?fiscal_year=2020", staff="logged")
    world.call("GET", "records", staff="logged")
    world.call("GET", f"replicas/{person}/{world.TAX}?fiscal_year=2020", staff="auditor")
    other = world.call("GET", "operation-log?staff_id=auditor&limit=1000").json()["operations"][-1]
    assert (other["allowed"], other["integrated_address_number"]) == (False, person)
    rows = world.call("GET", "operation-log?staff_id=logged&limit=1000").json()["operations"]
    assert [(one["operation"], one["status"], one["allowed"]) for one in rows] == [
        ("openStaffSession", 201, True),
        ("readReplica", 404, False),
        ("listRecords", 403, False),
    ]
    assert rows[1]["integrated_address_number"] == person


def test_a_passphrase_is_kept_so_that_it_cannot_be_read(world: World) -> None:
    member = world.running.server.staff.member("clerk")
    assert member is not None
    assert world.PASSPHRASE not in str(member)
    log = world.config.log_file
    assert log is not None
    assert world.PASSPHRASE not in log.read_text(encoding="utf-8")
