"""Provision records (情報提供等記録): written once, chained, kept, never changed (IS-REC)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from bango_mocks.clock import moment, stamp
from bango_mocks.reference.intermediate_server.cursors import after, page
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Call, Problem, Reply
from bango_mocks.store import GENESIS

LEDGER = "provision-records"
PERSON = "record-of-person"
COPIED = (
    "permit_id",
    "asker",
    "provider",
    "department_code",
    "task",
    "procedure",
    "information",
    "items",
    "requested_at",
)
CHUNK = 500


class Records(Part):
    """One chain for both parts that the body plays; which person a record is about is kept beside it, not in it."""

    answers: ClassVar = {"listRecords": "list", "readRecordHead": "read_head"}

    def write(
        self,
        role: str,
        request: Mapping[str, Any],
        person: str | None,
        *,
        correlation: str,
        outcome: str | None = None,
        provided_at: str | None = None,
        withheld: bool = False,
        network_refusal: str | None = None,
    ) -> None:
        """Append a record of a request; it is durable before what it belongs to leaves.

        A request whose end is not known yet is recorded without an outcome, and its end by a further record.
        """
        sequence = self.store.head(LEDGER)[0] + 1
        record = {name: request[name] for name in COPIED if name in request}
        record |= {
            "sequence": sequence,
            "role": role,
            "edition": self.server.allow_list.edition(),
            "correlation_id": correlation,
            "withheld": withheld,
            "written_at": stamp(self.clock()),
        }
        if outcome is not None:
            record["outcome"] = outcome
        if outcome == "provided" and provided_at is not None:
            record["provided_at"] = provided_at
        if network_refusal is not None:
            record["network_refusal"] = network_refusal
        self.store.append(LEDGER, record)
        if person is not None:
            self.store.put(PERSON, f"{person}/{sequence:012d}", {})

    def walk(self, start: int) -> Iterator[dict[str, Any]]:
        """Records with their hashes in order, from the one after `start`."""
        previous = self._hash_at(start)
        while True:
            rows = self.store.entries(LEDGER, start, CHUNK)
            for row in rows:
                yield row.record | {"previous_hash": previous, "hash": row.digest}
                previous = row.digest
            if len(rows) < CHUNK:
                return
            start = rows[-1].number

    def _hash_at(self, number: int) -> str:
        if number == 0:
            return GENESIS
        rows = self.store.entries(LEDGER, number - 1, 1)
        if not rows:
            raise Problem("cursor-invalid")
        return rows[0].digest

    def of_person(self, person: str, start: int) -> Iterator[dict[str, Any]]:
        """A person's records in order, from the one after `start`."""
        for key, _ in self.store.scan(PERSON, f"{person}/", f"{person}/{start:012d}"):
            yield next(self.walk(int(key.rpartition("/")[2]) - 1))

    def wanted(self, call: Call, record: dict[str, Any]) -> bool:
        """Whether a record passes the filters of a request."""
        query = call.query
        return (
            query.get("permit_id") in (None, record.get("permit_id"))
            and query.get("role") in (None, record["role"])
            and in_period(record["requested_at"], query.get("from"), query.get("to"))
        )

    async def list(self, call: Call) -> Reply:
        """Records in order of their numbers, all that the filters leave."""
        start = int(after(call, LEDGER) or 0)
        person = call.query.get("integrated_address_number")
        rows = self.walk(start) if person is None else self.of_person(person, start)
        shown = ((str(record["sequence"]), record) for record in rows if self.wanted(call, record))
        return Reply(200, page(call, LEDGER, "records", shown))

    async def read_head(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """The last number and hash."""
        number, digest = self.store.head(LEDGER)
        return Reply(200, {"sequence": number, "hash": digest})


def in_period(time: str, start: str | None, end: str | None) -> bool:
    """Whether a time is not before `start` and before `end`; an end left out is open."""
    when = moment(time)
    return (start is None or when >= moment(start)) and (end is None or when < moment(end))
