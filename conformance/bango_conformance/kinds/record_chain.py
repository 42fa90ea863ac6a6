"""The chain of the records: verified by the judge's own arithmetic, read in pages, out of everybody's reach."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance._forms import strength
from bango_conformance.canaries import ENOUGH_BITS, Canary, Watch
from bango_conformance.kinds.record_provider import WAYS, asked, linked, seconds_apart
from bango_conformance.ledger import broken, records
from bango_conformance.lines import asker_lines, provider_lines
from bango_conformance.moved import restarted
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
    """Numbers, hashes, head, pages; nothing alters; no values inside."""
    lines = provider_lines(scope)
    if not lines:
        return
    line = lines[0]
    ledger = "interfaces/intermediate-server.in-house#listRecords"
    for name, clauses, title, check in (
        (
            "chain.verified",
            ("IS-REC-009",),
            Text(ja="全記録の番号とハッシュの鎖がつながる", en="Numbers and hashes of all records form one chain"),
            _chain_holds(line),
        ),
        (
            "chain.head",
            ("IS-REC-009",),
            Text(ja="鎖の先頭が最後の記録と一致する", en="The head of the chain is that of a record in it"),
            _head_is_last(line),
        ),
        (
            "pages",
            ("IS-API-008",),
            Text(
                ja="記録をページごとに漏れなく一度ずつ返す",
                en="Returns each record once, page by page, while more are added",
            ),
            _pages(line),
        ),
        (
            "filters",
            ("IS-REC-002", "IS-REC-003"),
            Text(
                ja="記録を人・許可・期間で正しく絞る", en="Finds records by person, permit and period, borders included"
            ),
            _filters(line),
        ),
        (
            "values.provider",
            ("IS-REC-012",),
            Text(ja="提供した値を記録に書かない", en="Writes no value that it provided into its records"),
            _no_values(line),
        ),
        (
            "immediately",
            ("IS-REC-010",),
            Text(ja="応答が出た時にはその記録がある", en="The record is there by the time the answer is out"),
            _at_once(line),
        ),
    ):
        yield Obligation(id=f"record.{name}", kind="record", clauses=clauses, element=ledger, title=title, check=check)
    for name, clause, title, killed in (
        (
            "chain.restarted",
            "IS-REC-009",
            Text(ja="再起動の後も鎖が途切れない", en="The chain goes on unbroken after a restart"),
            False,
        ),
        (
            "kept-when-killed",
            "IS-REC-010",
            Text(
                ja="応答の直後に強制終了されても記録が残る",
                en="A record survives a kill right after the answer was out",
            ),
            True,
        ),
    ):
        yield Obligation(
            id=f"record.{name}",
            kind="record",
            clauses=(clause,),
            element=ledger,
            title=title,
            check=_survives(line, killed=killed),
            needs=("hook:start",),
            alone=True,
        )
    for authority in AUTHORITIES:
        yield Obligation(
            id=f"record.unalterable.{authority}",
            kind="record",
            clauses=("IS-REC-008",),
            element=ledger,
            title=Text(
                ja=f"権限「{authority}」でも記録を変更・削除できない",
                en=f"The authority {authority} can neither change nor delete records",
            ),
            check=_unalterable(line, authority),
        )
    asks = asker_lines(scope)
    if asks:
        yield Obligation(
            id="record.values.asker",
            kind="record",
            clauses=("IS-REC-012",),
            element=ledger,
            title=Text(ja="受け取った値を記録に書かない", en="Writes no value that it received into its records"),
            check=_no_received_values(asks[0]),
        )


def _some(case: Case, line: AllowedLine, number: int = 2) -> list[str]:
    """A few requests of this case's own, so that there are records; their permit ids."""
    made = []
    for way in (WAYS[0], WAYS[4], WAYS[5])[:number]:
        _, provision, answer = asked(case, way, line)
        case.need(answer, 200)
        made.append(provision.claims["permit_id"])
    return made


