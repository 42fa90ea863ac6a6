"""One client of a component: requests made ready as bytes, one connection, and a look at every answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlsplit

import msgspec
from gevent.lock import BoundedSemaphore

from bango_loadtests.tally import OK, SILENCE, UNDOCUMENTED, Tally, Window
from bango_loadtests.wire import Answer, Origin, Silence, Wire
from bango_mocks.authority import Credential
from bango_mocks.tls import client_context
from bango_spec import interfaces

if TYPE_CHECKING:
    from locust.env import Environment

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SUCCESS = range(200, 300)
NONE: Mapping[str, str] = {}
SAMPLED = 25
"""Of so many good answers of an operation one is checked against its whole schema; of others, every one."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came: the status (0 for none), the body, and how the exchange ended."""

    status: int
    body: bytes
    end: str

    def json(self) -> Any:
        """The body's content; None when it is none."""
        try:
            return msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return None

    @property
    def good(self) -> bool:
        """Whether it is a documented success."""
        return self.end == OK


class Counting(Protocol):
    """What a client needs of its process: where to count and since when, and where the credentials are."""

    tally: Tally
    began: float

    @property
    def credentials(self) -> Mapping[str, str]:
        """Folders of credentials by their name."""

    @property
    def warm_up_seconds(self) -> float:
        """How long nothing is counted by line."""


class Client:
    """A client with one connection to one component; exchanges of its greenlets take their turn on it."""

    def __init__(self, part: Counting, environment: Environment, origin: str, credential: str) -> None:
        self._part = part
        self._fire: Any = environment.events.request.fire
        where = urlsplit(origin)
        self._origin = origin
        context = _context(part.credentials[credential]) if where.scheme == "https" else None
        port = where.port or (443 if context else 80)
        self.wire = Wire(Origin(where.hostname or "", port, context))
        self._turn = BoundedSemaphore(1)
        self._correlations = _correlations()
        self._host = f"Host: {where.netloc}\r\nBango-Profile-Version: 1.0\r\n"

    def call(
        self,
        operation_id: str,
        *,
        due: float | None = None,
        body: bytes = b"",
        line: str = "",
        key: str | None = None,
        token: str = "",
        query: str = "",
        path: Mapping[str, str] = NONE,
    ) -> Heard:
        """One exchange; `due` is when it should have begun (monotonic seconds), the moment of the call without one."""
        known = _known(operation_id)
        correlation = next(self._correlations)
        request = self._request(known, correlation, body, key, token, query, path)
        due = monotonic() if due is None else due
        with self._turn:
            sent = monotonic()
            try:
                answer = self.wire.exchange(request)
            except Silence as error:
                answer = None
                end, trouble = SILENCE, str(error)
            came = monotonic()
        if answer is not None:
            end, trouble = self._looked(known, answer, correlation)
        due_ms, sent_ms = (came - due) * 1000, (came - sent) * 1000
        self._count(operation_id, due, due_ms, sent_ms, end, line)
        self._fire(
            request_type=known.operation.method,
            name=operation_id,
            response_time=due_ms,
            response_length=len(answer.body) if answer else 0,
            response=answer,
            context={},
            exception=None if end == OK else Exception(f"{end} {trouble}".strip()),
            start_time=due,
            url=self._origin,
        )
        return Heard(answer.status, answer.body, end) if answer else Heard(0, b"", end)

    def _request(
        self,
        known: _Known,
        correlation: str,
        body: bytes,
        key: str | None,
        token: str,
        query: str,
        path: Mapping[str, str],
    ) -> bytes:
        where = known.operation.path
        for name, value in path.items():
            where = where.replace("{" + name + "}", quote(value, safe=""))
        head = (
            f"{known.operation.method} {where}{query} HTTP/1.1\r\n{self._host}Bango-Correlation-Id: {correlation}\r\n"
        )
        if known.keyed:
            head += f"Idempotency-Key: {key or correlation}\r\n"
        if token:
            head += f"Authorization: Bearer {token}\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"\r\n" + body

    def _looked(self, known: _Known, answer: Answer, correlation: str) -> tuple[str, str]:
        """How an answer ends its exchange, and what is wrong with it in words."""
        tally = self._part.tally
        echoed = answer.headers.get(b"bango-correlation-id", b"").decode("latin-1")
        tally.looked(
            "correlation",
            None
            if echoed == correlation
            else f"{known.operation.operation_id}: sent {correlation}, came {echoed or '-'}",
        )
        documented = known.statuses.get(answer.status)
        if answer.status in SUCCESS and documented is not None and not known.sampled():
            return OK, ""
        if documented is None:
            tally.looked("documented", f"{known.operation.operation_id}: status {answer.status}")
            return UNDOCUMENTED, f"status {answer.status}"
        try:
            content = msgspec.json.decode(answer.body) if answer.body else None
        except msgspec.DecodeError as error:
            tally.looked("documented", f"{known.operation.operation_id}: {answer.status}: {error}")
            return UNDOCUMENTED, str(error)
        fault = next(iter(documented.iter_errors(content)), None) if documented is not True else None
        if fault is not None:
            # Values of persons stay out: the place and the rule say enough.
            told = f"{known.operation.operation_id}: {answer.status}: /{'/'.join(map(str, fault.instance_path))}: {fault.kind.name}"
            tally.looked("documented", told)
            return UNDOCUMENTED, told
        tally.looked("documented")
        if answer.status in SUCCESS:
            return OK, ""
        return f"{answer.status}:{content.get('code', '') if isinstance(content, dict) else ''}", ""

    def _count(self, name: str, due: float, due_ms: float, sent_ms: float, end: str, line: str) -> None:
        part = self._part
        second = int(due - part.began)
        if due < part.began:
            return
        part.tally.window(name, second).add(due_ms, sent_ms, end)
        if line and second >= part.warm_up_seconds:
            part.tally.lines.setdefault(f"{name}|{line}", Window()).add(due_ms, sent_ms, end)


class _Known:
    """An operation as a client needs it."""

    def __init__(self, operation: interfaces.Operation) -> None:
        self.operation = operation
        self.keyed = any(one.get("name") == "Idempotency-Key" for one in operation.parameters)
        self.statuses: dict[int, Any] = {
            one.status: _validator(operation.document, one.schema) if one.schema else True
            for one in operation.responses
        }
        self._turn = 0

    def sampled(self) -> bool:
        """Whether it is this good answer's turn to be checked whole."""
        self._turn = (self._turn + 1) % SAMPLED
        return self._turn == 1


def _correlations() -> Iterator[str]:
    """UUIDs with a drawn beginning and a running end: drawing each of them whole is a twentieth of an exchange's cost."""
    beginning = str(uuid.uuid4())[:24]
    return (f"{beginning}{number:012x}" for number in count())


@cache
def _known(operation_id: str) -> _Known:
    return _Known(interfaces.operation(operation_id))


def _validator(document: str, schema: dict[str, Any]) -> Any:
    import jsonschema_rs  # noqa: PLC0415 - heavy

    whole = {"$schema": DIALECT, "components": interfaces.document(document)["components"], "allOf": [schema]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


@cache
def _context(folder: str) -> Any:
    return client_context(Credential(Path(folder)))
