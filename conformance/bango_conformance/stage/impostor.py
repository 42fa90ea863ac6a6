"""A listener that stands in somebody's place: it notes who connects and what they say, and gives nothing of value back."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Self

SECONDS = 10.0
REFUSAL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Visit:
    """One connection: the first bytes that came in the clear or inside TLS, and how the handshake ended."""

    said: bytes
    version: str
    error: str


class Impostor:
    """Listens with a TLS context, or in the clear without one; use as a context manager."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None) -> None:
        self._context = context
        self._listener = socket.create_server((host, port))
        self._listener.settimeout(0.1)
        self._ending = threading.Event()
        self._changed = threading.Condition()
        self._visits: list[Visit] = []
        self._under_way = 0
        self._thread = threading.Thread(target=self._listen, name="impostor", daemon=True)

    @property
    def port(self) -> int:
        """The port that was taken."""
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._ending.set()
        self._thread.join(SECONDS)
        self._listener.close()

    def visits(self) -> list[Visit]:
        """Everybody who came, once those who are still here have left."""
        with self._changed:
            self._changed.wait_for(lambda: self._under_way == 0, SECONDS)
            return list(self._visits)

    def _listen(self) -> None:
        while not self._ending.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            with self._changed:
                self._under_way += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        said, version, error = b"", "", ""
        connection.settimeout(SECONDS)
        try:
            with contextlib.closing(self._secured(connection)) as channel:
                version = channel.version() or "" if isinstance(channel, ssl.SSLSocket) else ""
                said = channel.recv(65536)
                channel.sendall(REFUSAL)
        except OSError as failure:
            error = str(failure)
        finally:
            connection.close()
            with self._changed:
                self._visits.append(Visit(said, version, error))
                self._under_way -= 1
                self._changed.notify_all()

    def _secured(self, connection: socket.socket) -> socket.socket:
        return self._context.wrap_socket(connection, server_side=True) if self._context else connection
