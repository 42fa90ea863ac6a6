"""What the target records as asker of each inquiry that it sent, however it ended or if it never did."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bango_conformance.findings import Unmet
from bango_conformance.kinds._record_agreement import agrees, agrees_with_core, expected
from bango_conformance.kinds.record_provider import unchanged
from bango_conformance.ledger import records
from bango_conformance.lines import asker_lines
from bango_conformance.obligation import Obligation
from bango_conformance.stage.played import answer_with, content_for, empty_answer, provided
from bango_conformance.times import stamp
from bango_mocks.serving import Problem, Reply
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.played import Asked, Script
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope

LATER_DAYS = dt.timedelta(days=1)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _empty(outcome: str, reason: str) -> Script:
    async def script(asked: Asked) -> Reply:
        await asyncio.sleep(0)
        return Reply(200, empty_answer(asked.claims["permit_id"], outcome, reason, _now()))

    return script


def _problem(code: str, origin: str) -> Script:
    async def script(asked: Asked) -> Reply:  # noqa: ARG001 - the signature of a script
        await asyncio.sleep(0)
        raise Problem(code, origin=origin)

    return script


async def _withheld(asked: Asked) -> Reply:
    await asyncio.sleep(0)
    answer = answer_with(asked, content_for(asked, {"TK00000000000001": "1"}), _now())
    return Reply(200, answer | {"withheld": True})


async def waits(asked: Asked) -> Reply:
    """A provider whose staff will decide some day."""
    await asyncio.sleep(0)
    permit_id = asked.claims["permit_id"]
    return Reply(202, {"permit_id": permit_id, "state": "waiting", "expires_at": stamp(_now() + LATER_DAYS)})


@dataclass(frozen=True)
class Way:
    """One way in which an inquiry ends, and the provider's script that brings it about."""

    id: str
    outcome: str
    title: Text
    script: Script = provided
    asked: dict[str, Any] = field(default_factory=dict)
    withheld: bool = False
    network_refusal: str | None = None
    withdrawn: bool = False