def _chain_holds(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        _some(case, line)
        fault = broken(records(case))
        if fault is not None:
            case.fail(
                "CHAIN-BROKEN",
                sent="reading all records",
                expected="numbers from 1 without gaps, each with the hash that follows from the one before",
                came=fault,
                located="stored",
            )

    return check


def _survives(line: AllowedLine, *, killed: bool) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        (permit_id,) = _some(case, line, 1)
        restarted(case, kill=killed)
        rows = records(case)
        there = [row for row in rows if row.get("permit_id") == permit_id]
        if not there:
            case.fail(
                "RECORD-LOST",
                sent="a request that was answered, then the end of the process and a new start",
                expected="the record of it",
                came="none",
                located="stored",
            )
        _some(case, line, 1)
        fault = broken(records(case))
        if fault is not None:
            case.fail(
                "CHAIN-BROKEN",
                sent="records before and after a restart",
                expected="one chain over all of them",
                came=fault,
                located="stored",
            )

    return check


def _head_is_last(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        _some(case, line)
        head = case.need(case.ask("readRecordHead", staff="audit"), 200).json
        rows = records(case)
        at = next((row for row in rows if row["sequence"] == head["sequence"]), None)
        if at is None or at["hash"] != head["hash"]:
            came = f"number {head['sequence']}, which is {'another record' if at else 'no record'}"
            case.fail(
                "HEAD-WRONG",
                sent="reading the head of the chain, then the records",
                expected="number and hash of the record that was the last",
                came=came,
                located="stored",
            )

    return check


def _pages(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = linked(case)
        person = subject.integrated_address_number
        for _ in range(5):
            asked(case, WAYS[4], line, subject)
        start = [row["sequence"] for row in records(case, integrated_address_number=person)]
        found: list[int] = []
        cursor: dict[str, str] = {}
        while True:
            query = {"integrated_address_number": person, "limit": "2", **cursor}
            page = case.need(case.ask("listRecords", query=query, staff="audit"), 200).json
            found += [row["sequence"] for row in page["records"]]
            if "next_cursor" not in page or len(found) > 100:
                break
            cursor = {"cursor": page["next_cursor"]}
            if len(found) <= len(start):
                asked(case, WAYS[4], line, subject)
        if found[: len(start)] != start or len(set(found)) != len(found):
            case.fail(
                "PAGES-WRONG",
                sent="pages of two records, one more record being added after each page",
                expected=f"first the records that were there, once each: {len(start)}",
                came=f"{len(found)} records, {len(set(found))} of them different",
            )

    return check


def _filters(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = linked(case)
        permits = []
        for time in seconds_apart(case, 3):
            _, provision, _ = asked(case, WAYS[4], line, subject, at=time)
            permits.append((provision.claims["permit_id"], provision.body["requested_at"]))
        asked(case, WAYS[4], line)
        person = subject.integrated_address_number
        (first, began), (second, middle), (third, _) = permits
        for query, wanted in (
            ({"integrated_address_number": person}, [first, second, third]),
            ({"permit_id": second}, [second]),
            ({"integrated_address_number": person, "role": "provider"}, [first, second, third]),
            ({"integrated_address_number": person, "role": "asker"}, []),
            ({"integrated_address_number": person, "from": middle}, [second, third]),
            ({"integrated_address_number": person, "to": middle}, [first]),
            ({"integrated_address_number": person, "from": began, "to": middle}, [first]),
        ):
            found = list(dict.fromkeys(row.get("permit_id") for row in records(case, **query)))
            if found != wanted:
                case.fail(
                    "FILTER-WRONG",
                    sent=f"listRecords with {query}",
                    expected=f"records of {len(wanted)} permits: {wanted}",
                    came=f"records of {len(found)} permits: {found}",
                    located="stored",
                )

    return check


def _at_once(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        (permit_id,) = _some(case, line, 1)
        if not any(row.get("outcome") for row in records(case, permit_id=permit_id)):
            case.fail(
                "ANSWERED-BEFORE-RECORDED",
                sent="a request for a provision, and a look into the records when the answer had come",
                expected="the record of it",
                came="none",
                located="stored",
            )

    return check


def _no_values(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject, _, answer = asked(case, WAYS[0], line)
        case.need(answer, 200)
        path = {"integrated_address_number": subject.integrated_address_number, "information": line.information}
        held = case.need(case.ask("readReplica", path=path, query=_year(subject, line), staff="register"), 200).json
        _none_in(case, subject.integrated_address_number, held["items"].values())

    return check


def _year(subject: object, line: AllowedLine) -> dict[str, str]:  # noqa: ARG001 - the same for every person
    from bango_conformance.subject import span_of  # noqa: PLC0415 - subject needs the case first

    return {name: part for name, part in span_of(line.information).items() if isinstance(part, str)}


def _no_received_values(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        seen = subject.settled(subject.inquire(line))
        _none_in(case, subject.integrated_address_number, case_items(seen).values())

    return check


def case_items(inquiry: dict[str, object]) -> dict[str, object]:
    """The items of an inquiry's result."""
    result = inquiry["result"]
    items = result["items"] if isinstance(result, dict) else {}
    return dict(items)


def _none_in(case: Case, person: str, values: Iterator[object] | object) -> None:
    answer = case.need(case.ask("listRecords", query={"integrated_address_number": person}, staff="audit"), 200)
    for text in _texts(values):
        if strength(text) < ENOUGH_BITS:
            continue
        found = Watch([Canary("value", text)]).first(answer.raw)
        if found is not None:
            case.fail(
                "VALUE-RECORDED",
                sent="an exchange of information whose values are known",
                expected="no value of it in the records",
                came=f"there stands {found.said()}",
                located="stored",
            )


def _texts(values: object) -> Iterator[str]:
    """Every text long enough to be found by itself."""
    if isinstance(values, str):
        if len(values) >= 6:
            yield values
    elif isinstance(values, dict):
        for value in values.values():
            yield from _texts(value)
    elif isinstance(values, int | float | bool) or values is None:
        return
    else:
        for value in values:  # type: ignore[attr-defined]
            yield from _texts(value)


def _unalterable(line: AllowedLine, authority: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        (permit_id,) = _some(case, line, 1)
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
