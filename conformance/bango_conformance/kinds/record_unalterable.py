"""Nobody's authority reaches the records: whatever is tried on them is refused, and they stay as they were."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds.record_provider import some
from bango_conformance.ledger import LISTED, records
from bango_conformance.lines import provider_lines
from bango_conformance.obligation import Obligation
from bango_conformance.operations import operation
from bango_conformance.stage.client import path_of
from bango_conformance.stage.staff import AUTHORITIES
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope

ALTERING = ("PUT", "PATCH", "DELETE", "POST")
REFUSED = (404, 405)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each authority tries."""
    lines = provider_lines(scope)
    if not lines:
        return
    line = lines[0]
    for authority in AUTHORITIES:
        yield Obligation(
            id=f"record.unalterable.{authority}",
            kind="record",
            clauses=("IS-REC-008",),
            element=LISTED,
            title=Text(
                ja=f"権限「{authority}」でも記録を変更・削除できない",
                en=f"The authority {authority} can neither change nor delete records",
            ),
            check=_unalterable(line, authority),
        )


def _unalterable(line: AllowedLine, authority: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        (permit_id,) = some(case, line, 1)
        before = records(case, permit_id=permit_id)
        if not before:
            case.fail("RECORD-MISSING", sent="a request", expected="its record", came="none", located="stored")
        listed = operation("listRecords").path
        for path in (listed, f"{listed}/{before[0]['sequence']}", operation("readRecordHead").path):
            for method in ALTERING:
                answer = _send(case, authority, method, path, {"outcome": "failed"})
                if answer.status not in REFUSED:
                    case.fail(
                        "RECORDS-ALTERABLE",
                        sent=f"{method} {path} with the authority {authority}",
                        expected="404 not-found or 405 method-not-allowed",
                        came=answer.short(),
                    )
        after = records(case, permit_id=permit_id)
        if after != before:
            case.fail(
                "RECORD-CHANGED",
                sent=f"{', '.join(ALTERING)} on the records with the authority {authority}",
                expected="the record unchanged",
                came="another record" if after else "no record",
                located="stored",
            )

    return check


def _send(case: Case, authority: str, method: str, path: str, body: dict[str, str]) -> Answer:
    headers = {
        "Authorization": f"Bearer {case.stage.staff.token(authority)}",
        "Idempotency-Key": uuid.uuid4().hex,
    }
    way = case.stage.channel("in-house")
    return way.send(method, path_of(path, {}), body=body, headers=headers, seen=case.saw, began=case.began)
