"""One notice to a person: registered, fetched, acknowledged, withdrawn, past its period."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from bango_conformance.kinds.lifecycle_player import Player
from bango_conformance.moved import moved
from bango_conformance.times import moment, stamp
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.subject import AllowedLine
    from bango_spec.lifecycles import Refusal, Step

NOTHING = "00000000-0000-4000-8000-000000000000"
DAYS = 7


class NoticePlayer(Player):
    """Plays the in-house system that writes, and the portal of the person."""

    machine = "notice"
    absent = "unknown-notice"
    detours: ClassVar = {"delivered": ("create", "search/shown"), "acknowledged": ("create", "acknowledge")}
    walks = frozenset({"create", "search", "acknowledge", "acknowledge-as-other", "withdraw", "read"})

    def __init__(self, case: Case, line: AllowedLine, variant: str | None = None) -> None:
        super().__init__(case, line, variant)
        self.subject = case.subject()
        self.subject.link()
        self.other = case.subject()
        self._other_linked = False
        self.id = NOTHING
        now = case.stage.clock()
        self.begins = now + (dt.timedelta(days=1) if variant == "not-yet" else -dt.timedelta(hours=1))
        self.read_at: list[str] = []

    def look(self) -> Answer:
        """The notice as in-house sees it."""
        return self.case.ask("readNotice", path={"notice_id": self.id}, staff="register")

    def on_create(self) -> Answer:
        """A notice to a person with a code."""
        answer = self._create(self.subject.integrated_address_number)
        if answer.status == 201:
            self.id = answer.json["notice_id"]
        return answer

    def on_create_without_code(self) -> Answer:
        """A notice to a person without one."""
        return self._create(self.other.integrated_address_number)

    def on_search(self) -> Answer:
        """The portal fetches the person's notices."""
        body = {"linkage_code": self.subject.linkage_code, "limit": 1000}
        return self.case.ask("searchNotices", body=body)

    def on_acknowledge(self) -> Answer:
        """The person reads it."""
        return self._acknowledge(self.subject.linkage_code)

    def on_acknowledge_as_other(self) -> Answer:
        """Somebody else's code."""
        self._link_other()
        return self._acknowledge(self.other.linkage_code)

    def on_withdraw(self) -> Answer:
        """It is taken back."""
        return self.case.ask("withdrawNotice", path={"notice_id": self.id}, staff="register")

    def on_read(self) -> Answer:
        """In-house reads it."""
        return self.look()

    def on_end(self) -> None:
        """Its period of display ends."""
        self.held.enter_context(moved(self.case, dt.timedelta(days=DAYS + 1)))

    def on_retention(self) -> None:
        """The time that it is kept afterwards ends."""
        days = DAYS + number("notice-retention-days") + 1
        self.held.enter_context(moved(self.case, dt.timedelta(days=days)))

    def effect(self, step: Step, answer: Answer | None) -> None:
        """Whether the person is shown it, and when it was first read."""
        if step.event == "search" and answer is not None:
            shown = step.to in ("delivered", "acknowledged")
            self._seen(answer, shown=shown, read=step.to == "acknowledged")
        elif step.event in ("withdraw", "end"):
            self._seen(self.case.need(self.on_search(), 200), shown=False)
        elif step.event == "acknowledge" or (step.event == "read" and step.from_ == "acknowledged"):
            self._first_time()
        elif step.event == "create":
            self._only_theirs()

    def after_refusal(self, refusal: Refusal) -> None:
        """What was read first stays."""
        if refusal.state == "acknowledged":
            self._first_time()

    def _link_other(self) -> None:
        if not self._other_linked:
            self.other.link()
            self._other_linked = True

    def _only_theirs(self) -> None:
        self._link_other()
        body = {"linkage_code": self.other.linkage_code, "limit": 1000}
        found = self.case.need(self.case.ask("searchNotices", body=body), 200).json["notices"]
        if found:
            self.case.fail(
                "ANOTHERS-NOTICE", sent="a search by another code", expected="nothing", came=f"{len(found)} notices"
            )

    def _first_time(self) -> None:
        shown = self.case.need(self.look(), 200).json.get("acknowledged_at")
        if shown is None or moment(shown) != moment(self.read_at[0]):
            self.case.fail("FIRST-READING", sent=f"read at {self.read_at}", expected=self.read_at[0], came=str(shown))

    def _seen(self, answer: Answer, *, shown: bool, read: bool = False) -> None:
        found = [one for one in answer.json["notices"] if one["notice_id"] == self.id]
        if bool(found) != shown or (found and found[0]["acknowledged"] != read):
            wanted = f"the notice, acknowledged {read}" if shown else "no notice"
            self.case.fail("NOTICE-SEEN", sent="a search by the person's code", expected=wanted, came=answer.short())

    def _create(self, person: str) -> Answer:
        body = {
            "integrated_address_number": person,
            "title": "試験のお知らせ",
            "text": "試験の本文です。",
            "shown_from": stamp(self.begins),
            "shown_to": stamp(self.begins + dt.timedelta(days=DAYS)),
        }
        return self.case.ask("createNotice", body=body, staff="register")

    def _acknowledge(self, code: str) -> Answer:
        at = stamp(self.case.stage.clock() - dt.timedelta(seconds=60 - len(self.read_at)))
        answer = self.case.ask(
            "acknowledgeNotice", path={"notice_id": self.id}, body={"linkage_code": code, "acknowledged_at": at}
        )
        if answer.status == 200:
            self.read_at.append(at)
        return answer
