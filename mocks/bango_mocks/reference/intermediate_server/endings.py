"""How an inquiry ends, exactly once: by an answer, a refusal, a withdrawal or a deadline (IS-INQ-009, 015, 016, 020)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from bango_mocks.clock import moment, stamp
from bango_mocks.reference.intermediate_server.outcomes import OPEN
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Problem
from bango_spec.assumptions import number

OF_PERMIT = "inquiry-of-permit"
# What is needed only until the end.
SECRET = ("message", "private_key", "key")


class Endings(Part):
    """Every end goes through `end`, which writes the result and the asker's record together."""

    dates: ClassVar = {"inquiry-expired": "expire", "inquiry-forgotten": "forget"}

    def waiting(self, inquiry: dict[str, Any], told: dict[str, Any]) -> None:
        """The answer comes later, until the deadline that was told."""
        self.server.inquiries.keep(inquiry | {"state": "waiting", "expires_at": told["expires_at"]})
        self.store.put(OF_PERMIT, inquiry["permit_id"], {"inquiry_id": inquiry["inquiry_id"]})
        self.server.agenda.at(moment(told["expires_at"]), "inquiry-expired", inquiry["inquiry_id"])

    def of_permit(self, permit_id: str) -> dict[str, Any] | None:
        """The inquiry that a permit was issued for, or None."""
        place = self.store.get(OF_PERMIT, permit_id)
        return None if place is None else self.server.inquiries.get(place["inquiry_id"])

    def answered(self, inquiry: dict[str, Any], answer: dict[str, Any]) -> Problem | None:
        """Take an answer in; one that cannot be opened or is for something else ends the inquiry, and is given back."""
        self.store.put(OF_PERMIT, inquiry["permit_id"], {"inquiry_id": inquiry["inquiry_id"]})
        if inquiry["state"] not in OPEN:
            self.taken_too_late(inquiry)
            return None
        outcome = self.server.outcomes.of_answer(answer)
        if outcome != "provided":
            self.end(inquiry, outcome, self.server.outcomes.why_empty(answer), withheld=answer["withheld"])
            return None
        try:
            content = self.server.opening.opened(inquiry, answer)
        except Problem as problem:
            self.end(inquiry, "failed", problem, withheld=answer["withheld"])
            return problem
        result = self.result(answer, content)
        self.end(inquiry, outcome, None, result=result, withheld=answer["withheld"], provided_at=answer["answered_at"])
        return None

    def taken_too_late(self, inquiry: dict[str, Any]) -> None:
        """What came after the end is only recorded, with the permit it names."""
        self.server.inquiries.keep(inquiry)
        self.record(inquiry, inquiry["outcome"])

    def result(self, answer: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        """What the in-house side gets of a content."""
        shown = {name: value for name, value in content.items() if name != "information"}
        return shown | {"provided_at": answer["answered_at"]}

    def refused(self, inquiry_id: str, problem: Problem) -> None:
        """The inquiry was refused here, by the network or by the provider, or never got through."""
        inquiry = self.server.inquiries.get(inquiry_id)
        if inquiry is None or inquiry["state"] not in OPEN:
            return
        sent = "message" in inquiry
        by_network = problem.code if sent and problem.origin == "network" else None
        self.end(inquiry, self.server.outcomes.of_problem(problem), problem, network_refusal=by_network)
        if self.server.upstream.worth_repeating(problem):
            self.server.failures.add("inquiry-undelivered", code=problem.code, inquiry_id=inquiry_id)

    def withdrawn(self, inquiry: dict[str, Any]) -> dict[str, Any]:
        """The in-house side withdrew."""
        return self.end(inquiry, "withdrawn", Problem("already-withdrawn", origin="asker"))

    def expire(self, inquiry_id: str) -> None:
        """A deadline has come: the one that was told for the answer, or that of inquiries as a whole."""
        inquiry = self.server.inquiries.get(inquiry_id)
        if inquiry is None or inquiry["state"] not in OPEN:
            return
        if inquiry["state"] != "waiting":
            self.end(inquiry, "failed", Problem("timeout", origin="network"))
        elif moment(inquiry["expires_at"]) <= self.clock():
            self.end(inquiry, "failed", Problem("deadline-passed", origin="provider"))

    def end(
        self,
        inquiry: dict[str, Any],
        outcome: str,
        problem: Problem | None,
        *,
        result: dict[str, Any] | None = None,
        **recorded: Any,
    ) -> dict[str, Any]:
        """Write the end of an inquiry and its record."""
        now = self.clock()
        made = {name: value for name, value in inquiry.items() if name not in SECRET}
        made |= {"state": self.server.outcomes.state_of(outcome), "outcome": outcome, "finished_at": stamp(now)}
        if problem is not None:
            made["problem"] = self.server.outcomes.member(problem, inquiry["correlation_id"])
        if result is not None:
            made["result"] = result
        until = now + dt.timedelta(days=number("result-retention-days"))
        self.server.agenda.at(until, "inquiry-forgotten", inquiry["inquiry_id"])
        self.server.inquiries.keep(made)
        if "message" in inquiry:
            self.record(inquiry, outcome, **recorded)
        self.server.metrics.inquiry_ended(outcome)
        self.server.inquiry_files.counted(made)
        return made

    def record(self, inquiry: dict[str, Any], outcome: str | None = None, **recorded: Any) -> None:
        """A record of a request that is being sent (without an outcome) or has ended."""
        request = inquiry["request"]
        facts = request | {"provider": inquiry["provider"], "asker": self.config.body}
        if "permit_id" in inquiry:
            facts |= {"permit_id": inquiry["permit_id"]}
        self.server.records.write(
            "asker",
            facts,
            request["integrated_address_number"],
            correlation=inquiry["correlation_id"],
            outcome=outcome,
            withheld=self.withheld(inquiry, told=recorded.pop("withheld", False)),
            **recorded,
        )

    def withheld(self, inquiry: dict[str, Any], *, told: bool) -> bool:
        """Whether asker or provider withholds the fact of the request."""
        return bool(inquiry["request"]["asker_withheld"] or told)

    def forget(self, inquiry_id: str) -> None:
        """Erase an inquiry whose retention has ended, with what it brought; the records stay."""
        inquiry = self.server.inquiries.get(inquiry_id)
        if inquiry is not None and inquiry["state"] not in OPEN:
            if "permit_id" in inquiry:
                self.store.delete(OF_PERMIT, inquiry["permit_id"])
            self.server.inquiries.kept.delete(inquiry_id)
