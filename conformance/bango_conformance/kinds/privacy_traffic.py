"""A person whose every value is a canary, and each kind of traffic that a server has about somebody."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
import uuid
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from bango_conformance.canaries import Canary
from bango_conformance.findings import NotApplicable, Unmet
from bango_conformance.lines import asker_lines, provider_lines
from bango_conformance.stage.played import answer_with, content_for
from bango_conformance.subject import PAUSE, SECONDS, AllowedLine, Provision, items_of, layout_of
from bango_mocks.clock import stamp
from bango_mocks.serving import Reply
from bango_spec.items import code, codes, kind
from bango_spec.vocabulary import information_by_code

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.stage.played import Asked
    from bango_conformance.suite import Scope

DAY = dt.timedelta(days=1)
NAME = "name"
OWN = ("integrated-address-number", "linkage-code", "replica-value")
SECRETS = ("token", "passphrase")


@cache
def amount_item(information: str) -> str | None:
    """The code of an item of this information (by its code) that takes an amount of ten digits, if its newest layout has one."""
    named = information_by_code(information).id
    in_layout = set(codes(named, layout_of(information)))
    found = (code(named, one.no) for one in kind(named).items if one.type == "yen" and one.digits is None)
    return next((one for one in found if one in in_layout), None)


def marked_line(lines: list[AllowedLine]) -> AllowedLine | None:
    """The first of the lines whose information has an item that can be marked."""
    return next((line for line in lines if amount_item(line.information)), None)


def providing(scope: Scope) -> AllowedLine | None:
    """The line under which the target is asked; None if its body provides nothing that can be marked."""
    return marked_line(provider_lines(scope))


def asking(scope: Scope) -> AllowedLine | None:
    """The line under which the target asks; None if its body may ask for nothing that can be marked."""
    own = providing(scope)
    lines = asker_lines(scope)
    same = [line for line in lines if own is not None and line.information == own.information]
    return marked_line(same or lines)


def amount(*seed: str) -> int:
    """An amount of ten digits, below 2 to the 33, that nobody else has."""
    digest = hashlib.blake2b("/".join(seed).encode(), digest_size=8).digest()
    return 2_000_000_000 + int.from_bytes(digest) % 6_000_000_000


class Traffic:
    """One marked person and what happens about them."""

    def __init__(self, case: Case, scope: Scope) -> None:
        self.case = case
        self.subject = case.subject()
        number = self.subject.integrated_address_number
        self.held = amount("held", number)
        self.received = amount("received", number)
        self.words = f"事情{amount('words', number)}"
        self.secret = f"kagi-{hashlib.sha256(number.encode()).hexdigest()[:20]}"
        self.token = ""
        self.acquisition_number = ""
        self.ask_line = asking(scope)
        self.provide_line = providing(scope)
        self.since = stamp(case.stage.clock())

    # --- canaries ----------------------------------------------------------------------------------------------

    def canary(self, kind_of_value: str) -> Canary:
        """The person's value of a kind."""
        person = self.subject.person
        values = {
            "integrated-address-number": self.subject.integrated_address_number,
            "linkage-code": self.subject.linkage_code,
            "individual-number": person.individual_number,
            "resident-code": person.resident_code,
            "name": person.kana,
            "address": person.address,
            "birth-date": person.birth_date,
            "replica-value": str(self.held),
            "received-value": str(self.received),
            "staff-words": self.words,
            "passphrase": self.secret,
            "token": self.token,
            "acquisition-number": self.acquisition_number,
        }
        return Canary(kind_of_value, values[kind_of_value])

    # --- the person's data -------------------------------------------------------------------------------------

    def link(self) -> None:
        """Linkage code: requested, delivered, looked at."""
        self.acquisition_number = self.subject.acquire()
        stage = self.case.stage
        _, delivery = stage.core.notify(self.acquisition_number, self.subject.person.resident_code)
        self.case.need(self.case.ask("deliverLinkageCode", body=delivery), 200)
        self.good("readAcquisition", path={"acquisition_number": self.acquisition_number}, staff="register")
        self.good("readLinkageCodeState", path=self.person_path(), staff="register")

    def good(self, operation_id: str, **given: Any) -> Answer:
        """A step of the traffic that must succeed, or there is nothing to search."""
        return self.case.need(self.case.ask(operation_id, **given), 200, 201, 202)

    def person_path(self) -> dict[str, str]:
        """Path parameters of operations about the person."""
        return {"integrated_address_number": self.subject.integrated_address_number}

    def replica_path(self) -> dict[str, str]:
        """Path parameters of operations about the person's replica."""
        return self.person_path() | {"information": self.providing.information}

    @property
    def providing(self) -> AllowedLine:
        """The line under which the target provides."""
        if self.provide_line is None:
            raise NotApplicable(
                "対象の機関は、印を付けられる情報の提供者になりません。", "the body provides nothing that can be marked"
            )
        return self.provide_line

    @property
    def asking(self) -> AllowedLine:
        """The line under which the target asks."""
        if self.ask_line is None:
            raise NotApplicable(
                "対象の機関は、印を付けられる情報の照会者になりません。", "the body asks for nothing that can be marked"
            )
        return self.ask_line

    def items(self, information: str, value: int) -> dict[str, Any]:
        """Valid items with the mark among them."""
        items = items_of(information, int(self.subject.integrated_address_number), "2020")
        return items | {str(amount_item(information)): value}

    def content(self, **changed: Any) -> dict[str, Any]:
        """A replica's content with the mark."""
        information = self.providing.information
        return self.subject.content(information, items=self.items(information, self.held), **changed)

    def put(self, **changed: Any) -> Answer:
        """Register the marked replica."""
        body = self.content(**changed)
        answer = self.case.ask("putReplica", path=self.replica_path(), body=body, staff="register")
        return self.case.need(answer, 200, 201)

    def later(self) -> str:
        """An update time of the source after that of the first registration."""
        return stamp(self.case.stage.clock())

    def finished_batch(self, batch_id: str) -> dict[str, Any]:
        """The report of a batch once it is over, or when time is up."""
        limit = time.monotonic() + SECONDS
        while True:
            answer = self.case.ask("readReplicaBatch", path={"batch_id": batch_id}, staff="register")
            report: dict[str, Any] = self.case.need(answer, 200).json
            if report["batch"]["state"] == "finished" or time.monotonic() > limit:
                return report
            time.sleep(PAUSE)

    def look_at_replica(self) -> None:
        """Everything that shows replicas: one, its generations, freshness."""
        query = {name: value for name, value in self.content().items() if name == "fiscal_year"}
        self.good("readReplica", path=self.replica_path(), query=query, staff="register")
        self.good("listReplicaGenerations", path=self.replica_path(), query=query, staff="register")
        self.case.ask("listFreshness", staff="register")

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
