"""The false listener, single attempts on the wire, and OpenSSL's own opinion of the same listeners."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from bango_conformance.kinds import transport
from bango_conformance.kinds.transport_wire import attempt
from bango_conformance.stage.impostor import Impostor
from bango_conformance.suite import Scope
from bango_mocks.authority import Authority
from bango_mocks.hosting import Host
from bango_mocks.tls import client_context
from bango_reports.model import Exchange

BODY = "9000151201000003"
SCOPE = Scope("2020-09-06", BODY, ("mayor",))
OPENSSL = shutil.which("openssl")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def served(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        role = scope["extensions"]["bango.peer"].role.encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(role))]})
        await send({"type": "http.response.body", "body": role})

    own = authority.issue(tmp_path_factory.mktemp("server"), "intermediate-server", BODY)
    with Host() as host:
        yield host.serve(app, own).url


def case() -> tuple[Any, list[Exchange]]:
    seen: list[Exchange] = []
    return SimpleNamespace(saw=seen.append, began=0.0), seen


def test_a_right_attempt_is_answered_and_kept(served: str, authority: Authority, tmp_path: Path) -> None:
    played, seen = case()
    found = attempt(played, served, client_context(authority.issue(tmp_path, "in-house", BODY)), "GET", "/x", own="me")
    assert (found.status, found.body, found.error) == (200, b"in-house", "")
    assert seen[0].tls is not None
    assert (seen[0].tls.version, seen[0].tls.peer) == ("TLSv1.3", f"intermediate-server {BODY}")


def test_no_certificate_and_plain_http_are_seen_as_refused(served: str, authority: Authority) -> None:
    played, seen = case()
    trusting = ssl.create_default_context(cafile=str(authority.folder / "authority.pem"))
    assert attempt(played, served, trusting, "GET", "/x").status is None
    assert attempt(played, served, None, "GET", "/x").status is None
    assert all(exchange.tls and exchange.tls.error for exchange in seen)


def test_an_impostor_hears_what_a_careless_client_says() -> None:
    with Impostor("127.0.0.1", 0, None) as impostor:
        assert httpx.get(f"http://127.0.0.1:{impostor.port}/secret", trust_env=False).status_code == 503
        (visit,) = impostor.visits()
    assert visit.said.startswith(b"GET /secret")


def test_an_impostor_hears_nothing_from_a_careful_client(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority.create(tmp_path / "stranger")
    forged = stranger.issue(tmp_path / "forged", "interface-system")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(forged.certificate, forged.key)
    careful = client_context(authority.issue(tmp_path / "own", "intermediate-server", BODY))
    with Impostor("127.0.0.1", 0, context) as impostor, httpx.Client(verify=careful, trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            client.get(f"https://127.0.0.1:{impostor.port}/secret")
        (visit,) = impostor.visits()
    assert visit.said == b""
    assert visit.error


def test_an_impostor_leaves_its_port() -> None:
    with Impostor("127.0.0.1", 0, None) as impostor:
        port = impostor.port
    with socket.create_server(("127.0.0.1", port)) as again:
        assert again.getsockname()[1] == port


def test_every_duty_of_transport_has_its_obligations() -> None:
    made = list(transport.obligations(SCOPE))
    assert len({one.id for one in made}) == len(made)
    assert {clause for one in made for clause in one.clauses} == {f"IS-TRN-{n:03d}" for n in range(1, 11)}
    # Whoever takes the interface system's address away must be alone with the target.
    assert {one.alone for one in made if one.id.startswith("transport.outgoing.")} == {True}


@pytest.mark.program("openssl", "apt-get install openssl")
@pytest.mark.parametrize(
    ("name", "arguments", "served_at_all"),
    [
        ("right", (), True),
        ("tls-1.2", ("-tls1_2",), True),
        ("tls-1.1", ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), False),
        ("no-certificate", (), False),
        ("stranger", (), False),
        ("revoked", (), False),
    ],
)
def test_openssl_agrees(
    name: str,
    arguments: tuple[str, ...],
    served_at_all: bool,
    authority: Authority,
    tmp_path: Path,
) -> None:
    """What the harness expects of a listener, asked by a program that nobody here wrote."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    issuer = Authority.create(tmp_path / "stranger") if name == "stranger" else authority
    client = issuer.issue(tmp_path / "client", "in-house", BODY)
    if name == "revoked":
        authority.revoke(client)
    own = authority.issue(tmp_path / "server", "intermediate-server", BODY)
    shown = () if name == "no-certificate" else ("-cert", str(client.certificate), "-key", str(client.key))
    with Host() as host:
        port = host.serve(app, own).url.rpartition(":")[2]
        done = subprocess.run(
            [
                str(OPENSSL),
                "s_client",
                "-connect",
                f"127.0.0.1:{port}",
                "-CAfile",
                str(authority.folder / "authority.pem"),
                "-verify_return_error",
                "-ign_eof",
                *shown,
                *arguments,
            ],
            input=b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            capture_output=True,
            timeout=20,
            check=False,
        )
    assert (b"HTTP/1.1 204" in done.stdout) is served_at_all
