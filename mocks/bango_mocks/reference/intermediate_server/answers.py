"""Late answers: matched by permit, taken once (IS-INQ-010, 015, 016, 020)."""

from __future__ import annotations

from typing import Any, ClassVar

from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Call, Problem, Reply


class Answers(Part):
    """What the interface system brings after the inquiry was answered with 202."""

    answers: ClassVar = {"deliverAnswer": "deliver"}

    async def deliver(self, call: Call) -> Reply:
        """Take an answer in for the inquiry that waits for it."""
        permit_id = call.body["permit_id"]
        inquiry = self.matched(call.body)
        self.still_wanted(inquiry)
        problem = self.server.endings.answered(inquiry, call.body)
        if problem is not None:
            raise problem
        return Reply(200, {"permit_id": permit_id, "state": "answered"})

    def matched(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The inquiry that the answer's permit was issued for."""
        inquiry = self.server.endings.of_permit(answer["permit_id"])
        if inquiry is None:
            raise Problem("unknown-permit")
        return inquiry

    def still_wanted(self, inquiry: dict[str, Any]) -> None:
        """Refuse an answer to an inquiry that is over."""
        if inquiry["state"] == "withdrawn":
            raise Problem("already-withdrawn")
        if inquiry["state"] == "failed":
            raise Problem("deadline-passed")
        if inquiry["state"] != "waiting":
            raise Problem("already-answered")
