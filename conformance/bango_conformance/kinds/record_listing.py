"""How records are found and read: page by page, by person, permit and period, and without the values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance._forms import strength
from bango_conformance.canaries import ENOUGH_BITS, Canary, Watch
from bango_conformance.findings import Unmet
from bango_conformance.held_reply import HeldReply
from bango_conformance.kinds.record_provider import WAYS, asked, linked, seconds_apart
from bango_conformance.ledger import LISTED, records
from bango_conformance.lines import asker_lines, provider_lines
from bango_conformance.obligation import Obligation
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Pages while more is added, filters with their borders, and no values inside."""
    lines = provider_lines(scope)
    if not lines:
        return
    line = lines[0]
    for name, clauses, title, check in (
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
    ):
        yield Obligation(id=f"record.{name}", kind="record", clauses=clauses, element=LISTED, title=title, check=check)
    asks = asker_lines(scope)
    if asks:
        yield Obligation(
            id="record.values.asker",
            kind="record",
            clauses=("IS-REC-012",),
            element=LISTED,
            title=Text(ja="受け取った値を記録に書かない", en="Writes no value that it received into its records"),
            check=_no_received_values(asks[0]),
        )


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
        reply = HeldReply(case.stage)
        case.stage.played.script(subject.linkage_code, reply.script)
        inquiry = subject.inquire(line)
        reply.answer()
        found = subject.settled(inquiry)
        if found.get("outcome") != "provided":
            raise Unmet("照会に回答が届きませんでした。", f"the inquiry ended as {found.get('outcome')}")
        _none_in(case, subject.integrated_address_number, reply.items.values())

    return check


def _none_in(case: Case, person: str, values: Iterator[object] | object) -> None:
    answer = case.need(case.ask("listRecords", query={"integrated_address_number": person}, staff="audit"), 200)
    telling = [text for text in _texts(values) if strength(text) >= ENOUGH_BITS]
    if not telling:
        raise Unmet("捜すべき値がありません。", "none of the values is long enough to be looked for")
    for text in telling:
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
