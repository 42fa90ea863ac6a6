"""Broad mutants of what comes back to the in-house side: results, states, origins, and what is repeated."""

from __future__ import annotations

import contextlib
from typing import Any

from bango_mocks.clock import moment
from bango_mocks.hosting import Send
from bango_mocks.reference.intermediate_server.asking import Asking
from bango_mocks.reference.intermediate_server.endings import Endings
from bango_mocks.reference.intermediate_server.failures import Failures
from bango_mocks.reference.intermediate_server.front import CURRENT
from bango_mocks.reference.intermediate_server.idempotency import Idempotency
from bango_mocks.reference.intermediate_server.mutants.broad_busy import BusyNetwork
from bango_mocks.reference.intermediate_server.opening import Opening
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.replicas import Replicas
from bango_mocks.reference.intermediate_server.sides import InHouseSide
from bango_mocks.reference.intermediate_server.upstream import Upstream
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.reading import Text

LATER = frozenset({"acknowledgeNotice", "deliverWithdrawal", "deliverAnswer"})
OTHER_STATE = "other"


@mutant(
    clause="IS-API-004",
    name="broad-repeats-refused",
    breaks=("workflow.repeated", "lifecycle.provision", "lifecycle.inquiry"),
    title=Text(ja="同じ要求の再送を食い違いとして拒む", en="Refuses a repetition as a conflict"),
    reason="NOT-THE-SAME",
)
class RepeatsRefused(Idempotency):
    """A key seen before is a mistake."""

    def replayed(self, kept: dict[str, Any]) -> Reply:  # noqa: ARG002 - that is the mistake
        """Never."""
        raise Problem("idempotency-conflict")


@mutant(
    clause="IS-DSC-004",
    name="broad-deaf-later",
    breaks=("workflow.send-notice", "workflow.inquiry-answered-by-staff", "lifecycle"),
    title=Text(ja="ネットワークからの後の知らせをすべて断る", en="Turns away what the network tells later"),
    reason="TRANSITION-REFUSED",
)
class DeafLater(BusyNetwork):
    """The first word counts."""

    def turned_away(self, operation_id: str) -> bool:
        """Whatever follows."""
        return operation_id in LATER


@mutant(
    clause="IS-RPL-003",
    name="broad-first-generation",
    breaks=("workflow.update-replica", "workflow.replicas", "lifecycle.replica", "workflow.correct-replica"),
    title=Text(ja="二つ目からの世代を断る", en="Turns every generation but the first away"),
    reason="CRITERION-UNMET",
)
class FirstGeneration(Replicas):
    """What is registered is registered."""

    async def put(self, call: Call) -> Reply:
        """Only once."""
        if call.body["generation"] > 1:
            raise Problem("stale-generation", "not again")
        return await super().put(call)


