"""Wrong values of items: full-width digits, spaces, dates that do not exist, and empty strings for no value are refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from bango_conformance.lines import provider_lines
from bango_conformance.obligation import Obligation
from bango_conformance.shape.defects import Defect
from bango_conformance.shape.judge import REFUSAL_CLAUSES, documented, refused
from bango_conformance.shape.request import Request, send
from bango_conformance.shape.schemas import MALFORMED, pointer
from bango_conformance.subject import Subject, layout_of
from bango_spec.items import NearMiss, is_rich, near_misses
from bango_spec.reading import Text
from bango_spec.vocabulary import information_by_code

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.suite import Scope

# What each defect of the items' own list is about.
CLAUSES = {
    "full-width": "IS-TXT-003",
    "trailing-space": "IS-TXT-004",
    "too-long": "IS-TXT-004",
    "bad-date": "IS-TXT-007",
    "date-notation": "IS-TXT-007",
    "fraction": "IS-TXT-008",
    "empty-string": "IS-TXT-009",
    "null-not-allowed": "IS-TXT-009",
}
CONTENT = "content-invalid"
FORBIDDEN = "forbidden-content"
# One obligation tries the defect on this many items of the kind, spread over its layout.
MOST = 6


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each of these defects in each kind of information with items of its own that the body provides."""
    for code in sorted({line.information for line in provider_lines(scope)}):
        named = information_by_code(code)
        if not is_rich(named.id):
            continue
        for defect, misses in _misses(named.id, layout_of(code)).items():
            yield Obligation(
                id=f"text.items.{named.id}.{defect}",
                kind="text",
                clauses=(CLAUSES[defect], *REFUSAL_CLAUSES),
                element=f"items/{named.id}",
                title=Text(
                    ja=f"{named.ja}の副本を拒む: {misses[0].names.ja}",
                    en=f"Refuses a replica ({named.en}) with {misses[0].names.en}",
                ),
                check=_refuses(code, misses, CLAUSES[defect]),
            )


@cache
def _misses(information_id: str, layout: str) -> dict[str, list[NearMiss]]:
    found: dict[str, list[NearMiss]] = defaultdict(list)
    for miss in near_misses(information_id, layout):
        if miss.defect in CLAUSES:
            found[miss.defect].append(miss)
    return {defect: misses[:: max(1, -(-len(misses) // MOST))] for defect, misses in found.items()}


def _refuses(information: str, misses: list[NearMiss], clause: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        person = case.subject()
        request = _valid(person, information)
        for miss in misses:
            defect = _defect(miss, clause)
            broken = defect.put(request)
            refused(case, broken, send(case, broken), defect)
        documented(case, request, send(case, request))

    return check


def _valid(person: Subject, information: str) -> Request:
    path = {"integrated_address_number": person.integrated_address_number, "information": information}
    return Request("putReplica", path, body=person.content(information))


def _defect(miss: NearMiss, clause: str) -> Defect:
    at = f"/items{pointer(miss.place)}"
    item = pointer(("items", miss.place[0]))
    return Defect(
        id=f"{at}: {miss.defect}",
        where="body",
        put=lambda request: request.with_(body=request.body | {"items": miss.body}),
        codes=(CONTENT, MALFORMED, FORBIDDEN),
        places=tuple(dict.fromkeys((at, item, "/items"))),
        clause=clause,
        located=(CONTENT, MALFORMED),
    )
