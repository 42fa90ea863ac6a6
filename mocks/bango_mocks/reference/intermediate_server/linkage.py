"""Linkage codes: bound by acquisition number, to one person each, and given up again (IS-LNK-001 to 003, 007, 009)."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from bango_mocks.clock import moment, stamp
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Call, Problem, Reply

OF_PERSON = "linkage"
OF_CODE = "linkage-code"
SHOWN = ("integrated_address_number", "state", "acquisition_number", "bound_at", "revoked_at", "reason")


class Linkage(Part):
    """The only place that knows both a person's integrated address number and linkage code."""

    answers: ClassVar = {
        "deliverLinkageCode": "deliver",
        "readLinkageCodeState": "read",
        "revokeLinkageCode": "revoke",
    }

    def code_of(self, person: str) -> str | None:
        """The code bound to a person, or None."""
        found = self.store.get(OF_PERSON, person)
        return found.get("code") if found is not None else None

    def person_of(self, code: str) -> str | None:
        """The person whom a code is bound to, or None."""
        found = self.store.get(OF_CODE, code)
        return None if found is None else found["integrated_address_number"]

    async def deliver(self, call: Call) -> Reply:
        """Take what came for an acquisition number: its code, or why there is none."""
        acquisition = self.server.acquisitions.get(call.body["acquisition_number"])
        if acquisition is None:
            raise Problem("unknown-acquisition")
        state = self.failed(acquisition, call.body) if "failure" in call.body else self.bound(acquisition, call.body)
        return Reply(200, {"acquisition_number": call.body["acquisition_number"], "state": state})

    def failed(self, acquisition: dict[str, Any], delivery: dict[str, Any]) -> str:
        """End an acquisition with the network's reason."""
        if acquisition["state"] == "failed" and acquisition["reason"] == delivery["failure"]:
            return "failed"
        self.still_open(acquisition)
        self.server.acquisitions.ended(acquisition, "failed", reason=delivery["failure"])
        return "failed"

    def bound(self, acquisition: dict[str, Any], delivery: dict[str, Any]) -> str:
        """Bind a code to the person of its acquisition number; the first one stands."""
        person, code = acquisition["integrated_address_number"], delivery["linkage_code"]
        if acquisition["state"] == "bound" and self.code_of(person) == code:
            return "bound"
        self.still_open(acquisition)
        if self.taken(code, person):
            self.server.acquisitions.ended(acquisition, "failed", reason="linkage-conflict")
            raise Problem("linkage-conflict")
        bound_at = stamp(self.clock())
        linkage = {
            "integrated_address_number": person,
            "state": "bound",
            "acquisition_number": acquisition["acquisition_number"],
            "bound_at": bound_at,
        }
        self.store.put(OF_PERSON, person, linkage | {"code": code})
        self.store.put(OF_CODE, code, {"integrated_address_number": person})
        self.server.acquisitions.ended(acquisition, "bound", bound_at=bound_at)
        return "bound"

    def still_open(self, acquisition: dict[str, Any]) -> None:
        """Refuse a delivery for an acquisition that has ended or whose time is over."""
        if acquisition["state"] == "failed" and acquisition["reason"] == "expired":
            raise Problem("acquisition-expired")
        if acquisition["state"] != "requested":
            raise Problem("acquisition-used")
        if moment(acquisition["expires_at"]) <= self.clock():
            raise Problem("acquisition-expired")

    def taken(self, code: str, person: str) -> bool:
        """Whether a code belongs to somebody else."""
        return self.person_of(code) not in (None, person)

    async def read(self, call: Call) -> Reply:
        """Whether a person has a code."""
        person = call.parameters["integrated_address_number"]
        found = self.store.get(OF_PERSON, person)
        latest = self.server.acquisitions.latest(person)
        if latest is not None and latest["state"] in ("requested", "failed"):
            return Reply(200, {name: latest[name] for name in SHOWN[:3] if name in latest})
        if found is None:
            raise Problem("no-linkage-code")
        return Reply(200, self.shown(found))

    def shown(self, linkage: dict[str, Any]) -> dict[str, Any]:
        """The state of a code without the code."""
        return {name: linkage[name] for name in SHOWN if name in linkage}

    async def revoke(self, call: Call) -> Reply:
        """Give a code up: it leads to nobody from now on, and the network is told as soon as it can be reached."""
        person = call.parameters["integrated_address_number"]
        linkage = self.store.get(OF_PERSON, person)
        if linkage is None or linkage.get("code") is None:
            raise Problem("no-linkage-code")
        code, reason = linkage.pop("code"), call.body["reason"]
        revoked = linkage | {"state": "revoked", "revoked_at": stamp(self.clock()), "reason": reason}
        self.store.put(OF_PERSON, person, revoked)
        self.unbind(code)
        message = {"body": self.config.body, "linkage_code": code, "reason": reason}
        self.server.outbox.send(
            "/v1/linkage-revocations",
            message,
            key=str(uuid.uuid4()),
            correlation=call.correlation_id,
            about="revocation",
        )
        return Reply(200, self.shown(revoked))

    def unbind(self, code: str) -> None:
        """Let a code lead to nobody."""
        self.store.delete(OF_CODE, code)

    def forget_number(self, person: str, acquisition_number: str) -> None:
        """Drop an acquisition number whose time is over."""
        linkage = self.store.get(OF_PERSON, person)
        if linkage is not None and linkage.get("acquisition_number") == acquisition_number:
            del linkage["acquisition_number"]
            self.store.put(OF_PERSON, person, linkage)
