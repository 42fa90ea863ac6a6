"""Valid requests about staff, their sessions, and the system itself."""

from __future__ import annotations

import uuid

from bango_conformance.shape.request import Request
from bango_conformance.shape.valid_parts import ValidParts

DEPARTMENT = "BANGO"
PASSPHRASE = "correct horse battery staple"  # noqa: S105 - of members that a case makes for itself


class StaffRequests(ValidParts):
    """Staff and the system itself."""

    # --- staff -------------------------------------------------------------------------------------------------

    def member(self) -> dict[str, str]:
        """A member of staff of the case's own: id and passphrase."""
        made = self._putStaff()
        self.case.need(self.case.ask(made.operation_id, path=made.path, body=made.body, staff="administer"), 200, 201)
        return {"staff_id": made.path["staff_id"], "passphrase": made.body["passphrase"]}

    def _putStaff(self) -> Request:  # noqa: N802 - named after the operation, as all below
        body = {
            "name": "試験\u3000職員",
            "department_code": DEPARTMENT,
            "authorities": ["inquire"],
            "tasks": [self.asked.task],
            "passphrase": PASSPHRASE,
        }
        return Request("putStaff", {"staff_id": f"s-{uuid.uuid4().hex[:16]}"}, body=body)

    def _listStaff(self) -> Request:  # noqa: N802
        return Request("listStaff", query=(("limit", "10"),))

    def _readStaff(self) -> Request:  # noqa: N802
        return Request("readStaff", {"staff_id": self.member()["staff_id"]})

    def _deleteStaff(self) -> Request:  # noqa: N802
        return Request("deleteStaff", {"staff_id": self.member()["staff_id"]})

    def _openStaffSession(self) -> Request:  # noqa: N802
        return Request("openStaffSession", body=self.member())

    def _closeStaffSession(self) -> Request:  # noqa: N802
        answer = self.case.need(self.case.ask("openStaffSession", body=self.member()), 201)
        return Request("closeStaffSession", headers={"Authorization": f"Bearer {answer.json['token']}"})

    # --- the system itself -------------------------------------------------------------------------------------

    def failure(self) -> str:
        """The id of an unresolved failure of the case's own: an acquisition for which there is no person."""
        number = self.fresh().acquire()
        failed = {"acquisition_number": number, "failure": "no-person"}
        self.case.need(self.case.ask("deliverLinkageCode", body=failed), 200)
        query: dict[str, str] = {"limit": "1000"}
        while True:
            answer = self.case.ask("listUnresolvedFailures", query=query, staff="administer")
            page = self.case.need(answer, 200).json
            for one in page["failures"]:
                if one.get("acquisition_number") == number:
                    return str(one["failure_id"])
            if not page.get("next_cursor"):
                self.case.need(answer, 0)
            query["cursor"] = page["next_cursor"]

    def _listUnresolvedFailures(self) -> Request:  # noqa: N802
        return Request("listUnresolvedFailures", query=(("limit", "10"),))

    def _acknowledgeFailure(self) -> Request:  # noqa: N802
        return Request("acknowledgeFailure", {"failure_id": self.failure()}, body={"action": "宛名番号を確かめた。"})

    def _listFunctions(self) -> Request:  # noqa: N802
        return Request("listFunctions")

    def _readInHouseProfile(self) -> Request:  # noqa: N802
        return Request("readInHouseProfile")

    def _readInHouseHealth(self) -> Request:  # noqa: N802
        return Request("readInHouseHealth")

    def _readMetrics(self) -> Request:  # noqa: N802
        return Request("readMetrics")

    def _readNetworkProfile(self) -> Request:  # noqa: N802
        return Request("readNetworkProfile")

    def _readNetworkHealth(self) -> Request:  # noqa: N802
        return Request("readNetworkHealth")
