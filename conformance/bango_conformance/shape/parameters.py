"""Single defects of path, query and header parameters."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from bango_conformance.operations import operation
from bango_conformance.shape.defects import REFUSED_BY_NAME, Defect
from bango_conformance.shape.request import VERSION, Request
from bango_conformance.shape.schemas import MALFORMED, error_code, example
from bango_conformance.shape.values import FAULTY, Wrong, wrong_values
from bango_spec.identifiers import Medium

In = Literal["path", "query", "header"]
MEDIA: Mapping[str, Medium] = {"path": "path", "query": "text", "header": "header"}
UNLISTED = "unlisted"
UNSUPPORTED_VERSION = "profile-version-unsupported"
# A path parameter in its right form that names nothing, and the reasons that fit, of which an operation lists some.
NOTHING: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "acquisition_number": ("20200906999999999999", ("unknown-acquisition",)),
    "integrated_address_number": ("000009999999999", ("no-linkage-code", "no-replica")),
    "inquiry_id": ("", ("unknown-inquiry",)),
    "permit_id": ("", ("unknown-permit",)),
    "batch_id": ("", ("unknown-batch",)),
    "file_id": ("", ("unknown-batch",)),
    "notice_id": ("", ("unknown-notice",)),
    "failure_id": ("", ("unknown-failure",)),
    "staff_id": ("nobody-of-this-name", ("unknown-staff",)),
}
# Reasons besides the malformation itself with which a value that the schema refuses may be turned down.
REASONS: Mapping[str, tuple[str, ...]] = {"cursor": ("cursor-invalid",), VERSION: (UNSUPPORTED_VERSION,)}


def parameters(operation_id: str, where: In) -> list[dict[str, Any]]:
    """The operation's parameters of one kind."""
    return [one for one in operation(operation_id).parameters if one["in"] == where]


def parameter_defects(parameter: Mapping[str, Any], request: Request, turn: int = 0) -> Iterator[Defect]:
    """Everything wrong with one parameter: missing where it is required, and its wrong values."""
    where, name = parameter["in"], parameter["name"]
    document = operation(request.operation_id).document
    valid = _sent(request, where, name) or _text(example(document, parameter["schema"]))
    code = error_code(document, parameter["schema"])
    if parameter.get("required") and where != "path":
        yield _defect(parameter, Wrong("missing", None), None)
    for wrong in wrong_values(document, parameter["schema"], valid, MEDIA[where], (turn, 4)):
        yield _defect(parameter, wrong, code)
    if where == "query":
        yield _twice(parameter, valid)
    if where == "path":
        yield from _unknown(parameter, request)


def _sent(request: Request, where: str, name: str) -> str | None:
    if where == "path":
        return request.path.get(name)
    return dict(request.query).get(name) if where == "query" else request.headers.get(name)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _defect(parameter: Mapping[str, Any], wrong: Wrong, code: str | None) -> Defect:
    where, name = parameter["in"], parameter["name"]
    located = (code,) if code is not None and wrong.id != "missing" else (MALFORMED,)

    def put(request: Request) -> Request:
        if where == "header":
            return request.with_header(name, wrong.value or "")
        if where == "path":
            return request.with_(path={**request.path, name: wrong.value})
        others = tuple(pair for pair in request.query if pair[0] != name)
        return request.with_(query=others if wrong.value is None else (*others, (name, wrong.value)))

    return Defect(
        id=f"{where} {name}: {wrong.id}",
        where=where,
        put=put,
        codes=(*located, *REASONS.get(name, ())),
        places=(name.lower(),),
        clause=wrong.clause,
        located=located,
    )


def _twice(parameter: Mapping[str, Any], valid: str) -> Defect:
    name = parameter["name"]

    def put(request: Request) -> Request:
        value = dict(request.query).get(name, valid)
        others = tuple(pair for pair in request.query if pair[0] != name)
        return request.with_(query=(*others, (name, value), (name, value)))

    return Defect(f"query {name}: given twice", "query", put, (MALFORMED,), (name.lower(),), FAULTY, (MALFORMED,))


def _unknown(parameter: Mapping[str, Any], request: Request) -> Iterator[Defect]:
    name = parameter["name"]
    value, reasons = NOTHING.get(name, ("", ()))
    codes = tuple(code for code in reasons if code in operation(request.operation_id).errors)
    if codes:
        named = value or str(uuid.uuid4())
        yield Defect(
            id=f"path {name}: names nothing",
            where="path",
            put=lambda one: one.with_(path={**one.path, name: named}),
            codes=codes,
            places=(),
            clause="IS-API-001",
        )


def unlisted_query() -> Defect:
    """A query parameter that no document defines."""
    return Defect(
        id=f"query {UNLISTED}",
        where="query",
        put=lambda request: request.with_(query=(*request.query, (UNLISTED, "1"))),
        codes=(MALFORMED,),
        places=(UNLISTED,),
        clause=REFUSED_BY_NAME,
        located=(MALFORMED,),
    )


def version_defects() -> list[Defect]:
    """Versions of the profile that nobody speaks."""
    return [
        Defect(
            id=f"header {VERSION}: {value}",
            where="header",
            put=lambda request, value=value: request.with_header(VERSION, value),  # type: ignore[misc]
            codes=(UNSUPPORTED_VERSION,),
            places=(VERSION.lower(),),
            clause="IS-API-007",
        )
        for value in ("0.9", "99.0", "999.999")
    ]
