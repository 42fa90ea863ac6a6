"""Permits that are wrong in one way each, as a forger or a broken core would make them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from joserfc import jws
from joserfc.jwk import ECKey

from bango_spec.assumptions import value

if TYPE_CHECKING:
    from bango_mocks.core.permits import PermitSigner

Claims = Mapping[str, Any]


def stranger() -> ECKey:
    """A signing key that is not the core's."""
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"})
    key.ensure_kid()
    return key


def signed(claims: Claims, key: ECKey, kid: str | None = None, **header: Any) -> str:
    """A permit signed with any key; `kid` claims another one's, `header` adds members to the protected header."""
    algorithm = value("permit-signature-algorithm")
    head = {"alg": algorithm, "kid": kid or key.kid, "typ": "bango-permit+jws"}
    return jws.serialize_compact(head | header, msgspec.json.encode(claims), key, registry=_registry(algorithm))


def by_stranger_as_core(claims: Claims, signer: PermitSigner) -> str:
    """Signed with a stranger's key under the core's key id."""
    return signed(claims, stranger(), core_kid(signer))


def by_stranger(claims: Claims, _: PermitSigner) -> str:
    """Signed with a stranger's key under the stranger's own key id."""
    return signed(claims, stranger())


def with_own_key_inside(claims: Claims, _: PermitSigner) -> str:
    """Signed with a stranger's key that the header brings along (jwk)."""
    key = stranger()
    return signed(claims, key, jwk=key.as_dict(private=False))


def unsigned(claims: Claims, signer: PermitSigner) -> str:
    """`alg: none` and no signature (RFC 8725, 3.1)."""
    head = {"alg": "none", "kid": core_kid(signer), "typ": "bango-permit+jws"}
    return f"{_part(msgspec.json.encode(head))}.{_part(msgspec.json.encode(claims))}."


def without_signature(claims: Claims, signer: PermitSigner) -> str:
    """The core's header and an empty signature."""
    return signer.sign(dict(claims)).rpartition(".")[0] + "."


def with_public_key_as_secret(claims: Claims, signer: PermitSigner) -> str:
    """HMAC with the core's public key as the secret (RFC 8725, 2.1)."""
    head = {"alg": "HS256", "kid": core_kid(signer), "typ": "bango-permit+jws"}
    text = f"{_part(msgspec.json.encode(head))}.{_part(msgspec.json.encode(claims))}"
    secret = msgspec.json.encode(signer.keys["keys"][0])
    return f"{text}.{_part(hmac.digest(secret, text.encode(), hashlib.sha256))}"


def altered(claims: Claims, signer: PermitSigner) -> str:
    """The core's signature over claims of which one character was changed afterwards."""
    head, _, signature = signer.sign(dict(claims)).split(".")
    digit = claims["permit_id"][-1]
    changed = dict(claims) | {"permit_id": claims["permit_id"][:-1] + ("0" if digit != "0" else "1")}
    return f"{head}.{_part(msgspec.json.encode(changed))}.{signature}"


def core_kid(signer: PermitSigner) -> str:
    """The id under which the core publishes its key."""
    return str(signer.keys["keys"][0]["kid"])


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _registry(algorithm: str) -> jws.JWSRegistry:
    return jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
