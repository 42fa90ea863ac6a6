"""The TLS of the server: whom it lets in, whom it calls, and revocations that take effect while it runs (IS-TRN)."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import TYPE_CHECKING, Any

from bango_mocks.authority import Credential
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.tls import Peer, client_context, peer_of, server_context

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

NETWORK_ROLE = "interface-system"
LOOK_SECONDS = 2.0


class Transport(Part):
    """Both listeners and the way out share one credential and one revocation list."""

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self.credential = Credential(self.config.credential)
        self._contexts: list[ssl.SSLContext] = []
        self._seen = self._revocations()

    def listening(self) -> ssl.SSLContext:
        """The context of a listener: a valid certificate of the network's authority is demanded."""
        return self._kept(server_context(self.credential))

    def caller(self, found: Peer | None) -> Peer | None:
        """Whom a connection is taken for: whom its certificate names, and without one nobody."""
        return found

    def calling(self) -> ssl.SSLContext:
        """The context for calls to the interface system: nothing is sent to a server of another role."""
        context = client_context(self.credential)
        context.sslobject_class = role_checked(self.accepted)
        return self._kept(context)

    def accepted(self, certificate: dict[str, Any] | None) -> bool:
        """Whether the other end of a call is the interface system."""
        peer = peer_of(certificate)
        return peer is not None and peer.role == NETWORK_ROLE

    def _kept(self, context: ssl.SSLContext) -> ssl.SSLContext:
        self._contexts.append(context)
        return context

    def _revocations(self) -> bytes:
        return self.credential.revoked.read_bytes() if self.credential.revoked.exists() else b""

    def refresh(self) -> None:
        """Read the revocation list again if it has changed; new connections are judged by it."""
        now = self._revocations()
        if now == self._seen:
            return
        self._seen = now
        for context in self._contexts:
            context.load_verify_locations(self.credential.revoked)
            context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF

    async def watch(self) -> None:
        """Look for a new revocation list as long as the server runs."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with contextlib.suppress(OSError, ssl.SSLError):
                self.refresh()


def role_checked(accepted: Any) -> type[ssl.SSLObject]:
    """A TLS object whose handshake fails unless the peer's certificate is accepted."""

    class Checked(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            if not accepted(self.getpeercert()):
                raise ssl.SSLCertVerificationError("the certificate is not the interface system's")

    return Checked
