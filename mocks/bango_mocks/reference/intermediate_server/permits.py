"""Permits (情報提供許可): verified with the core's keys, bound to one request, good once (IS-PRV-001 to 004)."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from joserfc import jws
from joserfc.errors import JoseError

from bango_mocks.clock import moment
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Problem
from bango_mocks.serving.validation import compiled
from bango_spec.assumptions import number, value
from bango_spec.interfaces import document

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

KIND = "used-permit"
BOUND = ("asker", "provider", "task", "procedure", "information", "items", "requested_at", "asker_withheld")
CLAIMS = {"$ref": "#/components/schemas/PermitClaims"}


class Permits(Part):
    """Each rule of a permit in a method of its own."""

    dates: ClassVar = {"used-permit-forgotten": "forget"}

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self._schema = compiled(document("intermediate-server.network"), CLAIMS)

    async def verified(self, request: dict[str, Any]) -> dict[str, Any]:
        """The claims of a request's permit, once it has been found genuine, meant for this request and in time."""
        claims = await self.claims(request["permit"])
        self.matches(claims, request)
        if self.expired(claims):
            raise Problem("permit-expired")
        return claims

    async def claims(self, token: str) -> dict[str, Any]:
        """What a permit says, if the core has signed it."""
        content = await self.signed(token)
        try:
            claims: dict[str, Any] = msgspec.json.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Problem("permit-forged", "the permit holds no claims") from error
        if not self._schema.is_valid(claims):
            raise Problem("permit-forged", "the permit's claims break their definition")
        return claims

    async def signed(self, token: str) -> bytes:
        """The signed bytes of a token; permit-forged unless a key of the core's verifies them."""
        key = await self.server.keys.key(kid_of(token))
        if key is None:
            raise Problem("permit-forged", "no key of the core's has the permit's key id")
        try:
            return jws.deserialize_compact(token, key, algorithms=[value("permit-signature-algorithm")]).payload
        except (JoseError, ValueError) as error:
            raise Problem("permit-forged", "the permit's signature does not fit") from error

    def matches(self, claims: dict[str, Any], request: dict[str, Any]) -> None:
        """Permit, request and own body must agree in every coordinate."""
        if claims["provider"] != self.config.body:
            raise Problem("permit-mismatch", "the permit is for another provider")
        for name in self.bound():
            if claims.get(name) != request.get(name):
                raise Problem("permit-mismatch", f"permit and request differ in {name}")

    def bound(self) -> tuple[str, ...]:
        """The coordinates that a permit binds."""
        return BOUND

    def expired(self, claims: dict[str, Any]) -> bool:
        """Whether a permit's time is over."""
        return moment(claims["expires_at"]) <= self.clock()

    def used(self, permit_id: str, request: dict[str, Any]) -> dict[str, Any] | None:
        """What was answered to the same request before, or None; permit-reused for another request."""
        found = self.store.get(KIND, permit_id)
        if found is None:
            return None
        if found["fingerprint"] != fingerprint(request):
            raise Problem("permit-reused")
        return found

    def use(self, permit_id: str, request: dict[str, Any], answer: dict[str, Any]) -> None:
        """Use a permit up; `answer` is what the same request gets when it comes again."""
        self.store.put(KIND, permit_id, answer | {"fingerprint": fingerprint(request)})
        # By then the permit has long expired, and the inquiry with it.
        until = self.clock() + dt.timedelta(days=number("inquiry-deadline-days"))
        self.server.agenda.at(until, "used-permit-forgotten", permit_id)

    def forget(self, permit_id: str) -> None:
        """Drop what was answered under a permit that is over."""
        self.store.delete(KIND, permit_id)


def fingerprint(request: dict[str, Any]) -> str:
    """What makes two requests under one permit the same."""
    return hashlib.sha256(msgspec.json.encode(request, order="sorted")).hexdigest()


def kid_of(token: str) -> str:
    """The key id in a token's header; empty if there is none. Nothing else of the header is looked at."""
    kid = header_of(token).get("kid")
    return kid if isinstance(kid, str) else ""


def header_of(token: str) -> dict[str, Any]:
    """A token's header; empty if it cannot be read."""
    head = token.partition(".")[0]
    try:
        header = msgspec.json.decode(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, msgspec.DecodeError, RecursionError):
        return {}
    return header if isinstance(header, dict) else {}
