"""Checks of the linter that look at operations: who may call them, what they cite, what they answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_spec import _bundle, error_catalogue, interfaces, reading
from bango_spec.reading import Element

if TYPE_CHECKING:
    from bango_spec.interfaces import Operation

Breach = tuple[str, str]


class Scope(Element, frozen=True):
    """What checks need besides the documents."""

    roles: tuple[str, ...]
    separation: dict[str, tuple[str, ...]]


Check = Callable[[Scope], Iterator[Breach]]
CHECKS: dict[str, Check] = {}


def check(rule: str) -> Callable[[Check], Check]:
    """Register the check of a rule."""

    def register(function: Check) -> Check:
        CHECKS[rule] = function
        return function

    return register


def _all() -> Iterator[tuple[str, Operation]]:
    for name in interfaces.NAMES:
        for operation in interfaces.operations(name):
            yield f"{name}: {operation.operation_id}", operation


def _raw(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = interfaces.document(operation.document)["paths"][operation.path][operation.method.lower()]
    return found


def _names(operation: Operation, where: str) -> set[str]:
    return {found["name"] for found in operation.parameters if found["in"] == where}


@check("operation-ids")
def _operation_ids(_: Scope) -> Iterator[Breach]:
    count = Counter(operation.operation_id for _, operation in _all())
    for place, operation in _all():
        if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", operation.operation_id):
            yield place, "not lowerCamelCase"
        if count[operation.operation_id] > 1:
            yield place, "used more than once"


def clause_ids() -> set[str]:
    """The ids of all clauses of the requirements, as far as there are any."""
    found: set[str] = set()
    for file in reading.files("requirements"):
        data = reading.load(file)
        rows = data.get("clauses", []) if isinstance(data, dict) else data
        found |= {row["id"] for row in rows if isinstance(row, dict) and "id" in row}
    return found


@check("clauses")
def _clauses(_: Scope) -> Iterator[Breach]:
    cited = {place: operation.clauses for place, operation in _all()}
    for place, clauses in cited.items():
        if not clauses:
            yield place, "cites no clause"
    cited |= {name: interfaces.document_clauses(name) for name in interfaces.NAMES}
    cited |= {f"errors.yaml: {error.code}": error.clauses for error in error_catalogue.catalogue().errors}
    known = clause_ids()
    for place, clauses in cited.items():
        for clause in sorted(set(clauses) - known):
            yield place, f"cites {clause}, which no requirement has"


@check("roles")
def _roles(scope: Scope) -> Iterator[Breach]:
    for place, operation in _all():
        if not operation.roles:
            yield place, "no role may call it"
        for role in set(operation.roles) - set(scope.roles):
            yield place, f"role {role} is not known"


@check("mutual-tls")
def _mutual_tls(_: Scope) -> Iterator[Breach]:
    for place, operation in _all():
        whole = interfaces.document(operation.document)
        choices = _raw(operation).get("security", whole.get("security", []))
        if not choices or any("mutualTLS" not in choice for choice in choices):
            yield place, "can be called without mutual TLS"


@check("staff")
def _staff(_: Scope) -> Iterator[Breach]:
    for place, operation in _all():
        if operation.staff_session != ("staff-session-missing" in operation.errors):
            yield place, "staff session and its failures do not go together"
        if (operation.authority is not None) != ("staff-authority" in operation.errors):
            yield place, "authority and its lack do not go together"


@check("answers")
def _answers(_: Scope) -> Iterator[Breach]:
    for place, operation in _all():
        expected = {error_catalogue.error(code).status for code in operation.errors}
        documented = {answer.status for answer in operation.responses}
        if not any(200 <= status < 300 for status in documented):
            yield place, "no success is documented"
        failures = {status for status in documented if status >= 400}
        if failures != expected:
            yield place, f"documents {sorted(failures)}, its codes give {sorted(expected)}"


@check("answer-headers")
def _answer_headers(_: Scope) -> Iterator[Breach]:
    for place, operation in _all():
        for answer in operation.responses:
            expected = {"Bango-Correlation-Id", "Bango-Profile-Version"} | (
                {"Cache-Control"} if answer.status < 300 else set()
            )
            for header in sorted(expected - set(answer.headers)):
                yield place, f"{answer.status} has no {header}"


@check("request-headers")
def _request_headers(_: Scope) -> Iterator[Breach]:
    for place, operation in _all():
        for header in {"Bango-Correlation-Id", "Bango-Profile-Version"} - _names(operation, "header"):
            yield place, f"takes no {header}"


@check("idempotency")
def _idempotency(_: Scope) -> Iterator[Breach]:
    for place, operation in _all():
        if ("Idempotency-Key" in _names(operation, "header")) != ("idempotency-conflict" in operation.errors):
            yield place, "idempotency key and idempotency-conflict do not go together"


@check("request-bodies")
def _request_bodies(_: Scope) -> Iterator[Breach]:
    for place, operation in _all():
        for code in ("unsupported-media-type", "request-too-large"):
            if (operation.request_schema is not None) != (code in operation.errors):
                yield place, f"a request body and {code} do not go together"


@check("paging")
def _paging(_: Scope) -> Iterator[Breach]:
    for place, operation in _all():
        paged = "cursor" in _names(operation, "query")
        if paged and "limit" not in _names(operation, "query"):
            yield place, "takes a cursor but no limit"
        if paged and "cursor-invalid" not in operation.errors:
            yield place, "takes a cursor but lists no cursor-invalid"
        for answer in operation.responses:
            if paged and answer.status == 200 and answer.schema is not None:
                page = interfaces.resolve(operation.document, answer.schema)
                if "next_cursor" not in page.get("properties", {}):
                    yield place, "takes a cursor but gives no next_cursor"


@check("versions")
def _versions(_: Scope) -> Iterator[Breach]:
    for place, operation in _all():
        if "If-Match" not in _names(operation, "header"):
            continue
        if "version-changed" not in operation.errors:
            yield place, "takes If-Match but lists no version-changed"
        if not any("ETag" in answer.headers for answer in operation.responses):
            yield place, "takes If-Match but gives no ETag"


@check("accepted")
def _accepted(_: Scope) -> Iterator[Breach]:
    for place, operation in _all():
        if operation.document not in {"intermediate-server.in-house", "jlis"}:
            continue
        for answer in operation.responses:
            if answer.status == 202 and "Location" not in answer.headers:
                yield place, "accepts without a Location"


@check("operation-examples")
def _operation_examples(_: Scope) -> Iterator[Breach]:
    for place, operation in _all():
        raw = _raw(operation)
        bodies = {"request": raw["requestBody"]} if "requestBody" in raw else {}
        for part, body in (bodies | raw["responses"]).items():
            for media in body.get("content", {}).values():
                if not ({"example", "examples"} & media.keys() or media["schema"].get("examples")):
                    yield place, f"{part} has no example"


@check("catalogue")
def _catalogue(_: Scope) -> Iterator[Breach]:
    used = {code for _, operation in _all() for code in operation.errors + operation.entry_errors}
    for error in error_catalogue.catalogue().errors:
        place = f"errors.yaml: {error.code}"
        if "response" in error.appears and error.code not in used:
            yield place, "no operation can answer with it"
        if "response" not in error.appears and error.code in used:
            yield place, "an operation lists it, though it is no operation's answer"


@check("components")
def _components(_: Scope) -> Iterator[Breach]:
    shared = _bundle.source(_bundle.SHARED)["components"]
    for name in interfaces.NAMES:
        whole = interfaces.document(name)
        own = _bundle.source(f"{name}.yaml").get("components", {})
        pointers = set(re.findall(r"'#/components/([a-zA-Z]+/[A-Za-z]+)'", repr(whole)))
        for section, parts in own.items():
            for part in parts:
                if section != "securitySchemes" and part in shared.get(section, {}):
                    yield f"{name}: {part}", "has the name of a shared component"
                if section != "securitySchemes" and f"{section}/{part}" not in pointers:
                    yield f"{name}: {part}", "is not used"
    every = "".join(repr(_bundle.source(f"{name}.yaml")) for name in interfaces.NAMES) + repr(shared)
    for section, parts in shared.items():
        for part in parts:
            if f"#/components/{section}/{part}'" not in every:
                yield f"{_bundle.SHARED}: {part}", "is not used"
