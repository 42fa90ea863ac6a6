"""The national network without sockets: a vendor's own httpx-based tests reach core, interface system and J-LIS by respx.

    from bango_mocks.inprocess import inprocess_network  # a pytest fixture

    def test_acquisition(inprocess_network):
        body = inprocess_network.body
        with httpx.Client(base_url=inprocess_network.urls["interface-system"]) as client:
            answer = client.post(
                "/v1/acquisitions",
                json={"body": body},
                headers={"Idempotency-Key": "0123456789abcdef", "Bango-Profile-Version": "1.0", "Bango-Correlation-Id": "…"},
            )
        assert answer.status_code == 201

`with InProcess() as network:` does the same without pytest. Synchronous and asynchronous clients both work; the components
run on an event loop of their own. Nobody shows a certificate here, so the caller's role and body are set instead: calls to
the interface system come from the body's intermediate server, calls to J-LIS from its in-house systems, until
`network.calling_as(role, body)` says otherwise. `network.join(body, app)` puts an ASGI application in the place of a body's
intermediate server, so that what the network sends reaches it. `network.fails(name, how)` makes a component fail.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Literal, Self, cast
from urllib.parse import urlsplit

import httpx
import pytest
import respx

from bango_mocks.authority import Authority, Credential
from bango_mocks.channel import Channel
from bango_mocks.clock import Clock, system_clock
from bango_mocks.directory import Directory, Entry
from bango_mocks.hosting import ASGI, Receive, Scope, Send
from bango_mocks.network import Network, Plan
from bango_mocks.parties import parties_of
from bango_mocks.population import bodies
from bango_mocks.tls import Peer
from bango_spec.allow_list import party_kinds
from bango_spec.assumptions import number
from bango_spec.law import edition_as_of

Failure = Literal["refused", "timeout", "cut", "not-json", "wrong-type", "empty"]
DOMAIN = "bango-testbed.invalid"
BODIES = 3

_waiting: ContextVar[bool] = ContextVar("bango-inprocess-waiting", default=False)


class InProcess(Network):
    """A network whose components are called directly; use as a context manager. `body` is the first of its bodies."""

    def __init__(
        self,
        directory: Directory | None = None,
        *,
        body: str | None = None,
        seed: int = 0,
        edition: str | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._folder = ExitStack()
        folder = Path(self._folder.enter_context(tempfile.TemporaryDirectory(prefix="bango-inprocess-")))
        known = directory or default_bodies()
        # No authority: nothing is signed and nobody shows a certificate.
        super().__init__(
            Plan(known, seed, edition or edition_as_of(None).id, folder, clock=clock), cast("Authority", None)
        )
        self.body = body or next(iter(known)).body
        self._apps: dict[str, ASGI] = {}
        self._peers: dict[Path, Peer] = {}
        self._failing: dict[str, Failure] = {}
        self._caller: Peer | None = None
        # Requests to other hosts are refused, unless another router of the test takes them.
        self._router = _Router(assert_all_called=False)

    def __enter__(self) -> Self:
        super().__enter__()
        self._router.route(host__regex=rf".*\.{DOMAIN}").mock(side_effect=self._answer)
        self._router.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._router.stop(quiet=True)
        super().__exit__(*exc)
        self._folder.close()

    def join(self, body: str, app: ASGI) -> str:
        """Let an ASGI application be a body's intermediate server; the origin under which it answers."""
        url = f"https://body-{body}.{DOMAIN}"
        self._apps[urlsplit(url).netloc] = app
        self.connect(body, url)
        return url

    @contextmanager
    def calling_as(self, role: str, body: str | None = None) -> Iterator[None]:
        """While it lasts, every call comes from this role and body."""
        before, self._caller = self._caller, Peer(role, body)
        try:
            yield
        finally:
            self._caller = before

    @contextmanager
    def fails(self, name: str, how: Failure) -> Iterator[None]:
        """While it lasts, a component (a name in `urls`) fails in this way."""
        host = urlsplit(self.urls[name]).netloc
        self._failing[host] = how
        try:
            yield
        finally:
            del self._failing[host]

    def credential(self, role: str, body: str | None = None) -> Credential:
        """A name for the role; there is no certificate behind it."""
        made = Credential(self.plan.folder / (f"{role}-{body}" if body else role))
        self._peers[made.folder] = Peer(role, body)
        return made

    def _serve(self, name: str, app: ASGI, credential: Credential) -> str:  # noqa: ARG002 - the place of Network's
        url = f"https://{name}.{DOMAIN}"
        self._apps[urlsplit(url).netloc] = app
        self.urls[name] = url
        return url

    def _channel(self, url: str, credential: Credential, down: str) -> Channel:
        transport = _Between(self, self._peers[credential.folder])
        made = Channel(url, None, down=down, seconds=number("request-timeout-seconds"), transport=transport)
        self._channels.append(made)
        return made

    def _answer(self, request: httpx.Request) -> Any:
        peer = self._caller or self._usual(request.url.host)
        work = asyncio.run_coroutine_threadsafe(self.carried(request, peer), self.host.loop)
        return work.result() if _waiting.get() else asyncio.wrap_future(work)

    def _usual(self, host: str) -> Peer:
        roles = {f"interface-system.{DOMAIN}": "intermediate-server", f"jlis.{DOMAIN}": "in-house"}
        if host.startswith("body-"):
            return Peer("interface-system", None)
        return Peer(roles.get(host, "interface-system"), self.body if host in roles else None)

    async def carried(self, request: httpx.Request, peer: Peer) -> httpx.Response:
        """One request from a peer to whoever answers at its address."""
        failure = self._failing.get(request.url.netloc.decode())
        if failure is not None:
            return failed(failure, request)
        app = self._apps.get(request.url.netloc.decode())
        if app is None:
            raise httpx.ConnectError(f"nobody answers at {request.url.host}", request=request)
        transport = httpx.ASGITransport(presented(app, peer), raise_app_exceptions=False)
        answer = await transport.handle_async_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())


