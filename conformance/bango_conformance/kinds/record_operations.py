"""The log of staff operations: one entry for each, allowed or refused, that says who did what, when and about whom."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.lines import asker_lines, provider_lines
from bango_conformance.obligation import Obligation
from bango_conformance.stage.staff import AUTHORITIES
from bango_spec.interfaces import operations
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.suite import Scope
    from bango_spec.interfaces import Operation

DOCUMENT = "intermediate-server.in-house"
ERROR = 400
# A well-formed value for each path parameter; none of them names anything.
NOWHERE = {
    "acquisition_number": "9" * 20,
    "staff_id": "bango-nobody",
    "information": "TM90000000000004",
}


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each operation with an authority, refused; and those that can be carried out without more, allowed."""
    for one in operations(DOCUMENT):
        if one.authority is None:
            continue
        name = re.sub(r"(?<!^)(?=[A-Z])", "-", one.operation_id).lower()
        yield _obligation(
            one,
            f"record.operations.refused.{name}",
            Text(
                ja=f"拒んだ操作も記録する（{one.title.ja}）",
                en=f"Logs the operation also when refused ({one.title.en})",
            ),
            _refused(one),
        )
        if one.method == "GET" and "{" not in one.path:
            yield _obligation(
                one,
                f"record.operations.allowed.{name}",
                Text(ja=f"認めた操作を記録する（{one.title.ja}）", en=f"Logs the operation ({one.title.en})"),
                _allowed(one),
            )
    provides, asks = provider_lines(scope), asker_lines(scope)
    if not provides or not asks:
        return
    for number, (operation_id, authority) in enumerate(
        (
            ("requestAcquisition", "register"),
            ("putReplica", "register"),
            ("readReplica", "register"),
            ("submitInquiry", "inquire"),
        )
    ):
        one = next(found for found in operations(DOCUMENT) if found.operation_id == operation_id)
        name = re.sub(r"(?<!^)(?=[A-Z])", "-", operation_id).lower()
        yield _obligation(
            one,
            f"record.operations.about.{name}",
            Text(
                ja=f"誰についての操作かを記録する（{one.title.ja}）",
                en=f"Logs whom the operation was about ({one.title.en})",
            ),
            _about(number, authority, operation_id, scope),
        )


def _obligation(one: Operation, identity: str, title: Text, check: Callable[[Case], None]) -> Obligation:
    return Obligation(
        id=identity,
        kind="record",
        clauses=("IS-STF-008",),
        element=f"interfaces/{DOCUMENT}#{one.operation_id}",
        title=title,
        check=check,
    )


def _other(authority: str) -> str:
    """An authority that does not include this one."""
    return next(one for one in AUTHORITIES if one not in (authority, "administer"))


def _path(case: Case, one: Operation) -> dict[str, str]:
    known = {"integrated_address_number": case.subject().integrated_address_number, **NOWHERE}
    return {name: known.get(name, str(uuid.uuid4())) for name in re.findall(r"{(\w+)}", one.path)}


def _refused(one: Operation) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        authority = _other(one.authority or "")
        path = _path(case, one)
        correlation = str(uuid.uuid4())
        headers = {"Bango-Correlation-Id": correlation}
        body: Any = _example(one)
        answer = case.ask(one.operation_id, path=path, query=_query(one), body=body, headers=headers, staff=authority)
        case.need(answer, 403)
        _logged(case, one, authority, correlation, answer, path.get("integrated_address_number"))

    return check


def _allowed(one: Operation) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        correlation = str(uuid.uuid4())
        headers = {"Bango-Correlation-Id": correlation}
        answer = case.ask(one.operation_id, query=_query(one), headers=headers, staff=one.authority)
        case.need(answer, 200)
        _logged(case, one, one.authority or "", correlation, answer, None)

    return check


def _about(number: int, authority: str, operation_id: str, scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        person = subject.integrated_address_number
        line, wanted = provider_lines(scope)[0], asker_lines(scope)[0]
        correlation = str(uuid.uuid4())
        headers = {"Bango-Correlation-Id": correlation}
        place = {"integrated_address_number": person, "information": line.information}
        sent: tuple[Callable[[], Answer], ...] = (
            lambda: case.ask("requestAcquisition", body=place_of(person), headers=headers, staff=authority),
            lambda: case.ask(
                "putReplica", path=place, body=subject.content(line.information), headers=headers, staff=authority
            ),
            lambda: case.ask("readReplica", path=place, headers=headers, staff=authority),
            lambda: case.ask("submitInquiry", body=subject.request(wanted), headers=headers, staff=authority),
        )
        answer = sent[number]()
        one = next(found for found in operations(DOCUMENT) if found.operation_id == operation_id)
        _logged(case, one, authority, correlation, answer, person)

    return check


def place_of(person: str) -> dict[str, str]:
    """The body of a request for an acquisition number."""
    return {"integrated_address_number": person}


def _logged(case: Case, one: Operation, authority: str, correlation: str, answer: Answer, person: str | None) -> None:
    staff_id = case.stage.staff.staff_id(authority)
    rows = case.need(case.ask("listOperations", query={"staff_id": staff_id, "limit": "1000"}, staff="audit"), 200).json
    found = [row for row in rows["operations"] if row["correlation_id"] == correlation]
    while not found and "next_cursor" in rows:
        query = {"staff_id": staff_id, "limit": "1000", "cursor": rows["next_cursor"]}
        rows = case.need(case.ask("listOperations", query=query, staff="audit"), 200).json
        found = [row for row in rows["operations"] if row["correlation_id"] == correlation]
    sent = f"{one.operation_id} with the authority {authority}, answered {answer.short()[:60]}"
    if not found:
        case.fail("OPERATION-NOT-LOGGED", sent=sent, expected="an entry of the log", came="none", located="stored")
    wanted: dict[str, Any] = {
        "operation": one.operation_id,
        "staff_id": staff_id,
        "status": answer.status,
        "allowed": answer.status < ERROR,
    }
    if person is not None:
        wanted["integrated_address_number"] = person
    for name, member in wanted.items():
        if found[0].get(name) != member:
            case.fail(
                "LOG-ENTRY-WRONG",
                sent=sent,
                expected=f"{name} {member!r}",
                came=f"{name} {found[0].get(name)!r}",
                located="stored",
            )


def _query(one: Operation) -> dict[str, str]:
    """Whatever the operation demands in its query, well-formed."""
    required = [p for p in one.parameters if p.get("in") == "query" and p.get("required")]
    return {p["name"]: str(p["schema"].get("examples", ["1"])[0]) for p in required}


def _example(one: Operation) -> Any:
    """The document's own example of the operation's body."""
    if one.request_schema is None:
        return None
    from bango_spec.interfaces import resolve  # noqa: PLC0415 - only where there is a body

    found = resolve(DOCUMENT, one.request_schema).get("examples", [None])
    return found[0]
