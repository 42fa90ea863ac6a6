"""Shape of request bodies: every member, every object and the body as a whole, each broken in one way at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from bango_conformance.shape import whole
from bango_conformance.shape.defects import FEW, REFUSED_BY_NAME, Defect, Place, group, missing, places, unlisted, wrong
from bango_conformance.shape.items import item_defects
from bango_conformance.shape.judge import REFUSAL_CLAUSES, documented, refused
from bango_conformance.shape.naming import DOCUMENTS, kebab, obligation
from bango_conformance.shape.request import Request, send
from bango_conformance.shape.schemas import resolved
from bango_conformance.shape.unusual import unusual
from bango_conformance.shape.valid import Valid
from bango_spec.interfaces import Operation, operations
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

Compile = Callable[[Request], Iterable[Defect]]

REQUIRED = Text(ja="必須の項目を一つでも欠く本文を拒む", en="refuses a body that lacks any one of the required members")
CLOSED = Text(
    ja="定義にない項目を持つ本文を拒み、その箇所を示す", en="refuses a member that is not defined, and names it"
)
TWICE = Text(ja="同じ名の項目が二つあるJSONを拒む", en="refuses JSON objects that have a name twice")
UNREADABLE = Text(
    ja="JSONとして読めない本文、空の本文、UTF-8でない本文、ほかの媒体型を拒む",
    en="refuses a body that is not JSON, empty, not UTF-8 or of another media type",
)
UNUSUAL = Text(
    ja="任意項目の省略、境界の値、別の書き方のJSONなど、珍しいが正しい本文を受け入れる",
    en="accepts what is valid but unusual: members left out, values at the limits, JSON written otherwise",
)
TOO_MANY = Text(ja="10,001件の本文を拒み、一件も処理しない", en="refuses 10,001 records and processes none of them")


def obligations(scope: Scope) -> Iterator[Obligation]:
    """For each operation with a body: one for each member, and those for the body as a whole."""
    for document in DOCUMENTS:
        for found in operations(document):
            if found.request_schema is not None:
                yield from _of_operation(scope, found)


def _of_operation(scope: Scope, found: Operation) -> Iterator[Obligation]:
    known = places(found.operation_id)
    inner = [place for place in known if place.steps]

    def made(tail: str, clauses: Iterable[str], title: Text, compiled: Compile) -> Obligation:
        check = _refuses(scope, found.operation_id, compiled)
        return obligation(found, f"body.{tail}", (*clauses, *REFUSAL_CLAUSES), title, check)

    needed = [place for place in inner if place.required]
    objects = [place for place in known if _is_object(place)]
    yield made("required", (), REQUIRED, lambda _: [missing(place) for place in needed])
    yield made("closed", (REFUSED_BY_NAME,), CLOSED, lambda _: [unlisted(place) for place in objects])
    yield made("twice", ("IS-API-012",), TWICE, lambda request: whole.twice(objects, request))
    yield made("unreadable", ("IS-TXT-006",), UNREADABLE, _unreadable)
    yield obligation(found, "body.unusual", ("IS-TXT-002", "IS-API-013"), UNUSUAL, _accepts(scope, found.operation_id))
    for name, group_places in groupby(inner, key=group):
        members = list(group_places)
        label = name.replace("-", "_")
        title = Text(ja=f"項目{label}の誤った値を拒む", en=f"refuses wrong values of {label}")
        yield made(kebab(name), _clauses(members), title, _values(members))
    for place in inner:
        if resolved(place.document, place.schema).get("maxItems") == whole.RECORDS:
            check = _too_many(scope, found.operation_id, str(place.steps[0]))
            clauses = ("IS-API-009", *REFUSAL_CLAUSES)
            # Some megabytes of JSON keep a server busy, and others waiting.
            yield obligation(found, f"body.{place.steps[0]}.too-many", clauses, TOO_MANY, check, alone=True)


def _unreadable(request: Request) -> list[Defect]:
    return [*whole.unreadable(request), *whole.media_types(request)]


def _is_object(place: Place) -> bool:
    return resolved(place.document, place.schema).get("type") == "object"


def _values(members: list[Place]) -> Compile:
    def compiled(request: Request) -> Iterator[Defect]:
        for place in members:
            # Objects below the first level have obligations of their own elsewhere, or stand for their members.
            yield from wrong(place, request, None if len(place.steps) == 1 else FEW)
            yield from item_defects(place)

    return compiled


def _clauses(members: list[Place]) -> list[str]:
    """What the defects of these places are about, worked out on the schemas' examples."""
    bare = Request(members[0].operation_id, body=whole.example_body(members[0].operation_id))
    return [defect.clause for defect in _values(members)(bare)]


def _refuses(scope: Scope, operation_id: str, compiled: Compile) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        request = Valid(case, scope).request(operation_id)
        for defect in compiled(request):
            broken = defect.put(request)
            refused(case, broken, send(case, broken), defect)
        # Bound to its cause: without the defect the same request is accepted.
        documented(case, request, send(case, request))

    return check


def _accepts(scope: Scope, operation_id: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        valid = Valid(case, scope)
        for _, change in unusual(operation_id):
            request = change(valid.request(operation_id))
            documented(case, request, send(case, request))

    return check


def _too_many(scope: Scope, operation_id: str, member: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        request = Valid(case, scope).request(operation_id)
        defect = whole.too_many(member)
        broken = defect.put(request)
        refused(case, broken, send(case, broken), defect)
        documented(case, request, send(case, request))

    return check
