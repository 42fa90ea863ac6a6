"""Mutual TLS admits exactly the holders of valid certificates of the same authority, and says who they are."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bango_mocks.authority import Authority, Credential
from bango_mocks.hosting import Host, Receive, Scope, Send, Served
from bango_mocks.tls import client_context

BODY = "9000100000000001"


async def whoami(scope: Scope, receive: Receive, send: Send) -> None:
    peer = scope["extensions"]["bango.peer"]
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"{peer.role} {peer.body}".encode()})


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def revoked(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Credential:
    # Before the server's own credential: a component reads the revocation list that its folder came with.
    return authority.issue(tmp_path_factory.mktemp("revoked"), "intermediate-server", BODY, revoked=True)


@pytest.fixture(scope="module")
def served(authority: Authority, revoked: Credential, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    assert revoked.certificate.exists()
    credential = authority.issue(tmp_path_factory.mktemp("server"), "interface-system")
    with Host() as host:
        yield host.serve(whoami, credential)


def ask(served: Served, credential: Credential) -> str:
    with httpx.Client(verify=client_context(credential)) as client:
        return client.get(served.url).text


def test_the_application_learns_role_and_body(served: Served, authority: Authority, tmp_path: Path) -> None:
    assert ask(served, authority.issue(tmp_path, "intermediate-server", BODY)) == f"intermediate-server {BODY}"


def test_without_a_certificate_nothing_is_answered(served: Served, authority: Authority, tmp_path: Path) -> None:
    context = ssl.create_default_context(cafile=str(authority.issue(tmp_path, "operator").authority))
    with httpx.Client(verify=context) as client, pytest.raises(httpx.TransportError):
        client.get(served.url)


def test_another_authority_is_refused(served: Served, authority: Authority, tmp_path: Path) -> None:
    stranger = Authority.create(tmp_path / "other").issue(tmp_path / "stranger", "intermediate-server", BODY)
    stranger.authority.write_bytes(authority.issue(tmp_path / "own", "operator").authority.read_bytes())
    stranger.revoked.write_bytes((authority.folder / "revoked.pem").read_bytes())
    with pytest.raises(httpx.TransportError):
        ask(served, stranger)


def test_an_expired_certificate_is_refused(served: Served, authority: Authority, tmp_path: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    old = authority.issue(tmp_path, "operator", starts=now - dt.timedelta(days=9), ends=now - dt.timedelta(days=1))
    with pytest.raises(httpx.TransportError):
        ask(served, old)


def test_a_revoked_certificate_is_refused(served: Served, revoked: Credential) -> None:
    with pytest.raises(httpx.TransportError):
        ask(served, revoked)


def test_an_old_protocol_is_refused(served: Served, authority: Authority, tmp_path: Path) -> None:
    context = client_context(authority.issue(tmp_path, "operator"))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with httpx.Client(verify=context) as client, pytest.raises(httpx.TransportError):
        client.get(served.url)
