"""Shape of routes: a wrong method is 405 and says which are right, an unknown path is 404, both as problems."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.case import PLAYER_OF
from bango_conformance.obligation import Obligation
from bango_conformance.shape.judge import PROBLEM_DETAILS, problem
from bango_conformance.shape.naming import DOCUMENTS, obligation
from bango_conformance.shape.request import ANYBODY, CORRELATION, IDEMPOTENCY
from bango_spec.interfaces import Operation, operations
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.suite import Scope

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
CLAUSES = (PROBLEM_DETAILS, "IS-API-003", "IS-API-013")
WRONG_METHOD = Text(
    ja="そのパスにないメソッドを405で拒み、使えるものを示す",
    en="refuses methods that the path does not have with 405 and says which it has",
)
UNKNOWN = ("", "/unlisted", "/v2", "/v1/unlisted", "/v1/health/unlisted")
SIDES = {
    "intermediate-server.in-house": (
        "in-house",
        Text(ja="業務側: 知らないパスを404で拒む", en="In-house side: refuses unknown paths with 404"),
    ),
    "intermediate-server.network": (
        "network",
        Text(ja="ネットワーク側: 知らないパスを404で拒む", en="Network side: refuses unknown paths with 404"),
    ),
}


def obligations(scope: Scope) -> Iterator[Obligation]:  # noqa: ARG001 - routes are the same for every body
    """One for each path, and one for unknown paths on each side."""
    for document in DOCUMENTS:
        paths: dict[str, list[Operation]] = {}
        for found in operations(document):
            paths.setdefault(found.path, []).append(found)
        for group in paths.values():
            yield obligation(group[0], "methods", CLAUSES, WRONG_METHOD, _wrong_methods(group))
        name, title = SIDES[document]
        yield Obligation(
            id=f"shape.{name}.unknown-path",
            kind="shape",
            clauses=CLAUSES,
            element=f"interfaces/{document}",
            title=title,
            check=_unknown_paths(document, f"/{name}"),
        )


def _wrong_methods(group: list[Operation]) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        allowed = {one.method for one in group}
        path = group[0].path
        for parameter in group[0].parameters:
            path = path.replace("{" + parameter["name"] + "}", _right(parameter["name"]))
        for method in METHODS:
            if method not in allowed:
                sent = f"{method} {group[0].path}"
                answer = _call(case, group[0].document, method, path)
                if answer.status != 405 or answer.problem != "method-not-allowed":
                    case.fail("WRONG-METHOD", sent=sent, expected="405 method-not-allowed", came=answer.short())
                problem(case, None, answer, sent)
                told = {word.strip() for word in answer.headers.get("allow", "").split(",")}
                if not allowed <= told:
                    expected = f"Allow: {', '.join(sorted(allowed))}"
                    case.fail("NO-ALLOW", sent=sent, expected=expected, came=answer.headers.get("allow", "none"))

    return check


def _unknown_paths(document: str, root: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        for path in UNKNOWN:
            for method in ("GET", "POST"):
                sent = f"{method} {root}{path}"
                answer = _call(case, document, method, root + path)
                if answer.status != 404 or answer.problem != "not-found":
                    case.fail("UNKNOWN-PATH", sent=sent, expected="404 not-found", came=answer.short())
                problem(case, None, answer, sent)

    return check


def _right(name: str) -> str:
    values = {
        "integrated_address_number": "000009000000001",
        "information": "TM00000000000002",
        "acquisition_number": "20200906000000000001",
        "staff_id": "staff-0001",
    }
    return values.get(name) or str(uuid.uuid4())


def _call(case: Case, document: str, method: str, path: str) -> Answer:
    headers = {CORRELATION: str(uuid.uuid4()), IDEMPOTENCY: uuid.uuid4().hex}
    if document.endswith("in-house"):
        headers["Authorization"] = f"Bearer {case.stage.staff.token(ANYBODY)}"
    return case.send(PLAYER_OF[document], method, path, headers=headers)
