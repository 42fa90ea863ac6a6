"""Valid requests of an exchange between bodies: inquiries, answers, provisions and approvals."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from bango_conformance.shape.request import Request
from bango_conformance.shape.valid_parts import ValidParts
from bango_conformance.times import stamp
from bango_mocks.serving import Reply

if TYPE_CHECKING:
    from bango_conformance.stage.played import Asked

DAY = dt.timedelta(days=1)
WAITING = frozenset({"waiting", "answered", "failed"})


class ExchangeRequests(ValidParts):
    """Inquiries and provisions."""

    # --- inquiries ---------------------------------------------------------------------------------------------

    def _submitInquiry(self) -> Request:  # noqa: N802 - named after the operation, as all below
        return Request("submitInquiry", body=self.linked().request(self.asked))

    def _listInquiries(self) -> Request:  # noqa: N802
        return Request("listInquiries", query=(("limit", "10"),))

    def _readInquiry(self) -> Request:  # noqa: N802
        return Request("readInquiry", {"inquiry_id": self.linked().inquire(self.asked)})

    def _withdrawInquiry(self) -> Request:  # noqa: N802
        return Request("withdrawInquiry", {"inquiry_id": self.waiting_inquiry()[0]})

    def _submitInquiryFile(self) -> Request:  # noqa: N802
        person = self.linked()
        return Request("submitInquiryFile", body={"records": [person.request(self.asked) for _ in range(2)]})

    def _readInquiryFile(self) -> Request:  # noqa: N802
        return Request("readInquiryFile", {"file_id": self._accepted("submitInquiryFile", "id")})

    def _listInquiryFileResults(self) -> Request:  # noqa: N802
        path = {"file_id": self._accepted("submitInquiryFile", "id")}
        return Request("listInquiryFileResults", path, (("limit", "10"),))

    def _deliverAnswer(self) -> Request:  # noqa: N802
        _, permit_id = self.waiting_inquiry()
        body = {
            "permit_id": permit_id,
            "outcome": "no-record",
            "answered_at": self.now,
            "reason": "no-replica",
            "withheld": False,
        }
        return Request("deliverAnswer", body=body)

    def waiting_inquiry(self) -> tuple[str, str]:
        """An inquiry that waits for the provider's staff: its id and its permit's."""
        person = self.linked()
        expires = stamp(self.case.stage.clock() + DAY)

        async def later(asked: Asked) -> Reply:
            body = {"permit_id": asked.claims["permit_id"], "state": "waiting", "expires_at": expires}
            return Reply(202, body)

        self.case.stage.played.script(person.linkage_code, later)
        inquiry_id = person.inquire(self.asked)
        found = person.settled(inquiry_id, WAITING)
        if found["state"] != "waiting":
            self.case.need(self.case.ask("readInquiry", path={"inquiry_id": inquiry_id}, staff="inquire"), 0)
        self.case.keys.add(found["permit_id"])
        return inquiry_id, found["permit_id"]

    # --- provisions --------------------------------------------------------------------------------------------

    def _requestProvision(self) -> Request:  # noqa: N802
        self.linked()
        self.replica()
        return Request("requestProvision", body=self.person.provision(self.provided).body)

    def waiting_provision(self) -> str:
        """The permit id of a provision that waits for the target's staff."""
        self.linked()
        self.replica(automatic_answer=False)
        made = self.person.provision(self.provided)
        self.case.need(self.case.ask("requestProvision", body=made.body), 202)
        return str(made.claims["permit_id"])

    def _deliverWithdrawal(self) -> Request:  # noqa: N802
        body = {"permit_id": self.waiting_provision(), "requested_at": self.now}
        return Request("deliverWithdrawal", body=body)

    def _listApprovals(self) -> Request:  # noqa: N802
        self.waiting_provision()
        return Request("listApprovals", query=(("state", "waiting"), ("limit", "10")))

    def _readApproval(self) -> Request:  # noqa: N802
        return Request("readApproval", {"permit_id": self.waiting_provision()})

    def _decideApproval(self) -> Request:  # noqa: N802
        path = {"permit_id": self.waiting_provision()}
        return Request("decideApproval", path, body={"decision": "approve", "reason": "本人の申請により確認済み"})
