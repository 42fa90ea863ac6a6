"""The ground's own door on the loopback address: disturbances are begun and ended here, and the ledgers told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec
import psutil

from bango_mocks.hosting import Receive, Scope, Send


class Control:
    """A plain ASGI application; whoever calls must show the token."""

    def __init__(
        self, token: str, disturb: Callable[[str, float], None], told: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> None:
        self._token = b"Bearer " + token.encode()
        self._disturb = disturb
        self._told = told
        self._process = psutil.Process()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One exchange: PUT /disturbance, GET /load, POST /ledgers."""
        body = await _whole(receive)
        status, answer = 404, b""
        if dict(scope["headers"]).get(b"authorization") != self._token:
            status = 401
        elif (scope["method"], scope["path"]) == ("PUT", "/disturbance"):
            asked = msgspec.json.decode(body)
            self._disturb(asked["kind"], asked["seconds"])
            status = 204
        elif (scope["method"], scope["path"]) == ("GET", "/load"):
            used = self._process.cpu_times()
            status, answer = 200, msgspec.json.encode({"cpu": used.user + used.system, "at": time.time()})
        elif (scope["method"], scope["path"]) == ("POST", "/ledgers"):
            # Reading the target takes long, and its own calls into the network must be answered meanwhile.
            told = await asyncio.to_thread(self._told, msgspec.json.decode(body))
            status, answer = 200, msgspec.json.encode(told)
        headers = [(b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


async def _whole(receive: Receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)
