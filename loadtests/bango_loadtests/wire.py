"""One keep-alive connection on gevent's loop, plain or over mutual TLS, with HTTP/1.1 read by httptools.

TLS runs through memory buffers (`wrap_bio`) on a bare non-blocking socket: about half of the processor time of gevent's own
TLS sockets goes into exceptions and timers that an exchange in this form does not need.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gevent
import httptools
from gevent import monkey, socket

from bango_loadtests.deadlines import WATCH
from bango_loadtests.tally import PATIENCE_MS

Socket = monkey.get_original("socket", "socket")
READ_BYTES = 65_536
READABLE, WRITABLE = 1, 2
KEPT = frozenset({b"bango-correlation-id", b"retry-after", b"location"})
"""The header fields that a caller may want to see; others are not even decoded."""


class Silence(Exception):  # noqa: N818 - an observation, not an error
    """No whole answer came: refused, cut, or out of time."""


@dataclass(slots=True)
class Answer:
    """One HTTP answer; `headers` holds the fields of KEPT that came, by lower-case name."""

    status: int
    body: bytes
    headers: dict[bytes, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """Where a server answers, and the client side of its TLS; without a context it is asked in plain HTTP."""

    host: str
    port: int
    context: ssl.SSLContext | None = None
    seconds: float = PATIENCE_MS / 1000
    """How long one exchange may take at most."""


class Wire:
    """A connection that is opened on first use and opened anew after a failure; for one greenlet at a time."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._socket: Any = None
        self.connections = 0
        """How often a connection was opened."""
        self._headers: dict[bytes, bytes] = {}
        self._body: list[bytes] = []
        self._status, self._last = 0, False
        self._done = True
        self._begun = False

    def exchange(self, request: bytes) -> Answer:
        """Send one whole request and read its answer; Silence when none comes.

        On a kept connection that the server closed before any of the answer, the request goes out once more.
        """
        kept = self._socket is not None
        ticket = WATCH.enter(self._origin.seconds)
        try:
            return self._exchange(request)
        except Silence:
            if not kept or self._begun:
                raise
            return self._exchange(request)
        except gevent.Timeout as late:
            raise Silence(f"no answer within {self._origin.seconds:g} s") from late
        finally:
            WATCH.leave(ticket)

    def _exchange(self, request: bytes) -> Answer:
        self._headers, self._done, self._begun = {}, False, False
        self._body.clear()
        try:
            if self._socket is None:
                self._open()
            self._write(request)
            while not self._done:
                self._begun = self._read(self._parser.feed_data) or self._begun
        except BaseException as error:
            # Also a greenlet that is ended in the middle leaves half an answer behind.
            self.close()
            if isinstance(error, (OSError, httptools.HttpParserError)):
                raise Silence(f"{type(error).__name__}: {error}") from error
            raise
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        if self._last:
            self.close()
        return Answer(self._status, body, self._headers)

    def close(self) -> None:
        """Close the connection, if there is one."""
        sock, self._socket = self._socket, None
        if sock is not None:
            self._readable.close()
            sock.close()

    # --- bytes in and out --------------------------------------------------------------------------------------

    def _open(self) -> None:
        origin = self._origin
        opened = socket.create_connection((origin.host, origin.port), timeout=origin.seconds)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        family = opened.family
        sock = Socket(family, socket.SOCK_STREAM, fileno=opened.detach())
        sock.setblocking(False)  # noqa: FBT003 - the standard library's signature
        self._hub = gevent.get_hub()
        self._socket = sock
        self._readable = self._hub.loop.io(sock.fileno(), READABLE)
        self._parser = httptools.HttpResponseParser(self)
        self._tls: ssl.SSLObject | None = None
        self.connections += 1
        if origin.context is not None:
            self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            self._tls = origin.context.wrap_bio(self._incoming, self._outgoing, server_hostname=origin.host)
            self._shake_hands(self._tls)

    def _shake_hands(self, tls: ssl.SSLObject) -> None:
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                self._send(self._outgoing.read())
                self._incoming.write(self._received())
            else:
                self._send(self._outgoing.read())
                return

    def _write(self, data: bytes) -> None:
        if self._tls is not None:
            self._tls.write(data)
            data = self._outgoing.read()
        self._send(data)

    def _send(self, data: bytes) -> None:
        if not data:
            return
        sent = self._sent(data)
        if sent < len(data):
            writable = self._hub.loop.io(self._socket.fileno(), WRITABLE)
            rest = memoryview(data)
            while sent < len(data):
                self._hub.wait(writable)
                sent += self._sent(rest[sent:])
            writable.close()

    def _sent(self, data: bytes | memoryview) -> int:
        try:
            return int(self._socket.send(data))
        except BlockingIOError:
            return 0

    def _received(self) -> bytes:
        self._hub.wait(self._readable)
        data: bytes = self._socket.recv(READ_BYTES)
        if not data:
            raise ConnectionResetError("the server closed the connection")
        return data

    def _read(self, feed: Callable[[bytes], None]) -> bool:
        """Feed what comes next; whether anything of an answer did."""
        data = self._received()
        if self._tls is None:
            feed(data)
            return True
        self._incoming.write(data)
        some = False
        while not self._done:
            try:
                data = self._tls.read(READ_BYTES)
            except ssl.SSLWantReadError:
                break
            if not data:
                raise ConnectionResetError("the server closed the connection")
            feed(data)
            some = True
        return some

    # --- called by the parser ----------------------------------------------------------------------------------

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header field that somebody may want."""
        name = name.lower()
        if name in KEPT:
            self._headers[name] = value

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """The answer is whole; only now does the parser know whether the connection stays."""
        self._status, self._last = self._parser.get_status_code(), not self._parser.should_keep_alive()
        self._done = True