WAYS = (
    Way("provided", "provided", Text(ja="提供された", en="that was provided")),
    Way(
        "withheld-by-provider",
        "provided",
        Text(ja="提供側が不開示とした", en="that the provider withholds"),
        _withheld,
        withheld=True,
    ),
    Way(
        "withheld-by-asker",
        "provided",
        Text(ja="照会側が不開示とした", en="that the asker withholds"),
        asked={"asker_withheld": True},
        withheld=True,
    ),
    Way("no-record", "no-record", Text(ja="該当情報のない", en="without a record"), _empty("no-record", "no-replica")),
    Way(
        "no-person",
        "no-person",
        Text(ja="該当者のない", en="about nobody known"),
        _empty("no-person", "no-linkage-code-provider"),
    ),
    Way("withheld", "withheld", Text(ja="不開示の", en="that was withheld"), _empty("withheld", "withheld")),
    Way(
        "refused-by-staff",
        "refused-by-staff",
        Text(ja="職員が拒んだ", en="that staff refused"),
        _empty("refused-by-staff", "refused-by-staff"),
    ),
    Way(
        "network-refusal",
        "not-permitted",
        Text(ja="ネットワークが拒んだ", en="that the network refused"),
        _problem("not-permitted", "network"),
        network_refusal="not-permitted",
    ),
    Way("withdrawn", "withdrawn", Text(ja="取り下げた", en="that was withdrawn"), waits, withdrawn=True),
)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each way of ending, inquiries never answered, inquiries of a file, and the record before the message."""
    lines = asker_lines(scope)
    if not lines:
        return
    for number, way in enumerate(WAYS):
        clauses = ["IS-REC-001", "IS-REC-003", "IS-REC-011"]
        own = ["IS-REC-005"] if way.withheld else (["IS-REC-004"] if way.network_refusal else [])
        yield Obligation(
            id=f"record.asker.{way.id}.agrees",
            kind="record",
            clauses=tuple(own + clauses),
            element=f"lifecycles/inquiry/{way.id}",
            title=Text(
                ja=f"{way.title.ja}照会の記録が、許可・結果・コアの記録と一致する",
                en=f"The record of an inquiry {way.title.en} agrees with permit, result and core",
            ),
            check=_agrees(way, lines[0]),
            smoke=number == 0,
        )
    for name, duties, title, check in (
        (
            "unanswered",
            ("IS-REC-001",),
            Text(ja="回答の来ない照会も記録する", en="Records an inquiry that is never answered"),
            _unanswered,
        ),
        (
            "file",
            ("IS-REC-001",),
            Text(ja="ファイルの照会も一件ずつ記録する", en="Records each inquiry of a file"),
            _file,
        ),
        (
            "before-sending",
            ("IS-REC-010",),
            Text(ja="照会が届いた時にはその記録がある", en="The record is there by the time the inquiry arrives"),
            _before_sending,
        ),
        (
            "end-added",
            ("IS-REC-008",),
            Text(ja="後の結果を足し、前の記録を変えない", en="Adds the later end and changes no record"),
            _end_added,
        ),
    ):
        yield Obligation(
            id=f"record.asker.{name}",
            kind="record",
            clauses=duties,
            element="lifecycles/inquiry",
            title=title,
            check=check(lines[0]),
        )


def _agrees(way: Way, line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        case.stage.played.script(subject.linkage_code, way.script)
        request = subject.request(line, **way.asked)
        inquiry_id = case.need(case.ask("submitInquiry", body=request, staff="inquire"), 202).json["inquiry_id"]
        if way.withdrawn:
            subject.settled(inquiry_id, frozenset({"waiting"}))
            path = {"inquiry_id": inquiry_id}
            case.need(case.ask("withdrawInquiry", path=path, staff="inquire"), 200)
        seen = subject.settled(inquiry_id)
        wanted = expected(
            "asker",
            request,
            way.outcome,
            permit_id=seen.get("permit_id"),
            provided_at=seen["result"]["provided_at"] if "result" in seen else None,
            withheld=way.withheld,
            network_refusal=way.network_refusal,
        )
        sent = f"an inquiry {way.title.en}"
        rows = agrees(case, wanted, sent, integrated_address_number=subject.integrated_address_number)
        if way.network_refusal is None:
            agrees_with_core(case, rows[-1], sent)

    return check


def _unanswered(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        case.stage.played.script(subject.linkage_code, waits)
        subject.settled(subject.inquire(line), frozenset({"waiting"}))
        _counted(case, {subject.integrated_address_number: 1}, "an inquiry that waits for its answer")

    return check


def _file(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subjects = [case.subject() for _ in range(3)]
        for subject in subjects:
            subject.link()
        body = {"records": [subject.request(line) for subject in subjects]}
        case.need(case.ask("submitInquiryFile", body=body, staff="inquire"), 202)
        for subject in subjects:
            wait = case.stage.inbox.wait(
                lambda subject=subject: [subject.linkage_code],  # type: ignore[misc]
                lambda one: one.operation == "relayInquiry",
                10.0,
            )
            if wait is None:
                raise Unmet("ファイルの照会が届きませんでした。", "an inquiry of the file never arrived")
        _counted(case, {one.integrated_address_number: 1 for one in subjects}, "a file of three inquiries")

    return check


def _counted(case: Case, wanted: dict[str, int], sent: str) -> None:
    for person, number in wanted.items():
        asked = {row["requested_at"] for row in records(case, integrated_address_number=person, role="asker")}
        if len(asked) != number:
            case.fail(
                "RECORD-MISSING",
                sent=sent,
                expected=f"records as asker of {number} inquiry for each person",
                came=f"records of {len(asked)}",
                located="stored",
            )


def _before_sending(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        person = subject.integrated_address_number
        there: list[int] = []

        async def looks(asked: Asked) -> Reply:
            # Asked while the target still waits for the answer to the message that has just arrived.
            rows = await asyncio.to_thread(records, case, integrated_address_number=person, role="asker")
            there.append(len(rows))
            return await provided(asked)

        case.stage.played.script(subject.linkage_code, looks)
        subject.settled(subject.inquire(line))
        if not there:
            raise Unmet("照会が届きませんでした。", "the inquiry never arrived")
        if not there[0]:
            case.fail(
                "SENT-BEFORE-RECORDED",
                sent="an inquiry, and a look into the records at the moment it arrived at the network",
                expected="a record of it",
                came="none",
                located="stored",
            )

    return check


def _end_added(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        held: list[Asked] = []

        async def later(asked: Asked) -> Reply:
            held.append(asked)
            return await waits(asked)

        case.stage.played.script(subject.linkage_code, later)
        inquiry_id = subject.inquire(line)
        subject.settled(inquiry_id, frozenset({"waiting"}))
        person = subject.integrated_address_number
        before = records(case, integrated_address_number=person)
        answer = answer_with(held[0], content_for(held[0], {"TK00000000000001": "1"}), _now())
        case.need(case.ask("deliverAnswer", body=answer), 200)
        subject.settled(inquiry_id)
        unchanged(case, before, records(case, integrated_address_number=person), "that was answered later")

    return check
