"""Sending inquiries: table, linkage code, a fresh key, and attempts with the same message (IS-INQ-001, 004, 008, 012, 013)."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable
from typing import Any

from joserfc.jwk import ECKey

from bango_mocks.clock import stamp
from bango_mocks.reference.intermediate_server.outcomes import OPEN
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Call, Problem
from bango_spec.assumptions import value

WAITING = 202
COPIED = (
    "department_code",
    "asker_delegator",
    "provider_delegator",
    "task",
    "procedure",
    "information",
    "items",
    "fiscal_year",
    "period",
    "requested_at",
    "asker_withheld",
)


class Asking(Part):
    """Carries accepted inquiries into the network, one task each."""

    def resume(self) -> None:
        """Go on with the inquiries that a restart interrupted; those that wait for an answer wait on."""
        for _, inquiry in self.server.inquiries.kept.after():
            if inquiry["state"] in ("accepted", "sent"):
                self.server.spawn(self.send(inquiry["inquiry_id"]))

    async def send(self, inquiry_id: str) -> None:
        """Carry one inquiry as far as the network's first answer."""
        inquiry = self.server.inquiries.get(inquiry_id)
        if inquiry is None or inquiry["state"] not in ("accepted", "sent"):
            return
        try:
            if "message" not in inquiry:
                inquiry = await self.prepared(inquiry)
            status, told = await self.delivered(inquiry)
        except Problem as problem:
            self.server.endings.refused(inquiry_id, problem)
        else:
            self.take(inquiry_id, status, told)
        await self.store.durable()

    async def prepared(self, inquiry: dict[str, Any]) -> dict[str, Any]:
        """The inquiry with the message that will be sent, written before it leaves."""
        request = inquiry["request"]
        provider = await self.server.directory.provider(request["provider"])
        await self.permitted(self.config.parties, provider["kinds"], request)
        code = self.linkage_code(request["integrated_address_number"])
        key = self.encryption_key()
        # Everything that was awaited may have let a withdrawal in.
        current = self.server.inquiries.get(inquiry["inquiry_id"]) or inquiry
        if current["state"] != "accepted":
            raise Problem("already-withdrawn")
        made = current | {
            "state": "sent",
            "provider": provider["body"],
            "message": self.message(request, provider["body"], code, key),
            "private_key": key.as_dict(private=True),
            "key": str(uuid.uuid4()),
        }
        self.server.inquiries.keep(made)
        self.server.endings.record(made)
        await self.store.durable()
        return made

    async def permitted(self, asker: Iterable[str], provider: Iterable[str], request: dict[str, Any]) -> None:
        """Refuse what no line of the table allows, before anything is sent."""
        if not await self.server.allow_list.permitted(asker, provider, request):
            refusal = await self.server.allow_list.refusal(asker, provider, request)
            refusal.origin = "asker"
            raise refusal

    def linkage_code(self, person: str) -> str:
        """The person's code; without one nothing is sent."""
        code = self.server.linkage.code_of(person)
        if code is None:
            raise Problem("no-linkage-code-asker", origin="asker")
        return code

    async def provider_known(self, request: dict[str, Any]) -> None:
        """Refuse a provider that the directory does not lead to; not judged while the directory cannot be read."""
        try:
            await self.server.directory.provider(request["provider"])
        except Problem as problem:
            if problem.code == "unknown-body":
                raise

    def encryption_key(self) -> ECKey:
        """A fresh key pair for one inquiry."""
        chosen = value("content-encryption")
        key = ECKey.generate_key(chosen["curve"], {"use": "enc", "alg": chosen["alg"]})
        key.ensure_kid()
        return key

    def message(self, request: dict[str, Any], provider: str, code: str, key: ECKey) -> dict[str, Any]:
        """What goes into the network: no number of the body's own, and no more than was asked in-house."""
        copied = {name: request[name] for name in COPIED if name in request}
        public = {"encryption_key": key.as_dict(private=False)}
        return copied | public | {"asker": self.config.body, "provider": provider, "linkage_code": code}

    async def delivered(self, inquiry: dict[str, Any]) -> tuple[int, Any]:
        """The network's answer to a message that is sent again, the same each time, until the attempts are used up."""
        attempts = self.server.upstream.attempts()
        for attempt in range(1, attempts + 1):
            try:
                return await self.server.upstream.call(
                    "POST",
                    "/v1/inquiries",
                    inquiry["message"],
                    correlation=inquiry["correlation_id"],
                    key=self.attempt_key(inquiry),
                )
            except Problem as problem:
                if attempt == attempts or not self.server.upstream.worth_repeating(problem):
                    raise
            await asyncio.sleep(self.server.upstream.pause(attempt))
        raise Problem("network-down")

    def attempt_key(self, inquiry: dict[str, Any]) -> str:
        """The idempotency key of an attempt: the inquiry's own, the same each time."""
        key: str = inquiry["key"]
        return key

    def take(self, inquiry_id: str, status: int, told: dict[str, Any]) -> None:
        """Note what the network said first: an answer, or that one will come."""
        inquiry = self.server.inquiries.get(inquiry_id)
        if inquiry is None:
            return
        inquiry |= {"permit_id": told["permit_id"]}
        if status != WAITING:
            self.server.endings.answered(inquiry, told)
        elif inquiry["state"] in OPEN:
            self.server.endings.waiting(inquiry, told)
        else:
            self.server.endings.taken_too_late(inquiry)
            self.pass_withdrawal_on(inquiry)

    def withdrawal(self, inquiry: dict[str, Any]) -> dict[str, Any]:
        """The message that withdraws an inquiry."""
        return {"permit_id": inquiry["permit_id"], "requested_at": stamp(self.clock())}

    async def tell_withdrawal(self, inquiry: dict[str, Any], call: Call) -> None:
        """Tell the network of a withdrawal, and wait until it has taken it."""
        await self.server.upstream.call(
            "POST",
            "/v1/withdrawals",
            self.withdrawal(inquiry),
            correlation=call.correlation_id,
            key=str(uuid.uuid5(uuid.NAMESPACE_OID, inquiry["inquiry_id"])),
        )

    def pass_withdrawal_on(self, inquiry: dict[str, Any]) -> None:
        """Tell the network of a withdrawal that came before the permit's id was known."""
        self.server.outbox.send(
            "/v1/withdrawals",
            self.withdrawal(inquiry),
            key=str(uuid.uuid4()),
            correlation=inquiry["correlation_id"],
            about="withdrawal",
        )
