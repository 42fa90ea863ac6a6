"""The mock network of a campaign: its components in one process, the other bodies played, and the disturbances."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bango_loadtests.ground.played import PlayedBodies, Watched
from bango_mocks.authority import Authority, Credential
from bango_mocks.direct import Way
from bango_mocks.hosting import ASGI, Receive, Scope, Send
from bango_mocks.interface_system.application import Peers
from bango_mocks.network import Network, Plan


class Disturbed:
    """An interface system that is slow or gone for a while; whoever calls it waits, or finds nobody."""

    def __init__(self, inner: ASGI) -> None:
        self._inner = inner
        self.kind = ""
        self.seconds = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One exchange."""
        if self.kind == "slow":
            await asyncio.sleep(self.seconds)
        if self.kind == "down":
            # uvicorn drops the connection of an application that ends without an answer.
            raise ConnectionAbortedError
        await self._inner(scope, receive, send)


class BodiesPlayed(Peers):
    """The ways to the bodies: the target's over the network, everybody else's within the process."""

    def __init__(self, target: str, to_target: Callable[[], Way], others: PlayedBodies) -> None:
        self._target = target
        self._to_target = to_target
        self._others = others

    def channel(self, body: str) -> Way:
        """The way to a body's server."""
        return self._to_target() if body == self._target else self._others


class LoadNetwork(Network):
    """A network whose components are joined; `disturbed` stands before the interface system, `watched` before the target."""

    def __init__(self, plan: Plan, authority: Authority, target: str, origin: str) -> None:
        super().__init__(plan, authority)
        self._target = target
        self._origin = origin
        self.others = PlayedBodies()
        self.disturbed: Disturbed
        self.watched: Watched | None = None

    def watch(self, codes: tuple[str, ...], share: float) -> None:
        """From now on look at every provision of the target, and use a share of its permits twice."""
        self.watched = Watched(self._plain, codes, share, self.plan.seed)

    def ways_to_bodies(self, credential: Credential) -> Peers:
        """The ways to the bodies' servers."""
        self._plain = self._channel(self._origin, credential, "peer-down")
        return BodiesPlayed(self._target, lambda: self.watched or self._plain, self.others)

    def _serve(self, name: str, app: ASGI, credential: Credential) -> str:
        if name == "interface-system":
            self.disturbed = Disturbed(app)
            return super()._serve(name, self.disturbed, credential)
        return super()._serve(name, app, credential)
