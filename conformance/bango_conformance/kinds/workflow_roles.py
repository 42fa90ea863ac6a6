"""The steps of a workflow that are not the target's: what the stage plays in the place of the other party."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bango_conformance.held_reply import HeldReply
from bango_conformance.opened import opened
from bango_conformance.times import stamp
from bango_mocks.core.core import PERMIT
from bango_spec.assumptions import value
from bango_spec.expressions import Exchange
from bango_spec.interfaces import schema
from bango_spec.workflows import Step, Workflow

if TYPE_CHECKING:
    from collections.abc import Callable

    from bango_conformance.case import Case
    from bango_conformance.subject import AllowedLine, Subject

SECONDS = 10.0
# The second level of an inquiry's status, by outcome (assumption `status-codes`).
INFORMATION: dict[str, str] = {outcome: code for code, outcome in value("status-codes")["information"].items()}
# The outcomes that a provider's answer may have.
ANSWERS = frozenset(
    {"provided", *schema("intermediate-server.network", "#/components/schemas/ProviderOutcome")["enum"]}
)


def criterion(step: Step, left: str) -> str | None:
    """The literal that a step's criteria compare with, or None."""
    for one in step.success_criteria:
        if one.condition.startswith(f"{left} == '"):
            return one.condition.split("'")[1]
    return None


class PlayedProvider:
    """The provider, while the target asks: the reply that the workflow's own criteria call for."""

    def __init__(self, case: Case, workflow: Workflow, subject: Subject, line: AllowedLine) -> None:  # noqa: ARG002
        self.case = case
        said = dict.fromkeys(("outcome", "problem/code"), "")
        for step in workflow.steps:
            said |= {name: criterion(step, f"$response.body#/{name}") or text for name, text in said.items()}
        self.outcome = said["outcome"] or "provided"
        self.reason = said["problem/code"] or self.outcome
        registered = [step.request_body.payload for step in workflow.steps if step.request_body]
        self.withheld = any(isinstance(one, dict) and one.get("withheld") is True for one in registered)
        self.reply = HeldReply(case.stage, withheld=self.withheld)
        case.stage.played.script(subject.linkage_code, self.reply.script)
        if any(step.operation_id.endswith(".decideApproval") for step in workflow.steps):
            self.reply.wait_for_staff()
        elif self.outcome == "provided":
            self.reply.answer()
        else:
            self.reply.empty(self.outcome, self.reason)

    def play(self, step: Step) -> Exchange | None:
        """What the provider does in a step; nothing that its later steps could not take up."""
        if step.operation_id.endswith(".decideApproval") and self.outcome in ANSWERS:
            provided = self.outcome == "provided"
            body = self.reply.answer_body() if provided else self.reply.empty_body(self.outcome, self.reason)
            answer = self.case.ask("deliverAnswer", body=body)
            return Exchange(status=answer.status, body=answer.json)
        return None

    def close(self) -> None:
        """Let go of an inquiry that still waits."""
        self.reply.release()


class PlayedAsker:
    """The asker, while the target provides: an inquiry as the target's answers make it."""

    def __init__(self, case: Case, workflow: Workflow, subject: Subject, line: AllowedLine) -> None:  # noqa: ARG002
        self.case = case
        self.request = subject.provision(line)
        self.permit_id = str(self.request.claims["permit_id"])
        case.stage.core.store.put(PERMIT, self.permit_id, self.request.claims | {"state": "waiting"})
        self.inquiry: dict[str, Any] = {"inquiry_id": self.permit_id, "permit_id": self.permit_id}
        self._plays: dict[str, Callable[[], Exchange]] = {
            "submitInquiry": self._submit,
            "readInquiry": self._read,
            "withdrawInquiry": self._withdraw,
        }

    def play(self, step: Step) -> Exchange | None:
        """What the asker does in a step."""
        found = self._plays.get(step.operation_id.rpartition(".")[2])
        return found() if found else None

    def close(self) -> None:
        """Nothing is held."""

    def _submit(self) -> Exchange:
        answer = self.case.ask("requestProvision", body=self.request.body)
        if answer.status == 200:
            self._take(answer.json)
        else:
            state = "waiting" if answer.status == 202 else "failed"
            self.inquiry |= {"state": state, "problem": answer.json}
        return Exchange(status=202, body=self.inquiry)

    def _read(self) -> Exchange:
        if self.inquiry["state"] == "waiting":
            sent = [one for one in self.case.stage.inbox.of([self.permit_id]) if one.operation == "relayAnswer"]
            if sent:
                self._take(sent[0].body)
        return Exchange(status=200, body=self.inquiry)

    def _withdraw(self) -> Exchange:
        if self.inquiry["state"] == "withdrawn":
            return Exchange(status=409, body={"code": "already-withdrawn"})
        body = {"permit_id": self.permit_id, "requested_at": stamp(self.case.stage.clock())}
        answer = self.case.ask("deliverWithdrawal", body=body)
        if answer.status == 200:
            self.inquiry |= {"state": "withdrawn", "outcome": "withdrawn"}
        return Exchange(status=answer.status, body=self.inquiry if answer.status == 200 else answer.json)

    def _take(self, answer: dict[str, Any]) -> None:
        outcome = answer["outcome"]
        self.inquiry |= {"state": "answered", "outcome": outcome, "status": {"information": INFORMATION.get(outcome)}}
        if outcome == "provided":
            self.inquiry["result"] = opened(self.case, self.request, answer)
        else:
            self.inquiry["problem"] = {"code": answer["reason"], "origin": "provider"}
