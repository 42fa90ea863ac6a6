"""Inquiries (情報照会) as the in-house side sees them: accepted, read, listed, withdrawn (IS-INQ)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from bango_mocks.clock import stamp
from bango_mocks.reference.intermediate_server import layouts
from bango_mocks.reference.intermediate_server.collection import Collection
from bango_mocks.reference.intermediate_server.cursors import after, page
from bango_mocks.reference.intermediate_server.outcomes import OPEN
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.reference.intermediate_server.records import in_period
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

KIND = "inquiry"
SHOWN = (
    "inquiry_id",
    "record_id",
    "permit_id",
    "state",
    "outcome",
    "request",
    "accepted_at",
    "finished_at",
    "result",
    "problem",
)


class Inquiries(Part):
    """Inquiries in order of acceptance; sending and answers have parts of their own."""

    answers: ClassVar = {
        "submitInquiry": "submit",
        "listInquiries": "list",
        "readInquiry": "read",
        "withdrawInquiry": "withdraw",
    }

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self.kept = Collection(self.store, KIND)

    async def submit(self, call: Call) -> Reply:
        """Accept an inquiry; the network is asked afterwards."""
        call.context["person"] = call.body["integrated_address_number"]
        await self.acceptable(call, call.body)
        inquiry = self.accept(call.body, call.correlation_id)
        self.server.spawn(self.server.asking.send(inquiry["inquiry_id"]))
        return Reply(202, self.shown(inquiry), {"Location": f"/in-house/v1/inquiries/{inquiry['inquiry_id']}"})

    async def acceptable(self, call: Call, request: dict[str, Any]) -> None:
        """Refuse what can be told at once to lead nowhere."""
        self.period_in_order(request)
        self.own_body(request)
        self.server.staff.for_task(call, request["task"])
        await self.codes_known(request)
        self.server.record_ids.unused(request["record_id"])
        await self.server.asking.provider_known(request)

    def period_in_order(self, request: dict[str, Any]) -> None:
        """A period must not end before it begins."""
        period = request.get("period")
        if period is not None and period["from"] > period["to"]:
            raise Problem("period-reversed")

    def own_body(self, request: dict[str, Any]) -> None:
        """The asker is always the own body."""
        if request["asker"] != self.config.body:
            raise Problem("body-mismatch", "the asker is not this server's body")

    async def codes_known(self, request: dict[str, Any]) -> None:
        """Codes must name something that some edition or layout has."""
        if layouts.kind_of(request["information"]) is None:
            raise Problem("unknown-code", "no kind of information has this code")
        if not set(request.get("items", ())) <= layouts.item_codes(request["information"]):
            raise Problem("unknown-code", "an item is in no layout of the information")
        for coordinate in ("task", "procedure"):
            if not await self.server.allow_list.knows(coordinate, request[coordinate]):
                raise Problem("unknown-code", f"no table has this {coordinate}")

    def accept(
        self, request: dict[str, Any], correlation: str, file_id: str | None = None, *, takes_id: bool = True
    ) -> dict[str, Any]:
        """Write a new inquiry."""
        inquiry: dict[str, Any] = {
            "inquiry_id": str(uuid.uuid4()),
            "record_id": request["record_id"],
            "state": "accepted",
            "request": request,
            "accepted_at": stamp(self.clock()),
            "correlation_id": correlation,
        }
        if file_id is not None:
            inquiry["file_id"] = file_id
        if takes_id:
            self.server.record_ids.use(request["record_id"])
        self.kept.add(inquiry["inquiry_id"], inquiry)
        deadline = self.clock() + dt.timedelta(days=number("inquiry-deadline-days"))
        self.server.agenda.at(deadline, "inquiry-expired", inquiry["inquiry_id"])
        return inquiry

    def get(self, inquiry_id: str) -> dict[str, Any] | None:
        """An inquiry, or None."""
        return self.kept.get(inquiry_id)

    def keep(self, inquiry: dict[str, Any]) -> None:
        """Write an inquiry that is there."""
        self.kept.put(inquiry["inquiry_id"], inquiry)

    def shown(self, inquiry: dict[str, Any]) -> dict[str, Any]:
        """An inquiry for the in-house side."""
        told = {name: inquiry[name] for name in SHOWN if name in inquiry}
        return told | {"status": self.server.outcomes.status(inquiry["state"], inquiry.get("outcome"))}

    def found(self, call: Call) -> dict[str, Any]:
        """The inquiry of the path, if its task is assigned to the member."""
        inquiry = self.get(call.parameters["inquiry_id"])
        if inquiry is None:
            raise Problem("unknown-inquiry")
        call.context["person"] = inquiry["request"]["integrated_address_number"]
        self.server.staff.for_task(call, inquiry["request"]["task"])
        return inquiry

    async def read(self, call: Call) -> Reply:
        """The state of an inquiry and, once it is over, its result."""
        return Reply(200, self.shown(self.found(call)))

    async def list(self, call: Call) -> Reply:
        """The inquiries of the tasks assigned, in order of acceptance."""
        rows = ((place, self.shown(one)) for place, one in self.wanted(call))
        return Reply(200, page(call, KIND, "inquiries", rows))

    def wanted(self, call: Call) -> Iterator[tuple[str, dict[str, Any]]]:
        """The inquiries that a member may see and the filters leave."""
        query, staff_id = call.query, call.context["staff_id"]
        for place, inquiry in self.kept.after(after(call, KIND)):
            if (
                query.get("state") in (None, inquiry["state"])
                and in_period(inquiry["accepted_at"], query.get("from"), query.get("to"))
                and self.server.staff.assigned(staff_id, inquiry["request"]["task"])
            ):
                yield place, inquiry

    async def withdraw(self, call: Call) -> Reply:
        """Withdraw an inquiry that is not over; network and provider learn of it."""
        inquiry = self.found(call)
        self.open(inquiry)
        if inquiry["state"] == "waiting":
            await self.server.asking.tell_withdrawal(inquiry, call)
            inquiry = self.get(inquiry["inquiry_id"]) or inquiry
            self.open(inquiry)
        ended = self.server.endings.withdrawn(inquiry)
        return Reply(200, self.shown(ended))

    def open(self, inquiry: dict[str, Any]) -> None:
        """Refuse to touch an inquiry that is over."""
        if inquiry["state"] == "withdrawn":
            raise Problem("already-withdrawn")
        if inquiry["state"] not in OPEN:
            raise Problem("already-answered")
