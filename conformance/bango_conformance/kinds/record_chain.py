"""The chain of the records: verified by the judge's own arithmetic, unbroken whatever happens to the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds.record_provider import some
from bango_conformance.ledger import LISTED, broken, records
from bango_conformance.lines import provider_lines
from bango_conformance.moved import restarted
from bango_conformance.obligation import Obligation
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Numbers, hashes and head; in time, and across the end of the process."""
    lines = provider_lines(scope)
    if not lines:
        return
    line = lines[0]
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
            "immediately",
            ("IS-REC-010",),
            Text(ja="応答が出た時にはその記録がある", en="The record is there by the time the answer is out"),
            _at_once(line),
        ),
    ):
        yield Obligation(id=f"record.{name}", kind="record", clauses=clauses, element=LISTED, title=title, check=check)
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
            element=LISTED,
            title=title,
            check=_survives(line, killed=killed),
            needs=("hook:start",),
            alone=True,
        )


def _chain_holds(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        some(case, line)
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
        (permit_id,) = some(case, line, 1)
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
        some(case, line, 1)
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
        some(case, line)
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


def _at_once(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        (permit_id,) = some(case, line, 1)
        if not any(row.get("outcome") for row in records(case, permit_id=permit_id)):
            case.fail(
                "ANSWERED-BEFORE-RECORDED",
                sent="a request for a provision, and a look into the records when the answer had come",
                expected="the record of it",
                came="none",
                located="stored",
            )

    return check
