"""The fast connection against real sockets: answers in pieces, connections that end, and servers that say nothing."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bango_loadtests import deadlines
from bango_loadtests.wire import Origin, Silence, Wire
from bango_mocks.authority import Authority, Credential
from bango_mocks.tls import client_context, server_context

REQUEST = b"GET /x HTTP/1.1\r\nHost: here\r\n\r\n"
Script = Callable[[Any], None]


def plain(body: bytes, more: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + more + b"Content-Length: %d\r\n\r\n" % len(body) + body


class Server:
    """Plays one script for each connection that comes, the last one again and again."""

    def __init__(self, scripts: list[Script], context: ssl.SSLContext | None) -> None:
        self._scripts = scripts
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.connections = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                channel, _ = self._socket.accept()
            except OSError:
                return
            script = self._scripts[min(self.connections, len(self._scripts) - 1)]
            self.connections += 1
            with ExitStack() as closing:
                closing.callback(channel.close)
                try:
                    if self._context:
                        channel = self._context.wrap_socket(channel, server_side=True)
                        closing.callback(channel.close)
                    script(channel)
                except OSError:
                    continue

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


def request(channel: Any) -> None:
    seen = b""
    while b"\r\n\r\n" not in seen:
        data = channel.recv(4096)
        if not data:
            raise ConnectionResetError
        seen += data


def answering(*answers: bytes) -> Script:
    def script(channel: Any) -> None:
        for answer in answers:
            request(channel)
            channel.sendall(answer)

    return script


@pytest.fixture(scope="module")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> tuple[Credential, Credential]:
    folder: Path = tmp_path_factory.mktemp("authority")
    authority = Authority.create(folder / "authority")
    return authority.issue(folder / "server", "core"), authority.issue(folder / "client", "interface-system")


@pytest.fixture(params=["plain", "mutual TLS"])
def wired(request: pytest.FixtureRequest, credentials: tuple[Credential, Credential]) -> Iterator[Any]:
    secure = request.param == "mutual TLS"
    server_side, client_side = (
        (server_context(credentials[0]), client_context(credentials[1])) if secure else (None, None)
    )
    with ExitStack() as closing:

        def wire(*scripts: Script, seconds: float = 5.0) -> tuple[Wire, Server]:
            server = Server(list(scripts), server_side)
            closing.callback(server.close)
            made = Wire(Origin("127.0.0.1", server.port, client_side, seconds))
            closing.callback(made.close)
            return made, server

        yield wire


def test_one_connection_carries_many_exchanges(wired: Any) -> None:
    wire, server = wired(answering(*[plain(b"%d" % n, b"Retry-After: 3\r\nX-Other: y\r\n") for n in range(50)]))
    for n in range(50):
        answer = wire.exchange(REQUEST)
        assert (answer.status, answer.body, answer.headers) == (200, b"%d" % n, {b"retry-after": b"3"})
    assert server.connections == wire.connections == 1


def test_a_large_body_and_one_in_chunks_come_whole(wired: Any) -> None:
    large = bytes(range(256)) * 8000
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
    wire, _ = wired(answering(plain(large), chunked))
    assert wire.exchange(REQUEST).body == large
    assert wire.exchange(REQUEST).body == b"abcdefg"


def test_a_large_request_goes_out_whole(wired: Any) -> None:
    body = b"x" * 3_000_000
    got = []

    def script(channel: Any) -> None:
        seen = 0
        while seen < len(body):
            seen += len(channel.recv(65_536))
        got.append(seen)
        channel.sendall(plain(b"ok"))

    wire, _ = wired(script)
    assert wire.exchange(b"POST /x HTTP/1.1\r\nContent-Length: 2999969\r\n\r\n"[:31] + body[31:]).body == b"ok"
    assert got == [len(body)]


def test_an_answer_byte_by_byte(wired: Any) -> None:
    def script(channel: Any) -> None:
        request(channel)
        for byte in plain(b"slowly"):
            channel.sendall(bytes([byte]))

    wire, _ = wired(script)
    assert wire.exchange(REQUEST).body == b"slowly"


def test_a_kept_connection_that_was_closed_meanwhile_is_opened_anew(wired: Any) -> None:
    wire, server = wired(answering(plain(b"first")), answering(plain(b"second")))
    assert [wire.exchange(REQUEST).body for _ in range(2)] == [b"first", b"second"]
    assert server.connections == wire.connections == 2


def test_connection_close_is_heeded(wired: Any) -> None:
    wire, _ = wired(answering(plain(b"one", b"Connection: close\r\n")), answering(plain(b"two")))
    assert [wire.exchange(REQUEST).body for _ in range(2)] == [b"one", b"two"]


def test_half_an_answer_is_silence_and_is_not_asked_for_twice(wired: Any) -> None:
    def half(channel: Any) -> None:
        request(channel)
        channel.sendall(plain(b"whole"))
        request(channel)
        channel.sendall(plain(b"whole")[:-2])

    wire, server = wired(half, answering(plain(b"again")))
    assert wire.exchange(REQUEST).body == b"whole"
    with pytest.raises(Silence):
        wire.exchange(REQUEST)
    assert server.connections == 1
    assert wire.exchange(REQUEST).body == b"again"


def test_what_is_no_http_is_silence(wired: Any) -> None:
    wire, _ = wired(answering(b"SSH-2.0-OpenSSH\r\n\r\n"))
    with pytest.raises(Silence, match="Error"):
        wire.exchange(REQUEST)


def test_a_server_that_says_nothing(wired: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "LOOK_SECONDS", 0.02)
    ended = threading.Event()

    def script(channel: Any) -> None:
        request(channel)
        ended.wait(5)

    wire, _ = wired(script, seconds=0.2)
    with pytest.raises(Silence, match=r"no answer within 0\.2 s"):
        wire.exchange(REQUEST)
    ended.set()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Silence, match="refused"):
        Wire(Origin("127.0.0.1", port)).exchange(REQUEST)
