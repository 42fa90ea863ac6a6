"""Failures that stay visible as unresolved until staff have acknowledged them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.choices import providing
from bango_conformance.kinds.by_hand import by_hand
from bango_conformance.kinds.lifecycle_provision import ProvisionPlayer

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope

Check = Callable[["Case"], None]
SECONDS = 15.0
PAUSE = 0.05


def obligations(scope: Scope) -> Iterator[Obligation]:
    """By hand."""
    provides = providing(scope)
    if provides is not None:
        for kind, cause in (
            ("acquisition-failed", _failed_acquisition),
            ("answer-undelivered", _undelivered(provides)),
        ):
            yield by_hand(
                f"workflow.running.unresolved.{kind}",
                ("IS-OPS-008",),
                _unresolved(kind, cause),
                "失敗は職員が確認するまで未解決として見え続ける",
                "A failure stays visible as unresolved until staff have acknowledged it",
                alone=True,
            )


def _failed_acquisition(case: Case) -> str:
    acquired = case.subject().acquire()
    case.need(case.ask("deliverLinkageCode", body={"acquisition_number": acquired, "failure": "no-person"}), 200)
    return acquired


def _undelivered(line: AllowedLine) -> Callable[[Case], str]:
    def cause(case: Case) -> str:
        made = ProvisionPlayer(case, line, "staff")
        case.need(made.on_request(), 202)
        with case.stage.played.failing(made.permit_id, 100):
            case.need(made.on_approve(), 200)
            _await(case, made.permit_id)
        return made.permit_id

    return cause


def _listed(case: Case, about: str) -> tuple[dict[str, Any] | None, int]:
    query = {"limit": "1000"}
    found: dict[str, Any] | None = None
    while True:
        page = case.need(case.ask("listUnresolvedFailures", query=query, staff="administer"), 200).json
        own = [one for one in page["failures"] if about in (one.get("permit_id"), one.get("acquisition_number"))]
        found = own[0] if own else found
        if "next_cursor" not in page:
            return found, page["unresolved"]
        query["cursor"] = page["next_cursor"]


def _await(case: Case, about: str) -> None:
    limit = time.monotonic() + 3 * SECONDS
    while _listed(case, about)[0] is None and time.monotonic() < limit:
        time.sleep(PAUSE)


def _unresolved(kind: str, cause: Callable[[Case], str]) -> Check:
    def check(case: Case) -> None:
        _, before = _listed(case, "")
        about = cause(case)
        _await(case, about)
        found, after = _listed(case, about)
        if found is None or (found["kind"], found["acknowledged"], after) != (kind, False, before + 1):
            case.fail(
                "FAILURE-HIDDEN", sent=kind, expected="one unresolved failure more", came=f"{found}, {after - before}"
            )
        path = {"failure_id": found["failure_id"]}
        body = {"action": "試験で確認した。"}
        case.need(case.ask("acknowledgeFailure", path=path, body=body, staff="administer"), 200)
        left, last = _listed(case, about)
        if left is not None or last != before:
            case.fail(
                "STILL-UNRESOLVED", sent="an acknowledgement", expected="one less", came=f"{left}, {last - before}"
            )

    return check
