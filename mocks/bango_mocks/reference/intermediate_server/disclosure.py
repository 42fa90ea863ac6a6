"""Disclosure of a person's records to the portal (IS-DSC-001, 002)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from bango_mocks.clock import moment
from bango_mocks.reference.intermediate_server.cursors import after, page
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.reference.intermediate_server.records import in_period
from bango_mocks.serving.call import Call, Problem, Reply

LISTED = "disclosure"


class Disclosure(Part):
    """All of a person's records of a period, and nobody else's; withheld ones carry their mark."""

    answers: ClassVar = {"discloseRecords": "disclose"}

    async def disclose(self, call: Call) -> Reply:
        """A page of the person's records."""
        start, end = call.body["from"], call.body["to"]
        if moment(start) > moment(end):
            raise Problem("period-reversed")
        person = self.person(call.body["linkage_code"])
        rows = ((str(record["sequence"]), self.shown(record)) for record in self.records(call, person))
        return Reply(200, page(call, LISTED, "records", rows))

    def person(self, code: str) -> str:
        """The person of a code; no-linkage-code if it is nobody's."""
        person = self.server.linkage.person_of(code)
        if person is None:
            raise Problem("no-linkage-code")
        return person

    def records(self, call: Call, person: str) -> Iterator[dict[str, Any]]:
        """The person's records of the period, those as asker and those as provider."""
        for record in self.server.records.of_person(person, int(after(call, LISTED) or 0)):
            if in_period(record["requested_at"], call.body["from"], call.body["to"]):
                yield record

    def shown(self, record: dict[str, Any]) -> dict[str, Any]:
        """A record as the portal gets it, marked as it was recorded."""
        return record
