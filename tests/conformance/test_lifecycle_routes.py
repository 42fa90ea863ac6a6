"""Every pair of state and event of the tables is an obligation, or stands among the few that nobody can bring about."""

from __future__ import annotations

import pytest

from bango_conformance.kinds import lifecycle
from bango_conformance.kinds.lifecycle import PLAYERS
from bango_conformance.kinds.lifecycle_inquiry import InquiryPlayer
from bango_conformance.kinds.lifecycle_player import Player
from bango_conformance.kinds.lifecycle_routes import by_clock, route
from bango_conformance.suite import Scope
from bango_spec.lifecycles import lifecycle as table_of
from bango_spec.lifecycles import lifecycles

SCOPE = Scope("2020-09-06", "9000151100500001", ("mayor",), 7)
MADE = {one.id for one in lifecycle.obligations(SCOPE)}


def test_every_table_of_the_intermediate_server_has_a_player() -> None:
    assert {player.machine for player in PLAYERS} == {
        table.id for table in lifecycles() if table.system == "intermediate-server"
    }


@pytest.mark.parametrize("player", PLAYERS, ids=lambda player: player.machine)
def test_every_refusal_is_an_obligation_or_cannot_be_brought_about(player: type[Player]) -> None:
    table = table_of(player.machine)
    left = {
        (one.state, one.event)
        for one in table.refusals
        if f"lifecycle.{one.id}" not in MADE and one.state not in player.out_of_reach
    }
    assert left == set()


@pytest.mark.parametrize("player", PLAYERS, ids=lambda player: player.machine)
def test_every_transition_that_a_clause_calls_for_is_an_obligation(player: type[Player]) -> None:
    table = table_of(player.machine)
    left = {
        step.id
        for step in table.steps
        if f"lifecycle.{step.id}" not in MADE
        and set(step.clauses) - set(player.unobserved.get(step.event, ()))
        and step.from_ not in player.out_of_reach
        and step.event != "restart"
        and step.from_ != "gone"
    }
    assert left == set()


def test_a_way_moves_the_clock_only_where_there_is_no_other() -> None:
    table = table_of("linkage-code")
    linkage = next(player for player in PLAYERS if player.machine == "linkage-code")
    assert [step.event for step in route(table, linkage, "revoked") or ()] == ["request", "deliver", "revoke"]
    assert [step.event for step in route(table, linkage, "timed-out") or ()] == ["request", "expire"]
    assert by_clock(table, (route(table, linkage, "timed-out") or ())[-1])


def test_a_detour_is_followed_to_the_letter() -> None:
    way = route(table_of("inquiry"), InquiryPlayer, "failed") or ()
    assert [(step.event, step.case) for step in way] == [
        ("submit", None),
        ("dispatch", "permitted"),
        ("reply-refused", None),
    ]


def test_a_body_that_may_do_nothing_has_staff_all_the_same() -> None:
    ids = {one.id for one in lifecycle.obligations(Scope("2020-09-06", "9000151100500001", (), 7))}
    assert "lifecycle.staff-session.open.close" in ids
    assert not any(one.startswith(("lifecycle.replica.", "lifecycle.inquiry.")) for one in ids)
