"""Replicas of one information side by side: each fiscal year, and each period, is a replica of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.choices import by_period, by_year, providing
from bango_conformance.kinds.by_hand import by_hand
from bango_conformance.kinds.workflow_providing import provided
from bango_conformance.kinds.workflow_replicas import path_of
from bango_conformance.subject import items_of
from bango_conformance.times import stamp

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.subject import AllowedLine, Subject
    from bango_conformance.suite import Scope

Check = Callable[["Case"], None]
Span = dict[str, Any]
DAY = dt.timedelta(days=1)
YEARS: tuple[Span, Span] = ({"fiscal_year": "2019"}, {"fiscal_year": "2020"})
PERIODS: tuple[Span, Span] = (
    {"period": {"from": "2019-04-01", "to": "2020-03-31"}},
    {"period": {"from": "2020-04-01", "to": "2021-03-31"}},
)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Years and periods, for a body that provides information of that kind."""
    for name, wanted, spans, ja, en in (
        ("years", by_year, YEARS, "年度", "year"),
        ("periods", by_period, PERIODS, "期間", "period"),
    ):
        line = providing(scope, wanted)
        if line is not None and wanted(line):
            yield by_hand(
                f"workflow.replicas.{name}-side-by-side",
                ("IS-RPL-009",),
                _side_by_side(line, spans),
                f"ある{ja}の更新と削除は他の{ja}を変えない",
                f"Updating and deleting one {en} leaves the others alone",
            )


def _side_by_side(line: AllowedLine, spans: tuple[Span, Span]) -> Check:
    def check(case: Case) -> None:
        subject, now = case.subject(), case.stage.clock()
        subject.link()
        seed = int(subject.integrated_address_number)
        before, after = (
            subject.put(
                line.information,
                **span,
                updated_at=stamp(now - DAY),
                items=items_of(line.information, seed + n, "2020"),
            )
            for n, span in enumerate(spans)
        )
        _as_it_was(case, subject, line, before, spans[0])
        changed = subject.put(
            line.information, **spans[1], generation=2, items=items_of(line.information, seed + 7, "2020")
        )
        _as_it_was(case, subject, line, before, spans[0])
        _as_it_was(case, subject, line, after | changed, spans[1])
        path, query = path_of(subject, line.information), named(spans[0]) | {"reason": "moved-out"}
        case.need(case.ask("deleteReplica", path=path, query=query, staff="register"), 200)
        _as_it_was(case, subject, line, after | changed, spans[1])
        gone = case.ask("readReplica", path=path, query=named(spans[0]), staff="register")
        case.refused(gone, "SPANS-MIXED", ("replica-deleted",), sent=f"a reading of {spans[0]}, which was deleted")

    return check


def named(span: Span) -> dict[str, str]:
    """The query that names the replica of a year or period."""
    period = span.get("period")
    return {"period": f"{period['from']}/{period['to']}"} if period else dict(span)


def _as_it_was(case: Case, subject: Subject, line: AllowedLine, content: dict[str, Any], span: Span) -> None:
    path = path_of(subject, line.information)
    shown = case.ask("readReplica", path=path, query=named(span), staff="register")
    given = provided(case, subject, line, **span)
    for where, found in (("a reading", shown.json or {}), ("a provision", given)):
        if (found.get("generation"), found.get("items")) != (content["generation"], content["items"]):
            case.fail(
                "SPANS-MIXED",
                sent=f"the replica of {span}, beside another",
                expected=f"generation {content['generation']} with its own items",
                came=f"{where}: {str(found)[:200]}",
            )
