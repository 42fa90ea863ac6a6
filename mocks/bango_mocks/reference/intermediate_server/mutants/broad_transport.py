"""Broad mutants of connections: a server that takes any connection for its own, and one that talks to anybody."""

from __future__ import annotations

import base64
import binascii
import contextlib
import ssl
from typing import Any

import httpx
import msgspec

from bango_mocks.hosting import Scope
from bango_mocks.reference.intermediate_server.front import CURRENT
from bango_mocks.reference.intermediate_server.opening import Opening
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.permits import header_of
from bango_mocks.reference.intermediate_server.sides import NetworkSide
from bango_mocks.reference.intermediate_server.transport import Transport
from bango_mocks.serving.call import Call
from bango_mocks.serving.validation import Contract
from bango_mocks.tls import Peer
from bango_spec.interfaces import operation
from bango_spec.reading import Text

HANDSHAKE = 0x16
EVERY_CIPHER = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"
URLS = ("jku", "x5u")


@mutant(
    clause="IS-TRN-001",
    name="broad-open-door",
    breaks=("transport.in-house", "transport.network"),
    title=Text(
        ja="証明書を求めず、誰でも資格のある者とみなす", en="Asks for no certificate and takes anybody for who may call"
    ),
    reason="CONNECTION-ACCEPTED",
)
class OpenDoor(Transport):
    """A proxy in front was to check all that; there is no proxy."""

    def listening(self) -> ssl.SSLContext:
        """A context that asks nothing, of any age and strength."""
        context = super().listening()
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers(EVERY_CIPHER)
        context.minimum_version = ssl.TLSVersion.TLSv1
        return context

    def caller(self, found: Peer | None) -> Peer | None:  # noqa: ARG002 - that is the mistake
        """Whoever may call what is called."""
        known = operation(CURRENT.get().operation)
        return Peer(known.roles[0], self.config.body)


class PlainToo(ssl.SSLObject):
    """A TLS object that answers a client in the clear if it begins in the clear."""

    plain: bool | None = None
    # The two ends that the event loop holds; set as the object is made.
    came: ssl.MemoryBIO
    goes: ssl.MemoryBIO

    def do_handshake(self) -> None:
        """TLS or nothing at all, as the first byte says."""
        if self.plain is None:
            first = self.came.read()
            if not first:
                raise ssl.SSLWantReadError(ssl.SSL_ERROR_WANT_READ, "nothing has come yet")
            self.plain = first[0] != HANDSHAKE
            self.came.write(first)
        if not self.plain:
            super().do_handshake()

    def read(self, size: int = 1024, buffer: Any = None) -> Any:
        """What came, decrypted if it was encrypted."""
        if not self.plain:
            return super().read(size) if buffer is None else super().read(size, buffer)
        data = self.came.read(size)
        if not data:
            raise ssl.SSLWantReadError(ssl.SSL_ERROR_WANT_READ, "nothing has come yet")
        if buffer is None:
            return data
        buffer[: len(data)] = data
        return len(data)

    def write(self, data: Any) -> int:
        """What goes, encrypted if the client began so."""
        return self.goes.write(data) if self.plain else super().write(data)

    def getpeercert(self, binary_form: bool = False) -> Any:  # noqa: FBT001, FBT002 - the standard library's signature
        """Nobody in the clear."""
        return None if self.plain else super().getpeercert(binary_form)

    def unwrap(self) -> Any:
        """Nothing to end in the clear."""
        if not self.plain:
            super().unwrap()


class PlainTooContext(ssl.SSLContext):
    """Makes such objects."""

    def wrap_bio(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, *given: Any, **more: Any) -> ssl.SSLObject:
        """An object that also holds both ends itself."""
        self.sslobject_class = PlainToo
        made: PlainToo = super().wrap_bio(incoming, outgoing, *given, **more)  # type: ignore[assignment]
        made.came, made.goes = incoming, outgoing
        return made


@mutant(
    clause="IS-TRN-001",
    name="broad-plain-too",
    breaks=("transport.in-house.plain-http", "transport.network.plain-http"),
    title=Text(ja="暗号化しない要求にも同じ口で答える", en="Answers requests in the clear on the same port"),
    reason="CONNECTION-ACCEPTED",
)
class PlainHttpToo(Transport):
    """So that an old monitor can go on."""

    def listening(self) -> ssl.SSLContext:
        """The context, for clients of both kinds."""
        made = PlainTooContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.credential.certificate, self.credential.key)
        made.load_verify_locations(self.credential.authority)
        made.verify_mode = ssl.CERT_REQUIRED
        return made

    def caller(self, found: Peer | None) -> Peer | None:
        """Whoever may call, where nobody can be named."""
        return found or Peer(operation(CURRENT.get().operation).roles[0], self.config.body)


@mutant(
    clause="IS-TRN-008",
    name="broad-any-server",
    breaks=("transport.outgoing",),
    title=Text(ja="送り先の証明書を一切確かめない", en="Does not check the certificate of the server it calls"),
    reason="SAID-TO-IMPOSTOR",
)
class AnyServer(Transport):
    """`verify=False`, as found in many an answer on the web."""

    def calling(self) -> ssl.SSLContext:
        """A context that trusts everybody."""
        context = super().calling()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers(EVERY_CIPHER)
        context.minimum_version = ssl.TLSVersion.TLSv1
        return context

    def accepted(self, certificate: dict[str, Any] | None) -> bool:  # noqa: ARG002 - that is the mistake
        """It answers, so it must be the one."""
        return True


def fetched(*headers: Any) -> None:
    """Go wherever these headers or keys point, while everybody waits."""
    for header in headers:
        for name in URLS:
            url = header.get(name) if isinstance(header, dict) else None
            if isinstance(url, str):
                with contextlib.suppress(httpx.HTTPError):
                    httpx.get(url, trust_env=False, timeout=2)


@mutant(
    clause="IS-TRN-010",
    name="broad-fetches",
    breaks=("transport.url.permit", "transport.url.encryption-key", "permission.permit.fetches-nothing"),
    title=Text(ja="届いた許可や鍵が示すURLに取りに行く", en="Fetches the URLs that permits and keys name"),
    reason="URL-FETCHED",
)
class Fetches(NetworkSide):
    """A library that resolves keys by itself."""

    def checked(
        self, contract: Contract, parameters: dict[str, str], scope: Scope, headers: dict[str, str], body: bytes
    ) -> Call:
        """The call, and a visit to whatever it names."""
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
            request = msgspec.json.decode(body) if body else {}
            if isinstance(request, dict):
                permit = request.get("permit")
                header = header_of(permit) if isinstance(permit, str) else {}
                fetched(header, request.get("encryption_key"))
        return super().checked(contract, parameters, scope, headers, body)


@mutant(
    clause="IS-TRN-010",
    name="broad-fetches-for-answers",
    breaks=("transport.url.answer",),
    title=Text(
        ja="受け取った回答の見出しが示すURLに取りに行く", en="Fetches the URLs that the headers of answers name"
    ),
    reason="URL-FETCHED",
)
class FetchesForAnswers(Opening):
    """The same for what comes back."""

    def decrypted(self, inquiry: dict[str, Any], token: str) -> tuple[dict[str, Any], Any]:
        """The content, and a visit to whatever its header names."""
        head = token.partition(".")[0]
        with contextlib.suppress(binascii.Error, msgspec.DecodeError, UnicodeDecodeError):
            header = msgspec.json.decode(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
            fetched(header)
        return super().decrypted(inquiry, token)
