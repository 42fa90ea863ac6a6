"""One attempt to speak to the target over a connection of one's own making, with what the TLS layer said of it."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from bango_conformance.stage.client import shown
from bango_mocks.tls import peer_of
from bango_reports.model import Exchange, Player, Tls

if TYPE_CHECKING:
    from bango_conformance.case import Case

SECONDS = 10.0


class Attempt(NamedTuple):
    """The HTTP status and body that came, if any; otherwise why not, in the TLS library's or the socket's words."""

    status: int | None
    body: bytes
    error: str
    tls: Tls


def attempt(
    case: Case,
    origin: str,
    context: ssl.SSLContext | None,
    method: str,
    path: str,
    *,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    player: Player = "outsider",
    own: str = "",
) -> Attempt:
    """Send one request over a fresh connection (in the clear without a context) and keep it as evidence."""
    started = time.perf_counter()
    parts = urlsplit(origin)
    host, port = parts.hostname or "", parts.port or 443
    status, answer, error, version, cipher, peer = None, b"", "", "", "", ""
    fields = {
        "Host": f"{host}:{port}",
        "Connection": "close",
        "Bango-Correlation-Id": str(uuid.uuid4()),
        "Bango-Profile-Version": "1.0",
        **({"Content-Length": str(len(body))} if body else {}),
        **(headers or {}),
    }
    try:
        with contextlib.closing(socket.create_connection((host, port), SECONDS)) as plain:
            channel: Any = context.wrap_socket(plain, server_hostname=host) if context else plain
            with contextlib.closing(channel):
                if context:
                    version, cipher = channel.version() or "", (channel.cipher() or ("",))[0]
                    found = peer_of(channel.getpeercert())
                    peer = f"{found.role} {found.body or ''}".strip() if found else ""
                lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
                channel.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
                response = http.client.HTTPResponse(channel)
                response.begin()
                status, answer = response.status, response.read()
    except (OSError, http.client.HTTPException) as failure:
        error = f"{type(failure).__name__}: {failure}"
    tls = Tls(version=version, cipher=cipher, own=own, peer=peer, error=error)
    case.saw(
        Exchange(
            direction="sent-to-target",
            player=player,
            method=method,
            url=origin + path,
            request=shown(list(fields.items()), body),
            status=status,
            response=shown([], answer) if status is not None else None,
            error=error,
            offset_ms=round((started - case.began) * 1000, 1),
            duration_ms=round((time.perf_counter() - started) * 1000, 1),
            tls=tls,
        )
    )
    return Attempt(status, answer, error, tls)
