"""Codes of places that are no body today: wards of designated cities, municipalities that were merged, addresses abroad."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.held_reply import HeldReply
from bango_conformance.kinds.by_hand import by_hand
from bango_conformance.lines import asker_lines
from bango_conformance.stage.peers import ABROAD, CITY, TOWN, VILLAGE, WARD, peer_code

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope

MAYOR = "mayor"


def obligations(scope: Scope) -> Iterator[Obligation]:
    """By hand, for a body that may ask municipalities."""
    line = next((one for one in asker_lines(scope) if one.provider == peer_code(MAYOR)), None)
    if line is None:
        return
    yield by_hand(
        "workflow.places.ward",
        ("IS-INQ-018",),
        _reaches(line, code_of(WARD)),
        "指定都市の区のコードの照会を市へ送る",
        "A ward's code is asked at its city",
    )
    for name, code in (("merged", TOWN), ("merged-twice", code_of(VILLAGE))):
        yield by_hand(
            f"workflow.places.{name}",
            ("IS-INQ-019",),
            _reaches(line, code),
            "廃止された市町村のコードを最後の承継先へたどる",
            "The code of a merged municipality is followed to its last successor",
        )
    yield by_hand(
        "workflow.places.abroad",
        ("IS-INQ-019",),
        _leads_nowhere(line),
        "どこにも至らないコードをunknown-bodyで拒む",
        "A code that leads nowhere is refused as unknown-body",
    )


def code_of(municipality: str) -> str:
    """A body code around a municipality's code."""
    return f"90001{municipality}00001"


def _reaches(line: AllowedLine, code: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        reply = HeldReply(case.stage)
        reply.answer()
        case.stage.played.script(subject.linkage_code, reply.script)
        answer = case.ask("submitInquiry", body=subject.request(line._replace(provider=code)), staff="inquire")
        if answer.status != 202:
            case.fail(
                "NOT-FOLLOWED", sent=f"the provider {code}", expected=f"an inquiry to {CITY}", came=answer.short()
            )
        over = subject.settled(answer.json["inquiry_id"])
        if not reply.calls:
            came = f"{over['state']} {over.get('problem', {}).get('code')}"
            case.fail("NOT-FOLLOWED", sent=f"the provider {code}", expected=f"an inquiry to {CITY}", came=came)
        sent = reply.calls[0].body["provider"]
        if sent != CITY:
            case.fail("NOT-FOLLOWED", sent=f"the provider {code}", expected=f"an inquiry to {CITY}", came=sent)

    return check


def _leads_nowhere(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        body = subject.request(line._replace(provider=code_of(ABROAD)))
        answer = case.ask("submitInquiry", body=body, staff="inquire")
        case.refused(answer, "NOWHERE-ACCEPTED", ("unknown-body",), sent="a provider that leads nowhere")
        sent = [one for one in case.received("relayInquiry") if one.body["linkage_code"] == subject.linkage_code]
        if sent:
            case.fail("SENT-NOWHERE", sent="a provider that leads nowhere", expected="nothing sent", came="an inquiry")

    return check
