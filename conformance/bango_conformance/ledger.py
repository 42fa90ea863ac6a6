"""The target's provision records as the harness reads and checks them; the chain is verified from the assumption alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from bango_spec.assumptions import value

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer

Record = dict[str, Any]
CHAINED = frozenset({"previous_hash", "hash"})
PAGES = 1000
LISTED = "interfaces/intermediate-server.in-house#listRecords"
"""The spec element that obligations about records are filed under."""


def records(case: Case, **query: str) -> list[Record]:
    """The records that pass the filters (listRecords), every page of them, as an auditor reads them."""
    found: list[Record] = []
    cursor: dict[str, str] = {}
    for _ in range(PAGES):
        answer = case.ask("listRecords", query={"limit": "1000", **query, **cursor}, staff="audit")
        page = case.need(answer, 200).json
        found += page["records"]
        if "next_cursor" not in page:
            return found
        cursor = {"cursor": page["next_cursor"]}
    raise LookupError(f"listRecords has no end after {PAGES} pages")


def disclosed(case: Case, linkage_code: str, start: str, end: str, limit: int = 1000) -> tuple[Answer, list[Record]]:
    """What the portal is told of a person's records (discloseRecords), every page of it, with the last answer."""
    found: list[Record] = []
    body: dict[str, Any] = {"linkage_code": linkage_code, "from": start, "to": end, "limit": limit}
    for _ in range(PAGES):
        answer = case.ask("discloseRecords", body=body)
        if answer.status != 200:
            return answer, found
        found += answer.json["records"]
        if "next_cursor" not in answer.json:
            return answer, found
        body |= {"cursor": answer.json["next_cursor"]}
    raise LookupError(f"discloseRecords has no end after {PAGES} pages")


def canonical(record: Record) -> bytes:
    """The form of RFC 8785 of a record without its two hashes; records hold no fractions, so that numbers are plain."""
    bare = {name: member for name, member in record.items() if name not in CHAINED}
    # Names are ASCII, so the order of code points is the order of UTF-16 that the RFC asks for.
    return json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(record: Record, previous: str) -> str:
    """The hash that a record must have after the one before it (assumption `record-chain`)."""
    return hashlib.new(
        value("record-chain")["hash"].replace("-", ""), previous.encode() + canonical(record)
    ).hexdigest()


def broken(chain: Iterable[Record]) -> str | None:
    """Where a chain that starts with record 1 does not hold, in words; None where it does."""
    previous = value("record-chain")["first"]
    for place, record in enumerate(chain, 1):
        number = record["sequence"]
        if number != place:
            return f"number {number} stands where {place} should"
        if record["previous_hash"] != previous:
            return f"record {number} does not name the hash of the one before"
        if record["hash"] != digest(record, previous):
            return f"the hash of record {number} is not that of its contents and the one before"
        previous = record["hash"]
    return None
