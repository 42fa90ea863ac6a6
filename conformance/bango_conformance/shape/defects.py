"""Single defects of a request body, compiled from its schema: one wrong thing at one place, everything else valid."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from bango_conformance.operations import operation
from bango_conformance.shape.request import Request
from bango_conformance.shape.schemas import (
    DOCUMENTS,
    MALFORMED,
    Schema,
    branches,
    error_code,
    example,
    pointer,
    resolved,
)
from bango_conformance.shape.values import wrong_values
from bango_spec.interfaces import operations

Where = Literal["body", "path", "query", "header"]
Step = str | int

UNLISTED = "unlisted_member"
REFUSED_BY_NAME = "IS-API-006"
# A few members have a reason of their own for values that the schema refuses, too.
REASONS = {
    "cursor": "cursor-invalid",
    "permit": "permit-forged",
    "encryption_key": "key-unusable",
    "content": "peer-invalid",
}
# Below the first level one object stands for its members: the most telling defects of each.
FEW = 3


@dataclass(frozen=True)
class Defect:
    """One defect: how it gets into a request, and how the refusal must name it.

    `codes` are the reasons that fit; of these, the codes in `located` must come with one of `places`.
    """

    id: str
    where: Where
    put: Callable[[Request], Request] = field(compare=False)
    codes: tuple[str, ...]
    places: tuple[str, ...]
    clause: str
    located: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """A place in the body of an operation; `branch` are pointers of the alternatives it lies under, `base` one of them."""

    operation_id: str
    steps: tuple[Step, ...]
    schema: Schema = field(compare=False)
    required: bool
    branch: tuple[str, ...] = ()
    excludes: str | None = None
    base: Schema | None = field(default=None, compare=False)

    @property
    def document(self) -> str:
        """The interface document."""
        return operation(self.operation_id).document

    @property
    def pointer(self) -> str:
        """The JSON pointer."""
        return pointer(self.steps)

    def start(self, request: Request) -> Request:
        """The valid request in the form that has this place."""
        body = copy.deepcopy(request.body)
        if self.base is not None:
            body = variant(self.document, self.base, body)
        if self.excludes is not None and isinstance(body, dict):
            parent = at(body, self.steps[:-1])
            if isinstance(parent, dict):
                parent.pop(self.excludes, None)
        return request.with_(body=body)


def variant(document: str, schema: Schema, body: Any) -> Any:
    """A valid body in another of its forms: the form's example with what the body already says of the same members."""
    made = copy.deepcopy(example(document, schema))
    for name, node in schema["properties"].items():
        rule = resolved(document, node)
        if name in made and name in body and not {"const", "enum"} & set(rule):
            made[name] = body[name]
    return made


@cache
def places(operation_id: str) -> tuple[Place, ...]:
    """Every place of an operation's body, outer ones first."""
    found = operation(operation_id)
    if found.request_schema is None:
        return ()
    return tuple(_root(operation_id, found.document, found.request_schema))


def _root(operation_id: str, document: str, schema: Schema) -> Iterator[Place]:
    forms = list(branches(document, schema))
    if not forms:
        yield from _walk(operation_id, document, schema, (), required=True)
        return
    seen: set[tuple[Step, ...]] = set()
    for _, form in forms:
        for place in _walk(operation_id, document, form, (), required=True, branch=("",), base=form):
            if place.steps not in seen:
                seen.add(place.steps)
                yield place


def _walk(
    operation_id: str,
    document: str,
    node: Schema,
    steps: tuple[Step, ...],
    *,
    required: bool,
    branch: tuple[str, ...] = (),
    excludes: str | None = None,
    base: Schema | None = None,
) -> Iterator[Place]:
    schema = resolved(document, node)
    forms = [form for _, form in branches(document, node)]
    if forms and steps and isinstance(steps[-1], int):
        # A list whose elements take several forms holds one of each, in this order, in every valid request here.
        for number, form in enumerate(forms):
            at = (*steps[:-1], number)
            yield from _walk(operation_id, document, form, at, required=False, branch=(*branch, pointer(at)), base=base)
        return
    yield Place(operation_id, steps, node, required, branch, excludes, base)
    apart = schema.get("not", {}).get("required", [])
    for name, member in schema.get("properties", {}).items():
        other = next((one for one in apart if one != name), None) if name in apart else None
        yield from _walk(
            operation_id,
            document,
            member,
            (*steps, name),
            required=name in schema.get("required", ()),
            branch=branch,
            excludes=other,
            base=base,
        )
    if isinstance(schema.get("items"), dict):
        yield from _walk(operation_id, document, schema["items"], (*steps, 0), required=False, branch=branch, base=base)


