"""The interface system behind `interface-system.yaml`: it checks who calls, blocks what the table does not hold, and passes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bango_mocks.clock import Clock, stamp
from bango_mocks.direct import Way
from bango_mocks.directory import Directory
from bango_mocks.paging import page
from bango_mocks.serving import Application, Call, Handler, Problem, Reply
from bango_mocks.shared_answers import allow_list, directory, health, profile
from bango_mocks.table import Table

SYSTEM = "interface-system"
ANSWERED = 200
ACCEPTED = 202


class InterfaceSystem:
    """The interface system as a component of the network; answers that wait for their asker are kept, still encrypted."""

    def __init__(self, core: Way, table: Table, bodies: Directory, peers: Peers, clock: Clock) -> None:
        self.core = core
        self.table = table
        self.bodies = bodies
        self.peers = peers
        self.clock = clock
        self._askers: dict[str, str] = {}
        self._waiting: dict[str, dict[str, Any]] = {}
        self._answers: dict[str, dict[str, Any]] = {}
        self._answered_by: dict[str, str] = {}

    def application(self) -> Application:
        """The ASGI application."""
        handlers: dict[str, Handler] = {
            "obtainAcquisitionNumber": self.obtain_acquisition_number,
            "forwardLinkageCode": self.forward_linkage_code,
            "forwardLinkageRevocation": self.forward_revocation,
            "relayInquiry": self.relay_inquiry,
            "fetchInquiry": self.fetch_inquiry,
            "relayProvision": self.relay_provision,
            "relayAnswer": self.relay_answer,
            "relayWithdrawal": self.relay_withdrawal,
            "readAllowList": self.read_allow_list,
            "readDirectory": self.read_directory,
            "readKeys": self.read_keys,
            "readInterfaceProfile": self.read_profile,
            "readInterfaceHealth": self.read_health,
        }
        return Application(SYSTEM, handlers)

    def own(self, call: Call, body: str) -> frozenset[str]:
        """The calling body must be the one that the message names, and admitted; gives its party kinds."""
        if call.peer is not None and call.peer.body != body:
            raise Problem("body-mismatch", "the certificate is another body's")
        entry = self.bodies.get(body)
        if entry is None or not entry.stands(self.clock()):
            raise Problem("not-admitted")
        return entry.kinds

    async def obtain_acquisition_number(self, call: Call) -> Reply:
        """An acquisition number for the calling body."""
        self.own(call, call.body["body"])
        status, issued = await self.core.call("POST", "/v1/acquisitions", call.body, cause=call)
        return Reply(status, issued)

    async def forward_linkage_code(self, call: Call) -> Reply:
        """A linkage code on its way from the core to its body."""
        delivery = {name: value for name, value in call.body.items() if name != "body"}
        way = self.peers.channel(call.body["body"])
        status, bound = await way.call("POST", "/network/v1/linkage-codes", delivery, cause=call)
        return Reply(status, bound)

    async def forward_revocation(self, call: Call) -> Reply:
        """A body gives a linkage code up."""
        self.own(call, call.body["body"])
        status, revoked = await self.core.call("POST", "/v1/linkage-revocations", call.body, cause=call)
        return Reply(status, revoked)

    async def relay_inquiry(self, call: Call) -> Reply:
        """An inquiry: the allow list first, then the core."""
        asker = self.own(call, call.body["asker"])
        provider = self.bodies.get(call.body["provider"])
        if provider is None:
            raise Problem("unknown-body", "the provider is not in the directory")
        if self.table.line(asker, provider.kinds, call.body) is None:
            raise self.table.refusal(asker, provider.kinds, call.body)
        status, answer = await self.core.call("POST", "/v1/permits", call.body, cause=call)
        self._askers[answer["permit_id"]] = call.body["asker"]
        if status == ACCEPTED:
            self._waiting[answer["permit_id"]] = answer
        return Reply(status, answer)

    async def fetch_inquiry(self, call: Call) -> Reply:
        """The later answer, once it is there."""
        permit = call.parameters["permit_id"]
        asker = self._askers.get(permit)
        if asker is None or (call.peer is not None and call.peer.body != asker):
            raise Problem("unknown-permit")
        if permit in self._answers:
            return Reply(ANSWERED, self._answers[permit])
        if permit in self._waiting:
            return Reply(ACCEPTED, self._waiting[permit])
        raise Problem("already-withdrawn")

    async def relay_provision(self, call: Call) -> Reply:
        """A provision request on its way from the core to the provider."""
        way = self.peers.channel(call.body["provider"])
        status, answer = await way.call("POST", "/network/v1/provisions", call.body, cause=call)
        return Reply(status, answer)

    async def relay_answer(self, call: Call) -> Reply:
        """A later answer: the core records that it passes, the asker receives it."""
        answer = call.body
        permit = answer["permit_id"]
        provider = (call.peer.body if call.peer else None) or ""
        # The core ends a permit once: an answer that it took, and that did not reach its asker, only goes on.
        if self._answers.get(permit) == answer and self._answered_by[permit] == provider:
            return await self._deliver(self._askers[permit], call)
        notification = {
            "permit_id": permit,
            "provider": provider,
            "outcome": answer["outcome"],
            "answered_at": answer["answered_at"],
            "withheld": answer["withheld"],
        }
        _, address = await self.core.call("POST", "/v1/answers", notification, cause=call)
        self._waiting.pop(permit, None)
        self._answers[permit], self._answered_by[permit] = answer, provider
        self._askers[permit] = address["asker"]
        return await self._deliver(address["asker"], call)

    async def _deliver(self, asker: str, call: Call) -> Reply:
        await self.peers.channel(asker).call("POST", "/network/v1/answers", call.body, cause=call)
        return Reply(ANSWERED, {"permit_id": call.body["permit_id"], "state": "answered"})

    async def relay_withdrawal(self, call: Call) -> Reply:
        """The asker withdraws; the provider learns of it."""
        permit = call.body["permit_id"]
        asker = self._askers.get(permit)
        if asker is None or (call.peer is not None and call.peer.body != asker):
            raise Problem("unknown-permit")
        _, address = await self.core.call("POST", "/v1/withdrawals", call.body, cause=call)
        self._waiting.pop(permit, None)
        way = self.peers.channel(address["provider"])
        status, result = await way.call("POST", "/network/v1/withdrawals", call.body, cause=call)
        return Reply(status, result)

    async def read_allow_list(self, call: Call) -> Reply:
        """The table of the edition in force."""
        return Reply(ANSWERED, allow_list(call, self.table))

    async def read_directory(self, call: Call) -> Reply:
        """The bodies."""
        return Reply(ANSWERED, page(call, "bodies", directory(self.bodies, self.clock())))

    async def read_keys(self, call: Call) -> Reply:
        """The core's keys."""
        status, keys = await self.core.call("GET", "/v1/keys", cause=call)
        return Reply(status, keys)

    async def read_profile(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """What this system is."""
        return Reply(ANSWERED, profile(SYSTEM, self.table.edition))

    async def read_health(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """Whether it works."""
        return Reply(ANSWERED, health(stamp(self.clock()), {"interface": True}))


class Peers:
    """The ways to the intermediate servers, one kept open for each body."""

    def __init__(self, bodies: Directory, connect: Callable[[str], Way]) -> None:
        self._bodies = bodies
        self._connect = connect
        self._ways: dict[str, tuple[str, Way]] = {}

    def channel(self, body: str) -> Way:
        """The way to a body's server; unknown-body or peer-down when there is none."""
        entry = self._bodies.get(body)
        if entry is None:
            raise Problem("unknown-body")
        if not entry.url:
            raise Problem("peer-down", "the body's server is not connected")
        url, way = self._ways.get(body, ("", None))
        if way is None or url != entry.url:
            way = self._connect(entry.url)
            self._ways[body] = (entry.url, way)
        return way
