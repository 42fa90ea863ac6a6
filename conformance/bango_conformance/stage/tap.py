"""A tap on a part that the harness plays: every exchange of the target with it goes to the inbox as evidence."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from bango_conformance.stage.client import shown
from bango_conformance.stage.inbox import Inbox, Received
from bango_mocks.hosting import Receive, Scope, Send
from bango_mocks.serving import Application
from bango_mocks.tls import Peer
from bango_reports.model import Exchange, Player

SILENT_PAUSE = 0.02
KEY_NAMES = frozenset({"linkage_code", "permit_id", "acquisition_number"})
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Tap:
    """An ASGI application that passes everything on to another one and files what passed."""

    def __init__(self, inner: Application, inbox: Inbox, player: Player) -> None:
        self._inner = inner
        self._inbox = inbox
        self._player: Player = player
        self._silent = False

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Take requests in and answer none of them, until the end of the block."""
        self._silent = True
        try:
            yield
        finally:
            self._silent = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One exchange."""
        body, started = await _whole(receive), time.perf_counter()
        while self._silent:  # noqa: ASYNC110 - set by the threads of the cases
            await asyncio.sleep(SILENT_PAUSE)
        status, headers, answer = 0, [], b""

        async def again() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def sending(message: Any) -> None:
            nonlocal status, headers, answer
            if message["type"] == "http.response.start":
                status, headers = message["status"], message["headers"]
            else:
                answer += message.get("body", b"")
                if not message.get("more_body"):
                    # Filed before the target can act on the answer, so that no check runs ahead of its evidence.
                    file(status, headers, answer)
            await send(message)

        def file(code: int, fields: list[tuple[bytes, bytes]], data: bytes) -> None:
            self._file(scope, body, code, fields, data, started)

        await self._inner(scope, again, sending)

    def _file(
        self, scope: Scope, body: bytes, status: int, headers: list[tuple[bytes, bytes]], answer: bytes, started: float
    ) -> None:
        found = self._inner.routes.find(scope["raw_path"].decode("ascii", "replace"))
        operation = found[0].get(scope["method"], "") if found else ""
        peer: Peer | None = scope.get("extensions", {}).get("bango.peer")
        sent, came = _parsed(body), _parsed(answer)
        query = scope["query_string"].decode("ascii", "replace")
        exchange = Exchange(
            direction="received-from-target",
            player=self._player,
            method=scope["method"],
            url=scope["path"] + (f"?{query}" if query else ""),
            request=shown(_text(scope["headers"]), body),
            status=status,
            response=shown(_text(headers), answer),
            offset_ms=0.0,
            duration_ms=round((time.perf_counter() - started) * 1000, 1),
            label=operation,
        )
        keys = {*_keys(sent), *_keys(came), *(match[0] for match in _UUID.finditer(scope["path"]))}
        keys |= {value.decode("latin-1") for name, value in scope["headers"] if name == b"bango-correlation-id"}
        self._inbox.add(Received(operation, sent, exchange, peer=peer, at=started), keys)


async def _whole(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _parsed(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    # Nested too deep for any reader is no JSON either.
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name in KEY_NAMES and isinstance(item, str):
                yield item


def _text(headers: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
