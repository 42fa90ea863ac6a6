"""The two sides of the server: the body's own systems, and the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_mocks.reference.intermediate_server.front import CURRENT, Exchange, Front
from bango_mocks.serving.call import Reply
from bango_mocks.serving.validation import Contract
from bango_mocks.tls import Peer
from bango_spec.interfaces import operation

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

LOGIN = "openStaffSession"


class InHouseSide(Front):
    """Called by the body's own systems; every operation that needs one has a staff session, and is logged."""

    side = "in-house"

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server, "intermediate-server.in-house")
        self._guarded = {one: operation(one).staff_session for one in self.contracts}

    def body_allowed(self, peer: Peer) -> bool:
        """Only the own body's systems may call."""
        return peer.body == self.server.config.body

    def guarded(self, contract: Contract) -> bool:
        """Whether an operation needs a staff session."""
        return self._guarded[contract.operation_id]

    def member(self, contract: Contract, headers: dict[str, str]) -> str | None:
        """The member whose session is shown, with the authority that the operation needs."""
        if not self.guarded(contract):
            return None
        staff_id = self.server.sessions.of(headers.get("authorization"))
        CURRENT.get().staff_id = staff_id
        self.server.staff.authorised(staff_id, contract.raw.get("x-bango-authority"))
        return staff_id

    def noted(self, exchange: Exchange, reply: Reply, correlation: str) -> None:
        """Log the exchange, and a member's operation in the log that auditors read."""
        super().noted(exchange, reply, correlation)
        if exchange.operation == LOGIN and exchange.call is not None:
            exchange.staff_id = exchange.call.context.get("staff_id")
        if exchange.staff_id is not None and correlation:
            person = exchange.person if exchange.call is None else exchange.call.context.get("person")
            self.server.operation_log.write(exchange.staff_id, exchange.operation, correlation, person, reply.status)


class NetworkSide(Front):
    """Called by the interface system alone."""

    side = "network"

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server, "intermediate-server.network")
