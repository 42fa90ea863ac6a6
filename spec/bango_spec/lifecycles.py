"""The state tables: which event leads from which state to which, and what is refused everywhere else."""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeVar

import msgspec

from bango_spec.errors import SpecError
from bango_spec.reading import Element, Text, files, read

UNCHANGED = "unchanged"

By = Literal["in-house", "interface-system", "self", "clock"]


class State(Element, frozen=True):
    """A state; `shown` is its name in the interface, `retention` the assumption that says how long it is kept."""

    id: str
    title: Text
    initial: bool = False
    final: bool = False
    shown: str | None = None
    retention: str | None = None


class Event(Element, frozen=True):
    """Something that happens: a party calls `operation`, time passes (`assumption`), or the system acts."""

    id: str
    title: Text
    by: By
    operation: str | None = None
    sends: Text | None = None
    assumption: str | None = None


class Transition(Element, frozen=True):
    """What an event does in a state; with `code`, the event is answered by a refusal all the same."""

    from_: str | tuple[str, ...] = msgspec.field(name="from")
    event: str
    to: str
    effect: Text
    case: str | None = None
    guard: Text | None = None
    code: str | None = None
    clauses: tuple[str, ...] = ()


class Illegal(Element, frozen=True):
    """Events that states refuse, with the code of the refusal; nothing changes."""

    states: tuple[str, ...]
    events: tuple[str, ...]
    code: str
    clauses: tuple[str, ...] = ()


class Impossible(Element, frozen=True):
    """Events that cannot come about in states, and why."""

    states: tuple[str, ...]
    events: tuple[str, ...]
    why: Text


_Named = TypeVar("_Named", "State", "Event", "Lifecycle")


class Observed(Element, frozen=True):
    """Where the state can be read: an operation and the member of its answer."""

    operation: str
    member: str


class Step(Element, frozen=True):
    """One transition from one state; `to` is a state even where the state stays. `id` is its stable address."""

    id: str
    from_: str
    event: str
    to: str
    effect: Text
    case: str | None
    guard: Text | None
    code: str | None
    clauses: tuple[str, ...]


class Refusal(Element, frozen=True):
    """One event that one state refuses; `id` is its stable address."""

    id: str
    state: str
    event: str
    code: str
    clauses: tuple[str, ...]


class Lifecycle(Element, frozen=True):
    """A file of `lifecycles/`."""

    id: str
    title: Text
    system: str
    of: Text
    observed: Observed
    states: tuple[State, ...]
    events: tuple[Event, ...]
    transitions: tuple[Transition, ...]
    illegal: tuple[Illegal, ...]
    impossible: tuple[Impossible, ...] = ()

    @property
    def initial(self) -> State:
        """The state before anything happened."""
        return next(state for state in self.states if state.initial)

    def state(self, state_id: str) -> State:
        """The state of an id."""
        return _one(self.states, state_id, self.id)

    def event(self, event_id: str) -> Event:
        """The event of an id."""
        return _one(self.events, event_id, self.id)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every transition, one for each state that it starts from."""
        return tuple(
            Step(
                id=f"{self.id}.{state}.{found.event}" + (f".{found.case}" if found.case else ""),
                from_=state,
                event=found.event,
                to=state if found.to == UNCHANGED else found.to,
                effect=found.effect,
                case=found.case,
                guard=found.guard,
                code=found.code,
                clauses=found.clauses,
            )
            for found in self.transitions
            for state in ((found.from_,) if isinstance(found.from_, str) else found.from_)
        )

    def steps_from(self, state_id: str) -> tuple[Step, ...]:
        """The transitions that start in a state."""
        return tuple(step for step in self.steps if step.from_ == state_id)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Every pair of state and event that is refused."""
        return tuple(
            Refusal(id=f"{self.id}.{state}.{event}", state=state, event=event, code=found.code, clauses=found.clauses)
            for found in self.illegal
            for state in found.states
            for event in found.events
        )

    def refused(self, state_id: str) -> dict[str, str]:
        """The events that a state refuses, each with its code."""
        return {refusal.event: refusal.code for refusal in self.refusals if refusal.state == state_id}


@cache
def lifecycles() -> tuple[Lifecycle, ...]:
    """Every state table."""
    return tuple(read(file, Lifecycle) for file in files("lifecycles"))


def lifecycle(lifecycle_id: str) -> Lifecycle:
    """The state table of an id."""
    return _one(lifecycles(), lifecycle_id, "lifecycles")


def _one(found: tuple[_Named, ...], wanted: str, where: str) -> _Named:
    for one in found:
        if one.id == wanted:
            return one
    raise SpecError("SPEC-LIFECYCLE", f"{where} has no {wanted}", step="correct the id")
