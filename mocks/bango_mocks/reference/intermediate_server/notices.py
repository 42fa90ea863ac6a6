"""Notices to persons: registered in-house, fetched and acknowledged through the portal (IS-DSC-003 to 005)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from bango_mocks.clock import moment, stamp
from bango_mocks.reference.intermediate_server.cursors import after, chunked, page
from bango_mocks.reference.intermediate_server.forbidden import individual_number_in
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.assumptions import number

KIND = "notice"
OF_PERSON = "notice-of-person"
DELIVERED = ("notice_id", "title", "text", "shown_from", "shown_to")


class Notices(Part):
    """A notice belongs to one person; its state follows from what happened to it and from the clock."""

    answers: ClassVar = {
        "createNotice": "create",
        "readNotice": "read",
        "withdrawNotice": "withdraw",
        "searchNotices": "search",
        "acknowledgeNotice": "acknowledge",
    }
    dates: ClassVar = {"notice-purged": "purge"}

    async def create(self, call: Call) -> Reply:
        """Register a notice for a person who has a linkage code."""
        body = call.body
        if moment(body["shown_from"]) > moment(body["shown_to"]):
            raise Problem("period-reversed")
        for name in ("title", "text"):
            if individual_number_in(body[name]):
                where = {"in": "body", "place": f"/{name}", "code": "forbidden-content"}
                raise Problem("forbidden-content", errors=[where])
        person = body["integrated_address_number"]
        if self.server.linkage.code_of(person) is None:
            raise Problem("no-linkage-code")
        notice = body | {
            "notice_id": str(uuid.uuid4()),
            "state": "registered",
            "registered_at": stamp(self.clock()),
        }
        self.keep(notice)
        self.store.put(OF_PERSON, f"{person}/{notice['registered_at']}/{notice['notice_id']}", {})
        until = moment(body["shown_to"]) + dt.timedelta(days=number("notice-retention-days"))
        self.server.agenda.at(until, "notice-purged", notice["notice_id"])
        return Reply(201, self.shown(notice), {"Location": f"/in-house/v1/notices/{notice['notice_id']}"})

    def keep(self, notice: dict[str, Any]) -> None:
        """Write a notice."""
        self.store.put(KIND, notice["notice_id"], notice)

    def found(self, call: Call) -> dict[str, Any]:
        """The notice of the path."""
        notice = self.store.get(KIND, call.parameters["notice_id"])
        if notice is None:
            raise Problem("unknown-notice")
        return notice

    def over(self, notice: dict[str, Any]) -> bool:
        """Whether a notice's period has ended."""
        return moment(notice["shown_to"]) < self.clock()

    def shown(self, notice: dict[str, Any]) -> dict[str, Any]:
        """A notice as staff see it."""
        shown = notice["state"] != "withdrawn"
        return notice | {"state": "expired"} if shown and self.over(notice) else notice

    def live(self, notice: dict[str, Any]) -> None:
        """Refuse a notice that was withdrawn or whose period has ended."""
        if notice["state"] == "withdrawn":
            raise Problem("already-withdrawn")
        if self.over(notice):
            raise Problem("notice-expired")

    async def read(self, call: Call) -> Reply:
        """A notice and what became of it."""
        notice = self.found(call)
        call.context["person"] = notice["integrated_address_number"]
        return Reply(200, self.shown(notice))

    async def withdraw(self, call: Call) -> Reply:
        """Take a notice back."""
        notice = self.found(call)
        call.context["person"] = notice["integrated_address_number"]
        self.live(notice)
        notice |= {"state": "withdrawn"}
        self.keep(notice)
        return Reply(200, self.shown(notice))

    async def search(self, call: Call) -> Reply:
        """The notices that the person of a code is to see now."""
        person = self.server.disclosure.person(call.body["linkage_code"])
        told = page(call, KIND, "notices", self.current(person, after(call, KIND)))
        for notice in told["notices"]:
            kept = self.store.get(KIND, notice["notice_id"])
            if kept is not None and kept["state"] == "registered":
                self.keep(kept | {"state": "delivered"})
        return Reply(200, told)

    def current(self, person: str, start: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """A person's notices that are shown now, in order of registration."""
        first = f"{person}/{start}" if start else ""
        for place, _ in chunked(lambda last, limit: self.store.scan(OF_PERSON, f"{person}/", last, limit), first):
            notice = self.store.get(KIND, place.rpartition("/")[2])
            if notice is not None and self.visible(notice):
                yield place.partition("/")[2], self.delivered(notice)

    def visible(self, notice: dict[str, Any]) -> bool:
        """Whether a notice is shown now: its period has begun and not ended, and it was not taken back."""
        return notice["state"] != "withdrawn" and moment(notice["shown_from"]) <= self.clock() and not self.over(notice)

    def delivered(self, notice: dict[str, Any]) -> dict[str, Any]:
        """A notice for the portal, without the integrated address number."""
        told = {name: notice[name] for name in DELIVERED}
        return told | {"body": self.config.body, "acknowledged": notice["state"] == "acknowledged"}

    async def acknowledge(self, call: Call) -> Reply:
        """Note that the person has read a notice; the first time stays."""
        notice = self.found(call)
        if self.server.linkage.person_of(call.body["linkage_code"]) != notice["integrated_address_number"]:
            raise Problem("unknown-notice")
        self.live(notice)
        if notice["state"] != "acknowledged":
            self.keep(notice | {"state": "acknowledged", "acknowledged_at": call.body["acknowledged_at"]})
        return Reply(200, {"notice_id": notice["notice_id"], "state": "acknowledged"})

    def purge(self, notice_id: str) -> None:
        """Erase a notice whose retention has ended."""
        notice = self.store.get(KIND, notice_id)
        if notice is not None:
            person, registered = notice["integrated_address_number"], notice["registered_at"]
            self.store.delete(OF_PERSON, f"{person}/{registered}/{notice_id}")
            self.store.delete(KIND, notice_id)
