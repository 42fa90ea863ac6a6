"""Text that is refused: each character that the rules do not allow, in every place that holds free text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.obligation import Obligation
from bango_conformance.shape.defects import Defect
from bango_conformance.shape.judge import REFUSAL_CLAUSES, documented, refused
from bango_conformance.shape.request import Request, send
from bango_conformance.shape.schemas import MALFORMED
from bango_conformance.shape.valid import Valid
from bango_spec.characters import Refusal, characters
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.suite import Scope

FORMAT = "format-characters"
SURROGATE = "TX-SURROGATE"
BROKEN_UTF_8 = "IS-TXT-006"
PROBLEM_DETAILS = "IS-API-001"
PLACES = (
    ("createNotice", "title"),
    ("createNotice", "text"),
    ("putStaff", "name"),
    ("acknowledgeFailure", "action"),
    ("correctReplica", "reason"),
    ("decideApproval", "reason"),
)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """One for each refused kind of character."""
    for one in characters().refused:
        lost = one.code in (SURROGATE, "TX-REPLACEMENT")
        yield Obligation(
            id=f"text.refused.{one.code.removeprefix('TX-').lower()}",
            kind="text",
            clauses=(*((BROKEN_UTF_8,) if lost else ()), *REFUSAL_CLAUSES),
            element=f"characters/{one.code}",
            title=Text(ja=f"文字の誤りを拒む: {one.text.ja}", en=f"Refuses a text that {one.text.en}"),
            check=_refuses(scope, one, BROKEN_UTF_8 if lost else PROBLEM_DETAILS),
        )


def _refuses(scope: Scope, one: Refusal, clause: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        valid = Valid(case, scope)
        for operation_id, member in PLACES:
            request = valid.request(operation_id)
            defect = _defect(one, member, clause)
            broken = defect.put(request)
            refused(case, broken, send(case, broken), defect)
            if member == "title":
                documented(case, request, send(case, request))

    return check


def _defect(one: Refusal, member: str, clause: str) -> Defect:
    text = one.example.replace("{surrogate}", "\ud800")

    def put(request: Request) -> Request:
        # Escaped, since a lone surrogate cannot be written as UTF-8 at all.
        body = json.dumps(request.body | {member: text})
        return request.with_(raw=body.encode("ascii")).with_header("Content-Type", "application/json")

    # A lone surrogate is no Unicode text: a reader of JSON may stop at it before any rule about characters.
    codes = (FORMAT, MALFORMED) if one.code == SURROGATE else (FORMAT,)
    return Defect(
        id=f"{member}: {one.code}",
        where="body",
        put=put,
        codes=codes,
        places=(f"/{member}",),
        clause=clause,
        located=(FORMAT,),
    )
