"""A person whose every value is a canary, and the data that a server has about them."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

from bango_conformance.canaries import Canary
from bango_conformance.findings import NotApplicable
from bango_conformance.kinds.privacy_marks import amount, amount_item, asking, providing
from bango_conformance.subject import PAUSE, SECONDS, AllowedLine, items_of
from bango_conformance.times import stamp

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.suite import Scope


class Person:
    """One marked person: their values, and their data with the target."""

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
