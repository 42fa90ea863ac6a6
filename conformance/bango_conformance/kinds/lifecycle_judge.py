"""Whether an event did what the state table says: the answer, the state afterwards, and that a refusal changed nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bango_conformance.kinds.lifecycle_player import OK
from bango_conformance.kinds.lifecycle_routes import by_clock, route
from bango_conformance.moved import restarted
from bango_spec.error_catalogue import by_code
from bango_spec.lifecycles import Refusal, Step, lifecycle

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.kinds.lifecycle_player import Player
    from bango_conformance.stage.client import Answer
    from bango_conformance.subject import AllowedLine

Check = Callable[["Case"], None]
PROBLEM = "application/problem+json"


def check_step(player: type[Player], line: AllowedLine, way: Sequence[Step], step: Step) -> Check:
    """The check of one transition."""

    def check(case: Case) -> None:
        with placed(case, player, line, (*way, step)) as made:
            for before in way:
                made.arrive(before)
            judge_step(made, step)

    return check


def check_refusal(player: type[Player], line: AllowedLine, way: Sequence[Step], refusal: Refusal) -> Check:
    """The check of one illegal event."""

    def check(case: Case) -> None:
        with placed(case, player, line, way) as made:
            for before in way:
                made.arrive(before)
            judge_refusal(made, refusal)

    return check


def check_restart(players: Sequence[tuple[type[Player], AllowedLine]], *, kill: bool = False) -> Check:
    """One thing in every state that can be reached and held, a restart (or kill), and every one of them again."""

    def check(case: Case) -> None:
        made: list[Player] = []
        try:
            for player, line in players:
                for way in _lasting(player):
                    one = player(case, line, _variant(way))
                    made.append(one)
                    for step in way:
                        one.arrive(step)
            restarted(case, kill=kill)
            for one in made:
                _still(one)
        finally:
            for one in made:
                one.close()

    return check


def _lasting(player: type[Player]) -> Iterator[Sequence[Step]]:
    table = lifecycle(player.machine)
    for state in table.states:
        way = route(table, player, state.id)
        fleeting = player.out_of_reach | player.lost_by_restart
        if way and state.id not in fleeting and not any(by_clock(table, one) for one in way):
            yield way


def _still(one: Player) -> None:
    found = one.settle(one.at)
    if found != one.expect(one.at):
        one.case.fail(
            "STATE-LOST",
            sent=f"the {one.machine} in the state {one.at}, then the end of the server",
            expected=f"the state {one.expect(one.at)}",
            came=str(found),
        )
    one.after_restart()


def judge_step(made: Player, step: Step) -> None:
    """Fire the event of a transition and compare answer and state."""
    case = made.case
    answer = made.fire(step.event)
    told = f"{step.event} in the state {step.from_}"
    if step.code is not None:
        if answer is None or answer.status in OK or answer.problem != step.code:
            came = "no answer" if answer is None else answer.short()
            case.fail("REFUSAL-REASON", sent=told, expected=f"a refusal with {step.code}", came=came)
    elif answer is not None and answer.status not in OK:
        case.fail("TRANSITION-REFUSED", sent=told, expected=f"success, then the state {step.to}", came=answer.short())
    if step.to not in made.out_of_reach:
        found = made.settle(step.to)
        if found != made.expect(step.to):
            case.fail("STATE-WRONG", sent=told, expected=f"the state {made.expect(step.to)}", came=f"the state {found}")
    made.at = step.to
    made.effect(step, answer)


def judge_refusal(made: Player, refusal: Refusal, *, last: bool = True) -> None:
    """Fire an illegal event: it is refused for its reason, as a problem of the catalogue, and nothing changes.

    What follows the refusal (the same without the defect is accepted) moves the machine on: only where the course ends.
    """
    case = made.case
    before = made.look()
    answer = made.fire(refusal.event)
    told = f"{refusal.event} in the state {refusal.state}"
    if answer is None or answer.status in OK:
        came = "no answer" if answer is None else answer.short()
        case.fail("EVENT-ACCEPTED", sent=told, expected=f"a refusal with {refusal.code}", came=came)
    if answer.problem != refusal.code:
        case.fail("REFUSAL-REASON", sent=told, expected=f"a refusal with {refusal.code}", came=answer.short())
    _well_formed(case, answer, told)
    after = made.look()
    if (before.status, before.json) != (after.status, after.json) and before.problem != after.problem:
        case.fail("REFUSAL-CHANGED", sent=told, expected=f"nothing changed: {before.short()}", came=after.short())
    if before.problem is None and made.stable(before) != made.stable(after):
        case.fail("REFUSAL-CHANGED", sent=told, expected=f"nothing changed: {before.short()}", came=after.short())
    if last:
        made.after_refusal(refusal)


def _well_formed(case: Case, answer: Answer, told: str) -> None:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip()
    if kind != PROBLEM or answer.problem not in by_code() or answer.json.get("status") != answer.status:
        case.fail(
            "PROBLEM-MALFORMED",
            sent=told,
            expected=f"{PROBLEM} with a code of the catalogue and its own status",
            came=f"{kind} {answer.short()}",
            clause="IS-API-001" if "IS-API-001" in case.obligation.clauses else None,
        )


@contextmanager
def placed(case: Case, player: type[Player], line: AllowedLine, way: Sequence[Step]) -> Iterator[Player]:
    """A player for one course, closed at its end."""
    made = player(case, line, _variant(way))
    try:
        yield made
    finally:
        made.close()


def _variant(way: Sequence[Step]) -> str | None:
    return next((step.case for step in way if step.case is not None), None)