def group(place: Place) -> str:
    """The obligation that a place belongs to: its first member, and the form of a list's element where it has several."""
    words = [str(place.steps[0]).replace("_", "-")]
    if len(place.steps) > 1 and pointer(place.steps[:2]) in place.branch:
        element = next(one for one in places(place.operation_id) if one.steps == place.steps[:2])
        members = resolved(place.document, element.schema)["properties"].values()
        words += [rule["const"] for rule in members if "const" in rule]
    return ".".join(words)


def missing(place: Place) -> Defect:
    """The place's member left out."""

    def put(request: Request) -> Request:
        began = place.start(request)
        _filled(place, began.body).pop(place.steps[-1], None)
        return began

    return _defect(place, "missing", put, None, (pointer(place.steps[:-1]),), "IS-API-013")


def unlisted(place: Place) -> Defect:
    """A member that the schema does not have, inside the object at the place."""
    inside = Place(
        place.operation_id, (*place.steps, UNLISTED), {}, required=False, branch=place.branch, base=place.base
    )

    def put(request: Request) -> Request:
        began = place.start(request)
        _filled(inside, began.body, place)[UNLISTED] = "x"
        return began

    return _defect(inside, "unlisted-member", put, None, (place.pointer,), REFUSED_BY_NAME)


def wrong(place: Place, request: Request, most: int | None = None) -> list[Defect]:
    """The wrong values of a place."""
    began = place.start(request)
    valid = at(began.body, place.steps)
    made = wrong_values(place.document, place.schema, valid, "json", _turn(place))
    code = error_code(place.document, place.schema)
    return [
        _defect(place, one.id, _setter(place, one.value), code, (), one.clause, text=one.text) for one in made[:most]
    ]


def _turn(place: Place) -> tuple[int, int]:
    """Which of the places of its kind of identifier this one is, and of how many: together they try every malformation."""
    kind = resolved(place.document, place.schema).get("x-bango-identifier", "")
    known = _by_kind().get(kind, ())
    mine = (place.operation_id, place.steps)
    return (known.index(mine), len(known)) if mine in known else (0, 4)


@cache
def _by_kind() -> dict[str, tuple[tuple[str, tuple[Step, ...]], ...]]:
    found: dict[str, list[tuple[str, tuple[Step, ...]]]] = {}
    for document in DOCUMENTS:
        for one in operations(document):
            for place in places(one.operation_id):
                kind = resolved(document, place.schema).get("x-bango-identifier")
                if kind is not None and len(place.steps) == 1:
                    found.setdefault(kind, []).append((one.operation_id, place.steps))
    return {kind: tuple(at) for kind, at in found.items()}


def _setter(place: Place, value: Any) -> Callable[[Request], Request]:
    def put(request: Request) -> Request:
        began = place.start(request)
        if not place.steps:
            return began.with_(body=value) if value is not None else began.with_(body=None, raw=b"null")
        _filled(place, began.body)[place.steps[-1]] = value
        return began

    return put


def _defect(
    place: Place,
    name: str,
    put: Callable[[Request], Request],
    code: str | None,
    more: tuple[str, ...],
    clause: str,
    *,
    text: bool = False,
) -> Defect:
    located = [code] if code is not None and text else [code or MALFORMED, MALFORMED]
    if place.branch:
        located.append(MALFORMED)
    reasons = [REASONS[str(step)] for step in place.steps if str(step) in REASONS]
    return Defect(
        id=f"{place.pointer or '/'}: {name}",
        where="body",
        put=put,
        codes=tuple(dict.fromkeys([*located, *reasons])),
        places=tuple(dict.fromkeys([place.pointer, *more, *place.branch])),
        clause=clause,
        located=tuple(dict.fromkeys(located)),
    )


def at(body: Any, steps: tuple[Step, ...]) -> Any:
    """What stands at a place, None if nothing does."""
    way: tuple[Any, ...] = steps
    for step in way:
        there = step < len(body) if isinstance(body, list) else isinstance(body, dict) and step in body
        if not there:
            return None
        body = body[step]
    return body


def _filled(place: Place, body: Any, whole: Place | None = None) -> Any:
    """The container of a place, with examples for optional objects on the way that the valid body does not have."""
    known = {one.steps: one for one in places(place.operation_id)}
    if whole is not None:
        known[whole.steps] = whole
    way: tuple[Any, ...] = place.steps[:-1]
    for depth, step in enumerate(way):
        if isinstance(body, dict) and step not in body:
            outer = known[place.steps[: depth + 1]]
            if outer.excludes is not None:
                body.pop(outer.excludes, None)
            body[step] = copy.deepcopy(example(outer.document, outer.schema))
        elif isinstance(body, list) and not body:
            outer = known[place.steps[: depth + 1]]
            body.append(copy.deepcopy(example(outer.document, outer.schema)))
        body = body[step]
    return body
