"""Acquiring linkage codes: one acquisition number for each person at a time (IS-LNK-004 to 008)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from bango_mocks.clock import moment, stamp
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

KIND = "acquisition"
OF_PERSON = "acquisition-of-person"
OPEN = "requested"


class Acquisitions(Part):
    """Acquisitions by their number, and the latest of each person."""

    answers: ClassVar = {"requestAcquisition": "request", "readAcquisition": "read"}
    dates: ClassVar = {"acquisition-expired": "expire", "acquisition-forgotten": "forget"}

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self._asking: set[str] = set()

    async def request(self, call: Call) -> Reply:
        """Obtain an acquisition number for a person who has neither a code nor an open acquisition."""
        person = call.body["integrated_address_number"]
        if self.open_for(person):
            raise Problem("acquisition-open")
        self._asking.add(person)
        try:
            issued = await self.obtained(call)
        finally:
            self._asking.discard(person)
        made = {
            "acquisition_number": issued["acquisition_number"],
            "integrated_address_number": person,
            "state": OPEN,
            "requested_at": stamp(self.clock()),
            "expires_at": issued["expires_at"],
        }
        self.keep(made)
        self.store.put(OF_PERSON, person, {"acquisition_number": made["acquisition_number"]})
        self.server.agenda.at(moment(made["expires_at"]), "acquisition-expired", made["acquisition_number"])
        return Reply(201, self.shown(made), {"Location": f"/in-house/v1/acquisitions/{made['acquisition_number']}"})

    async def obtained(self, call: Call) -> dict[str, Any]:
        """The number that the network issues; nothing in the message points to the person."""
        _, issued = await self.server.upstream.call(
            "POST", "/v1/acquisitions", self.message(call), correlation=call.correlation_id, key=self.key(call)
        )
        answer: dict[str, Any] = issued
        return answer

    def message(self, call: Call) -> dict[str, Any]:  # noqa: ARG002 - what is asked in-house stays there
        """What goes to the network."""
        return {"body": self.config.body}

    def key(self, call: Call) -> str:
        """The key under which the network is asked: that of the request in-house, so that a repetition stays one."""
        return call.headers["idempotency-key"]

    def open_for(self, person: str) -> bool:
        """Whether a person has a code, or an acquisition that is still open."""
        if person in self._asking or self.server.linkage.code_of(person) is not None:
            return True
        latest = self.latest(person)
        return latest is not None and latest["state"] == OPEN

    def latest(self, person: str) -> dict[str, Any] | None:
        """The latest acquisition of a person, or None."""
        place = self.store.get(OF_PERSON, person)
        return None if place is None else self.get(place["acquisition_number"])

    def get(self, acquisition_number: str) -> dict[str, Any] | None:
        """An acquisition, or None."""
        return self.store.get(KIND, acquisition_number)

    def keep(self, acquisition: dict[str, Any]) -> None:
        """Write an acquisition."""
        self.store.put(KIND, acquisition["acquisition_number"], acquisition)

    def ended(self, acquisition: dict[str, Any], state: str, **more: Any) -> None:
        """End an acquisition; its number is forgotten when the time for that has come."""
        self.keep(acquisition | {"state": state} | more)
        when = self.clock() + dt.timedelta(days=number("acquisition-number-retention-days"))
        self.server.agenda.at(when, "acquisition-forgotten", acquisition["acquisition_number"])
        if state == "failed":
            self.server.failures.add(
                "acquisition-failed", code=more["reason"], acquisition_number=acquisition["acquisition_number"]
            )

    def expire(self, acquisition_number: str) -> None:
        """The deadline of an acquisition has come."""
        found = self.get(acquisition_number)
        if found is not None and found["state"] == OPEN:
            self.ended(found, "failed", reason="expired")

    def forget(self, acquisition_number: str) -> None:
        """Drop an acquisition number from everywhere."""
        found = self.get(acquisition_number)
        if found is None:
            return
        self.store.delete(KIND, acquisition_number)
        person = found["integrated_address_number"]
        latest = self.store.get(OF_PERSON, person)
        if latest is not None and latest["acquisition_number"] == acquisition_number:
            self.store.delete(OF_PERSON, person)
        self.server.linkage.forget_number(person, acquisition_number)
        self.server.failures.forget_number(acquisition_number)

    def shown(self, acquisition: dict[str, Any]) -> dict[str, Any]:
        """An acquisition for the in-house side: never the code."""
        return acquisition

    async def read(self, call: Call) -> Reply:
        """The state of an acquisition."""
        found = self.get(call.parameters["acquisition_number"])
        if found is None:
            raise Problem("unknown-acquisition")
        call.context["person"] = found["integrated_address_number"]
        return Reply(200, self.shown(found))
