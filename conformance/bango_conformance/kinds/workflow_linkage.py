"""What is asked twice has one effect: acquisitions at the same instant, and every creating request repeated."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bango_conformance.kinds.by_hand import by_hand
from bango_conformance.shape.naming import DOCUMENTS, kebab
from bango_conformance.shape.request import IDEMPOTENCY, send
from bango_conformance.shape.valid import Valid
from bango_spec.interfaces import Operation, operations

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

AT_ONCE = 4


def obligations(scope: Scope) -> Iterator[Obligation]:
    """By hand."""
    yield by_hand(
        "workflow.linkage.asked-at-once",
        ("IS-LNK-006",),
        _asked_at_once,
        "同じ人の取得を同時に頼んでも、処理通番を一つだけ求める",
        "Acquisitions for one person at the same instant ask for one number",
    )
    for name in DOCUMENTS:
        for found in operations(name):
            if any(one["name"] == IDEMPOTENCY for one in found.parameters):
                yield by_hand(
                    f"workflow.repeated.{kebab(found.operation_id)}",
                    ("IS-API-004",),
                    _repeated(scope, found),
                    f"{found.title.ja}：同じ冪等キーの再送に最初と同じ応答を返す",
                    f"{found.title.en}: the same key and body get the first answer again",
                )
                yield by_hand(
                    f"workflow.key-of-another.{kebab(found.operation_id)}",
                    ("IS-API-005",),
                    _key_of_another(scope, found),
                    f"{found.title.ja}：別の要求に使われた冪等キーを拒む",
                    f"{found.title.en}: a key that another request was sent under is refused",
                )


def _asked_at_once(case: Case) -> None:
    subject = case.subject()
    body = {"integrated_address_number": subject.integrated_address_number}
    case.stage.staff.token("register")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        calls = [pool.submit(case.ask, "requestAcquisition", body=body, staff="register") for _ in range(AT_ONCE)]
        answers = [one.result() for one in calls]
    made = [one for one in answers if one.status == 201]
    refused = [one for one in answers if one.problem == "acquisition-open"]
    if len(made) != 1 or len(refused) != AT_ONCE - 1:
        came = ", ".join(one.short()[:60] for one in answers)
        case.fail(
            "ASKED-TWICE", sent=f"{AT_ONCE} acquisitions at once", expected="one, the rest acquisition-open", came=came
        )
    sent = case.received("obtainAcquisitionNumber")
    if len(sent) != 1:
        case.fail(
            "ASKED-TWICE",
            sent=f"{AT_ONCE} acquisitions at once",
            expected="one sent",
            came=str(len(sent)),
            located="received",
        )


def _repeated(scope: Scope, found: Operation) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        request = Valid(case, scope).request(found.operation_id).with_header(IDEMPOTENCY, uuid.uuid4().hex)
        first = send(case, request)
        case.need(first, 200, 201, 202)
        again = send(case, request)
        if (again.status, again.json) != (first.status, first.json):
            case.fail("NOT-THE-SAME", sent=f"{found.operation_id} again", expected=first.short(), came=again.short())

    return check


def _key_of_another(scope: Scope, found: Operation) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        first, other = (Valid(case, scope).request(found.operation_id) for _ in range(2))
        key = uuid.uuid4().hex
        case.need(send(case, first.with_header(IDEMPOTENCY, key)), 200, 201, 202)
        answer = send(case, other.with_header(IDEMPOTENCY, key))
        case.refused(
            answer, "KEY-OF-ANOTHER", ("idempotency-conflict",), sent=f"another {found.operation_id}, same key"
        )
        # Bound to its cause: under a key of its own the same request is taken.
        case.need(send(case, other.with_header(IDEMPOTENCY, uuid.uuid4().hex)), 200, 201, 202)

    return check
