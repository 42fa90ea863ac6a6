"""Comparing a record of the target with what it must say, member by member, each member by its own clause."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bango_conformance.ledger import Record, records

if TYPE_CHECKING:
    from bango_conformance.case import Case

CLAUSE_OF = {
    "permit_id": "IS-REC-011",
    "requested_at": "IS-REC-011",
    "outcome": "IS-REC-011",
    "withheld": "IS-REC-005",
    "network_refusal": "IS-REC-004",
}
OF_REQUEST = ("asker", "provider", "department_code", "task", "procedure", "information", "items", "requested_at")
SHARED = ("permit_id", "asker", "provider", "task", "procedure", "information", "items", "requested_at", "outcome")
SECONDS = 5.0
PAUSE = 0.02


class Expected(NamedTuple):
    """What the last record of a request must say; members that are None must be missing."""

    role: str
    members: dict[str, Any]

    @property
    def missing_clause(self) -> str:
        """The clause that a missing record breaks."""
        return "IS-REC-001" if self.role == "asker" else "IS-REC-002"


def expected(
    role: str,
    request: Mapping[str, Any],
    outcome: str,
    *,
    permit_id: str | None,
    provided_at: str | None = None,
    withheld: bool = False,
    network_refusal: str | None = None,
) -> Expected:
    """What must stand in a record of a request that ended with this outcome."""
    members: dict[str, Any] = {name: request.get(name) for name in OF_REQUEST}
    ends = {"outcome": outcome, "provided_at": provided_at, "withheld": withheld, "network_refusal": network_refusal}
    return Expected(role, members | {"role": role, "permit_id": permit_id} | ends)


def agrees(case: Case, wanted: Expected, sent: str, **query: str) -> list[Record]:
    """Fail unless the last of the request's records says what is expected; gives all of them.

    The query must lead to the records of one request only: a permit's, or a person's with one request.
    """
    limit = time.monotonic() + SECONDS
    while True:
        rows = records(case, role=wanted.role, **query)
        if (rows and rows[-1].get("outcome")) or time.monotonic() > limit:
            break
        time.sleep(PAUSE)
    if not rows:
        case.fail(
            "RECORD-MISSING",
            clause=wanted.missing_clause,
            sent=sent,
            expected=f"a record as {wanted.role}",
            came="no record of this request",
            located="stored",
        )
    last = rows[-1]
    for name, member in wanted.members.items():
        if last.get(name) != member:
            case.fail(
                "RECORD-DIFFERS",
                clause=CLAUSE_OF.get(name, "IS-REC-003"),
                sent=sent,
                expected=f"{name} {member!r} in the record as {wanted.role}",
                came=f"{name} {last.get(name)!r}",
                located="stored",
            )
    return rows


def agrees_with_core(case: Case, last: Record, sent: str) -> None:
    """Fail unless the core's record of the same permit says the same."""
    permit_id = last["permit_id"]
    ledger = case.stage.core.records
    end, _ = ledger.head()
    found = [row for row in ledger.page(0, end) if row["permit_id"] == permit_id]
    if not found:
        raise LookupError(f"the core has no record of {permit_id}")
    core = found[-1]
    for name in (*SHARED, "withheld"):
        if last.get(name) != core.get(name):
            case.fail(
                "RECORDS-DISAGREE",
                clause=CLAUSE_OF.get(name, "IS-REC-003"),
                sent=sent,
                expected=f"{name} {core.get(name)!r}, as the core has it",
                came=f"{name} {last.get(name)!r}",
                located="stored",
            )
