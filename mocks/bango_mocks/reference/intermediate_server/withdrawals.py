"""Withdrawals that reach the provider: nothing is provided afterwards (IS-PRV-015)."""

from __future__ import annotations

from typing import ClassVar

from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.reference.intermediate_server.permits import KIND as USED
from bango_mocks.serving.call import Call, Problem, Reply


class Withdrawals(Part):
    """What the interface system tells of inquiries that askers took back."""

    answers: ClassVar = {"deliverWithdrawal": "deliver"}

    async def deliver(self, call: Call) -> Reply:
        """Close the request that waits for staff."""
        permit_id = call.body["permit_id"]
        approval = self.server.approvals.get(permit_id)
        if approval is None:
            raise Problem("already-answered" if self.store.get(USED, permit_id) else "unknown-permit")
        if approval["state"] == "waiting":
            self.server.approvals.close(approval, "withdrawn", "withdrawn")
        else:
            raise Problem("already-withdrawn" if approval["state"] == "withdrawn" else "already-answered")
        return Reply(200, {"permit_id": permit_id, "state": "withdrawn"})
