"""What the core decides: acquisition numbers, linkage codes, permits, and the core's own provision records.

It never sees an individual number or an integrated address number, and cannot read what a provision contains.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from bango_mocks.clock import Clock, moment, stamp
from bango_mocks.core.codes import LinkageCodes
from bango_mocks.core.permits import PermitSigner, claims
from bango_mocks.directory import Directory
from bango_mocks.records import ProvisionRecords
from bango_mocks.serving.call import Problem
from bango_mocks.store import Store
from bango_mocks.table import Table

ACQUISITION = "acquisition"
PERMIT = "permit"
HELD = "held-linkage-code"
BOUND_FIELDS = ("asker", "provider", "task", "procedure", "information", "requested_at", "asker_withheld")
RELAYED_FIELDS = (
    *BOUND_FIELDS,
    "department_code",
    "asker_delegator",
    "provider_delegator",
    "items",
    "fiscal_year",
    "period",
    "encryption_key",
)


@dataclass(frozen=True)
class Lifetimes:
    """How long what the core issues is good for (assumptions `acquisition-lifetime`, `permit-lifetime`)."""

    acquisition: dt.timedelta
    permit: dt.timedelta


class Core:
    """The core system's state and decisions; its store holds no person and no resident code."""

    def __init__(
        self,
        store: Store,
        table: Table,
        directory: Directory,
        codes: LinkageCodes,
        signer: PermitSigner,
        clock: Clock,
        lifetimes: Lifetimes,
    ) -> None:
        self.store = store
        self.table = table
        self.directory = directory
        self.codes = codes
        self.signer = signer
        self.clock = clock
        self.lifetimes = lifetimes
        self.records = ProvisionRecords(store, "core", clock)

    def issue_acquisition(self, body: str) -> dict[str, Any]:
        """A fresh acquisition number for a body."""
        self.admitted(body)
        now = self.clock()
        number = f"{secrets.randbelow(10**20):020d}"
        expires = stamp(now + self.lifetimes.acquisition)
        self.store.put(ACQUISITION, number, {"body": body, "state": "requested", "expires_at": expires})
        return {"acquisition_number": number, "issued_at": stamp(now), "expires_at": expires}

    def notify(self, number: str, resident_code: str) -> tuple[str, dict[str, str]]:
        """J-LIS names the person behind an acquisition number: the body, and what it is delivered.

        That is its linkage code, or `already-acquired` when it holds this person's code (CORE-LNK-002).
        """
        acquisition = self.store.get(ACQUISITION, number)
        if acquisition is None:
            raise Problem("unknown-acquisition")
        if acquisition["state"] != "requested":
            raise Problem("acquisition-used")
        if moment(acquisition["expires_at"]) <= self.clock():
            raise Problem("acquisition-expired")
        self.store.put(ACQUISITION, number, acquisition | {"state": "used"})
        code = self.codes.code(acquisition["body"], self.codes.person_key(resident_code))
        if self.store.get(HELD, code) is not None:
            return acquisition["body"], {"acquisition_number": number, "failure": "already-acquired"}
        self.store.put(HELD, code, {"body": acquisition["body"]})
        return acquisition["body"], {"acquisition_number": number, "linkage_code": code}

    def admitted(self, body: str) -> frozenset[str]:
        """The party kinds of an admitted body; unknown-body or not-admitted otherwise."""
        entry = self.directory.get(body)
        if entry is None:
            raise Problem("unknown-body")
        if not entry.stands(self.clock()):
            raise Problem("not-admitted")
        return entry.kinds

    def revoke(self, body: str, code: str) -> str:
        """A body gives a linkage code up; the time it ended."""
        held = self.store.get(HELD, code)
        if held is None or held["body"] != body:
            raise Problem("no-linkage-code")
        self.store.delete(HELD, code)
        return stamp(self.clock())

    def permit(self, inquiry: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The provision request for the provider of an inquiry, and the claims of its permit; not-permitted with the nearest lines."""
        asker, provider = self.admitted(inquiry["asker"]), self.admitted(inquiry["provider"])
        line = self.table.line(asker, provider, inquiry)
        if line is None:
            raise self.table.refusal(asker, provider, inquiry)
        code = self.codes.converted(inquiry["linkage_code"], inquiry["asker"], inquiry["provider"])
        if code is None or self.store.get(HELD, inquiry["linkage_code"]) is None:
            raise Problem("no-linkage-code-asker", "the linkage code is none of this asker's")
        bound = {name: inquiry[name] for name in (*BOUND_FIELDS, "items") if name in inquiry}
        made = claims(bound | {"edition": self.table.edition}, self.clock(), self.lifetimes.permit)
        self.store.put(PERMIT, made["permit_id"], made | {"state": "issued"})
        relayed = {name: inquiry[name] for name in RELAYED_FIELDS if name in inquiry}
        return {"permit": self.signer.sign(made), "linkage_code": code, **relayed}, made

    def answered(self, answer: dict[str, Any]) -> None:
        """Record the end of an inquiry by its answer; a permit ends once."""
        permit = self.open_permit(answer["permit_id"])
        self._end(
            permit, "answered", answer["outcome"], answer.get("answered_at"), withheld=answer.get("withheld", False)
        )

    def waiting(self, permit_id: str) -> None:
        """The provider's staff decides later."""
        self.store.put(PERMIT, permit_id, self.open_permit(permit_id) | {"state": "waiting"})

    def failed(self, permit_id: str, reason: str) -> None:
        """The inquiry ended without an answer; the record says so."""
        permit = self.open_permit(permit_id)
        outcome = "not-permitted" if reason == "not-permitted" else "failed"
        self._end(permit, "failed", outcome, None, withheld=False)

    def withdrawn(self, permit_id: str) -> dict[str, Any]:
        """The asker withdraws; gives the permit."""
        permit = self.open_permit(permit_id)
        self._end(permit, "withdrawn", "withdrawn", None, withheld=False)
        return permit

    def open_permit(self, permit_id: str) -> dict[str, Any]:
        """A permit that still waits for its end."""
        permit = self.store.get(PERMIT, permit_id)
        if permit is None:
            raise Problem("unknown-permit")
        if permit["state"] in ("answered", "failed"):
            raise Problem("already-answered")
        if permit["state"] == "withdrawn":
            raise Problem("already-withdrawn")
        if permit["state"] == "issued" and moment(permit["expires_at"]) <= self.clock():
            raise Problem("permit-expired")
        return permit

    def _end(
        self, permit: dict[str, Any], state: str, outcome: str, provided_at: str | None, *, withheld: bool
    ) -> None:
        self.store.put(PERMIT, permit["permit_id"], permit | {"state": state, "outcome": outcome})
        self.records.write(
            permit,
            outcome=outcome,
            provided_at=provided_at if outcome == "provided" else None,
            withheld=withheld or permit["asker_withheld"],
        )
