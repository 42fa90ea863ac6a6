"""One valid request for each operation of the intermediate server, with the state it needs, made with a case's own persons."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import cache
from typing import TYPE_CHECKING, Any

from bango_conformance.choices import asking, providing
from bango_conformance.findings import NotApplicable
from bango_conformance.shape.request import Request, send
from bango_mocks.clock import stamp
from bango_mocks.serving import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from bango_conformance.case import Case
    from bango_conformance.stage.played import Asked
    from bango_conformance.subject import AllowedLine, Subject
    from bango_conformance.suite import Scope

DAY = dt.timedelta(days=1)
DEPARTMENT = "BANGO"
PASSPHRASE = "correct horse battery staple"  # noqa: S105 - of members that a case makes for itself
WAITING = frozenset({"waiting", "answered", "failed"})


class Valid:
    """Makes valid requests; each call gives a fresh one that the target must accept."""

    def __init__(self, case: Case, scope: Scope) -> None:
        self.case = case
        self.scope = scope
        self._person: Subject | None = None
        self._linked = False
        self._generation = 0

    def request(self, operation_id: str) -> Request:
        """A valid request of an operation; what it needs beforehand has been done."""
        maker: Callable[[], Request] = getattr(self, f"_{operation_id}")
        return maker()

    # --- what requests are made of -----------------------------------------------------------------------------

    @property
    def person(self) -> Subject:
        """The case's person."""
        if self._person is None:
            self._person = self.case.subject()
        return self._person

    def linked(self) -> Subject:
        """The case's person, known to the network."""
        if not self._linked:
            self.person.link()
            self._linked = True
        return self.person

    def fresh(self) -> Subject:
        """A person of whom the target knows nothing."""
        self._person, self._linked, self._generation = self.case.subject(), False, 0
        return self._person

    @property
    def provided(self) -> AllowedLine:
        """A line on which the body provides; one of information by fiscal year if there is any."""
        return _there(_providing(self.scope))

    @property
    def asked(self) -> AllowedLine:
        """A line on which the body asks."""
        return _there(_asking(self.scope))

    @property
    def now(self) -> str:
        """The present as the wire writes it."""
        return stamp(self.case.stage.clock())

    def content(self, **changed: Any) -> dict[str, Any]:
        """The next generation of the person's replica."""
        self._generation += 1
        return self.person.content(self.provided.information, generation=self._generation, **changed)

    def replica(self, **changed: Any) -> dict[str, str]:
        """The path of a registered replica."""
        path = self.replica_path
        content = self.content(**changed)
        self.case.need(self.case.ask("putReplica", path=path, body=content, staff="register"), 200, 201)
        return path

    @property
    def replica_path(self) -> dict[str, str]:
        """The path of the person's replica."""
        number = self.person.integrated_address_number
        return {"integrated_address_number": number, "information": self.provided.information}

    @property
    def year(self) -> tuple[tuple[str, str], ...]:
        """The query that names the replica's fiscal year, where it has one."""
        found = self.person.content(self.provided.information)
        return (("fiscal_year", found["fiscal_year"]),) if "fiscal_year" in found else ()

    # --- linkage codes -----------------------------------------------------------------------------------------

    def _requestAcquisition(self) -> Request:  # noqa: N802 - named after the operation, as all below
        number = self.fresh().integrated_address_number
        return Request("requestAcquisition", body={"integrated_address_number": number})

    def _readAcquisition(self) -> Request:  # noqa: N802
        return Request("readAcquisition", {"acquisition_number": self.fresh().acquire()})

    def _readLinkageCodeState(self) -> Request:  # noqa: N802
        return Request("readLinkageCodeState", {"integrated_address_number": self.linked().integrated_address_number})

    def _revokeLinkageCode(self) -> Request:  # noqa: N802
        self.fresh()
        path = {"integrated_address_number": self.linked().integrated_address_number}
        return Request("revokeLinkageCode", path, body={"reason": "wrong-person"})

    def _deliverLinkageCode(self) -> Request:  # noqa: N802
        person = self.fresh()
        _, delivery = self.case.stage.core.notify(person.acquire(), person.person.resident_code)
        return Request("deliverLinkageCode", body=delivery)

    # --- replicas ----------------------------------------------------------------------------------------------

    def _putReplica(self) -> Request:  # noqa: N802
        return Request("putReplica", self.replica_path, body=self.content())

    def _readReplica(self) -> Request:  # noqa: N802
        return Request("readReplica", self.replica(), (*self.year, ("generation", str(self._generation))))

    def _deleteReplica(self) -> Request:  # noqa: N802
        return Request("deleteReplica", self.replica(), (*self.year, ("reason", "moved-out")))

    def _correctReplica(self) -> Request:  # noqa: N802
        path = self.replica()
        body = {"corrects": self._generation, "reason": "転記の誤り", "content": self.content()}
        return Request("correctReplica", path, body=body)

    def _listReplicaGenerations(self) -> Request:  # noqa: N802
        return Request("listReplicaGenerations", self.replica(), (*self.year, ("limit", "10")))

    def _submitReplicaBatch(self) -> Request:  # noqa: N802
        kept, dropped = dict(self.replica_path), dict(self.replica(), **dict(self.year), reason="moved-out")
        self.fresh()
        entry = {"operation": "put", **kept, **self.replica_path, "content": self.content()}
        return Request("submitReplicaBatch", body={"entries": [entry, {"operation": "delete", **dropped}]})

    def _readReplicaBatch(self) -> Request:  # noqa: N802
        return Request("readReplicaBatch", {"batch_id": self._accepted("submitReplicaBatch", "id")})

    def _exportReplicas(self) -> Request:  # noqa: N802
        since = stamp(self.case.stage.clock() - DAY)
        path = self.replica()
        return Request("exportReplicas", query=(("information", path["information"]), ("changed_since", since)))

    def _listFreshness(self) -> Request:  # noqa: N802
        return Request("listFreshness")

    # --- inquiries ---------------------------------------------------------------------------------------------

    def _submitInquiry(self) -> Request:  # noqa: N802
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

    # --- records -----------------------------------------------------------------------------------------------

    def _listRecords(self) -> Request:  # noqa: N802
        person = self.linked()
        self.replica()
        self.case.need(self.case.ask("requestProvision", body=person.provision(self.provided).body), 200)
        query = (("integrated_address_number", person.integrated_address_number), ("role", "provider"), *self._span())
        return Request("listRecords", query=(*query, ("limit", "10")))

    def _readRecordHead(self) -> Request:  # noqa: N802
        return Request("readRecordHead")

    def _listOperations(self) -> Request:  # noqa: N802
        return Request("listOperations", query=(*self._span(), ("limit", "10")))

    def _span(self) -> tuple[tuple[str, str], ...]:
        now = self.case.stage.clock()
        return (("from", stamp(now - DAY)), ("to", stamp(now + DAY)))

    # --- staff -------------------------------------------------------------------------------------------------

    def member(self) -> dict[str, str]:
        """A member of staff of the case's own: id and passphrase."""
        made = self._putStaff()
        self.case.need(self.case.ask(made.operation_id, path=made.path, body=made.body, staff="administer"), 200, 201)
        return {"staff_id": made.path["staff_id"], "passphrase": made.body["passphrase"]}

    def _putStaff(self) -> Request:  # noqa: N802
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

    # --- notices -----------------------------------------------------------------------------------------------

    def _createNotice(self) -> Request:  # noqa: N802
        now = self.case.stage.clock()
        body = {
            "integrated_address_number": self.linked().integrated_address_number,
            "title": "児童手当の手続のお知らせ",
            "text": "現況届の提出は不要です。",
            "shown_from": stamp(now - DAY),
            "shown_to": stamp(now + DAY),
        }
        return Request("createNotice", body=body)

    def _readNotice(self) -> Request:  # noqa: N802
        return Request("readNotice", {"notice_id": self._accepted("createNotice", "notice_id")})

    def _withdrawNotice(self) -> Request:  # noqa: N802
        return Request("withdrawNotice", {"notice_id": self._accepted("createNotice", "notice_id")})

    def _searchNotices(self) -> Request:  # noqa: N802
        self._accepted("createNotice", "notice_id")
        return Request("searchNotices", body={"linkage_code": self.person.linkage_code})

    def _acknowledgeNotice(self) -> Request:  # noqa: N802
        path = {"notice_id": self._accepted("createNotice", "notice_id")}
        body = {"linkage_code": self.person.linkage_code, "acknowledged_at": self.now}
        return Request("acknowledgeNotice", path, body=body)

    def _discloseRecords(self) -> Request:  # noqa: N802
        person = self.linked()
        now = self.case.stage.clock()
        body = {"linkage_code": person.linkage_code, "from": stamp(now - DAY), "to": stamp(now + DAY), "limit": 10}
        return Request("discloseRecords", body=body)

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

    def _accepted(self, operation_id: str, member: str) -> str:

        answer = self.case.need(send(self.case, self.request(operation_id)), 200, 201, 202)
        return str(answer.json[member])


@cache
def _providing(scope: Scope) -> AllowedLine | None:
    return providing(scope)


@cache
def _asking(scope: Scope) -> AllowedLine | None:
    return asking(scope)


def _there(line: AllowedLine | None) -> AllowedLine:
    if line is None:
        raise NotApplicable(
            "対象の機関は、この版の表では、この側の当事者になりません。",
            "the target's body is no party on this side in any line of this edition",
        )
    return line
