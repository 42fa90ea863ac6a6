"""A side of the server: who may call, in which order a request is checked, and what every answer carries (IS-API, IS-TRN)."""

from __future__ import annotations

import contextvars
import json
import time
import traceback
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from bango_mocks.hosting import Receive, Scope, Send
from bango_mocks.reference.intermediate_server.idempotency import HEADER
from bango_mocks.reference.intermediate_server.texts import faults, text_places
from bango_mocks.reference.intermediate_server.upstream import PROFILE_VERSION
from bango_mocks.serving.application import CORRELATION, Application
from bango_mocks.serving.call import Call, Handler, Problem, Reply
from bango_mocks.serving.validation import Contract, Fault
from bango_mocks.tls import Peer
from bango_spec.assumptions import number
from bango_spec.identifiers import check
from bango_spec.interfaces import operations

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

VERSION = "bango-profile-version"
CORRELATION_NAME = CORRELATION.encode("ascii")
PERSON = "integrated_address_number"
BUSY = 503
RETRY_SECONDS = 1
LIMITS = {"records": "inquiry-batch-limit-rows", "entries": "replica-batch-limit-rows"}


@dataclass
class Exchange:
    """What is known of the request that is being handled."""

    began: float
    operation: str = ""
    staff_id: str | None = None
    person: str | None = None
    call: Call | None = None


CURRENT: contextvars.ContextVar[Exchange] = contextvars.ContextVar("exchange")


