"""Mutants that honour permits they must not."""

from __future__ import annotations

import base64
from typing import Any

from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.permits import BOUND, Permits
from bango_mocks.serving.call import Problem
from bango_spec.reading import Text


def payload_of(token: str) -> bytes:
    """The middle part of a token, unverified; ValueError if it is no base64."""
    payload = token.split(".")[1]
    return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))


@mutant(
    clause="IS-PRV-001",
    title=Text(ja="許可の署名を検証しない", en="Reads a permit without verifying its signature"),
    reason="PERMIT-HONOURED",
)
class SignatureNotVerified(Permits):
    """Decodes the middle part of the token and believes it."""

    async def signed(self, token: str) -> bytes:
        """The payload, whoever signed it."""
        try:
            return payload_of(token)
        except ValueError as error:
            raise Problem("permit-forged") from error


@mutant(
    clause="IS-PRV-002",
    title=Text(ja="許可の情報の種類を求めと比べない", en="Does not compare the information of permit and request"),
    reason="PERMIT-HONOURED",
)
class InformationNotBound(Permits):
    """A permit for one kind of information opens the door to every other that a line allows."""

    def bound(self) -> tuple[str, ...]:
        """Every coordinate but one."""
        return tuple(name for name in BOUND if name != "information")


@mutant(
    clause="IS-PRV-003",
    title=Text(ja="許可の期限を見ない", en="Does not look at the time a permit ends"),
    reason="PERMIT-HONOURED",
)
class NeverExpires(Permits):
    """`expires_at` is never read."""

    def expired(self, claims: dict[str, Any]) -> bool:  # noqa: ARG002 - that is the mistake
        """Never."""
        return False


@mutant(
    clause="IS-PRV-004",
    title=Text(ja="使われた許可を覚えない", en="Does not remember which permits were used"),
    reason="PERMIT-HONOURED",
)
class ServesAgain(Permits):
    """One permit serves any number of requests."""

    def used(self, permit_id: str, request: dict[str, Any]) -> dict[str, Any] | None:  # noqa: ARG002 - that is the mistake
        """Every permit is new."""
        return None
