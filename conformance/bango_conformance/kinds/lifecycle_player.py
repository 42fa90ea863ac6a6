"""A player brings one thing (an inquiry, a replica, …) of its own from state to state and reads where it stands."""

from __future__ import annotations

import time
import uuid
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, ClassVar

from bango_conformance.findings import Unmet
from bango_spec.lifecycles import Lifecycle, Refusal, Step, lifecycle

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.subject import AllowedLine

SECONDS = 10.0
PAUSE = 0.01
OK = range(200, 300)


def fresh_key() -> str:
    """An idempotency key never used before."""
    return uuid.uuid4().hex


class Player:
    """Plays one course of a lifecycle; `close` ends what it holds.

    A subclass answers events with methods named after them (`reply-answer` → `on_reply_answer`), each giving the
    target's answer, or None for what is no call to the target. `look` reads the state.
    """

    machine: ClassVar[str]
    absent: ClassVar[str]
    """The code that the reading operation answers where there is nothing to read."""
    detours: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Ways into states, as events, where the shortest one through the table is not the one to take."""
    out_of_reach: ClassVar[frozenset[str]] = frozenset()
    """States that the target passes through by itself and that nobody can hold it in."""
    by_itself: ClassVar[frozenset[str]] = frozenset()
    """Events by which the target leaves those states."""
    unobserved: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Clauses that the table cites for an event but that other kinds of obligation observe."""
    ways_to_refusals: ClassVar[dict[tuple[str, str], tuple[str, ...]]] = {}
    """Ways for single illegal events (state, event), where the state alone does not decide the reason."""
    lost_by_restart: ClassVar[frozenset[str]] = frozenset()
    """States that a restart itself ends, as they live in an open connection."""
    walks: ClassVar[frozenset[str]] = frozenset()
    """The events of random walks."""
    walks_as: ClassVar[str | None] = None
    """The case (of transitions that have one) in which random walks are taken."""

    def __init__(self, case: Case, line: AllowedLine, variant: str | None = None) -> None:
        self.case = case
        self.line = line
        self.variant = variant
        self.table: Lifecycle = lifecycle(self.machine)
        self.at = self.table.initial.id
        self.held = ExitStack()
        self.patience = SECONDS

    def close(self) -> None:
        """Let go of whatever is held."""
        self.held.close()

    def look(self) -> Answer:
        """The answer of the operation that shows the state."""
        raise NotImplementedError

    def shown(self, answer: Answer) -> str | None:
        """The state in such an answer; None where it says that nothing is there."""
        if answer.problem == self.absent:
            return None
        found: Any = self.case.need(answer, 200).json
        member = self.table.observed.member
        try:
            for part in member.split("/"):
                found = found[int(part)] if part.isdigit() else found[part]
        except (KeyError, IndexError, TypeError) as error:
            raise Unmet(f"応答に{member}がありません。", f"the answer that shows the state has no {member}") from error
        return str(found)

    def fire(self, event: str) -> Answer | None:
        """Let an event happen."""
        method = getattr(self, f"on_{event.replace('-', '_')}")
        answer: Answer | None = method()
        return answer

    @classmethod
    def plays_event(cls, event: str) -> bool:
        """Whether this player can bring the event about."""
        return hasattr(cls, f"on_{event.replace('-', '_')}")

    def expect(self, state: str) -> str | None:
        """What the reading operation must show in a state."""
        return self.table.state(state).shown

    def settle(self, state: str) -> str | None:
        """The state read once it is the expected one, or the last one read when time is up."""
        limit, wanted = time.monotonic() + self.patience, self.expect(state)
        while True:
            found = self.shown(self.look())
            if found == wanted or time.monotonic() > limit:
                return found
            time.sleep(PAUSE)

    def arrive(self, step: Step) -> None:
        """Take a step that prepares a check; Unmet when it does not lead where the table says."""
        answer = self.fire(step.event)
        if answer is not None and answer.status not in OK:
            raise Unmet(
                f"準備の段階（{step.id}）で想定外の応答がありました（{answer.short()}）。",
                f"the preparing step {step.id} was answered {answer.short()}",
            )
        found = self.settle(step.to) if step.to not in self.out_of_reach else self.expect(step.to)
        if found != self.expect(step.to):
            raise Unmet(
                f"準備の段階（{step.id}）の後の状態が{found}でした。",
                f"after the preparing step {step.id} the state was {found}",
            )
        self.at = step.to

    def effect(self, step: Step, answer: Answer | None) -> None:
        """Further observations that a step's clauses call for; a subclass adds them."""

    def after_refusal(self, refusal: Refusal) -> None:
        """Further observations after an illegal event; a subclass adds them."""

    def after_restart(self) -> None:
        """Further observations after a restart; a subclass adds them."""

    def stable(self, answer: Answer) -> Any:
        """What of an answer must not change when an event is refused."""
        return answer.json
