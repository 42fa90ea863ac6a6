"""A thin ASGI application from an OpenAPI document: the document decides what is let in and what may go out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
import structlog

from bango_mocks.hosting import Receive, Scope, Send
from bango_mocks.serving.call import Call, Handler, Problem, Reply
from bango_mocks.serving.problems import problem_reply
from bango_mocks.serving.routes import Routes
from bango_mocks.serving.validation import MALFORMED, Contract, Fault, contracts
from bango_mocks.tls import Peer
from bango_spec.interfaces import document

CORRELATION = "bango-correlation-id"
JSON = "application/json"
BODY_LIMIT = 32 * 1024 * 1024

_encode = msgspec.json.Encoder().encode
_log = structlog.get_logger("bango.serving")


class Application:
    """One system's interface: `name` is the document, `handlers` has one entry for each of its operations."""

    def __init__(self, name: str, handlers: Mapping[str, Handler]) -> None:
        self.document = document(name)
        self.contracts: dict[str, Contract] = contracts_of(name)
        server = self.document.get("servers", [{"url": ""}])[0]["url"]
        self.prefix = "/" + server.split("://", 1)[-1].partition("/")[2].strip("/") if server else ""
        self.routes = Routes(self.document, self.prefix)
        missing = sorted(set(self.contracts) ^ set(handlers))
        if missing:
            raise LookupError(f"{name}: operations and handlers differ: {missing}")
        self.handlers = dict(handlers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry: one HTTP exchange."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        correlation = headers.get(CORRELATION, "")
        body = await self._read(receive)
        contract: Contract | None = None
        try:
            contract, parameters = self.route(scope)
            call = self.checked(contract, parameters, scope, headers, body)
            await self.before(call, contract)
            reply = await self.handlers[contract.operation_id](call)
            self.answer_checked(contract, reply)
        except Problem as problem:
            reply = problem_reply(problem, contract, correlation)
        except Exception:  # noqa: BLE001 - a fault of a handler must reach its caller as a problem, not as silence
            _log.exception("handler-failed", operation=contract.operation_id if contract else None)
            reply = problem_reply(Problem("internal-error"), contract, correlation)
        await self.respond(send, reply, correlation)

    @staticmethod
    async def _read(receive: Receive) -> bytes:
        message = await receive()
        body: bytes = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
            if len(body) > BODY_LIMIT:
                break
        return body

    def route(self, scope: Scope) -> tuple[Contract, dict[str, str]]:
        """The operation that method and path name; not-found or method-not-allowed otherwise."""
        found = self.routes.find(scope["raw_path"].decode("ascii", "replace"))
        if found is None:
            raise Problem("not-found", "no operation has this path")
        operations, parameters = found
        if scope["method"] not in operations:
            raise Problem("method-not-allowed", "the path has no such method", allow=sorted(operations))
        return self.contracts[operations[scope["method"]]], parameters

    def checked(
        self,
        contract: Contract,
        parameters: dict[str, str],
        scope: Scope,
        headers: dict[str, str],
        body: bytes,
    ) -> Call:
        """The call, once role, parameters and body have been found in order."""
        peer: Peer | None = scope.get("extensions", {}).get("bango.peer")
        self.admit(contract, peer)
        query, wrong = contract.query(scope["query_string"])
        sources: dict[str, Mapping[str, str]] = {"path": parameters, "query": query, "header": headers}
        for parameter in contract.parameters:
            fault = parameter.fault(sources.get(parameter.where, {}).get(parameter.name))
            if fault is not None:
                wrong.append(fault)
        value = None
        if contract.media_types:
            value, more = self.parsed(contract, headers, body)
            wrong += more
        if wrong:
            raise malformed(wrong)
        return Call(
            operation=contract.operation_id,
            method=scope["method"],
            path=scope["path"],
            parameters=parameters,
            query=query,
            headers=headers,
            peer=peer,
            correlation_id=headers.get(CORRELATION) or str(uuid.uuid4()),
            body=value,
            raw=body,
        )

    def admit(self, contract: Contract, peer: Peer | None) -> None:
        """Only the roles that the document names may call; over plain HTTP there is no peer to judge."""
        if peer is not None and contract.roles and peer.role not in contract.roles:
            raise Problem("unauthorised-role", f"the role {peer.role} may not call this operation")

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body as data, and where it breaks the schema."""
        if not body and not contract.body_required:
            return None, []
        if len(body) > BODY_LIMIT:
            raise Problem("request-too-large", f"the body is larger than {BODY_LIMIT} bytes")
        media = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in contract.media_types:
            raise Problem("unsupported-media-type", "the body is not of a documented media type")
        if media != JSON:
            return body, []
        try:
            value = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None, [Fault("body", "")]
        return value, contract.body_faults(value)

    async def before(self, call: Call, contract: Contract) -> None:
        """Checks of a system's own before its handlers, such as staff sessions."""

    def answer_checked(self, contract: Contract, reply: Reply) -> None:
        """An answer that breaks its own document never leaves."""
        validator = contract.answers.get((str(reply.status), reply.media_type))
        if validator is not None and not isinstance(reply.body, bytes):
            broken = [error.message for error in validator.iter_errors(reply.body)]
            if broken:
                raise RuntimeError(f"{contract.operation_id}: the answer breaks its schema: {broken[:3]}")

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """Send the reply; the correlation id is echoed."""
        data = reply.body if isinstance(reply.body, bytes) else (b"" if reply.body is None else _encode(reply.body))
        headers = [(b"content-length", str(len(data)).encode("ascii"))]
        if data or reply.body is not None:
            headers.append((b"content-type", reply.media_type.encode("ascii")))
        if correlation:
            headers.append((CORRELATION.encode("ascii"), correlation.encode("latin-1")))
        headers += [(k.lower().encode("ascii"), v.encode("latin-1")) for k, v in reply.headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": data})


@cache
def contracts_of(name: str) -> dict[str, Contract]:
    """The compiled operations of a document: shared by all that serve it, so do not change them."""
    return contracts(document(name))


def malformed(wrong: list[Fault]) -> Problem:
    """The refusal of a malformed request: every place with its code, never the values; one single code gives the problem its own."""
    places = [{"in": fault.where, "place": fault.place, "code": fault.code} for fault in wrong]
    codes = {fault.code for fault in wrong}
    code = codes.pop() if len(codes) == 1 else MALFORMED
    return Problem(code, f"{len(places)} place(s) break the interface document", errors=places)
