"""Each kind of traffic that a server has about a marked person."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bango_conformance.findings import Unmet
from bango_conformance.kinds.privacy_person import Person
from bango_conformance.stage.played import answer_with, content_for
from bango_conformance.subject import PAUSE, SECONDS, Provision, layout_of
from bango_conformance.times import stamp
from bango_mocks.serving import Reply

if TYPE_CHECKING:
    from bango_conformance.stage.client import Answer
    from bango_conformance.stage.played import Asked

DAY = dt.timedelta(days=1)


class Traffic(Person):
    """One marked person and what happens about them."""

    # --- as provider -------------------------------------------------------------------------------------------

    def provision(self, **changed: Any) -> tuple[Provision, Answer]:
        """A permitted request about the person and its answer."""
        request = self.subject.provision(self.providing, **changed)
        return request, self.case.ask("requestProvision", body=request.body)

    def refused_by_staff(self) -> Provision:
        """A request that staff refuse, with words that only the body may know."""
        self.put(automatic_answer=False, generation=2, updated_at=stamp(self.case.stage.clock()))
        request, answer = self.provision()
        self.case.need(answer, 202)
        return request

    def decide(self, request: Provision, decision: str) -> Answer:
        """Staff decide a waiting request, and give their words."""
        path = {"permit_id": request.claims["permit_id"]}
        self.good("listApprovals", staff="approve")
        self.good("readApproval", path=path, staff="approve")
        body = {"decision": decision, "reason": self.words}
        answer = self.case.ask("decideApproval", path=path, body=body, staff="approve")
        self.good("readApproval", path=path, staff="approve")
        return answer

    # --- as asker ----------------------------------------------------------------------------------------------

    async def script(self, asked: Asked) -> Reply:
        """The other body provides the same kind of replica, with a mark of its own."""
        return Reply(200, self.answer_to(asked))

    def answer_to(self, asked: Asked) -> dict[str, Any]:
        """The answer of the other body."""
        information = asked.provision["information"]
        made = content_for(asked, self.items(information, self.received), layout=layout_of(information))
        return answer_with(asked, made, self.case.stage.clock())

    def inquire(self) -> dict[str, Any]:
        """An inquiry that another body answers with a marked value."""
        self.case.stage.played.script(self.subject.linkage_code, self.script)
        found = self.subject.settled(self.subject.inquire(self.asking))
        if found.get("outcome") != "provided":
            raise Unmet(
                "準備の照会に他機関の情報が返りませんでした。",
                f"the preparing inquiry ended as {found.get('state')} {found.get('outcome')} {found.get('problem')}",
            )
        return found

    def inquire_late(self) -> Answer:
        """An inquiry that the other body answers later; the delivery's answer."""
        asked_for: list[Asked] = []

        async def later(asked: Asked) -> Reply:
            asked_for.append(asked)
            waiting = {
                "permit_id": asked.claims["permit_id"],
                "state": "waiting",
                "expires_at": asked.claims["expires_at"],
            }
            return Reply(202, waiting)

        self.case.stage.played.script(self.subject.linkage_code, later)
        inquiry = self.subject.inquire(self.asking)
        self.subject.settled(inquiry, frozenset({"waiting", "failed", "answered"}))
        answer = self.good("deliverAnswer", body=self.answer_to(asked_for[0]))
        self.subject.settled(inquiry)
        return answer

    def inquiry_file(self) -> None:
        """Two inquiries as a file, and its results."""
        self.case.stage.played.script(self.subject.linkage_code, self.script)
        body = {"records": [self.subject.request(self.asking) for _ in range(2)]}
        made = self.case.need(self.case.ask("submitInquiryFile", body=body, staff="inquire"), 202)
        path = {"file_id": made.json["id"]}
        limit = time.monotonic() + SECONDS
        while (
            self.case.need(self.case.ask("readInquiryFile", path=path, staff="inquire"), 200).json["state"]
            != "finished"
        ):
            if time.monotonic() > limit:
                break
            time.sleep(PAUSE)
        self.good("listInquiryFileResults", path=path, staff="inquire")

    def withdraw(self) -> None:
        """An inquiry that is withdrawn while it waits."""

        async def later(asked: Asked) -> Reply:
            told = {
                "permit_id": asked.claims["permit_id"],
                "state": "waiting",
                "expires_at": asked.claims["expires_at"],
            }
            return Reply(202, told)

        self.case.stage.played.script(self.subject.linkage_code, later)
        inquiry = self.subject.inquire(self.asking)
        self.subject.settled(inquiry, frozenset({"waiting", "failed", "answered"}))
        self.good("withdrawInquiry", path={"inquiry_id": inquiry}, staff="inquire")

    def waited(self, until: Callable[[], bool]) -> bool:
        """Whether something came about in time."""
        limit = time.monotonic() + SECONDS
        while not until():
            if time.monotonic() > limit:
                return False
            time.sleep(PAUSE)
        return True

    # --- what may be seen --------------------------------------------------------------------------------------

    def disclose(self) -> Answer:
        """The portal asks for the person's records."""
        now = self.case.stage.clock()
        body = {"linkage_code": self.subject.linkage_code, "from": stamp(now - DAY), "to": stamp(now + DAY)}
        return self.good("discloseRecords", body=body)

    def notice(self) -> str:
        """A notice is made; its id."""
        now = self.case.stage.clock()
        body = {
            **self.person_path(),
            "title": "試験のお知らせ",
            "text": self.words,
            "shown_from": stamp(now - DAY),
            "shown_to": stamp(now + DAY),
        }
        made = self.case.need(self.case.ask("createNotice", body=body, staff="register"), 201)
        return str(made.json["notice_id"])

    def search_notices(self) -> Answer:
        """The portal looks for the person's notices."""
        return self.good("searchNotices", body={"linkage_code": self.subject.linkage_code})

    def acknowledge(self, notice_id: str) -> Answer:
        """The person has read a notice."""
        body = {"linkage_code": self.subject.linkage_code, "acknowledged_at": stamp(self.case.stage.clock())}
        return self.case.ask("acknowledgeNotice", path={"notice_id": notice_id}, body=body)

    def audit(self) -> None:
        """The person's records, and the log of operations since the case began."""
        self.good("listRecords", query=self.person_path(), staff="audit")
        self.good("listOperations", query={"from": self.since, "limit": "1000"}, staff="audit")
        self.good("readRecordHead", staff="audit")

    def own_session(self) -> None:
        """A member of staff with a passphrase of the case's own opens and closes sessions, and mistypes once."""
        staff = {"staff_id": f"p-{uuid.uuid4().hex[:12]}"}
        body = {"name": "試験　職員", "department_code": "BANGO", "authorities": ["register"], "tasks": []}
        put = body | {"passphrase": self.secret}
        self.case.need(self.case.ask("putStaff", path=staff, body=put, staff="administer"), 200, 201)
        opened = self.case.need(self.case.ask("openStaffSession", body=staff | {"passphrase": self.secret}), 201)
        self.token = opened.json["token"]
        self.case.ask("openStaffSession", body=staff | {"passphrase": self.secret + "x"})
        bearer = {"Authorization": f"Bearer {self.token}"}
        self.case.ask("listFreshness", headers=bearer)
        self.case.ask("listRecords", headers=bearer)
        self.case.ask("listFreshness", headers={"Authorization": f"Bearer {self.token}x"})
        self.good("readStaff", path=staff, staff="administer")
        self.good("listStaff", staff="administer")
        self.case.ask("closeStaffSession", headers=bearer)
        self.case.ask("listFreshness", headers=bearer)

    def watch(self) -> None:
        """Everything a monitor reads."""
        self.case.need(self.case.ask("readInHouseHealth"), 200)
        self.case.need(self.case.ask("readNetworkHealth"), 200)
        self.case.need(self.case.ask("readMetrics", staff="audit"), 200)
