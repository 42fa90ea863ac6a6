"""One request to the target as data, so that a defect can be put into it before it goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bango_conformance.operations import operation

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer

# An operation that needs a session but no authority is called by this member of staff.
ANYBODY = "register"
CORRELATION = "Bango-Correlation-Id"
IDEMPOTENCY = "Idempotency-Key"
VERSION = "Bango-Profile-Version"


@dataclass(frozen=True)
class Request:
    """A request; `headers` come on top of those that every call carries, one with an empty value is left out."""

    operation_id: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    raw: bytes | None = None

    def with_(self, **changed: Any) -> Request:
        """The request with some of its parts replaced."""
        return replace(self, **changed)

    def with_header(self, name: str, value: str) -> Request:
        """The request with one header more; an empty value leaves the header out."""
        return replace(self, headers={**self.headers, name: value})


def send(case: Case, request: Request) -> Answer:
    """The target's answer to a request."""
    found = operation(request.operation_id)
    staff = None
    if found.staff_session and "Authorization" not in request.headers:
        staff = found.authority or ANYBODY
    return case.ask(
        request.operation_id,
        path=request.path,
        query=request.query,
        body=request.body,
        raw=request.raw,
        headers=request.headers,
        staff=staff,
    )
