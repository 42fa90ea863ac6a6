"""Permits (情報提供許可): signed by the core after the table check, bound to one asker, provider, task, information and time."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import msgspec
from joserfc import jws
from joserfc.jwk import ECKey

ALGORITHM = "ES256"


class PermitSigner:
    """The core's signing key; bodies check permits with the public half (`keys`)."""

    def __init__(self, key: ECKey | None = None) -> None:
        self._key = key or ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM})
        self._key.ensure_kid()

    @property
    def keys(self) -> dict[str, Any]:
        """The public key set (RFC 7517)."""
        return {"keys": [self._key.as_dict(private=False)]}

    def sign(self, claims: dict[str, Any]) -> str:
        """The permit as a compact JWS (RFC 7515) over the claims."""
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": "bango-permit+jws"}
        return jws.serialize_compact(header, msgspec.json.encode(claims), self._key, algorithms=[ALGORITHM])


def claims(bound: dict[str, Any], now: dt.datetime, lifetime: dt.timedelta) -> dict[str, Any]:
    """Permit claims: what it is bound to, its own id, and its time window (RFC 3339)."""
    return {
        **bound,
        "permit_id": str(uuid.uuid4()),
        "issued_at": now.isoformat(timespec="milliseconds"),
        "expires_at": (now + lifetime).isoformat(timespec="milliseconds"),
    }
