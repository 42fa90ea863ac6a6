"""Running ASGI applications over mutual TLS: one event loop in a thread of its own hosts any number of them."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bango_mocks.authority import Credential
from bango_mocks.hosts import MOST_PORT
from bango_mocks.tls import peer_of, server_context
from bango_spec.errors import BangoError

T = TypeVar("T")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]

STARTING_SECONDS = 20.0


class PeerProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with the peer of the TLS connection in `scope["extensions"]["bango.peer"]`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Read the peer once for each connection; every request on it carries it."""
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        self.peer = peer_of(tls.getpeercert()) if tls is not None else None

    def on_headers_complete(self) -> None:
        """Put the peer into the scope before the request's task starts."""
        self.scope.setdefault("extensions", {})["bango.peer"] = self.peer  # type: ignore[assignment]
        super().on_headers_complete()


def listening(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one. LISTEN-REFUSED when the address cannot be had."""
    if not 0 <= port <= MOST_PORT:
        raise BangoError(
            "LISTEN-REFUSED",
            f"{host}:{port}: 番号は 0 から {MOST_PORT} までです / a port is a number from 0 to {MOST_PORT}",
            step="空いている番号、または 0（どれでも）にしてください / choose a free port, or 0 for any",
        )
    sock = None
    try:
        sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except (OSError, UnicodeError, ValueError, TypeError) as error:
        if sock is not None:
            sock.close()
        raise _refused(host, port, error) from error
    sock.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return sock


_PORT = "空いている番号、または 0（どれでも）にしてください / choose a free port, or 0 for any"
_ADDRESS = (
    "127.0.0.1、0.0.0.0、::1 か、この機械の番地にしてください / use 127.0.0.1, 0.0.0.0, ::1 or this machine's own"
)
_REASONS = {
    errno.EADDRINUSE: ("ほかのプログラムがその番号を使っています / another program has the port", _PORT),
    errno.EACCES: ("1024 より小さい番号は管理者だけのものです / ports below 1024 are the administrator's", _PORT),
    errno.EADDRNOTAVAIL: ("この機械の番地ではありません / the address is not one of this machine", _ADDRESS),
}


def _refused(host: str, port: int, error: Exception) -> BangoError:
    known = None if isinstance(error, socket.gaierror) else _REASONS.get(getattr(error, "errno", None) or 0)
    cause, step = known or ("番地として使えません / it cannot be used as an address", _ADDRESS)
    told = getattr(error, "strerror", None) or type(error).__name__
    shown = f"[{host}]" if ":" in host else host
    what = f"{shown}:{port}: 待ち受けられません / cannot listen there: {told}"
    return BangoError("LISTEN-REFUSED", what, cause=cause, step=step)


def server(app: ASGI, credential: Credential | None, context: ssl.SSLContext | None = None) -> uvicorn.Server:
    """A uvicorn server for `app`; with a credential or a context of its own it speaks mutual TLS, else plain HTTP."""
    if context is None and credential is not None:
        context = server_context(credential)
    config = uvicorn.Config(
        app,
        http=PeerProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level=logging.ERROR,
        server_header=False,
        # Who calls is what the connection says; headers that claim another source are not believed.
        proxy_headers=False,
        timeout_graceful_shutdown=2,
        # Longer than clients keep idle connections (5 s is usual): whoever closes first must not be the one that is about to be asked.
        timeout_keep_alive=75,
        ssl_context_factory=None if context is None else (lambda _config, _default: context),
    )
    return uvicorn.Server(config)


@dataclass
class Served:
    """One application that is being served."""

    url: str
    server: uvicorn.Server
    task: asyncio.Task[None]


class Host:
    """An event loop in a thread, and the servers on it; use as a context manager."""

    def __init__(self) -> None:
        self.loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="bango-host", daemon=True)
        self._served: list[Served] = []

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        for served in reversed(self._served):
            self.stop(served)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(STARTING_SECONDS)
        self.loop.close()

    def call(self, work: Coroutine[Any, Any, T], seconds: float = STARTING_SECONDS) -> T:
        """Run a coroutine on the loop from another thread and wait for its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def serve(
        self,
        app: ASGI,
        credential: Credential | None,
        host: str = "127.0.0.1",
        port: int = 0,
        advertise: str = "",
        context: ssl.SSLContext | None = None,
    ) -> Served:
        """Serve `app`; the answer's `url` names the advertised host and the port that was taken."""
        sock = listening(host, port)
        scheme = "http" if credential is None and context is None else "https"
        name = advertise or host
        url = f"{scheme}://{f'[{name}]' if ':' in name else name}:{sock.getsockname()[1]}"
        served = self.call(self._start(server(app, credential, context), sock, url))
        self._served.append(served)
        return served

    async def _start(self, made: uvicorn.Server, sock: socket.socket, url: str) -> Served:
        task = asyncio.ensure_future(made.serve(sockets=[sock]))
        while not made.started:
            if task.done():
                task.result()
                raise BangoError("LISTEN-ENDED", f"{url}: 始まる前に終わりました / the server ended while starting")
            await asyncio.sleep(0.005)
        return Served(url, made, task)

    def stop(self, served: Served) -> None:
        """End one server and close its connections."""
        if served in self._served:
            self._served.remove(served)
            # Idle keep-alive connections of peers would hold a graceful end up; nothing of theirs is under way.
            served.server.should_exit = served.server.force_exit = True
            with contextlib.suppress(asyncio.CancelledError):
                self.call(_ended(served))


async def _ended(served: Served) -> None:
    connections = [one.transport for one in served.server.server_state.connections]
    await served.task
    # A transport that is still open when the loop closes would keep it open.
    for transport in connections:
        transport.abort()
    await asyncio.sleep(0.01)
