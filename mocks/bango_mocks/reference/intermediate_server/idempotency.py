"""Repetitions: the same key and request get the first answer again and take effect once (IS-API-004, IS-API-005)."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from bango_mocks.clock import moment, stamp
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Call, Handler, Problem, Reply
from bango_spec.assumptions import number
from bango_spec.error_catalogue import error

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

KIND = "idempotency"
HEADER = "idempotency-key"
FAILURE = 500


@dataclass
class Running:
    """A request that is being carried out."""

    fingerprint: str
    answer: asyncio.Future[Reply]


class Idempotency(Part):
    """Answers by key, remembered for the profile's time; bodies are kept only as keyed hashes."""

    dates: ClassVar = {"idempotency-forgotten": "forget"}

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self._running: dict[str, Running] = {}
        kept = self.store.get("secret", KIND)
        if kept is None:
            kept = {"key": secrets.token_hex(32)}
            self.store.put("secret", KIND, kept)
        self._secret = bytes.fromhex(kept["key"])

    async def once(self, call: Call, handler: Handler) -> Reply:
        """The answer to a keyed request, from the handler or from memory."""
        name, fingerprint = self.name(call), self.fingerprint(call)
        kept = self.remembered(name)
        if kept is not None:
            self.same(kept["fingerprint"], fingerprint)
            return self.replayed(kept)
        running = self._running.get(name)
        if running is not None:
            self.same(running.fingerprint, fingerprint)
            return await asyncio.shield(running.answer)
        return await self._carry_out(name, fingerprint, call, handler)

    async def _carry_out(self, name: str, fingerprint: str, call: Call, handler: Handler) -> Reply:
        running = Running(fingerprint, asyncio.get_running_loop().create_future())
        # The exception of a repetition that nobody waits for is not an error of its own.
        running.answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._running[name] = running
        try:
            reply = await handler(call)
        except BaseException as problem:
            running.answer.set_exception(problem)
            if isinstance(problem, Problem) and error(problem.code).status < FAILURE:
                told = {"code": problem.code, "detail": problem.detail, "origin": problem.origin}
                self.remember(name, {"fingerprint": fingerprint, "problem": told, "members": problem.members})
            raise
        else:
            running.answer.set_result(reply)
            answered = {"status": reply.status, "body": reply.body, "headers": dict(reply.headers)}
            self.remember(name, {"fingerprint": fingerprint, "reply": answered})
            return reply
        finally:
            del self._running[name]

    def name(self, call: Call) -> str:
        """Whose key it is: keys of different callers and sides have nothing to do with each other."""
        peer = call.peer
        side = call.path.split("/", 2)[1]
        return f"{side}/{peer.role if peer else ''}/{peer.body if peer else ''}/{call.headers[HEADER]}"

    def fingerprint(self, call: Call) -> str:
        """What makes two requests the same: method, path and the body's bytes."""
        whole = b"\n".join((call.method.encode(), call.path.encode(), call.raw))
        return hashlib.blake2b(whole, key=self._secret, digest_size=16).hexdigest()

    def same(self, before: str, now: str) -> None:
        """Refuse another request under the same key."""
        if before != now:
            raise Problem("idempotency-conflict")

    def remembered(self, name: str) -> dict[str, Any] | None:
        """What was answered under a name, as long as it is remembered."""
        kept = self.store.get(KIND, name)
        return None if kept is None or moment(kept["until"]) <= self.clock() else kept

    def remember(self, name: str, kept: dict[str, Any]) -> None:
        """Keep an answer."""
        until = self.clock() + dt.timedelta(seconds=number("idempotency-seconds"))
        self.store.put(KIND, name, kept | {"until": stamp(until)})
        self.server.agenda.at(until, "idempotency-forgotten", name)

    def replayed(self, kept: dict[str, Any]) -> Reply:
        """The answer that was kept, or its problem."""
        if "problem" in kept:
            told = kept["problem"]
            raise Problem(told["code"], told["detail"], origin=told["origin"], **kept["members"])
        return Reply(**kept["reply"])

    def forget(self, name: str) -> None:
        """Drop what is no longer remembered."""
        kept = self.store.get(KIND, name)
        if kept is not None and moment(kept["until"]) <= self.clock():
            self.store.delete(KIND, name)
