"""One inquiry of the target as asker: sent, answered at once or later, refused, withdrawn, out of time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from bango_conformance.choices import not_permitted, scope_of
from bango_conformance.held_reply import HeldReply
from bango_conformance.kinds.lifecycle_player import OK, SECONDS, Player, fresh_key
from bango_conformance.lines import asker_lines
from bango_conformance.moved import moved
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.stage.inbox import Received
    from bango_conformance.subject import AllowedLine
    from bango_spec.lifecycles import Refusal, Step

NOTHING = "00000000-0000-4000-8000-000000000000"
ATTEMPTS_SECONDS = 60.0


class InquiryPlayer(Player):
    """Plays the in-house system that asks, and the network and provider that answer."""

    machine = "inquiry"
    absent = "unknown-inquiry"
    detours: ClassVar = {"failed": ("submit", "dispatch/permitted", "reply-refused")}
    ways_to_refusals: ClassVar[dict[tuple[str, str], tuple[str, ...]]] = {
        (state, event): ("submit", "dispatch/permitted", "reply-waiting", ended)
        for state, ended in (("failed", "deadline"), ("answered", "deliver-answer"), ("withdrawn", "withdraw"))
        for event in ("deliver-answer", "deliver-broken-answer")
    }
    out_of_reach = frozenset({"accepted"})
    lost_by_restart = frozenset({"sent"})
    by_itself = frozenset({"dispatch"})
    unobserved: ClassVar = {"dispatch": ("IS-REC-001",), "reply-refused": ("IS-REC-004",)}
    walks = frozenset(
        {
            "submit",
            "submit-again",
            "submit-same-record",
            "dispatch",
            "reply-answer",
            "reply-waiting",
            "reply-refused",
            "deliver-answer",
            "deliver-broken-answer",
            "withdraw",
            "read",
        }
    )

    def __init__(self, case: Case, line: AllowedLine, variant: str | None = None) -> None:
        super().__init__(case, line, variant)
        self.subject = case.subject()
        if variant != "no-code":
            self.subject.link()
        scope = scope_of(case.stage)
        chosen = not_permitted(scope, asker_lines(scope), line) if variant == "no-line" else line
        self.body = self.subject.request(chosen)
        self.key = fresh_key()
        self.id = NOTHING
        self.first: Answer | None = None
        self.reply = HeldReply(case.stage)
        self.held.callback(self.reply.release)
        case.stage.played.script(self.subject.linkage_code, self.reply.script)

    def look(self) -> Answer:
        """The inquiry."""
        return self.case.ask("readInquiry", path={"inquiry_id": self.id}, staff="inquire")

    def on_submit(self) -> Answer:
        """A new inquiry."""
        answer = self._submit(self.key)
        if answer.status == 202:
            self.id = answer.json["inquiry_id"]
            self.first = answer
        return answer

    def on_submit_again(self) -> Answer:
        """The same request under the same key."""
        return self._submit(self.key)

    def on_submit_same_record(self) -> Answer:
        """The same record id under another key."""
        return self._submit(fresh_key())

    def on_dispatch(self) -> None:
        """The target sends it by itself."""
        if self.variant in (None, "permitted"):
            self.reply.asked()

    def on_reply_answer(self) -> None:
        """The interface system answers 200."""
        self.reply.answer()

    def on_reply_waiting(self) -> None:
        """The interface system answers 202."""
        self.reply.wait_for_staff()

    def on_reply_refused(self) -> None:
        """The interface system refuses."""
        self.reply.refuse("layout-mismatch", origin="network")

    def on_unreachable(self) -> None:
        """Every attempt fails."""
        self.patience = ATTEMPTS_SECONDS
        self.reply.refuse("network-down", origin="network")

    def on_deliver_answer(self) -> Answer:
        """The later answer."""
        return self._deliver(self.reply.answer_body())

    def on_deliver_broken_answer(self) -> Answer:
        """An answer that this inquiry's key does not open."""
        return self._deliver(self.reply.answer_body(wrong_key=True))

    def on_withdraw(self) -> Answer:
        """The in-house side withdraws."""
        return self.case.ask("withdrawInquiry", path={"inquiry_id": self.id}, staff="inquire")

    def on_read(self) -> Answer:
        """Read it."""
        return self.look()

    def on_deadline(self) -> None:
        """The deadline of the waiting passes."""
        self.held.enter_context(moved(self.case, dt.timedelta(days=number("inquiry-deadline-days") + 1)))

    def on_retention(self) -> None:
        """The time that results are kept passes."""
        self.held.enter_context(moved(self.case, dt.timedelta(days=number("result-retention-days") + 1)))

    def stable(self, answer: Answer) -> Any:
        """The whole of an inquiry."""
        return answer.json

    def effect(self, step: Step, answer: Answer | None) -> None:
        """What the clauses of a transition call for besides the state."""
        name = f"_after_{step.event.replace('-', '_')}"
        if hasattr(self, name):
            getattr(self, name)(step, answer)

    def _after_submit(self, step: Step, answer: Answer) -> None:  # noqa: ARG002
        if answer.status != 202 or self.id not in answer.headers.get("location", ""):
            self.case.fail(
                "NOT-ACCEPTED-AT-ONCE", sent="an inquiry", expected="202 and its Location", came=answer.short()
            )

    def _after_submit_again(self, step: Step, answer: Answer) -> None:  # noqa: ARG002
        first = self.first
        if first is not None and (answer.status, answer.json["inquiry_id"]) != (first.status, self.id):
            self.case.fail("NOT-THE-SAME", sent="the same request again", expected=first.short(), came=answer.short())
        sent = self.reply.attempts
        if sent > 1:
            self.case.fail(
                "SENT-TWICE", sent="the same request again", expected="one inquiry sent", came=f"{sent} sent"
            )

    def _after_dispatch(self, step: Step, answer: Answer | None) -> None:  # noqa: ARG002
        sent = self._sent()
        if step.case == "permitted":
            self._as_sent(self.reply.asked().call.body)
            return
        shown = self.case.need(self.look(), 200).json
        code = {"no-line": "not-permitted", "no-code": "no-linkage-code-asker"}[str(step.case)]
        found = (shown.get("problem", {}).get("code"), shown.get("problem", {}).get("origin"))
        if found != (code, "asker"):
            self.case.fail("REASON-WRONG", sent="an inquiry", expected=f"{code} with origin asker", came=str(found))
        if step.case == "no-line" and not shown["problem"].get("nearest"):
            self.case.fail(
                "NO-NEAREST-LINE", sent="an inquiry", expected="the nearest lines", came="none", clause="IS-INQ-002"
            )
        if sent:
            self.case.fail(
                "SENT-ALL-THE-SAME", sent="an inquiry", expected="nothing at the interface system", came="an inquiry"
            )

    def _as_sent(self, sent: dict[str, Any]) -> None:
        if sent["asker"] != self.subject.body:
            self.case.fail(
                "ASKER-WRONG", sent="an inquiry", expected=self.subject.body, came=sent["asker"], clause="IS-INQ-005"
            )
        if {"d", "p", "q"} & sent["encryption_key"].keys():
            self.case.fail(
                "PRIVATE-KEY-SENT",
                sent="an inquiry",
                expected="a public key",
                came="a private one",
                clause="IS-INQ-008",
            )

    def _after_reply_answer(self, step: Step, answer: Answer | None) -> None:  # noqa: ARG002
        self._has_result()

    def _after_deliver_answer(self, step: Step, answer: Answer) -> None:  # noqa: ARG002
        self._has_result()

    def _has_result(self) -> None:
        shown = self.case.need(self.look(), 200).json
        found = (shown.get("outcome"), shown["status"]["information"], shown.get("result", {}).get("items"))
        if found != ("provided", "01", self.reply.items):
            self.case.fail(
                "RESULT-WRONG",
                sent="an answer with items",
                expected="provided, 01 and these items",
                came=str(found)[:300],
            )

    def _after_deliver_broken_answer(self, step: Step, answer: Answer) -> None:  # noqa: ARG002
        self._failed("peer-invalid", "provider")

    def _after_reply_refused(self, step: Step, answer: Answer | None) -> None:  # noqa: ARG002
        self._failed("layout-mismatch", "network")

    def _after_unreachable(self, step: Step, answer: Answer | None) -> None:  # noqa: ARG002
        self._failed("network-down", "network")
        sent, most = self.reply.attempts, number("relay-attempts")
        if not 1 < sent <= most:
            self.case.fail(
                "ATTEMPTS", sent="503 each time", expected=f"2 to {most} attempts", came=str(sent), clause="IS-INQ-013"
            )
        unresolved = self.case.need(
            self.case.ask("listUnresolvedFailures", query={"limit": "1000"}, staff="administer"), 200
        )
        if all(one.get("inquiry_id") != self.id for one in unresolved.json["failures"]):
            self.case.fail(
                "FAILURE-HIDDEN",
                sent="an inquiry that never got through",
                expected="an unresolved failure",
                came="none",
                clause="IS-OPS-008",
            )

    def _after_deadline(self, step: Step, answer: Answer | None) -> None:  # noqa: ARG002
        shown = self.case.need(self.look(), 200).json
        if shown.get("problem", {}).get("code") not in ("timeout", "deadline-passed"):
            self.case.fail(
                "REASON-WRONG", sent="no answer", expected="timeout or deadline-passed", came=str(shown.get("problem"))
            )

    def _after_withdraw(self, step: Step, answer: Answer) -> None:  # noqa: ARG002
        if step.from_ == "sent":
            self.reply.wait_for_staff()
        permit = self.reply.asked().claims["permit_id"]
        if not self.case.stage.inbox.wait(lambda: [permit], lambda one: one.operation == "relayWithdrawal", SECONDS):
            self.case.fail(
                "WITHDRAWAL-NOT-SENT", sent="a withdrawal", expected="it reaches the interface system", came="nothing"
            )

    def _after_retention(self, step: Step, answer: Answer | None) -> None:
        """The state was judged already: the inquiry is gone."""

    def _failed(self, code: str, origin: str) -> None:
        shown = self.case.need(self.look(), 200).json
        problem = shown.get("problem", {})
        if (shown.get("outcome"), problem.get("code"), problem.get("origin")) != (
            "failed",
            code,
            origin,
        ) or "result" in shown:
            self.case.fail(
                "FAILURE-WRONG",
                sent="what cannot be used",
                expected=f"failed, {code}, origin {origin}, no result",
                came=str(shown)[:300],
            )

    def after_refusal(self, refusal: Refusal) -> None:
        """A refused answer is never handed over."""
        if refusal.event.startswith("deliver") and refusal.state not in ("answered", "none"):
            shown = self.look()
            if shown.status == 200 and "result" in shown.json:
                self.case.fail("CONTENT-TAKEN-IN", sent="an answer too late", expected="no result", came=shown.short())

    def after_restart(self) -> None:
        """An inquiry that waits still takes its answer."""
        if self.at == "waiting":
            answer = self.on_deliver_answer()
            if answer.status not in OK:
                self.case.fail("ANSWER-REFUSED", sent="the answer after a restart", expected="200", came=answer.short())
            self._has_result()

    def _sent(self) -> list[Received]:
        code = self.subject.linkage_code
        return [one for one in self.case.received("relayInquiry") if one.body.get("linkage_code") == code]

    def _deliver(self, answer: dict[str, Any]) -> Answer:
        return self.case.ask("deliverAnswer", body=answer)

    def _submit(self, key: str) -> Answer:
        return self.case.ask("submitInquiry", body=self.body, staff="inquire", headers={"Idempotency-Key": key})