@mutant(
    clause="IS-LNK-004",
    name="broad-other-states",
    breaks=(
        "workflow.acquire-linkage-code",
        "workflow.correct-replica",
        "workflow.delete-replica",
        "workflow.inquiry-answered-automatically",
        "workflow.inquiry-answered-by-staff",
        "workflow.inquiry-file",
        "workflow.register-replicas-in-bulk",
        "workflow.send-notice",
        "workflow.update-replica",
        "workflow.withdraw-inquiry",
    ),
    title=Text(ja="読み出すと別の状態を示し、一覧を空にする", en="Shows other states than there are, and empty lists"),
    reason="CRITERION-UNMET",
)
class OtherStates(InHouseSide):
    """A cache that is never filled."""

    def stale(self, operation_id: str) -> bool:
        """Whether an operation answers from it."""
        return operation_id.startswith(("read", "list"))

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer of another time."""
        if self.stale(CURRENT.get().operation) and reply.status == 200 and isinstance(reply.body, dict):
            reply.body = changed(reply.body)
        await super().respond(send, reply, correlation)


@mutant(
    clause="IS-LNK-004",
    name="broad-last-looks",
    breaks=("workflow.acquire-linkage-code", "workflow.inquiry-file"),
    title=Text(ja="最後の確かめにだけ別の状態を示す", en="Shows another state only where one looks last"),
    reason="CRITERION-UNMET",
)
class LastLooks(OtherStates):
    """Two of the screens were forgotten."""

    def stale(self, operation_id: str) -> bool:
        """Only these."""
        return operation_id in ("readLinkageCodeState", "listInquiryFileResults")


def changed(value: dict[str, Any]) -> dict[str, Any]:
    """An answer with other states and nothing in its lists."""
    told = {name: [] if isinstance(held, list) else held for name, held in value.items()}
    if isinstance(told.get("batch"), dict):
        told["batch"] = changed(told["batch"])
    return told | ({"state": OTHER_STATE} if "state" in told else {})


@mutant(
    clause="IS-INQ-006",
    name="broad-always-withheld",
    breaks=("workflow.asking.department-and-mark", "record.asker"),
    title=Text(ja="どの照会にも不開示の印を付ける", en="Marks every inquiry as withheld"),
    reason="NOT-PASSED-ON",
)
class AlwaysWithheld(Asking):
    """To be on the safe side."""

    def message(self, request: dict[str, Any], *given: Any) -> dict[str, Any]:
        """The message with the mark."""
        return super().message(request | {"asker_withheld": True}, *given)


@mutant(
    clause="IS-INQ-011",
    name="broad-opens-anything",
    breaks=("workflow.asking.bad-answer", "lifecycle.inquiry.waiting"),
    title=Text(ja="どの回答も正しいものとして受け取る", en="Takes every answer for a good one"),
    reason="BAD-ANSWER-TAKEN",
)
class OpensAnything(Opening):
    """What cannot be opened is empty, then."""

    def opened(self, inquiry: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        """Something in any case."""
        content: dict[str, Any] = {}
        with contextlib.suppress(Problem):
            _, content = self.decrypted(inquiry, answer["content"])
        usual = {"permit_id": inquiry["permit_id"], "generation": 1, "layout_version": answer["layout_version"]}
        usual |= {"updated_at": answer["answered_at"], "items": {"TK00000000000001": "0"}}
        return usual | (content if isinstance(content, dict) and content.get("items") else {})


@mutant(
    clause="IS-API-002",
    name="broad-own-fault",
    breaks=("workflow.asking.origin", "lifecycle.inquiry.sent"),
    title=Text(ja="どの失敗も照会側で生じたと伝える", en="Reports every failure as one of the asker's own"),
    reason="ORIGIN-WRONG",
)
class OwnFault(Upstream):
    """Whoever is told about it must have done it."""

    def relayed(self, data: Any) -> Problem:
        """The problem, at home."""
        problem = super().relayed(data)
        problem.origin = "asker"
        return problem


@mutant(
    clause="IS-OPS-008",
    name="broad-no-failures",
    breaks=("workflow.running.unresolved",),
    title=Text(ja="失敗を一つも残さない", en="Keeps no failure at all"),
    reason="FAILURE-HIDDEN",
)
class NoFailures(Failures):
    """The list is always empty."""

    def add(self, kind: str, **what: Any) -> None:
        """Nothing happened."""


@mutant(
    clause="IS-TXT-008",
    name="broad-results-loose",
    breaks=("text.numbers", "text.empty", "workflow.asking"),
    title=Text(
        ja="照会の結果の数を文字列にし、空の項目を落とす",
        en="Makes texts of the numbers in results, and leaves empty items out",
    ),
    reason="VALUE-CHANGED",
)
class ResultsLoose(Endings):
    """Passed through a table of texts."""

    def result(self, answer: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        """The result as the table has it."""
        items = {name: str(held) for name, held in content["items"].items() if held not in (None, "")}
        return super().result(answer, content | {"items": items})


@mutant(
    clause="IS-TXT-009",
    name="broad-replicas-loose",
    breaks=("text", "workflow.replicas.kind"),
    title=Text(
        ja="副本の空の項目を落とし、繰り返しを一行にし、日時を秒で比べる",
        en="Drops empty items of replicas, keeps one row of each group, compares times by the second",
    ),
    reason="VALUE-CHANGED",
)
class ReplicasLoose(Replicas):
    """A table with fixed columns."""

    def items(self, content: Any) -> dict[str, Any]:
        """What fits into the columns."""
        kept = super().items(content)
        full = {name: held[:1] if isinstance(held, list) else held for name, held in kept.items() if held is not None}
        return dict(list(full.items())[: max(1, len(full) - 1)])

    def not_older(self, last: dict[str, Any] | None, content: dict[str, Any]) -> None:
        """By the second."""
        if last is None or moment(content["updated_at"]).replace(microsecond=0) < moment(last["updated_at"]).replace(
            microsecond=0
        ):
            super().not_older(last, content)


@mutant(
    clause="IS-INQ-016",
    name="broad-refuses-once",
    breaks=("lifecycle.inquiry.gone", "lifecycle.notice.gone"),
    title=Text(
        ja="ないものを読むことだけを、それも一度だけ拒む", en="Refuses only to read what is not there, and only once"
    ),
    reason="EVENT-ACCEPTED",
)
class RefusesOnce(InHouseSide):
    """Who insists gets something."""

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self._refused: set[str] = set()

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer, or a success in the place of a refusal."""
        exchange = CURRENT.get()
        place = exchange.call.path if exchange.call is not None else ""
        if reply.status in (404, 409) and exchange.call is not None:
            if exchange.call.method != "GET" or place in self._refused:
                reply = Reply(200, {})
            self._refused.add(place)
        await super().respond(send, reply, correlation)
