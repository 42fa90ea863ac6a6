"""Mutual TLS of the network: contexts from credentials, and who the peer of a connection is (role and body)."""

from __future__ import annotations

import ssl
from typing import Any, NamedTuple

from bango_mocks.authority import ROLE_URI, Credential


class Peer(NamedTuple):
    """Whom the peer's certificate names: its role, and its body code where the role has one."""

    role: str
    body: str | None


def server_context(credential: Credential) -> ssl.SSLContext:
    """A server side that demands a valid, unrevoked certificate of the same authority (TLS 1.2 or later)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    return _equip(context, credential)


def client_context(credential: Credential) -> ssl.SSLContext:
    """A client side that shows its certificate and checks the server's name, chain and revocation."""
    return _equip(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), credential)


def _equip(context: ssl.SSLContext, credential: Credential) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(credential.certificate, credential.key)
    context.load_verify_locations(credential.authority)
    if credential.revoked.exists():
        context.load_verify_locations(credential.revoked)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    return context


def peer_of(certificate: dict[str, Any] | None) -> Peer | None:
    """The peer that `SSLObject.getpeercert()` describes; None without a role URI of this network."""
    for kind, value in (certificate or {}).get("subjectAltName", ()):
        if kind == "URI" and value.startswith(ROLE_URI):
            role, _, body = value.removeprefix(ROLE_URI).partition(":body:")
            return Peer(role, body or None)
    return None
