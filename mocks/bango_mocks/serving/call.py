"""What a handler receives and gives back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bango_mocks.tls import Peer


@dataclass(slots=True)
class Call:
    """One request that has passed routing, role and schema checks."""

    operation: str
    method: str
    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    peer: Peer | None
    correlation_id: str
    body: Any = None
    raw: bytes = b""
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Reply:
    """The answer of a handler; `body` is encoded as JSON unless it is bytes already."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


class Problem(Exception):  # noqa: N818 - RFC 9457's own word
    """A refusal by its code in the error catalogue; `members` are extension members such as `nearest`."""

    def __init__(self, code: str, detail: str = "", *, origin: str | None = None, **members: Any) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.origin = origin
        self.members = members


Handler = Callable[[Call], Awaitable[Reply]]
