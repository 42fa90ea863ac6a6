"""A small interpreter of the workflows: each step against the target or the stage, each criterion judged."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

from bango_conformance.findings import Unmet
from bango_spec import expressions
from bango_spec.expressions import Exchange

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.subject import Subject
    from bango_spec.workflows import Criterion, Document, Step

SECONDS = 15.0
PAUSE = 0.01


class Other(Protocol):
    """The party of a workflow that the stage plays."""

    def play(self, step: Step) -> Exchange | None:
        """What this party sees of a step; None for a step that changes nothing outside its own house."""

    def close(self) -> None:
        """End what is held."""


class Course:
    """One run of a workflow; `own` names the sources that are the target."""

    def __init__(self, case: Case, document: Document, own: frozenset[str], given: dict[str, Any]) -> None:
        self.case = case
        self.document = document
        self.own = own
        self.seen = Exchange(inputs=given)

    def go(self, subject: Subject, other: Other | None, judged: str | None) -> None:
        """Run the steps up to the judged one (all for None); a step before it that fails leaves nothing to judge."""
        for step in self.document.workflow.steps:
            self._step(step, subject, other, judge=judged in (None, step.step_id))
            if step.step_id == judged:
                return

    def _step(self, step: Step, subject: Subject, other: Other | None, *, judge: bool) -> None:
        limit = time.monotonic() + SECONDS
        while True:
            exchange = self._exchange(step, subject, other)
            if exchange is None:
                return
            unmet = [one for one in step.success_criteria if not expressions.met(one, exchange)]
            again = any(
                action.type == "retry" and all(expressions.met(one, exchange) for one in action.criteria)
                for action in step.on_failure
            )
            if not unmet or not again or time.monotonic() > limit:
                break
            time.sleep(PAUSE)
        if unmet:
            self._wrong(step, unmet[0], exchange, judge=judge)
        found = {name: expressions.value(text, exchange) for name, text in step.outputs.items()}
        self.seen = Exchange(inputs=self.seen.inputs, outputs={**self.seen.outputs, step.step_id: found})

    def _wrong(self, step: Step, criterion: Criterion, exchange: Exchange, *, judge: bool) -> None:
        came = f"{exchange.status} {exchange.body}"[:400]
        if not judge:
            raise Unmet(
                f"前の手順{step.step_id}が成り立ちませんでした（{criterion.condition}）。",
                f"the earlier step {step.step_id} did not meet {criterion.condition}: {came}",
            )
        context = f" in {criterion.context}" if criterion.context else ""
        self.case.fail(
            "CRITERION-UNMET",
            sent=f"the step {step.step_id} ({step.operation_id.rpartition('.')[2]})",
            expected=f"{criterion.condition}{context}",
            came=came,
        )

    def _exchange(self, step: Step, subject: Subject, other: Other | None) -> Exchange | None:
        if step.source not in self.own:
            found = _by_jlis(self.case, step, subject, self.seen) if step.source == "jlis" else None
            found = found or (other.play(step) if other else None)
            return found and Exchange(
                inputs=self.seen.inputs, outputs=self.seen.outputs, status=found.status, body=found.body
            )
        filled = expressions.filled
        places: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
        for parameter in self.document.parameters(step):
            places[parameter.in_ or "header"][parameter.name or ""] = str(filled(parameter.value, self.seen))
        body = filled(step.request_body.payload, self.seen) if step.request_body else None
        answer = self.case.ask(
            step.operation.operation_id,
            path=places["path"],
            query=places["query"],
            headers=places["header"],
            body=body,
        )
        return Exchange(
            inputs=self.seen.inputs,
            outputs=self.seen.outputs,
            status=answer.status,
            headers=dict(answer.headers),
            body=answer.json,
        )


def _by_jlis(case: Case, step: Step, subject: Subject, seen: Exchange) -> Exchange:
    """J-LIS takes the acquisition number, and the code comes by way of core and interface system."""
    number = expressions.filled(step.request_body.payload if step.request_body else {}, seen)["acquisition_number"]
    case.keys.add(number)
    _, delivery = case.stage.core.notify(number, subject.person.resident_code)
    case.need(case.ask("deliverLinkageCode", body=delivery), 200)
    return Exchange(status=202, body={})
