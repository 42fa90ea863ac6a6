"""The linkage code of one person: requested, delivered, refused, revoked, timed out."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import TYPE_CHECKING, ClassVar

from bango_conformance.kinds.lifecycle_player import SECONDS, Player
from bango_conformance.moved import moved
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.subject import AllowedLine
    from bango_spec.lifecycles import Refusal, Step

NEVER_ISSUED = "00000000000000000000"


class LinkagePlayer(Player):
    """Plays in-house system and network around one person's linkage code."""

    machine = "linkage-code"
    absent = "no-linkage-code"
    detours: ClassVar = {"failed": ("request", "deliver-failure")}
    unobserved: ClassVar = {"deliver": ("IS-LNK-007",)}
    walks = frozenset({"request", "deliver", "deliver-again", "deliver-other", "deliver-failure", "revoke", "read"})

    def __init__(self, case: Case, line: AllowedLine, variant: str | None = None) -> None:
        super().__init__(case, line, variant)
        self.subject = case.subject()
        self.number = NEVER_ISSUED
        self.failure = "no-person"

    def look(self) -> Answer:
        """The state of the person's code."""
        return self.case.ask("readLinkageCodeState", path=self._path(), staff="register")

    def on_request(self) -> Answer:
        """Begin an acquisition."""
        body = {"integrated_address_number": self.subject.integrated_address_number}
        answer = self.case.ask("requestAcquisition", body=body, staff="register")
        if answer.status == 201:
            self.number = answer.json["acquisition_number"]
            self.case.keys.add(self.number)
        return answer

    def on_deliver(self) -> Answer:
        """The code comes."""
        return self._deliver(linkage_code=self.subject.linkage_code)

    def on_deliver_again(self) -> Answer:
        """The same code once more."""
        return self._deliver(linkage_code=self.subject.linkage_code)

    def on_deliver_other(self) -> Answer:
        """A code bound to nobody, under the same number."""
        return self._deliver(linkage_code=self.other())

    def on_deliver_foreign(self) -> Answer:
        """A code that is bound to somebody else."""
        stranger = self.case.subject()
        stranger.link()
        return self._deliver(linkage_code=stranger.linkage_code)

    def on_deliver_failure(self) -> Answer:
        """The reason for which there is no code; never the one that took effect, so that it is no mere repetition."""
        if self.at == "failed":
            return self._deliver(failure="no-person" if self.failure == "already-acquired" else "already-acquired")
        self.failure = "already-acquired"
        return self._deliver(failure=self.failure)

    def on_revoke(self) -> Answer:
        """An administrator dissolves the linkage."""
        return self.case.ask(
            "revokeLinkageCode", path=self._path(), body={"reason": "wrong-person"}, staff="administer"
        )

    def on_read(self) -> Answer:
        """Read the state."""
        return self.look()

    def on_expire(self) -> None:
        """The acquisition's time passes."""
        seconds = number("acquisition-timeout-seconds") + 60
        self.held.enter_context(moved(self.case, dt.timedelta(seconds=seconds)))

    def effect(self, step: Step, answer: Answer | None) -> None:
        """Which codes lead to the person now, and what the acquisition says."""
        if answer is not None and step.event == "read" and self.subject.linkage_code.encode() in answer.raw:
            self.case.fail("CODE-SHOWN", sent="a reading of the state", expected="no linkage code", came=answer.short())
        if step.event in ("deliver", "deliver-again"):
            self.leads(self.subject.linkage_code, known=True)
        if step.event == "revoke":
            self.leads(self.subject.linkage_code, known=False)
            self._told()
        if step.event in ("deliver-failure", "deliver-foreign", "expire"):
            wanted = {"deliver-foreign": "linkage-conflict", "expire": "expired"}.get(step.event, self.failure)
            self._reason(wanted)
        if step.event == "request" and answer is not None and answer.json.get("state") != "requested":
            self.case.fail("STATE-WRONG", sent="an acquisition", expected="state requested", came=answer.short())

    def after_refusal(self, refusal: Refusal) -> None:
        """A refused delivery binds nothing, and what was bound stays bound."""
        if refusal.event == "deliver-other":
            self.leads(self.other(), known=False)
        if refusal.state == "bound":
            self.leads(self.subject.linkage_code, known=True)
        elif refusal.event == "deliver":
            self.leads(self.subject.linkage_code, known=False)
        if refusal.event == "request":
            asked = self.case.received("obtainAcquisitionNumber")
            if len(asked) > 1:
                self.case.fail(
                    "ASKED-AGAIN",
                    sent="a second acquisition for the same person",
                    expected="one request at the interface system",
                    came=f"{len(asked)} requests",
                    located="received",
                )

    def leads(self, code: str, *, known: bool) -> None:
        """A provision for a code ends in no-person exactly when the code is bound to nobody."""
        request = self.subject.provision(self.line).body | {"linkage_code": code}
        answer = self.case.need(self.case.ask("requestProvision", body=request), 200)
        outcome = answer.json["outcome"]
        if (outcome != "no-person") != known:
            wanted = "the person is known (no-record)" if known else "no-person"
            self.case.fail("CODE-LEADS-WRONG", sent="a provision for the code", expected=wanted, came=outcome)

    def other(self) -> str:
        """A code of this case that was never delivered rightly."""
        made = hashlib.sha256(f"other {self.subject.linkage_code}".encode()).digest()
        return base64.urlsafe_b64encode(made).decode().rstrip("=")

    def _told(self) -> None:
        code = self.subject.linkage_code
        told = self.case.stage.inbox.wait(
            lambda: [code], lambda one: one.operation == "forwardLinkageRevocation", SECONDS
        )
        if told is None:
            self.case.fail(
                "NOT-TOLD",
                sent="a revocation",
                expected="it reaches the interface system",
                came="nothing",
                clause="IS-LNK-010",
            )

    def _reason(self, wanted: str) -> None:
        answer = self.case.ask("readAcquisition", path={"acquisition_number": self.number}, staff="register")
        found = self.case.need(answer, 200).json
        if (found["state"], found.get("reason")) != ("failed", wanted):
            self.case.fail(
                "REASON-WRONG", sent="a reading of the acquisition", expected=f"failed, {wanted}", came=answer.short()
            )

    def _deliver(self, **content: str) -> Answer:
        return self.case.ask("deliverLinkageCode", body={"acquisition_number": self.number, **content})

    def _path(self) -> dict[str, str]:
        return {"integrated_address_number": self.subject.integrated_address_number}
