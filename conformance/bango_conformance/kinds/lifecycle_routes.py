"""The way from the initial state into another one, through the table."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bango_conformance.kinds.lifecycle_player import Player
    from bango_spec.lifecycles import Lifecycle, Step


def route(table: Lifecycle, player: type[Player], state: str, detour: tuple[str, ...] = ()) -> tuple[Step, ...] | None:
    """The steps into a state: those of a detour (`event` or `event/case`), else the fewest; None where there is no way.

    The clock is moved only where there is no other way, and steps that are answered by a refusal are not taken.
    """
    named = detour or player.detours.get(state, ())
    if named:
        return _along(table, named)
    return _shortest(table, player, state, clock=False) or _shortest(table, player, state, clock=True)


def by_clock(table: Lifecycle, step: Step) -> bool:
    """Whether only the passing of time brings a step about."""
    return table.event(step.event).by == "clock"


def _along(table: Lifecycle, named: tuple[str, ...]) -> tuple[Step, ...]:
    at, steps = table.initial.id, []
    for name in named:
        event, _, case = name.partition("/")
        found = next(one for one in table.steps_from(at) if one.event == event and case in ("", one.case))
        steps.append(found)
        at = found.to
    return tuple(steps)


def _shortest(table: Lifecycle, player: type[Player], state: str, *, clock: bool) -> tuple[Step, ...] | None:
    start = table.initial.id
    ways: dict[str, tuple[Step, ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        for step in table.steps_from(at):
            usable = step.code is None and player.plays_event(step.event) and (clock or not by_clock(table, step))
            if usable and step.to not in ways:
                ways[step.to] = (*ways[at], step)
                waiting.append(step.to)
    return ways.get(state)
