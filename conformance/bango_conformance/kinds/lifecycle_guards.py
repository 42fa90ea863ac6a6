"""Every in-house operation by somebody who is nobody, and by staff who hold every authority but the one it needs."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds.by_hand import by_hand
from bango_conformance.shape.naming import kebab
from bango_conformance.shape.request import send
from bango_conformance.shape.valid import Valid
from bango_spec.interfaces import Operation, operations

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

IN_HOUSE = "intermediate-server.in-house"
NO_SESSION = ("staff-session-missing", "staff-session-expired")


def guards(scope: Scope) -> Iterator[Obligation]:
    """Two for each operation that needs a session, the second where it needs an authority, too."""
    for found in operations(IN_HOUSE):
        if not found.staff_session:
            continue
        name, ja, en = kebab(found.operation_id), found.title.ja, found.title.en
        yield by_hand(
            f"lifecycle.staff-session.none.{name}",
            ("IS-STF-001",),
            _nobody(scope, found),
            f"{ja}：認証のない者を拒む",
            f"{en}: refused without a session",
        )
        if found.authority is not None:
            yield by_hand(
                f"lifecycle.staff.other-authorities.{name}",
                ("IS-STF-003",),
                _others(scope, found),
                f"{ja}：要る権限のほかをすべて持つ職員を拒む",
                f"{en}: refused to staff who hold every authority but its own",
            )


def _nobody(scope: Scope, found: Operation) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        request = Valid(case, scope).request(found.operation_id)
        invented = f"Bearer {secrets.token_urlsafe(24)}"
        for told, value in (("no token", ""), ("an invented token", invented)):
            answer = send(case, request.with_header("Authorization", value))
            if answer.status != 401 or answer.problem not in NO_SESSION:
                case.fail("UNGUARDED", sent=f"{found.operation_id} with {told}", expected="401", came=answer.short())

    return check


def _others(scope: Scope, found: Operation) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        request = Valid(case, scope).request(found.operation_id)
        for group in (("inquire", "approve", "register", "administer"), ("audit",)):
            held = "+".join(one for one in group if one != found.authority)
            if not held:
                continue
            token = case.stage.staff.token(held)
            answer = send(case, request.with_header("Authorization", f"Bearer {token}"))
            if answer.status != 403 or answer.problem != "staff-authority":
                case.fail(
                    "AUTHORITY-NOT-ASKED",
                    sent=f"{found.operation_id} by staff with {held}",
                    expected="403 staff-authority",
                    came=answer.short(),
                )
        served = send(case, request)
        if served.problem in ("staff-authority", *NO_SESSION):
            case.fail(
                "AUTHORITY-REFUSED",
                sent=f"{found.operation_id} by staff with {found.authority}",
                expected="it is served",
                came=served.short(),
            )

    return check
