"""How long records stay: seven years readable, and gone within the time after that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds.record_provider import WAYS, asked
from bango_conformance.ledger import records
from bango_conformance.lines import provider_lines
from bango_conformance.moved import moved
from bango_conformance.obligation import Obligation
from bango_spec.assumptions import number
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope

SEVEN_YEARS_DAYS = 7 * 365 + 2
"""Seven years hold one or two leap days."""


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Six years and 364 days later everything is there; past the time of grace nothing is."""
    lines = provider_lines(scope)
    if not lines:
        return
    line = lines[0]
    whole = SEVEN_YEARS_DAYS + int(number("record-retention-grace-days")) + 1
    for name, clause, days, there, title in (
        (
            "kept",
            "IS-REC-006",
            SEVEN_YEARS_DAYS - 3,
            True,
            Text(ja="六年と三百六十四日後も記録を読める", en="Records can be read after six years and 364 days"),
        ),
        (
            "erased",
            "IS-REC-007",
            whole,
            False,
            Text(ja="保存期間と猶予の後には記録がない", en="Records are gone after their period and its grace"),
        ),
    ):
        yield Obligation(
            id=f"record.retention.{name}",
            kind="record",
            clauses=(clause,),
            element="assumptions/record-retention-grace-days" if not there else "interfaces/common#ProvisionRecord",
            title=title,
            check=_after(line, days, there=there),
            needs=("hook:clock",),
            alone=True,
        )


def _after(line: AllowedLine, days: int, *, there: bool) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        _, provision, answer = asked(case, WAYS[0], line)
        case.need(answer, 200)
        permit_id = provision.claims["permit_id"]
        before = records(case, permit_id=permit_id)
        with moved(case, dt.timedelta(days=days)):
            after = records(case, permit_id=permit_id)
        wanted = before if there else []
        if after != wanted:
            case.fail(
                "RECORD-NOT-KEPT" if there else "RECORD-NOT-ERASED",
                sent=f"the clock moved on by {days} days",
                expected="the record as it was" if there else "no record",
                came="no record" if not after else ("a changed record" if there else "the record"),
                located="stored",
            )

    return check
