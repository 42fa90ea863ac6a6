"""Batches of replicas: up to ten thousand, each entry by itself, taken up again after a restart (IS-API-009, 010)."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, ClassVar

from bango_mocks.clock import stamp
from bango_mocks.reference.intermediate_server.cursors import after, chunked, page
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.reference.intermediate_server.shelf import key_of
from bango_mocks.serving.call import Call, Problem, Reply

KIND = "replica-batch"
ENTRY = "replica-batch-entry"
FAILURE = "replica-batch-failure"
AT_ONCE = 50


class ReplicaBatches(Part):
    """Entries wait in the store; an entry's effect and its removal from there are written together."""

    answers: ClassVar = {"submitReplicaBatch": "submit", "readReplicaBatch": "read"}

    async def submit(self, call: Call) -> Reply:
        """Accept a batch."""
        batch_id = str(uuid.uuid4())
        entries = call.body["entries"]
        state = {
            "id": batch_id,
            "state": "accepted",
            "accepted_at": stamp(self.clock()),
            "total": len(entries),
            "succeeded": 0,
            "failed": 0,
            "pending": len(entries),
        }
        self.store.put(KIND, batch_id, {"shown": state, "correlation_id": call.correlation_id})
        for number, entry in enumerate(entries):
            self.store.put(ENTRY, f"{batch_id}/{number:05d}", entry)
        self.server.spawn(self.work(batch_id))
        return Reply(202, state, {"Location": f"/in-house/v1/replica-batches/{batch_id}"})

    def resume(self) -> None:
        """Go on with the batches that a restart interrupted."""
        for batch_id, batch in self.store.scan(KIND):
            if batch["shown"]["pending"]:
                self.server.spawn(self.work(batch_id))

    async def work(self, batch_id: str) -> None:
        """Carry out the entries of a batch in their order, a few between breaths."""
        await self.store.durable()
        while rows := list(self.store.scan(ENTRY, f"{batch_id}/", "", AT_ONCE)):
            for name, entry in rows:
                await self.carry_out(batch_id, name, entry)
            await self.store.durable()
            await asyncio.sleep(0)

    async def carry_out(self, batch_id: str, name: str, entry: dict[str, Any]) -> None:
        """Carry out one entry; a wrong one is reported and holds up no other."""
        batch = self.store.get(KIND, batch_id) or {}
        problem: Problem | None = None
        try:
            await self.admitted(entry)
            self.effect(entry)
        except Problem as found:
            problem = found
        self.store.delete(ENTRY, name)
        if problem is not None:
            number = int(name.rpartition("/")[2])
            told = self.server.outcomes.member(problem, batch["correlation_id"], "provider")
            self.store.put(FAILURE, name, {"index": number, "problem": told})
        self.store.put(KIND, batch_id, batch | {"shown": self.counted(batch["shown"], problem)})

    async def admitted(self, entry: dict[str, Any]) -> None:
        """The checks that a registration must pass."""
        if entry["operation"] == "put":
            await self.server.admission.check(entry["information"], entry["content"])

    def effect(self, entry: dict[str, Any]) -> None:
        """Register or delete what an entry says."""
        person, information = entry["integrated_address_number"], entry["information"]
        replicas = self.server.replicas
        if entry["operation"] == "put":
            replicas.register(person, information, entry["content"])
            return
        key = key_of(person, information, entry)
        if "fiscal_year" not in entry:
            key = replicas.shelf.without_year(person, information) or key
        replicas.present(key)
        replicas.remove(key, entry["reason"])

    def counted(self, state: dict[str, Any], problem: Problem | None) -> dict[str, Any]:
        """A batch's state after one more entry."""
        ended = "succeeded" if problem is None else "failed"
        made = state | {"pending": state["pending"] - 1, ended: state[ended] + 1, "state": "running"}
        return made if made["pending"] else made | {"state": "finished", "finished_at": stamp(self.clock())}

    async def read(self, call: Call) -> Reply:
        """How far a batch has come, and the entries that failed."""
        batch_id = call.parameters["batch_id"]
        batch = self.store.get(KIND, batch_id)
        if batch is None:
            raise Problem("unknown-batch")
        listed = f"{KIND}/{batch_id}"
        start = after(call, listed)
        rows = chunked(
            lambda last, limit: self.store.scan(FAILURE, f"{batch_id}/", last, limit),
            f"{batch_id}/{start}" if start else "",
        )
        failures = ((name.rpartition("/")[2], row) for name, row in rows)
        return Reply(200, page(call, listed, "failures", failures) | {"batch": batch["shown"]})
