"""A clerk at the counter inquires about one resident and looks until the result is there."""

from __future__ import annotations

import uuid
from functools import cached_property
from time import monotonic
from typing import Any

import msgspec

from bango_loadtests.flows.flow import PATIENCE_SECONDS, StaffFlow
from bango_loadtests.scene import Question, Resident, digest_of
from bango_loadtests.tally import OK
from bango_mocks.clock import stamp, system_clock

PROVIDED = "provided"
OPEN_ENDED = frozenset({"failed", "withdrawn"})
"""Ends without an answer: they say nothing about whether the person has a record."""


class Inquiry(StaffFlow):
    """submitInquiry, then readInquiry until the inquiry has ended."""

    def go(self, due: float) -> None:
        """One inquiry."""
        place, question = self.part.asked.draw(self.draw)
        resident = self.draw.choice(self.part.scene.residents)
        line, key, body = f"asked|{place}", uuid.uuid4().hex, self.body(question, resident)
        heard = self.ask("submitInquiry", due=due, body=body, line=line, key=key)
        told = heard.json() if heard.good else None
        if told is None:
            self.done(due, heard.end, line)
            return
        inquiry = told["inquiry_id"]
        self._keep(inquiry, resident, question)
        if self.again():
            self._submit_again(inquiry, body, key, line)
        seen = self._wait(inquiry, line)
        if seen is None:
            self.done(due, "unfinished", line)
            return
        self.look(seen, resident, question)
        end = seen.get("outcome") or seen["state"]
        self._keep(inquiry, resident, question, end, seen.get("permit_id", ""))
        self.done(due, OK if end == PROVIDED else end, line)

    def body(self, question: Question, resident: Resident) -> bytes:
        """The request, its constant part made once for each question."""
        head = self._heads.get(question)
        if head is None:
            head = self._heads[question] = self._head(question)
        now, record = stamp(system_clock()), uuid.uuid4().hex
        return b'%s,"integrated_address_number":"%s","requested_at":"%s","record_id":"%s"}' % (
            head,
            resident.number.encode(),
            now.encode(),
            record.encode(),
        )

    @cached_property
    def _heads(self) -> dict[Question, bytes]:
        return {}

    def _head(self, question: Question) -> bytes:
        from bango_loadtests.ground.contents import span_of  # noqa: PLC0415 - reads the items

        fixed = {
            "department_code": "0120",
            "asker": question.asker,
            "asker_withheld": False,
            "task": question.task,
            "procedure": question.procedure,
            "provider": question.provider,
            "information": question.information,
            **span_of(question.information),
        }
        return msgspec.json.encode(fixed)[:-1]

    def _keep(self, inquiry: str, resident: Resident, question: Question, end: str = "", permit: str = "") -> None:
        self.part.tally.inquiries[inquiry] = (resident.number, question.information, end, permit)

    def _submit_again(self, inquiry: str, body: bytes, key: str, line: str) -> None:
        heard = self.ask("submitInquiry", body=body, line=line, key=key)
        if heard.good:
            again = heard.json()["inquiry_id"]
            wrong = None if again == inquiry else f"the same Idempotency-Key gave inquiry {inquiry}, then {again}"
            self.part.tally.looked("once-only", wrong)

    def _wait(self, inquiry: str, line: str) -> dict[str, Any] | None:
        limit = monotonic() + PATIENCE_SECONDS
        while monotonic() < limit:
            self.pause()
            heard = self.ask("readInquiry", line=line, path={"inquiry_id": inquiry})
            told = heard.json() if heard.good else None
            if told and told["state"] in self.behaviour.ended:
                found: dict[str, Any] = told
                return found
        return None

    def look(self, seen: dict[str, Any], resident: Resident, question: Question) -> None:
        """Whether what is read is about the person and the information that were asked for, and is what is registered."""
        asked = seen["request"]
        wrong = None
        if (asked["integrated_address_number"], asked["information"]) != (resident.number, question.information):
            wrong = "the inquiry that is read is another one"
        elif seen.get("outcome") == PROVIDED:
            came = digest_of(seen["result"]["items"])
            if came != self.part.scene.answers[f"{resident.number}/{question.information}"]:
                wrong = f"result of inquiry {seen['inquiry_id']}: items {came} are not this person's"
        elif seen.get("outcome") and seen["outcome"] not in OPEN_ENDED:
            wrong = f"inquiry {seen['inquiry_id']}: {seen['outcome']} for a person with a record"
        self.part.tally.looked("right-person", wrong)
