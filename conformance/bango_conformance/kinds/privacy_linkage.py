"""Linkage codes, each of which leads to one person of one body."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds.privacy_sealed import opened
from bango_conformance.kinds.privacy_search import make
from bango_conformance.kinds.privacy_traffic import Traffic
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

NETWORK = "interfaces/intermediate-server.network"


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Codes of two persons and of two bodies."""
    yield make(
        "linkage.one-code-one-person",
        ("IS-LNK-003",),
        f"{NETWORK}/deliverLinkageCode",
        Text(ja="一つの符号を二人に結び付けない", en="One code is not bound to two persons"),
        _one_person(scope),
    )
    yield make(
        "linkage.code-of-another-body",
        ("IS-PRV-010",),
        f"{NETWORK}/requestProvision",
        Text(ja="他の機関の符号では誰の情報も返さない", en="Another body's code leads to nobody"),
        _strange_code(scope),
    )


def _one_person(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        first, second = Traffic(case, scope), Traffic(case, scope)
        first.link()
        first.put()
        number = second.subject.acquire()
        delivery = {"acquisition_number": number, "linkage_code": first.subject.linkage_code}
        case.ask("deliverLinkageCode", body=delivery)
        state = case.need(case.ask("readAcquisition", path={"acquisition_number": number}, staff="register"), 200).json
        if (state["state"], state.get("reason")) != ("failed", "linkage-conflict"):
            case.fail(
                "CODE-SHARED",
                sent="one code for two persons",
                expected="the second acquisition failed as linkage-conflict",
                came=f"{state['state']} {state.get('reason', '')}",
            )
        second.put()
        request, answer = first.provision()
        held = case.need(answer, 200).json
        found = opened(held["content"], request.key) if held["outcome"] == "provided" else None
        if found is None or str(first.held) not in map(str, found[1]["items"].values()):
            case.fail(
                "CODE-SHARED",
                sent="a request by the shared code",
                expected="the first person's replica",
                came=held["outcome"],
            )

    return check


def _strange_code(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        traffic.put()
        strange = traffic.subject.code_at(traffic.asking.provider)
        _, answer = traffic.provision(linkage_code=strange)
        if case.need(answer, 200).json["outcome"] != "no-person":
            case.fail(
                "STRANGE-CODE-RESOLVED",
                sent="a request with the code that another body has of the person",
                expected="no-person",
                came=answer.json["outcome"],
            )

    return check
