"""Random walks through a state table, shrunk to the shortest course that goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bango_conformance.findings import Broken, Unmet
from bango_conformance.kinds.lifecycle_judge import judge_refusal, judge_step

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

    from bango_conformance.case import Case
    from bango_conformance.kinds.lifecycle_player import Player
    from bango_conformance.subject import AllowedLine
    from bango_spec.lifecycles import Step

WALKS = 4
LONGEST = 8
# While shrinking, at most so many further walks for so long: each costs persons and time of the target, and where a
# walk fails because something never comes, each waits for it in full.
TRIES = 40
SHRINKING_SECONDS = 20.0


def check_walk(player: type[Player], line: AllowedLine, seed: int) -> Callable[[Case], None]:
    """The check: the same walks for the same seed."""

    def check(case: Case) -> None:
        import hypothesis  # noqa: PLC0415 - heavy, and needed by the walks alone
        from hypothesis import strategies  # noqa: PLC0415

        shortest = Shortest()

        def walk(data: DataObject) -> None:
            hypothesis.assume(shortest.goes_on())
            course: list[str] = []
            made = player(case, line)
            try:
                for _ in range(data.draw(strategies.integers(2, LONGEST))):
                    event = data.draw(strategies.sampled_from(choices(made)))
                    course.append(event)
                    take(made, event)
            except (Broken, Unmet) as found:
                if isinstance(found, Broken):
                    found.sent = f"the events {' → '.join(course)}: {found.sent}"
                shortest.take(len(course), found)
                raise
            finally:
                made.close()

        settings = hypothesis.settings(
            max_examples=WALKS,
            database=None,
            deadline=None,
            print_blob=False,
            report_multiple_bugs=False,
            suppress_health_check=list(hypothesis.HealthCheck),
            phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
        )
        test = hypothesis.seed(seed)(settings(hypothesis.given(strategies.data())(walk)))
        try:
            test()
        except (Broken, Unmet, hypothesis.errors.Flaky):
            # Flaky: what went wrong did not come again in the same course, or there was no time to see it again.
            if shortest.found is not None:
                raise shortest.found from None
            raise

    return check


class Shortest:
    """The shortest course that went wrong, and whether there is time to look for a shorter one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.found: Broken | Unmet | None = None
        self._events = 0
        self._tried = 0
        self._until: float | None = None

    def goes_on(self) -> bool:
        """Whether one more walk may be taken."""
        self._tried += 1
        return self._tried <= TRIES and (self._until is None or self._clock() < self._until)

    def take(self, events: int, found: Broken | Unmet) -> None:
        """A course of so many events that went wrong: a broken clause before one that could not be judged, then the shorter."""
        if self._until is None:
            self._until = self._clock() + SHRINKING_SECONDS
        # Of equally good ones the last, which Hypothesis finds simplest.
        if self.found is None or _rank(found, events) <= _rank(self.found, self._events):
            self.found, self._events = found, events


def _rank(found: Broken | Unmet, events: int) -> tuple[bool, int]:
    return not isinstance(found, Broken), events


def choices(made: Player) -> list[str]:
    """The events of walks that can come about where the player stands, in the order of the table."""
    table = made.table
    steps = {step.event for step in table.steps_from(made.at) if made.variant in (None, step.case) or step.case is None}
    possible = steps | table.refused(made.at).keys()
    if made.at in made.out_of_reach:
        possible &= made.by_itself
    # What is refused only on a certain way to the state is no matter for a walk that came another way.
    possible -= {event for state, event in made.ways_to_refusals if state == made.at}
    return [event.id for event in table.events if event.id in possible and event.id in made.walks]


def take(made: Player, event: str) -> None:
    """Fire an event and judge what comes of it."""
    code = made.table.refused(made.at).get(event)
    if code is not None:
        refusal = next(one for one in made.table.refusals if (one.state, one.event) == (made.at, event))
        judge_refusal(made, refusal, last=False)
        return
    judge_step(made, next_step(made, event))


def next_step(made: Player, event: str) -> Step:
    """The transition that an event makes where the player stands."""
    found = [step for step in made.table.steps_from(made.at) if step.event == event]
    return next((step for step in found if step.case in (made.variant, None)), found[0])