def failed(how: Failure, request: httpx.Request) -> httpx.Response:
    """A failure as httpx shows it: an exception, or an answer that cannot be read."""
    errors: dict[str, httpx.TransportError] = {
        "refused": httpx.ConnectError("connection refused", request=request),
        "timeout": httpx.ReadTimeout("no answer in time", request=request),
        "cut": httpx.RemoteProtocolError("the connection was cut", request=request),
    }
    if how in errors:
        raise errors[how]
    media, body = {
        "not-json": ("application/json", b'{"acquisition_number": '),
        "wrong-type": ("text/html", b"<html>maintenance</html>"),
        "empty": ("application/json", b""),
    }[how]
    return httpx.Response(200, headers={"content-type": media}, content=body)


def presented(app: ASGI, peer: Peer) -> ASGI:
    """The application as this peer sees it, as if its certificate had been shown."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        extensions = {**scope.get("extensions", {}), "bango.peer": peer}
        await app({**scope, "extensions": extensions}, receive, send)

    return asked


def default_bodies() -> Directory:
    """The first synthetic bodies, without servers."""
    entries = [
        Entry(body=one.code, name=one.full_name, kinds=party_kinds(parties_of(one)), municipality=one.municipality_code)
        for one in bodies()[:BODIES]
    ]
    return Directory(entries)


class _Between(httpx.AsyncBaseTransport):
    """A component's calls to the others."""

    def __init__(self, network: InProcess, peer: Peer) -> None:
        self._network = network
        self._peer = peer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return await self._network.carried(request, self._peer)


class _Router(respx.MockRouter):
    """Tells the route whether its caller waits (a synchronous client) or awaits."""

    def handler(self, request: httpx.Request) -> httpx.Response:
        token = _waiting.set(True)
        try:
            return super().handler(request)
        finally:
            _waiting.reset(token)


@pytest.fixture
def inprocess_network() -> Iterator[InProcess]:
    """A network of three bodies for one test."""
    with InProcess() as network:
        yield network
