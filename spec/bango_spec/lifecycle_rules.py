"""Checks of the state tables: every pair of state and event is decided, once, and every name leads somewhere."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bango_spec import assumptions, error_catalogue, interfaces
from bango_spec._interface_checks import clause_ids
from bango_spec.lifecycles import Lifecycle, lifecycles

if TYPE_CHECKING:
    from collections.abc import Iterator


def problems() -> list[str]:
    """Every breach in every table, as `lifecycle: place: what`; empty when all is well."""
    known = clause_ids()
    return [
        f"{table.id}: {breach}"
        for table in lifecycles()
        for breach in (*_totality(table), *_names(table), *_operations(table), *_reach(table), *_clauses(table, known))
    ]


def _pairs(table: Lifecycle) -> dict[str, list[tuple[str, str]]]:
    return {
        "transition": sorted({(step.from_, step.event) for step in table.steps}),
        "illegal": [(refusal.state, refusal.event) for refusal in table.refusals],
        "impossible": [(s, e) for found in table.impossible for s in found.states for e in found.events],
    }


def _totality(table: Lifecycle) -> Iterator[str]:
    decided = Counter(pair for pairs in _pairs(table).values() for pair in pairs)
    for state in table.states:
        for event in table.events:
            count = decided.pop((state.id, event.id), 0)
            if count != 1:
                yield f"{state.id} × {event.id}: decided {count} times"
    for state_id, event_id in decided:
        yield f"{state_id} × {event_id}: no such state or event"
    cases = Counter((step.from_, step.event) for step in table.steps)
    for step in table.steps:
        if cases[step.from_, step.event] > 1 and (step.case is None or step.guard is None):
            yield f"{step.id}: several transitions, and this one has no case and guard"
    for step_id, count in Counter(step.id for step in table.steps).items():
        if count > 1:
            yield f"{step_id}: the address is not unique"


def _names(table: Lifecycle) -> Iterator[str]:
    states = {state.id for state in table.states}
    if sum(state.initial for state in table.states) != 1:
        yield "there is not exactly one initial state"
    for step in table.steps:
        if step.to not in states:
            yield f"{step.id}: leads to {step.to}, which is no state"
    for name in [state.retention for state in table.states] + [event.assumption for event in table.events]:
        if name is not None and name not in assumptions.assumptions():
            yield f"{name}: no such assumption"


def _operations(table: Lifecycle) -> Iterator[str]:
    events = {event.id: event for event in table.events}
    for event in table.events:
        if (event.operation is None) != (event.by in {"self", "clock"}) or (event.operation is None) != (
            event.sends is None
        ):
            yield f"{event.id}: an event of a party names its operation and what is sent, others do not"
        if event.operation is not None:
            interfaces.operation(event.operation)
    interfaces.operation(table.observed.operation)
    refusals = [(refusal.id, refusal.event, refusal.code) for refusal in table.refusals]
    refusals += [(step.id, step.event, step.code) for step in table.steps if step.code is not None]
    for place, event_id, code in refusals:
        error_catalogue.error(code)
        operation = events[event_id].operation
        if operation is None:
            yield f"{place}: nobody could be told {code}"
        elif code not in interfaces.operation(operation).errors:
            yield f"{place}: {operation} does not answer with {code}"


def _reach(table: Lifecycle) -> Iterator[str]:
    reached, waiting = set(), [table.initial.id]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += [step.to for step in table.steps_from(here)]
    for state in table.states:
        if state.id not in reached:
            yield f"{state.id}: cannot be reached"
        if state.final and any(step.to != state.id for step in table.steps_from(state.id)):
            yield f"{state.id}: is final, and can be left"


def _clauses(table: Lifecycle, known: set[str]) -> Iterator[str]:
    cited = [(step.id, clause) for step in table.steps for clause in step.clauses]
    cited += [(refusal.id, clause) for refusal in table.refusals for clause in refusal.clauses]
    for place, clause in cited:
        if clause not in known:
            yield f"{place}: cites {clause}, which no requirement has"
