"""What every flow has: the process's part, its draws, clients that it opens when it needs them, and how it counts its whole."""

from __future__ import annotations

import random
from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

import gevent

from bango_loadtests.client import NONE, Client, Heard
from bango_loadtests.part import Part
from bango_loadtests.session import Session
from bango_loadtests.tally import OK, Window
from bango_spec.load import Behaviour, Load

if TYPE_CHECKING:
    from locust.env import Environment

PATIENCE_SECONDS = 60.0
"""So long a flow looks for its end; what is not there by then is asked for once more after the campaign."""
UNAUTHORISED = 401


class Flow:
    """One user's way of doing what a behaviour says; `go` is called for every arrival, also while others are under way."""

    def __init__(
        self, part: Part, environment: Environment, behaviour: Behaviour, load: Load, draw: random.Random
    ) -> None:
        self.part = part
        self.environment = environment
        self.behaviour = behaviour
        self.load = load
        self.draw = draw
        self.clients: list[Client] = []

    def go(self, due: float) -> None:
        """Do it once; `due` is when it was due, in monotonic seconds."""
        raise NotImplementedError

    def close(self) -> None:
        """Close what is open."""
        for one in self.clients:
            one.wire.close()

    def client(self, origin: str, credential: str) -> Client:
        """A client of one component with a role's credential."""
        made = Client(self.part, self.environment, origin, credential)
        self.clients.append(made)
        return made

    def in_house(self) -> Client:
        """A client of the target's in-house side."""
        return self.client(self.part.scene.in_house, "in-house")

    def pause(self) -> None:
        """The pause between two looks."""
        gevent.sleep(self.behaviour.pause_seconds)

    def again(self) -> bool:
        """Whether this case is one that is sent twice."""
        return self.draw.random() < self.behaviour.repeated

    def done(self, due: float, end: str = OK, line: str = "") -> None:
        """The whole of a flow is over, well or not."""
        part, took = self.part, (monotonic() - due) * 1000
        second = int(due - part.began)
        if second < 0:
            return
        name = self.behaviour.flow
        part.tally.window(name, second).add(took, took, end)
        if line and second >= part.campaign.warm_up_seconds:
            part.tally.lines.setdefault(f"{name}|{line}", Window()).add(took, took, end)
        fire: Any = self.environment.events.request.fire
        fire(
            request_type="FLOW",
            name=name,
            response_time=took,
            response_length=0,
            context={},
            exception=None if end == OK else Exception(end),
            start_time=due,
        )


class StaffFlow(Flow):
    """A flow of the body's own staff, with a session that the process's users share."""

    def __init__(
        self, part: Part, environment: Environment, behaviour: Behaviour, load: Load, draw: random.Random
    ) -> None:
        super().__init__(part, environment, behaviour, load, draw)
        self.terminal = self.in_house()
        self.session = Session.of(part)

    def ask(
        self,
        operation_id: str,
        *,
        due: float | None = None,
        body: bytes = b"",
        line: str = "",
        key: str | None = None,
        query: str = "",
        path: Mapping[str, str] = NONE,
    ) -> Heard:
        """One exchange as the member of staff; with a new session when the old one is over."""
        token = self.session.token(self.terminal)
        heard = self.terminal.call(
            operation_id, due=due, body=body, line=line, key=key, token=token, query=query, path=path
        )
        if heard.status == UNAUTHORISED:
            token = self.session.token(self.terminal, instead_of=token)
            return self.terminal.call(
                operation_id, due=due, body=body, line=line, key=key, token=token, query=query, path=path
            )
        return heard
