"""The log of staff operations: who, when, which operation, about whom, allowed or refused (IS-STF-008)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from bango_mocks.clock import stamp
from bango_mocks.reference.intermediate_server.cursors import after, page
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.reference.intermediate_server.records import in_period
from bango_mocks.serving.call import Call, Reply

LEDGER = "operations"
CHUNK = 500
ALLOWED_BELOW = 400


class OperationLog(Part):
    """An append-only ledger without contents."""

    answers: ClassVar = {"listOperations": "list"}

    def write(self, staff_id: str, operation: str, correlation: str, person: str | None, status: int) -> None:
        """Log one operation of a member, also when it was refused."""
        number, _ = self.store.head(LEDGER)
        entry: dict[str, Any] = {
            "sequence": number + 1,
            "time": stamp(self.clock()),
            "staff_id": staff_id,
            "operation": operation,
            "correlation_id": correlation,
            "status": status,
            "allowed": status < ALLOWED_BELOW,
        }
        if person is not None:
            entry["integrated_address_number"] = person
        self.store.append(LEDGER, entry)

    def entries(self, start: int) -> Iterator[dict[str, Any]]:
        """Entries in order, from the one after `start`."""
        while True:
            rows = self.store.entries(LEDGER, start, CHUNK)
            for row in rows:
                yield row.record
            if len(rows) < CHUNK:
                return
            start = rows[-1].number

    async def list(self, call: Call) -> Reply:
        """The log, of one member and a period if asked."""
        wanted = call.query.get("staff_id")
        rows = (
            (str(entry["sequence"]), entry)
            for entry in self.entries(int(after(call, LEDGER) or 0))
            if wanted in (None, entry["staff_id"])
            and in_period(entry["time"], call.query.get("from"), call.query.get("to"))
        )
        return Reply(200, page(call, LEDGER, "operations", rows))
