"""Lifecycle: every transition and every illegal event of the state tables, walks through them, and what follows from time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bango_conformance.choices import asking, providing
from bango_conformance.kinds import lifecycle_staff, lifecycle_time
from bango_conformance.kinds.lifecycle_inquiry import InquiryPlayer
from bango_conformance.kinds.lifecycle_judge import check_refusal, check_restart, check_step
from bango_conformance.kinds.lifecycle_linkage import LinkagePlayer
from bango_conformance.kinds.lifecycle_notice import NoticePlayer
from bango_conformance.kinds.lifecycle_provision import ProvisionPlayer
from bango_conformance.kinds.lifecycle_replica import ReplicaPlayer
from bango_conformance.kinds.lifecycle_routes import by_clock, route
from bango_conformance.kinds.lifecycle_walk import check_walk
from bango_conformance.obligation import Obligation
from bango_spec.clauses import clause
from bango_spec.lifecycles import Lifecycle, Refusal, Step, lifecycle
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.kinds.lifecycle_player import Player
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope

PLAYERS: tuple[type[Player], ...] = (LinkagePlayer, ReplicaPlayer, InquiryPlayer, ProvisionPlayer, NoticePlayer)
# What a refusal that no clause of its own calls for still has to be: a problem of the catalogue, with the right code.
ANY_REFUSAL = ("IS-API-001",)
CLOCK = ("hook:clock",)
RESTART = ("hook:start",)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Of every machine that the target's body embodies."""
    lines = [(player, asking(scope) if player is InquiryPlayer else providing(scope)) for player in PLAYERS]
    players = [(player, line) for player, line in lines if line is not None]
    for player, line in players:
        yield from _of_machine(player, line, scope.seed)
    yield from _of_endings(players)
    yield from lifecycle_staff.obligations(scope)
    yield from lifecycle_time.obligations(scope)


def _of_machine(player: type[Player], line: AllowedLine, seed: int) -> Iterator[Obligation]:
    table = lifecycle(player.machine)
    for step in table.steps:
        made = _of_step(player, line, table, step)
        if made is not None:
            yield made
    for refusal in table.refusals:
        made = _of_refusal(player, line, table, refusal)
        if made is not None:
            yield made
    title = table.title
    yield Obligation(
        id=f"lifecycle.{table.id}.walk",
        kind="lifecycle",
        clauses=walked(player, table),
        element=f"lifecycles/{table.id}",
        title=Text(ja=f"{title.ja}の状態表を任意の順にたどる", en=f"{title.en}: random walks through the state table"),
        check=check_walk(player, line, seed),
        smoke=True,
    )


def walked(player: type[Player], table: Lifecycle) -> tuple[str, ...]:
    """The clauses that random walks judge: those of every event that they may take where they may come to."""
    cited: set[str] = set()
    states = [table.initial.id]
    for state in states:
        first: dict[str, Step] = {}
        for step in sorted(table.steps_from(state), key=lambda one: one.case != player.walks_as):
            first.setdefault(step.event, step)
        steps = [step for step in first.values() if step.event in player.walks]
        states += {step.to for step in steps} - set(states)
        taken: list[Step | Refusal] = list(steps)
        taken += [one for one in table.refusals if one.state == state and one.event in player.walks]
        for one in taken:
            cited.update(set(one.clauses) - set(player.unobserved.get(one.event, ())))
    return tuple(sorted(name for name in cited if clause(name).system == "intermediate-server"))


def _of_endings(players: Sequence[tuple[type[Player], AllowedLine]]) -> Iterator[Obligation]:
    asked = [(player, line) for player, line in players if player is InquiryPlayer]
    if asked:
        yield Obligation(
            id="lifecycle.inquiry.any.restart",
            kind="lifecycle",
            clauses=("IS-INQ-014",),
            element="lifecycles/inquiry",
            title=Text(
                ja="終わっていない照会が再起動の後も回答を受け取る",
                en="Unfinished inquiries outlive a restart and still take their answers",
            ),
            check=check_restart(asked),
            needs=RESTART,
            alone=True,
        )
    yield Obligation(
        id="lifecycle.all.any.kill",
        kind="lifecycle",
        clauses=("IS-OPS-005",),
        element="lifecycles",
        title=Text(
            ja="成功と答えた後に強制終了しても、すべての状態が完全に残る",
            en="Every state that was answered as reached outlives a kill right afterwards",
        ),
        check=check_restart(players, kill=True),
        needs=RESTART,
        alone=True,
    )


def _of_step(player: type[Player], line: AllowedLine, table: Lifecycle, step: Step) -> Obligation | None:
    clauses = tuple(one for one in step.clauses if clause(one).system == "intermediate-server")
    clauses = tuple(one for one in clauses if one not in player.unobserved.get(step.event, ()))
    way = route(table, player, step.from_)
    held = step.from_ in player.out_of_reach and step.event not in player.by_itself
    if way is None or held or not clauses or not player.plays_event(step.event):
        return None
    clocked = by_clock(table, step) or any(by_clock(table, one) for one in way)
    event, state = table.event(step.event).title, table.state(step.from_).title
    return Obligation(
        id=f"lifecycle.{step.id}",
        kind="lifecycle",
        clauses=clauses,
        element=f"lifecycles/{step.id.replace('.', '/')}",
        title=Text(
            ja=f"{table.title.ja}（{state.ja}）：{event.ja}。{step.effect.ja}",
            en=f"{table.title.en} ({state.en}): {event.en}. {step.effect.en}",
        ),
        check=check_step(player, line, way, step),
        needs=CLOCK if clocked else (),
        alone=clocked,
    )


def _of_refusal(player: type[Player], line: AllowedLine, table: Lifecycle, refusal: Refusal) -> Obligation | None:
    detour = player.ways_to_refusals.get((refusal.state, refusal.event), ())
    way = route(table, player, refusal.state, detour)
    if way is None or refusal.state in player.out_of_reach or not player.plays_event(refusal.event):
        return None
    clocked = any(by_clock(table, one) for one in way)
    event, state = table.event(refusal.event).title, table.state(refusal.state).title
    return Obligation(
        id=f"lifecycle.{refusal.id}",
        kind="lifecycle",
        clauses=refusal.clauses or ANY_REFUSAL,
        element=f"lifecycles/{refusal.id.replace('.', '/')}",
        title=Text(
            ja=f"{table.title.ja}（{state.ja}）：「{event.ja}」を{refusal.code}で拒む",
            en=f"{table.title.en} ({state.en}): refuses “{event.en}” with {refusal.code}",
        ),
        check=check_refusal(player, line, way, refusal),
        needs=CLOCK if clocked else (),
        alone=clocked,
    )