class Front(Application):
    """Checks in this order: capacity, route, role and body, staff session, authority, headers, body, texts."""

    side: ClassVar[str]
    roles: ClassVar[frozenset[str]]

    def __init__(self, server: IntermediateServer, name: str) -> None:
        self.server = server
        ids = [operation.operation_id for operation in operations(name)]
        super().__init__(name, {one: server.handlers[one] for one in ids if one in server.handlers})
        keyed = {one for one, contract in self.contracts.items() if any(p.name == HEADER for p in contract.parameters)}
        self.handlers = {one: self.keyed(made) if one in keyed else made for one, made in self.handlers.items()}
        self.handlers = {one: self.guarded_handler(made) for one, made in self.handlers.items()}
        self.texts = {one: text_places(contract) for one, contract in self.contracts.items()}
        self.connections: Collection[Any] = ()
        self._admitted: set[Any] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One exchange."""
        token = CURRENT.set(Exchange(time.perf_counter()))
        # A correlation id that is none is not passed on: the request is refused as if it had none.
        scope["headers"] = [one for one in scope["headers"] if one[0] != CORRELATION_NAME or correlation_known(one[1])]
        try:
            await super().__call__(scope, receive, send)
        finally:
            CURRENT.reset(token)

    def guarded_handler(self, handler: Handler) -> Handler:
        """A handler that only gives what is documented.

        An unforeseen failure is logged by its kind and place alone, since its words may hold contents.
        """

        async def guarded(call: Call) -> Reply:
            try:
                return await handler(call)
            except Problem as problem:
                if problem.code in self.contracts[call.operation].raw["x-bango-errors"]:
                    raise
                raise self.failed(problem) from None
            except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets a problem
                raise self.failed(error) from None

        return guarded

    def failed(self, error: Exception) -> Problem:
        """The problem that stands for an unforeseen failure."""
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
        self.server.log.error(
            "failed",
            operation=CURRENT.get().operation,
            error=type(error).__name__,
            code=getattr(error, "code", None),
            where=where,
            side=self.side,
        )
        return Problem("internal-error")

    def answer_checked(self, contract: Contract, reply: Reply) -> None:
        """An answer that breaks its own document never leaves."""
        try:
            super().answer_checked(contract, reply)
        except RuntimeError as error:
            raise self.failed(error) from None

    def keyed(self, handler: Handler) -> Handler:
        """A handler that repetitions reach only once."""

        async def once(call: Call) -> Reply:
            return await self.server.idempotency.once(call, handler)

        return once

    def route(self, scope: Scope) -> tuple[Contract, dict[str, str]]:
        """The operation of a request, as long as there is room for it."""
        if self.full(scope.get("client")):
            raise Problem("connection-cap")
        contract, parameters = super().route(scope)
        CURRENT.get().operation = contract.operation_id
        return contract, parameters

    def full(self, client: Any) -> bool:
        """Whether a request came by a connection beyond the limit; connections within it are served to their end."""
        if client in self._admitted:
            return False
        self._admitted &= {connection.client for connection in self.connections}
        if len(self._admitted) >= number("connection-limit"):
            return True
        self._admitted.add(client)
        return False

    def checked(
        self, contract: Contract, parameters: dict[str, str], scope: Scope, headers: dict[str, str], body: bytes
    ) -> Call:
        """The call, once everything about it has been found in order."""
        peer = self.peer(scope, headers)
        self.admit(contract, peer)
        # Whoever was found to call stays the caller in all that follows.
        scope.setdefault("extensions", {})["bango.peer"] = peer
        self.server.agenda.run()
        CURRENT.get().person = person_named(parameters)
        staff_id = self.member(contract, headers)
        call = super().checked(contract, parameters, scope, headers, body)
        self.version_spoken(headers)
        self.characters_allowed(contract, call.body)
        call.context["staff_id"] = staff_id
        call.context["person"] = person_in(call)
        CURRENT.get().call = call
        return call

    def peer(self, scope: Scope, headers: dict[str, str]) -> Peer | None:  # noqa: ARG002 - headers claim, they prove nothing
        """Who calls: the certificate of the connection says it, and nothing else."""
        return self.server.transport.caller(scope.get("extensions", {}).get("bango.peer"))

    def admit(self, contract: Contract, peer: Peer | None) -> None:
        """Only the roles that the document names may call, from a body that may."""
        if peer is None or not self.role_allowed(contract, peer):
            raise Problem("unauthorised-role", "the certificate's role may not call this")
        if not self.body_allowed(peer):
            raise Problem("body-mismatch", "the certificate is another body's")

    def role_allowed(self, contract: Contract, peer: Peer) -> bool:
        """Whether a role may call an operation."""
        return peer.role in contract.roles

    def body_allowed(self, peer: Peer) -> bool:  # noqa: ARG002 - the network has no body
        """Whether a certificate's body may call this side."""
        return True

    def member(self, contract: Contract, headers: dict[str, str]) -> str | None:  # noqa: ARG002
        """The staff member who calls; None where no session is needed."""
        return None

    def version_spoken(self, headers: dict[str, str]) -> None:
        """Refuse a profile version that the server does not speak."""
        if headers.get(VERSION, PROFILE_VERSION) not in self.server.system.spoken():
            raise Problem("profile-version-unsupported")

    def characters_allowed(self, contract: Contract, body: Any) -> None:
        """Refuse texts with characters that may not be held."""
        wrong = faults(body, self.texts[contract.operation_id])
        if wrong:
            raise Problem("format-characters", errors=wrong[:10])

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body as data; names that stand twice in an object are as wrong as a broken body."""
        try:
            value, wrong = super().parsed(contract, headers, body)
            self.not_too_many(value)
            if not wrong and isinstance(value, dict | list):
                wrong = self.names_twice(body)
        except RecursionError:
            return None, [Fault("body", "")]
        return value, wrong

    def not_too_many(self, value: Any) -> None:
        """Refuse a batch or file with more records than are taken at once, all of it."""
        if isinstance(value, dict):
            for name, limit in LIMITS.items():
                if isinstance(value.get(name), list) and len(value[name]) > number(limit):
                    raise Problem("request-too-large", f"more than {number(limit)} records")

    def names_twice(self, body: bytes) -> list[Fault]:
        """The names that some object of the body has more than once."""
        twice: list[Fault] = []

        def paired(pairs: list[tuple[str, Any]]) -> None:
            names = [name for name, _ in pairs]
            twice.extend(Fault("body", f"/{name}") for name in sorted({n for n in names if names.count(n) > 1}))

        json.loads(body, object_pairs_hook=paired)
        return twice[:10]

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """Send an answer, once everything that it says has been written for good."""
        if not correlation and isinstance(reply.body, dict):
            correlation = reply.body.get("correlation_id", "")
        self.noted(CURRENT.get(), reply, correlation)
        await self.settled()
        await super().respond(send, replace(reply, headers=self.headers_of(reply)), correlation)

    def noted(self, exchange: Exchange, reply: Reply, correlation: str) -> None:
        """Log an exchange: what, how it ended, how long it took; nothing of what was in it."""
        milliseconds = round((time.perf_counter() - exchange.began) * 1000, 3)
        code = reply.body.get("code") if isinstance(reply.body, dict) and "origin" in reply.body else None
        self.server.log.info(
            "exchange",
            side=self.side,
            operation=exchange.operation,
            status=reply.status,
            code=code,
            correlation_id=correlation[:36],
            staff_id=exchange.staff_id,
            milliseconds=milliseconds,
        )

    async def settled(self) -> None:
        """Wait until what the request wrote cannot be lost."""
        await self.server.store.durable()

    def headers_of(self, reply: Reply) -> dict[str, str]:
        """What every answer carries."""
        made = dict(reply.headers) | {"Bango-Profile-Version": PROFILE_VERSION, "Cache-Control": "no-store"}
        return made | {"Retry-After": str(RETRY_SECONDS)} if reply.status == BUSY else made


def correlation_known(value: bytes) -> bool:
    """Whether a correlation id is one."""
    return check("correlation-id", value.decode("latin-1")) is None


def person_named(parameters: Mapping[str, str]) -> str | None:
    """The person whom a path names, known also when the request is refused before it is read."""
    named = parameters.get(PERSON)
    return named if named is not None and check("integrated-address-number", named) is None else None


def person_in(call: Call) -> str | None:
    """The person whom a request names."""
    named = call.parameters.get(PERSON) or call.query.get(PERSON)
    if named is None and isinstance(call.body, dict):
        named = call.body.get(PERSON)
    return named
