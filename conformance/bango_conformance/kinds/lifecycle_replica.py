"""One replica: registered, updated, corrected, deleted logically, registered again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from bango_conformance.kinds.lifecycle_player import Player, fresh_key
from bango_conformance.moved import moved
from bango_conformance.opened import opened
from bango_conformance.subject import layout_of, span_of
from bango_conformance.times import moment, stamp
from bango_spec.assumptions import number
from bango_spec.items import near_misses
from bango_spec.vocabulary import information_by_code

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.subject import AllowedLine
    from bango_spec.lifecycles import Refusal, Step

BEFORE = dt.timedelta(days=2)
UNKNOWN_LAYOUT = "1999.9"


class ReplicaPlayer(Player):
    """Plays the in-house system that keeps one replica up to date, and a body that asks for it."""

    machine = "replica"
    absent = "no-replica"
    walks = frozenset(
        {
            "register",
            "register-again",
            "register-stale",
            "register-backdated",
            "register-future",
            "correct",
            "delete",
            "read",
            "provide",
        }
    )

    def __init__(self, case: Case, line: AllowedLine, variant: str | None = None) -> None:
        super().__init__(case, line, variant)
        self.subject = case.subject()
        self.subject.link()
        self.began = case.stage.clock() - BEFORE
        self.generation = 0
        self.updates = 0
        self.kept: dict[str, Any] = {}
        self.sent: tuple[dict[str, Any], str] = ({}, "")
        self.first: Answer | None = None

    def look(self) -> Answer:
        """The generations, newest first."""
        return self.case.ask("listReplicaGenerations", path=self._path(), query=self._year(), staff="register")

    def content(self, **changed: Any) -> dict[str, Any]:
        """What comes next: a generation more and a later update time."""
        moved_on = self.began + dt.timedelta(minutes=self.updates + 1)
        return (
            self.subject.content(self.line.information, generation=self.generation + 1, updated_at=stamp(moved_on))
            | changed
        )

    def on_register(self) -> Answer:
        """The next generation."""
        content, key = self.content(), fresh_key()
        answer = self._put(content, key)
        if answer.status in (200, 201):
            self._took(content)
            self.sent, self.first = (content, key), answer
        return answer

    def on_register_again(self) -> Answer:
        """The last registration once more."""
        content, key = self.sent
        return self._put(content, key)

    def on_register_stale(self) -> Answer:
        """A generation that was used, with a later update time."""
        return self._put(self.content(generation=self.generation))

    def on_register_backdated(self) -> Answer:
        """A higher generation with an earlier update time."""
        return self._put(self.content(updated_at=stamp(self.began - dt.timedelta(days=1))))

    def on_register_future(self) -> Answer:
        """An update time that lies ahead by a day."""
        return self._put(self.content(updated_at=stamp(self.case.stage.clock() + dt.timedelta(days=1))))

    def on_register_unknown_layout(self) -> Answer:
        """A layout version that no document defines."""
        return self._put(self.content(layout_version=UNKNOWN_LAYOUT))

    def on_register_bad_item(self) -> Answer:
        """One item that breaks its definition, the rest being valid."""
        kind = information_by_code(self.line.information).id
        miss = near_misses(kind, layout_of(self.line.information))[-1]
        return self._put(self.content(items=miss.body))

    def on_register_changed_version(self) -> Answer:
        """If-Match with a version that is not there."""
        return self._put(self.content(), fresh_key(), {"If-Match": '"no-such-version"'})

    def on_correct(self) -> Answer:
        """Correct the present generation."""
        content = self.content()
        body = {"corrects": max(self.generation, 1), "reason": "試験の訂正", "content": content}
        answer = self.case.ask("correctReplica", path=self._path(), body=body, staff="register")
        if answer.status == 201:
            self._took(content)
        return answer

    def on_delete(self) -> Answer:
        """Delete logically."""
        query = {**self._year(), "reason": "registered-by-mistake"}
        return self.case.ask("deleteReplica", path=self._path(), query=query, staff="register")

    def on_read(self) -> Answer:
        """Read the present generation."""
        return self.case.ask("readReplica", path=self._path(), query=self._year(), staff="register")

    def on_provide(self) -> Answer:
        """Another body asks for it."""
        self.asked = self.subject.provision(self.line)
        return self.case.ask("requestProvision", body=self.asked.body)

    def on_retention(self) -> None:
        """The time after the deletion passes."""
        days = number("replica-retention-after-deletion-days") + 2
        self.held.enter_context(moved(self.case, dt.timedelta(days=days)))

    def effect(self, step: Step, answer: Answer | None) -> None:
        """What is read and provided now."""
        if step.event == "register-again" and answer is not None and self.first is not None:
            self._same(answer, self.first)
        if step.event in ("register", "correct", "register-again") and self.at == "registered":
            self.reads()
        if step.event == "read" and answer is not None:
            self._is_kept(answer.json, "a reading")
        if step.event == "provide" and answer is not None:
            self._provided(answer)
        if step.event in ("delete", "retention"):
            self._provided(self.on_provide())
        if step.event == "retention":
            query = {**self._year(), "generation": str(self.generation)}
            gone = self.case.ask("readReplica", path=self._path(), query=query, staff="register")
            self.case.refused(
                gone, "GENERATION-KEPT", ("no-replica",), sent="a reading of a generation after retention"
            )

    def after_refusal(self, refusal: Refusal) -> None:
        """The content is what it was."""
        if refusal.state == "registered":
            self.reads()
        if refusal.event == "register-future" and refusal.state != "deleted":
            answer = self.on_register()
            if answer.status not in (200, 201):
                self.case.fail(
                    "RIGHT-UPDATE-REFUSED",
                    sent="an update of now after one of tomorrow",
                    expected="200 or 201",
                    came=answer.short(),
                )

    def after_restart(self) -> None:
        """The content is what it was."""
        if self.at == "registered":
            self.reads()

    def reads(self) -> None:
        """Reading gives what was registered last."""
        self._is_kept(self.case.need(self.on_read(), 200).json, "a reading")

    def _provided(self, answer: Answer) -> None:
        told = answer.json if answer.status == 200 else {}
        wanted = "provided" if self.at == "registered" else "no-record"
        if told.get("outcome") != wanted:
            self.case.fail("OUTCOME-WRONG", sent="a provision request", expected=f"200 {wanted}", came=answer.short())
        if wanted == "provided":
            self._is_kept(opened(self.case, self.asked, told), "the content provided")

    def _is_kept(self, found: dict[str, Any], where: str) -> None:
        for name in ("generation", "layout_version", "items"):
            if found.get(name) != self.kept[name]:
                self.case.fail(
                    "CONTENT-WRONG",
                    sent=f"generation {self.kept['generation']}",
                    expected=f"{name} as registered",
                    came=f"{where} with another {name}: {str(found.get(name))[:120]}",
                )
        if moment(found["updated_at"]) != moment(self.kept["updated_at"]):
            self.case.fail(
                "UPDATE-TIME-WRONG",
                sent=f"updated_at {self.kept['updated_at']}",
                expected="the same time",
                came=f"{where} with {found['updated_at']}",
            )

    def _same(self, answer: Answer, first: Answer) -> None:
        if (answer.status, answer.json) != (first.status, first.json):
            self.case.fail("NOT-THE-SAME", sent="the same request again", expected=first.short(), came=answer.short())

    def _took(self, content: dict[str, Any]) -> None:
        self.generation, self.kept = content["generation"], content
        self.updates += 1

    def _put(self, content: dict[str, Any], key: str = "", headers: dict[str, str] | None = None) -> Answer:
        fields = {"Idempotency-Key": key or fresh_key(), **(headers or {})}
        return self.case.ask("putReplica", path=self._path(), body=content, staff="register", headers=fields)

    def _path(self) -> dict[str, str]:
        return {
            "integrated_address_number": self.subject.integrated_address_number,
            "information": self.line.information,
        }

    def _year(self) -> dict[str, str]:
        year = span_of(self.line.information).get("fiscal_year")
        return {"fiscal_year": year} if year else {}
