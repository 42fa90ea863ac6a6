"""Dates that bring something: deadlines that pass and retention periods that end."""

from __future__ import annotations

import asyncio
import datetime as dt

from bango_mocks.clock import moment, stamp
from bango_mocks.reference.intermediate_server.part import Part

KIND = "agenda"
LOOK_SECONDS = 1.0


class Agenda(Part):
    """Kept in the store in order of time, so that neither a restart nor a moved clock loses a date."""

    _next: dt.datetime | None = None
    _read = False

    def at(self, when: dt.datetime, topic: str, key: str) -> None:
        """Have a topic's method called with `key` once `when` has come."""
        self.store.put(KIND, f"{stamp(when)}/{topic}/{key}", {})
        if self._read and (self._next is None or when < self._next):
            self._next = when

    async def watch(self) -> None:
        """Do what is due as long as the server runs, also when nobody calls."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.run()
            await self.store.durable()

    def run(self) -> None:
        """Do everything that is due by now; costs nothing when nothing is."""
        now = self.clock()
        if self._read and (self._next is None or self._next > now):
            return
        limit = stamp(now)
        for name, _ in list(self.store.scan(KIND)):
            when, topic, key = name.split("/", 2)
            if when > limit:
                self._next = moment(when)
                break
            self.store.delete(KIND, name)
            self.server.due[topic](key)
        else:
            self._next = None
        self._read = True
