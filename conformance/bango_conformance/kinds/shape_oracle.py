"""Shape as an independent judge sees it: schemathesis makes requests from the document, valid and not, and judges the answers."""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.case import PLAYER_OF
from bango_conformance.shape.naming import DOCUMENTS, obligation
from bango_conformance.shape.request import ANYBODY, CORRELATION, IDEMPOTENCY
from bango_conformance.shape.valid import Valid
from bango_spec.interfaces import Operation, operations
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

TITLE = Text(
    ja="第三者の道具（schemathesis）が定義から作った要求に、定義どおりに答える",
    en="answers requests that schemathesis makes from the document as the document says",
)
NO_SERVER_ERROR = "IS-API-013"
PROBLEM_DETAILS = "IS-API-001"
VERSION_NAMED = "IS-API-007"
REFUSED_BY_NAME = "IS-API-006"
CLAUSES = (NO_SERVER_ERROR, PROBLEM_DETAILS, VERSION_NAMED, REFUSED_BY_NAME)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """One for each operation."""
    for document in DOCUMENTS:
        for found in operations(document):
            yield obligation(found, "oracle", CLAUSES, TITLE, _judged(scope, found))


def _judged(scope: Scope, found: Operation) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        from bango_conformance.shape.oracle import drawn, findings  # noqa: PLC0415 - heavy, and only needed here

        seed = scope.seed ^ zlib.crc32(found.operation_id.encode())
        session = _session(case, scope, found)
        for made in drawn(found.document, found.path, found.method, seed):
            general = {CORRELATION: str(uuid.uuid4()), IDEMPOTENCY: uuid.uuid4().hex}
            headers = {**made.headers, **general, **session}
            answer = case.send(
                PLAYER_OF[found.document],
                made.method,
                made.target,
                raw=made.body,
                headers=headers,
                label=found.operation_id,
            )
            for name, said in findings(made, answer):
                case.fail(
                    f"ORACLE-{name.upper()}",
                    sent=f"a{' valid' if made.valid else 'n invalid'} {found.operation_id} of schemathesis's making",
                    expected="an answer that schemathesis finds nothing against",
                    came=f"{said} ({answer.short()})",
                    clause=_clause(name, answer.status),
                )

    return check


def _session(case: Case, scope: Scope, found: Operation) -> dict[str, str]:
    if not found.staff_session:
        return {}
    if found.operation_id == "closeStaffSession":
        return dict(Valid(case, scope).request(found.operation_id).headers)
    return {"Authorization": f"Bearer {case.stage.staff.token(found.authority or ANYBODY)}"}


def _clause(name: str, status: int) -> str:
    if status >= 500:
        return NO_SERVER_ERROR
    if name == "AcceptedNegativeData":
        return REFUSED_BY_NAME
    return PROBLEM_DETAILS if status >= 400 else VERSION_NAMED
