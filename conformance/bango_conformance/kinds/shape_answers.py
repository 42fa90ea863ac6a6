"""Shape of answers: a valid request of every operation gets a documented answer, exact in body and headers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.shape.judge import ANSWER_CLAUSES, documented
from bango_conformance.shape.naming import DOCUMENTS, obligation
from bango_conformance.shape.request import send
from bango_conformance.shape.valid import Valid
from bango_spec.interfaces import operations
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

TITLE = Text(
    ja="正しい要求に、定義どおりの状態コード・ヘッダー・本文で答える",
    en="answers a valid request with the documented status, headers and body",
)
SMOKE = frozenset({"readReplica", "submitInquiry", "requestProvision"})


def obligations(scope: Scope) -> Iterator[Obligation]:
    """One for each operation."""
    for document in DOCUMENTS:
        for found in operations(document):
            check = _answers(scope, found.operation_id)
            yield obligation(found, "answer", ANSWER_CLAUSES, TITLE, check, smoke=found.operation_id in SMOKE)


def _answers(scope: Scope, operation_id: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        request = Valid(case, scope).request(operation_id)
        documented(case, request, send(case, request))

    return check
