"""The state tables: total, reachable, bound to operations that exist and codes that they can give."""

from __future__ import annotations

import msgspec
import pytest

from bango_spec import lifecycle_rules, lifecycles
from bango_spec.errors import SpecError
from bango_spec.lifecycles import Impossible, Lifecycle, Transition
from bango_spec.reading import Text


def test_the_tables_are_sound() -> None:
    assert lifecycle_rules.problems() == []


def test_the_lifecycles_of_the_network_are_there() -> None:
    found = {table.id for table in lifecycles.lifecycles()}
    assert found == {"inquiry", "permit", "provision", "linkage-code", "replica", "notice"}


@pytest.mark.parametrize("table", lifecycles.lifecycles(), ids=lambda table: table.id)
def test_every_pair_of_state_and_event_is_decided_once(table: Lifecycle) -> None:
    impossible = {(state, event) for found in table.impossible for state in found.states for event in found.events}
    for state in table.states:
        done = {step.event for step in table.steps_from(state.id)}
        refused = set(table.refused(state.id))
        never = {event for where, event in impossible if where == state.id}
        assert done | refused | never == {event.id for event in table.events}
        assert not done & refused
        assert not (done | refused) & never


def test_a_step_says_where_it_leads_even_if_it_stays() -> None:
    table = lifecycles.lifecycle("inquiry")
    steps = {step.id: step for step in table.steps}
    assert steps["inquiry.waiting.deliver-answer"].to == "answered"
    assert steps["inquiry.answered.read"].to == "answered"
    assert steps["inquiry.accepted.dispatch.no-line"].to == "failed"
    assert table.refused("answered")["withdraw"] == "already-answered"
    assert table.event("withdraw").operation == "withdrawInquiry"


def test_unknown_names_are_told() -> None:
    with pytest.raises(SpecError, match="SPEC-LIFECYCLE"):
        lifecycles.lifecycle("no-such-table")
    with pytest.raises(SpecError, match="SPEC-LIFECYCLE"):
        lifecycles.lifecycle("inquiry").state("no-such-state")


def _problems(table: Lifecycle, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(lifecycle_rules, "lifecycles", lambda: (table,))
    return lifecycle_rules.problems()


def test_a_missing_transition_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    table = lifecycles.lifecycle("notice")
    broken = msgspec.structs.replace(table, transitions=table.transitions[1:])
    assert "notice: none × create: decided 0 times" in _problems(broken, monkeypatch)


def test_a_pair_decided_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    table = lifecycles.lifecycle("notice")
    more = Impossible(states=("none",), events=("create",), why=Text(ja="試験", en="test"))
    broken = msgspec.structs.replace(table, impossible=(*table.impossible, more))
    assert _problems(broken, monkeypatch) == ["notice: none × create: decided 2 times"]


def test_a_transition_to_nowhere_and_an_unknown_clause_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    table = lifecycles.lifecycle("notice")
    first = table.transitions[0]
    wrong = Transition(from_=first.from_, event=first.event, to="limbo", effect=first.effect, clauses=("IS-XXX-999",))
    found = _problems(msgspec.structs.replace(table, transitions=(wrong, *table.transitions[1:])), monkeypatch)
    assert "notice: notice.none.create: leads to limbo, which is no state" in found
    assert "notice: notice.none.create: cites IS-XXX-999, which no requirement has" in found
    assert "notice: registered: cannot be reached" in found


def test_a_code_that_the_operation_cannot_give_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    table = lifecycles.lifecycle("notice")
    wrong = msgspec.structs.replace(table.illegal[0], code="no-replica")
    found = _problems(msgspec.structs.replace(table, illegal=(wrong, *table.illegal[1:])), monkeypatch)
    assert "notice: notice.none.read: readNotice does not answer with no-replica" in found
