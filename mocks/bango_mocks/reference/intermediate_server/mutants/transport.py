"""Mutants of connections: whose certificate is good, and for how long."""

from __future__ import annotations

import contextlib
import ssl
from typing import Any

import httpx
import msgspec

from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.permits import Permits, header_of
from bango_mocks.reference.intermediate_server.transport import NETWORK_ROLE, Transport
from bango_mocks.tls import Peer
from bango_spec.reading import Text

# OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python has no name for.
NO_CHECK_TIME = 0x200000
RECEIVED_CERTIFICATE = 11
DER = b"\x30\x82"


@mutant(
    clause="IS-TRN-001",
    title=Text(ja="クライアント証明書を求めるが必須としない", en="Asks for a client certificate but does not insist"),
    reason="CONNECTION-ACCEPTED",
)
class CertificateOptional(Transport):
    """Whoever shows none must be the relay, since nobody else is on that network."""

    def listening(self) -> ssl.SSLContext:
        """A context that is content without a certificate."""
        context = super().listening()
        context.verify_mode = ssl.CERT_OPTIONAL
        return context

    def caller(self, found: Peer | None) -> Peer | None:
        """The interface system where nobody is named."""
        return found or Peer(NETWORK_ROLE, None)


@mutant(
    clause="IS-TRN-002",
    title=Text(
        ja="示された証明書そのものを信頼の起点にする", en="Takes the very certificate shown as an anchor of trust"
    ),
    reason="CONNECTION-ACCEPTED",
)
class AnyIssuer(Transport):
    """Written for a test with home-made certificates: what comes is trusted before it is checked."""

    def listening(self) -> ssl.SSLContext:
        """A context that learns every certificate it is shown."""
        context = super().listening()
        context.verify_flags &= ~ssl.VERIFY_CRL_CHECK_LEAF
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN

        def shown(_way: Any, direction: str, _version: Any, _content: Any, kind: int, data: bytes) -> None:
            at = data.find(DER)
            if direction == "read" and kind == RECEIVED_CERTIFICATE and at >= 0:
                end = at + 4 + int.from_bytes(data[at + 2 : at + 4])
                with contextlib.suppress(ssl.SSLError):
                    context.load_verify_locations(cadata=data[at:end])

        context._msg_callback = shown  # type: ignore[attr-defined]  # noqa: SLF001 - the only way to see it in time
        return context


@mutant(
    clause="IS-TRN-003",
    title=Text(ja="証明書の有効期間を確かめない", en="Does not look at the period of a certificate"),
    reason="CONNECTION-ACCEPTED",
)
class AnyPeriod(Transport):
    """The error of an expired certificate is waved through."""

    def listening(self) -> ssl.SSLContext:
        """A context without a clock."""
        context = super().listening()
        context.verify_flags = ssl.VerifyFlags(int(context.verify_flags) | NO_CHECK_TIME)
        return context


@mutant(
    clause="IS-TRN-004",
    title=Text(ja="失効の一覧を起動時にしか読まない", en="Reads the revocation list only when it starts"),
    reason="REVOCATION-UNNOTICED",
)
class RevokedLater(Transport):
    """A stolen key works until the next restart."""

    def refresh(self) -> None:
        """Once is enough."""


@mutant(
    clause="IS-TRN-005",
    title=Text(ja="TLS 1.0から受け入れる", en="Accepts TLS from 1.0 on"),
    reason="CONNECTION-ACCEPTED",
)
class OldVersions(Transport):
    """For the sake of one old business system."""

    def listening(self) -> ssl.SSLContext:
        """A context of former times."""
        context = super().listening()
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        return context


@mutant(
    clause="IS-TRN-008",
    title=Text(ja="送り先の証明書の役割を確かめない", en="Does not check the role of the server it calls"),
    reason="SAID-TO-IMPOSTOR",
)
class AnyServer(Transport):
    """Any component of the network is taken for the interface system."""

    def accepted(self, certificate: dict[str, Any] | None) -> bool:  # noqa: ARG002 - that is the mistake
        """Issuer and name are right, what more could there be."""
        return True


@mutant(
    clause="IS-TRN-010",
    title=Text(ja="許可の見出しのjkuから鍵を取りに行く", en="Fetches keys from the jku of a permit"),
    reason="URL-FETCHED",
)
class KeyFromAnywhere(Permits):
    """The library offered it."""

    async def signed(self, token: str) -> bytes:
        """The signed bytes, after a look at what the header names."""
        url = header_of(token).get("jku")
        if isinstance(url, str):
            async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
                with contextlib.suppress(httpx.HTTPError, msgspec.DecodeError):
                    await client.get(url)
        return await super().signed(token)
