"""Provisions that staff decide: waiting, decided once, in time (IS-PRV-012 to 015)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from bango_mocks.clock import moment, stamp
from bango_mocks.reference.intermediate_server.collection import Collection
from bango_mocks.reference.intermediate_server.cursors import after, page
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

KIND = "approval"
OF_REQUEST = ("asker", "task", "procedure", "information", "items", "fiscal_year", "period", "requested_at")
OWN = (
    "permit_id",
    "state",
    "integrated_address_number",
    "received_at",
    "expires_at",
    "decided_at",
    "decided_by",
    "reason",
)


class Approvals(Part):
    """Requests in order of arrival, with everything that is needed to answer them later."""

    answers: ClassVar = {"listApprovals": "list", "readApproval": "read", "decideApproval": "decide"}
    dates: ClassVar = {"approval-expired": "expire"}

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self._approvals = Collection(self.store, KIND)

    def get(self, permit_id: str) -> dict[str, Any] | None:
        """The approval of a permit, or None."""
        return self._approvals.get(permit_id)

    def open(self, permit_id: str, call: Call, person: str) -> dict[str, Any]:
        """Have a request wait for staff; gives what the asker is told."""
        now = self.clock()
        expires = now + dt.timedelta(days=number("approval-deadline-days"))
        self._approvals.add(
            permit_id,
            {
                "permit_id": permit_id,
                "state": "waiting",
                "integrated_address_number": person,
                "received_at": stamp(now),
                "expires_at": stamp(expires),
                "request": call.body,
                "correlation_id": call.correlation_id,
            },
        )
        self.server.agenda.at(expires, "approval-expired", permit_id)
        return {"permit_id": permit_id, "state": "waiting", "expires_at": stamp(expires)}

    def shown(self, approval: dict[str, Any]) -> dict[str, Any]:
        """A request as staff see it: no linkage code."""
        request = approval["request"]
        told = {name: approval[name] for name in OWN if name in approval}
        told |= {name: request[name] for name in OF_REQUEST if name in request}
        return told | {"cause": "no-automatic-answer"}

    def found(self, call: Call) -> dict[str, Any]:
        """The approval of the path."""
        approval = self.get(call.parameters["permit_id"])
        if approval is None:
            raise Problem("unknown-permit")
        call.context["person"] = approval["integrated_address_number"]
        return approval

    async def list(self, call: Call) -> Reply:
        """Requests in order of arrival."""
        wanted = call.query.get("state")
        rows = (
            (place, self.shown(one))
            for place, one in self._approvals.after(after(call, KIND))
            if wanted in (None, one["state"])
        )
        return Reply(200, page(call, KIND, "approvals", rows))

    async def read(self, call: Call) -> Reply:
        """One request."""
        return Reply(200, self.shown(self.found(call)))

    async def decide(self, call: Call) -> Reply:
        """Take the decision of staff, and send the answer."""
        approval = self.found(call)
        self.undecided(approval)
        decision = call.body["decision"]
        answer = self.answer(approval, decision, call.body["reason"])
        decided = approval | {
            "state": "approved" if decision == "approve" else "refused",
            "decided_at": stamp(self.clock()),
            "decided_by": call.context["staff_id"],
            "reason": call.body["reason"],
            "answer": answer,
        }
        self._approvals.put(approval["permit_id"], decided)
        self.server.provisions.recorded(
            approval["request"], approval["integrated_address_number"], answer, approval["correlation_id"]
        )
        self.deliver(answer, approval["correlation_id"])
        return Reply(200, self.shown(decided))

    def undecided(self, approval: dict[str, Any]) -> None:
        """Refuse a decision that comes too late or a second time."""
        if approval["state"] == "withdrawn":
            raise Problem("already-withdrawn")
        if approval["state"] == "expired" or (
            approval["state"] == "waiting" and moment(approval["expires_at"]) <= self.clock()
        ):
            raise Problem("deadline-passed")
        if approval["state"] != "waiting":
            raise Problem("already-decided")

    def answer(self, approval: dict[str, Any], decision: str, reason: str) -> dict[str, Any]:  # noqa: ARG002
        """What the asker is told; what staff wrote stays here."""
        permit_id, person = approval["permit_id"], approval["integrated_address_number"]
        if decision == "approve":
            return self.server.provisions.answer(permit_id, approval["request"], person)
        return self.server.provisions.empty(permit_id, "refused-by-staff")

    def deliver(self, answer: dict[str, Any], correlation: str) -> None:
        """Send an answer to the network, once for each permit however often it takes."""
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, answer["permit_id"]))
        self.server.outbox.send("/v1/answers", answer, key=key, correlation=correlation, about="answer")

    def close(self, approval: dict[str, Any], state: str, outcome: str) -> None:
        """End a request without a decision."""
        self._approvals.put(approval["permit_id"], approval | {"state": state})
        request, person = approval["request"], approval["integrated_address_number"]
        self.server.provisions.record(
            approval["permit_id"], request, person, correlation=approval["correlation_id"], outcome=outcome
        )

    def expire(self, permit_id: str) -> None:
        """The deadline has come without a decision."""
        approval = self.get(permit_id)
        if approval is not None and approval["state"] == "waiting":
            self.close(approval, "expired", "failed")
