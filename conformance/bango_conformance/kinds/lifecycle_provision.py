"""One request for a provision at the target: answered by itself, or waiting for staff, decided, withdrawn, out of time."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from bango_conformance.choices import not_permitted, scope_of
from bango_conformance.kinds.lifecycle_player import SECONDS, Player, fresh_key
from bango_conformance.lines import provider_lines
from bango_conformance.moved import moved
from bango_conformance.opened import opened
from bango_conformance.subject import Provision
from bango_conformance.times import stamp
from bango_mocks.core.core import PERMIT
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.stage.inbox import Received
    from bango_conformance.subject import AllowedLine
    from bango_spec.lifecycles import Refusal, Step

REASON = "理由の標識"


class ProvisionPlayer(Player):
    """Plays the asking body and network, and the staff of the target's own body."""

    machine = "provision"
    absent = "unknown-permit"
    detours: ClassVar = {"waiting": ("request/staff",), "answered": ("request/automatic",)}
    unobserved: ClassVar = {"request": ("IS-REC-002", "IS-REC-005", "IS-PRV-017")}
    walks_as = "staff"
    walks = frozenset({"request", "request-again", "request-other", "approve", "refuse", "withdraw"})

    def __init__(self, case: Case, line: AllowedLine, variant: str | None = None) -> None:
        super().__init__(case, line, variant or self.walks_as)
        self.subject = case.subject()
        self.kept: dict[str, Any] = {}
        if self.variant != "no-person":
            self.subject.link()
        if self.variant in ("automatic", "withheld", "staff"):
            marks = {"automatic_answer": self.variant != "staff", "withheld": self.variant == "withheld"}
            self.kept = self.subject.put(line.information, **marks)
        self.request = self._permitted(line)
        self.key = fresh_key()
        self.reason = f"{REASON}{uuid.uuid4().hex}"
        self.first: Answer | None = None

    @property
    def permit_id(self) -> str:
        """The permit that the request comes with."""
        return str(self.request.claims["permit_id"])

    def look(self) -> Answer:
        """The approval of the permit."""
        return self.case.ask("readApproval", path={"permit_id": self.permit_id}, staff="approve")

    def on_request(self) -> Answer:
        """The request."""
        self.first = self._ask(self.request.body, self.key)
        return self.first

    def on_request_again(self) -> Answer:
        """The same request once more."""
        return self._ask(self.request.body, self.key)

    def on_request_other(self) -> Answer:
        """Another key under the same permit."""
        other = self.subject.provision(self.line).body["encryption_key"]
        return self._ask(self.request.body | {"encryption_key": other}, fresh_key())

    def on_request_not_permitted(self) -> Answer:
        """A request, and a permit rightly signed for it, that stand in no line."""
        scope = scope_of(self.case.stage)
        line = not_permitted(scope, provider_lines(scope), self.line)
        self.request = self._permitted(line)
        return self._ask(self.request.body, self.key)

    def on_request_expired(self) -> Answer:
        """A permit whose time is over since a minute."""
        now = self.case.stage.clock()
        times = {
            "issued_at": stamp(now - dt.timedelta(seconds=number("permit-lifetime-seconds") + 60)),
            "expires_at": stamp(now - dt.timedelta(seconds=60)),
        }
        self.request = self.subject.provision(self.line, claims_changed=times)
        return self._ask(self.request.body, self.key)

    def on_approve(self) -> Answer:
        """Staff approve."""
        return self._decide("approve")

    def on_refuse(self) -> Answer:
        """Staff refuse."""
        return self._decide("refuse")

    def on_withdraw(self) -> Answer:
        """The asker withdraws."""
        body = {"permit_id": self.permit_id, "requested_at": stamp(self.case.stage.clock())}
        return self.case.ask("deliverWithdrawal", body=body)

    def on_deadline(self) -> None:
        """The deadline of the decision passes."""
        self.held.enter_context(moved(self.case, dt.timedelta(days=number("approval-deadline-days") + 1)))

    def effect(self, step: Step, answer: Answer | None) -> None:
        """What was answered, or sent afterwards."""
        if step.event == "request" and answer is not None:
            self._answered(step.case or "", answer)
        if step.event == "request-again":
            self._same(answer)
        if step.event in ("approve", "refuse"):
            self._sent("provided" if step.event == "approve" else "refused-by-staff")
        if step.event in ("withdraw", "deadline"):
            self._nothing_sent()
        if step.event == "request-not-permitted" and answer is not None and answer.json["origin"] != "provider":
            self.case.fail("ORIGIN-WRONG", sent=step.event, expected="origin provider", came=answer.json["origin"])

    def after_refusal(self, refusal: Refusal) -> None:
        """A decision that was not taken sends nothing more."""
        if refusal.event in ("approve", "refuse"):
            if refusal.state in ("approved", "refused"):
                self._sent("provided" if refusal.state == "approved" else "refused-by-staff")
            else:
                self._nothing_sent()

    def _same(self, answer: Answer | None) -> None:
        first = self.first
        if answer and first and (answer.status, answer.json) != (first.status, first.json):
            self.case.fail("NOT-THE-SAME", sent="the same request again", expected=first.short(), came=answer.short())

    def _answered(self, case_of: str, answer: Answer) -> None:
        wanted = {"automatic": "provided", "withheld": "provided"}.get(case_of, case_of)
        if case_of == "staff":
            if answer.status != 202 or answer.json.get("state") != "waiting" or "content" in answer.json:
                self.case.fail("NOT-WAITING", sent="a request for staff", expected="202 waiting", came=answer.short())
            self._listed()
            return
        if answer.status != 200 or answer.json.get("outcome") != wanted:
            self.case.fail("OUTCOME-WRONG", sent="a request", expected=f"200 {wanted}", came=answer.short())
        if wanted != "provided":
            if "content" in answer.json:
                self.case.fail("CONTENT-FOR-NOBODY", sent="a request", expected="no content", came="content")
            return
        if answer.json["withheld"] != (case_of == "withheld"):
            self.case.fail(
                "MARK-WRONG", sent="a request", expected=f"withheld {case_of == 'withheld'}", came=answer.short()[:200]
            )
        self._whole(answer.json)

    def _whole(self, told: dict[str, Any]) -> None:
        content = opened(self.case, self.request, told)
        for name in ("items", "generation", "layout_version"):
            if content.get(name) != self.kept[name]:
                self.case.fail(
                    "CONTENT-WRONG",
                    sent="a request",
                    expected=f"{name} as registered",
                    came=str(content.get(name))[:200],
                )

    def _listed(self) -> None:
        query = {"state": "waiting", "limit": "1000"}
        page = self.case.need(self.case.ask("listApprovals", query=query, staff="approve"), 200).json
        while all(one["permit_id"] != self.permit_id for one in page["approvals"]):
            if "next_cursor" not in page:
                self.case.fail("NOT-LISTED", sent="a request for staff", expected="it is listed", came="it is not")
            more = query | {"cursor": page["next_cursor"]}
            page = self.case.need(self.case.ask("listApprovals", query=more, staff="approve"), 200).json

    def _sent(self, outcome: str) -> None:
        permit = self.permit_id
        if not self.case.stage.inbox.wait(lambda: [permit], lambda one: one.operation == "relayAnswer", SECONDS):
            self.case.fail("ANSWER-NOT-SENT", sent="a decision", expected="one answer sent", came="none")
        sent = self._answers()
        if [one.body["outcome"] for one in sent] != [outcome]:
            came = [one.body["outcome"] for one in sent]
            self.case.fail(
                "ANSWERS-WRONG",
                sent="a decision",
                expected=f"one answer: {outcome}",
                came=str(came),
                located="received",
            )
        told = sent[0].exchange.request.body
        if self.reason in told:
            self.case.fail(
                "REASON-SENT",
                sent="a reason for staff only",
                expected="it stays in-house",
                came="it was sent",
                located="received",
            )
        if outcome == "provided":
            self._whole(sent[0].body)

    def _nothing_sent(self) -> None:
        sent = self._answers()
        if sent:
            self.case.fail(
                "ANSWER-SENT",
                sent="no decision that counts",
                expected="no answer",
                came=str(sent[0].body["outcome"]),
                located="received",
            )

    def _answers(self) -> list[Received]:
        return [one for one in self.case.stage.inbox.of([self.permit_id]) if one.operation == "relayAnswer"]

    def _permitted(self, line: AllowedLine) -> Provision:
        made = self.subject.provision(line)
        # The played core knows the permit, so that it takes the later answer.
        self.case.stage.core.store.put(PERMIT, made.claims["permit_id"], made.claims | {"state": "waiting"})
        return made

    def _ask(self, body: dict[str, Any], key: str) -> Answer:
        return self.case.ask("requestProvision", body=body, headers={"Idempotency-Key": key})

    def _decide(self, decision: str) -> Answer:
        body = {"decision": decision, "reason": self.reason}
        return self.case.ask("decideApproval", path={"permit_id": self.permit_id}, body=body, staff="approve")
