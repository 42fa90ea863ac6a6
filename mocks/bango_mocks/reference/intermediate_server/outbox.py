"""Messages that must reach the network once: kept until delivered, sent again with the same key (IS-PRV-013)."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from typing import Any

from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Problem

KIND = "outbox"
# After so many attempts the pause between them grows no more.
LONGEST = 6


class Outbox(Part):
    """Every message survives a restart; one that the network refuses for good is given up and stays visible."""

    def send(self, path: str, message: dict[str, Any], *, key: str, correlation: str, about: str) -> None:
        """Keep a message and begin to deliver it; it is durable with the writes that caused it."""
        name = str(uuid.uuid4())
        self.store.put(
            KIND, name, {"path": path, "message": message, "key": key, "correlation": correlation, "about": about}
        )
        self.server.spawn(self.deliver(name))

    def resume(self) -> None:
        """Deliver what a restart interrupted."""
        for name, _ in self.store.scan(KIND):
            self.server.spawn(self.deliver(name))

    async def deliver(self, name: str) -> None:
        """Send a message until it is taken, refused, or the attempts are used up."""
        await self.store.durable()
        kept = self.store.get(KIND, name)
        if kept is None:
            return
        for attempt in itertools.count(1):
            try:
                await self.server.upstream.call(
                    "POST", kept["path"], kept["message"], correlation=kept["correlation"], key=kept["key"]
                )
            except Problem as problem:
                if not self.server.upstream.worth_repeating(problem):
                    self.refused(name, kept, problem)
                    return
                if self.given_up(kept, attempt):
                    self.undelivered(kept, problem)
                    return
                await asyncio.sleep(self.server.upstream.pause(min(attempt, LONGEST)))
            else:
                self.store.delete(KIND, name)
                await self.store.durable()
                return

    def given_up(self, kept: dict[str, Any], attempt: int) -> bool:
        """Whether a message is not sent again before the next start; a revocation is sent until it gets through."""
        return kept["about"] != "revocation" and attempt >= self.server.upstream.attempts()

    def refused(self, name: str, kept: dict[str, Any], problem: Problem) -> None:
        """The network does not take the message: it is of no use any more."""
        self.store.delete(KIND, name)
        self.undelivered(kept, problem)

    def undelivered(self, kept: dict[str, Any], problem: Problem) -> None:
        """Make an answer that could not be delivered visible; it is tried again after the next start."""
        if kept["about"] == "answer":
            permit_id = kept["message"]["permit_id"]
            self.server.failures.add("answer-undelivered", code=problem.code, permit_id=permit_id)
        self.server.log.warning("message-undelivered", about=kept["about"], code=problem.code)
