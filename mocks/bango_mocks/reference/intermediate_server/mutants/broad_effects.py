"""Broad mutants of effects: what is asked for is forgotten, never ended, or shown as something else."""

from __future__ import annotations

from typing import Any

from bango_mocks.hosting import Send
from bango_mocks.reference.intermediate_server.agenda import Agenda
from bango_mocks.reference.intermediate_server.asking import Asking
from bango_mocks.reference.intermediate_server.endings import Endings
from bango_mocks.reference.intermediate_server.front import CURRENT
from bango_mocks.reference.intermediate_server.idempotency import Idempotency
from bango_mocks.reference.intermediate_server.inquiries import Inquiries
from bango_mocks.reference.intermediate_server.notices import Notices
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.sides import InHouseSide
from bango_mocks.serving.call import Call, Handler, Problem, Reply
from bango_spec.reading import Text

SHOWN_ONCE: dict[str, str] = {
    "readAcquisition": "unknown-acquisition",
    "readLinkageCodeState": "no-linkage-code",
    "readReplica": "no-replica",
    "readInquiry": "unknown-inquiry",
    "readApproval": "unknown-permit",
    "readNotice": "unknown-notice",
}


@mutant(
    clause="IS-API-004",
    name="broad-no-memory",
    breaks=("workflow.repeated", "workflow.key-of-another", "workflow.asking", "lifecycle"),
    title=Text(ja="冪等キーを覚えない", en="Remembers no idempotency key"),
    reason="NOT-THE-SAME",
)
class NoMemory(Idempotency):
    """Every request is new."""

    async def once(self, call: Call, handler: Handler) -> Reply:
        """As often as it comes."""
        return await handler(call)


@mutant(
    clause="IS-INQ-009",
    name="broad-shown-once",
    breaks=("lifecycle",),
    title=Text(ja="同じ状態を二度は見せない", en="Shows what stands in a state only once"),
    reason="TRANSITION-REFUSED",
)
class ShownOnce(InHouseSide):
    """A queue where a register should be: what was read is gone until it changes."""

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self._shown: set[tuple[str, str]] = set()

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer the first time."""
        exchange = CURRENT.get()
        code = SHOWN_ONCE.get(exchange.operation)
        if code is not None and reply.status == 200 and exchange.call is not None:
            place = (exchange.call.path, str({k: v for k, v in reply.body.items() if k != "correlation_id"}))
            if place in self._shown:
                told = {"code": code, "status": 404, "origin": "asker", "correlation_id": correlation}
                reply = Reply(404, told, media_type="application/problem+json")
            self._shown.add(place)
        await super().respond(send, reply, correlation)


@mutant(
    clause="IS-INQ-020",
    name="broad-timeless",
    breaks=(
        "lifecycle.inquiry.answered.retention",
        "lifecycle.inquiry.failed.retention",
        "lifecycle.inquiry.withdrawn.retention",
        "lifecycle.inquiry.waiting.deadline",
        "lifecycle.linkage-code.requested.expire",
        "lifecycle.provision.waiting.deadline",
        "privacy.retention",
    ),
    title=Text(ja="期限と保存期間に何もしない", en="Does nothing when a time is over"),
    reason="STATE-WRONG",
)
class Timeless(Agenda):
    """The job that was to do it never runs."""

    def run(self) -> None:
        """Never."""


@mutant(
    clause="IS-DSC-005",
    name="broad-notices-forever",
    breaks=("lifecycle.notice",),
    title=Text(ja="お知らせの期間を見ない", en="Does not look at the period of a notice"),
    reason="STATE-WRONG",
)
class NoticesForever(Notices):
    """Once shown, always shown."""

    def over(self, notice: dict[str, Any]) -> bool:  # noqa: ARG002 - that is the mistake
        """Never."""
        return False


@mutant(
    clause="IS-INQ-009",
    name="broad-never-ends",
    breaks=("lifecycle.inquiry.sent.reply-answer", "workflow.asking.outcome.at-once", "workflow.batches"),
    title=Text(ja="照会を終わらせない", en="Never ends an inquiry"),
    reason="OUTCOME-ALTERED",
)
class NeverEnds(Endings):
    """Whatever comes back, the inquiry goes on."""

    def end(
        self,
        inquiry: dict[str, Any],
        outcome: str,  # noqa: ARG002 - that is the mistake
        problem: Problem | None,  # noqa: ARG002
        **recorded: Any,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Not yet."""
        return inquiry


@mutant(
    clause="IS-INQ-010",
    name="broad-never-waits",
    breaks=("lifecycle.inquiry.sent", "workflow.withdraw-inquiry.asker"),
    title=Text(ja="後で回答すると言われても待たない", en="Does not wait for an answer that is to come later"),
    reason="STATE-WRONG",
)
class NeverWaits(Asking):
    """Accepted is not answered, it was thought."""

    def take(self, inquiry_id: str, status: int, told: dict[str, Any]) -> None:
        """Only what is there at once."""
        if status == 200:
            super().take(inquiry_id, status, told)


@mutant(
    clause="IS-INQ-005",
    name="broad-sent-unseen",
    breaks=("lifecycle.inquiry.accepted", "workflow.asking.accepted-before-the-network-answers"),
    title=Text(ja="送った照会を受付と示す", en="Shows an inquiry that was sent as only accepted"),
    reason="STATE-WRONG",
)
class SentUnseen(Inquiries):
    """The state lags behind."""

    def shown(self, inquiry: dict[str, Any]) -> dict[str, Any]:
        """One step back."""
        told = super().shown(inquiry)
        return told | {"state": "accepted"} if told["state"] == "sent" else told
