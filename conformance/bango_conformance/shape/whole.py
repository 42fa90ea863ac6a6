"""Defects of a body as a whole: unreadable, of another media type, with a name twice, with too many records."""

from __future__ import annotations

import copy
import json
import uuid
from typing import Any

from bango_conformance.operations import operation
from bango_conformance.shape.defects import Defect, Place, at
from bango_conformance.shape.request import Request
from bango_conformance.shape.schemas import MALFORMED, branches, example, pointer
from bango_conformance.shape.values import FAULTY

RECORDS = 10_000
UTF_8 = "IS-TXT-006"
TWICE = "IS-API-012"
UNSUPPORTED = "unsupported-media-type"


def example_body(operation_id: str) -> Any:
    """The document's own example of a request body, with both forms of a list's elements where it has two."""
    found = operation(operation_id)
    if found.request_schema is None:
        return None
    forms = list(branches(found.document, found.request_schema))
    return copy.deepcopy(example(found.document, forms[0][1] if forms else found.request_schema))


def unreadable(request: Request) -> list[Defect]:
    """Bodies that cannot be read."""
    data = json.dumps(request.body, ensure_ascii=False).encode()
    made: list[tuple[str, bytes, str]] = [
        ("empty", b"", FAULTY),
        ("cut off", data[:-1], FAULTY),
        ("more behind it", data + b"}", FAULTY),
        ("single quotes", data.replace(b'"', b"'"), FAULTY),
        ("a trailing comma", data[:-1] + b",}", FAULTY),
        ("not a number", b'{"a":NaN}', FAULTY),
        ("deeply nested", b"[" * 5000 + b"]" * 5000, FAULTY),
        ("Shift_JIS", '{"name":"試験"}'.encode("shift_jis"), UTF_8),
        ("a byte that UTF-8 does not have", data[:-2] + b"\xff" + data[-2:], UTF_8),
        ("UTF-16", json.dumps(request.body).encode("utf-16"), UTF_8),
    ]
    return [_raw(f"the body is {name}", raw, (MALFORMED,), clause) for name, raw, clause in made]


def media_types(request: Request) -> list[Defect]:
    """The same body under other media types."""
    data = json.dumps(request.body, ensure_ascii=False).encode()
    named = ("text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json-seq")
    return [_typed(name, data) for name in named]


def _typed(name: str, data: bytes) -> Defect:
    return Defect(
        id=f"Content-Type {name}",
        where="header",
        put=lambda request: request.with_(raw=data).with_header("Content-Type", name),
        codes=(UNSUPPORTED,),
        places=(),
        clause=FAULTY,
    )


def twice(objects: list[Place], request: Request) -> list[Defect]:
    """Each object of the body with its first member written twice, the second time with the same value."""
    made = []
    for place in objects:
        began = place.start(request)
        there = at(began.body, place.steps)
        if isinstance(there, dict) and there:
            name = next(iter(there))
            where = pointer((*place.steps, name))
            raw = _written(began.body, place.steps, name).encode()
            # A reader of pairs may know the name alone, not the way to it.
            named = ("", place.pointer, where, f"/{name}")
            made.append(_raw(f"{where} twice", raw, (MALFORMED,), TWICE, named))
    return made


def _written(value: Any, steps: tuple[str | int, ...], name: str) -> str:
    """JSON with one member of the object at `steps` written twice."""
    if isinstance(value, dict):
        pairs = []
        for key, item in value.items():
            inner = _written(item, steps[1:], name) if steps and steps[0] == key else _plain(item)
            pairs.append(f"{_plain(key)}:{inner}")
            if not steps and key == name:
                pairs.append(f"{_plain(key)}:{_plain(item)}")
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return (
            "["
            + ",".join(
                _written(item, steps[1:], name) if steps and steps[0] == number else _plain(item)
                for number, item in enumerate(value)
            )
            + "]"
        )
    return _plain(value)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def too_many(member: str) -> Defect:
    """One record more than a batch may have, each of them right."""

    def put(request: Request) -> Request:
        records = request.body[member]
        more = [_another(records[0]) for _ in range(RECORDS + 1 - len(records))]
        return request.with_(body={**request.body, member: [*records, *more]})

    return Defect(
        id=f"10,001 {member}",
        where="body",
        put=put,
        codes=("request-too-large",),
        places=(f"/{member}",),
        clause="IS-API-009",
    )


def _another(record: dict[str, Any]) -> dict[str, Any]:
    return record | {"record_id": f"R{uuid.uuid4().hex[:19]}"} if "record_id" in record else record


def _raw(name: str, raw: bytes, codes: tuple[str, ...], clause: str, places: tuple[str, ...] = ()) -> Defect:
    return Defect(
        id=name,
        where="body",
        put=lambda request: request.with_(body=None, raw=raw),
        codes=codes,
        places=places,
        clause=clause,
        located=codes if places else (),
    )
