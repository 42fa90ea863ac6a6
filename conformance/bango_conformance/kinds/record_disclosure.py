"""What the portal is told of a person's records: all of them, nobody else's, the withheld ones marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds.record_asker import WAYS as ASKED
from bango_conformance.kinds.record_provider import WAYS as PROVIDED
from bango_conformance.kinds.record_provider import asked, linked, seconds_apart
from bango_conformance.ledger import Record, disclosed, records
from bango_conformance.lines import asker_lines, provider_lines
from bango_conformance.obligation import Obligation
from bango_conformance.times import stamp
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.kinds.record_asker import Way as AskerWay
    from bango_conformance.kinds.record_provider import Way as ProviderWay
    from bango_conformance.subject import AllowedLine, Subject
    from bango_conformance.suite import Scope

HOUR = dt.timedelta(hours=1)
ELEMENT = "interfaces/intermediate-server.network#discloseRecords"


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Both roles, the borders of the period, other persons, and each mark."""
    provides, asks = provider_lines(scope), asker_lines(scope)
    if not provides or not asks:
        return
    line, wanted = provides[0], asks[0]
    for name, clauses, title, check in (
        (
            "whole",
            ("IS-DSC-001",),
            Text(ja="照会者・提供者双方の記録を全部開示する", en="Discloses all records, as asker and as provider"),
            _whole(line, wanted),
        ),
        (
            "others",
            ("IS-DSC-001",),
            Text(ja="他の人の記録を交えない", en="Discloses no record of anybody else"),
            _nobody_else(line),
        ),
        (
            "period",
            ("IS-DSC-001",),
            Text(
                ja="期間の端まで正しく開示する", en="Discloses the period named, its first moment in and its last out"
            ),
            _period(line),
        ),
        (
            "pages",
            ("IS-DSC-001", "IS-API-008"),
            Text(ja="開示をページごとに漏れなく返す", en="Discloses page by page, each record once"),
            _pages(line),
        ),
    ):
        yield Obligation(
            id=f"record.disclosure.{name}", kind="record", clauses=clauses, element=ELEMENT, title=title, check=check
        )
    marks = [f"provider.{one.id}" for one in PROVIDED if one.withheld] + [f"asker.{o.id}" for o in ASKED if o.withheld]
    for name in marks:
        role, _, way = name.partition(".")
        yield Obligation(
            id=f"record.disclosure.marked.{role}.{way}",
            kind="record",
            clauses=("IS-DSC-002",),
            element=f"{ELEMENT}/withheld",
            title=Text(ja=f"不開示の印を開示に付ける（{name}）", en=f"Marks withheld records in a disclosure ({name})"),
            check=_marked(role, way, line, wanted),
        )


def _provide(case: Case, way: ProviderWay, line: AllowedLine, subject: Subject) -> None:
    _, _, answer = asked(case, way, line, subject)
    case.need(answer, 200)


def _ask(case: Case, way: AskerWay, line: AllowedLine, subject: Subject) -> None:
    case.stage.played.script(subject.linkage_code, way.script)
    subject.settled(subject.inquire(line, **way.asked))


def _told(case: Case, subject: Subject) -> list[Record]:
    now = case.stage.clock()
    answer, rows = disclosed(case, subject.linkage_code, stamp(now - HOUR), stamp(now + HOUR))
    case.need(answer, 200)
    return rows


def _permits(rows: list[Record]) -> list[tuple[str, str]]:
    return sorted({(row["role"], row.get("permit_id", "")) for row in rows})


def _compare(case: Case, wanted: list[tuple[str, str]], came: list[tuple[str, str]], sent: str) -> None:
    if came != wanted:
        case.fail(
            "DISCLOSURE-DIFFERS",
            sent=sent,
            expected=f"records of {len(wanted)} requests: {wanted}",
            came=f"records of {len(came)} requests: {came}",
            located="received",
        )


def _whole(line: AllowedLine, wanted: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = linked(case)
        _provide(case, PROVIDED[0], line, subject)
        _provide(case, PROVIDED[4], line, subject)
        _ask(case, ASKED[0], wanted, subject)
        own = records(case, integrated_address_number=subject.integrated_address_number)
        roles = {row["role"] for row in own}
        if roles != {"asker", "provider"}:
            case.fail("RECORD-MISSING", sent="requests in both roles", expected="records of both", came=str(roles))
        _compare(
            case, _permits(own), _permits(_told(case, subject)), "a disclosure of a person with records of both roles"
        )

    return check


def _nobody_else(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject, other = linked(case), linked(case)
        for one in (subject, other):
            _provide(case, PROVIDED[0], line, one)
        own = records(case, integrated_address_number=subject.integrated_address_number)
        _compare(case, _permits(own), _permits(_told(case, subject)), "a disclosure of one of two persons")

    return check


def _period(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = linked(case)
        times, permits = seconds_apart(case, 3), []
        for time in times:
            _, provision, _ = asked(case, PROVIDED[4], line, subject, at=time)
            permits.append(("provider", provision.claims["permit_id"]))
        later = stamp(case.stage.clock() + HOUR)
        for start, end, wanted in (
            (times[1], later, permits[1:]),
            (times[0], times[1], permits[:1]),
            (times[0], times[2], permits[:2]),
        ):
            answer, rows = disclosed(case, subject.linkage_code, start, end)
            case.need(answer, 200)
            _compare(case, sorted(wanted), _permits(rows), f"a disclosure from {start} to before {end}")

    return check


def _pages(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = linked(case)
        for _ in range(5):
            asked(case, PROVIDED[4], line, subject)
        now = case.stage.clock()
        answer, rows = disclosed(case, subject.linkage_code, stamp(now - HOUR), stamp(now + HOUR), limit=2)
        case.need(answer, 200)
        own = records(case, integrated_address_number=subject.integrated_address_number)
        numbers = [row["sequence"] for row in rows]
        if numbers != [row["sequence"] for row in own]:
            case.fail(
                "PAGES-WRONG",
                sent="a disclosure in pages of two",
                expected=f"{len(own)} records, once each",
                came=f"{len(numbers)} records, {len(set(numbers))} of them different",
                located="received",
            )

    return check


def _marked(role: str, way: str, line: AllowedLine, wanted: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = linked(case)
        # One of each: the mark must stand on the record that has it, and on no other.
        if role == "provider":
            _provide(case, PROVIDED[4], line, subject)
            _provide(case, next(one for one in PROVIDED if one.id == way), line, subject)
        else:
            _ask(case, ASKED[0], wanted, subject)
            _ask(case, next(one for one in ASKED if one.id == way), wanted, subject)
        rows = [row for row in _told(case, subject) if row.get("outcome")]
        marks = [row["withheld"] for row in rows]
        if marks != [False, True]:
            case.fail(
                "MARK-MISSING",
                sent=f"a disclosure after one open and one withheld request as {role} ({way})",
                expected="two records, the second one marked",
                came=f"marks {marks}",
                located="received",
            )

    return check
