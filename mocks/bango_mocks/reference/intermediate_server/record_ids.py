"""Record ids may not come twice within the profile's time, in one file or in several (IS-API-011)."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from bango_mocks.clock import moment, stamp
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Problem
from bango_spec.assumptions import number

KIND = "record-id"


class RecordIds(Part):
    """The record ids that were used."""

    dates: ClassVar = {"record-id-forgotten": "forget"}

    def unused(self, record_id: str) -> None:
        """Refuse an id that was used before."""
        if self.used(record_id):
            raise Problem("duplicate-record-id")

    def used(self, record_id: str) -> bool:
        """Whether an id may not be used again yet."""
        found = self.store.get(KIND, record_id)
        return found is not None and moment(found["until"]) > self.clock()

    def use(self, record_id: str) -> None:
        """Take an id."""
        until = self.clock() + dt.timedelta(days=number("record-identifier-unique-days"))
        self.store.put(KIND, record_id, {"until": stamp(until)})
        self.server.agenda.at(until, "record-id-forgotten", record_id)

    def forget(self, record_id: str) -> None:
        """Drop an id that may be used again."""
        if not self.used(record_id):
            self.store.delete(KIND, record_id)
