"""Passphrases are kept as salted scrypt hashes (RFC 7914)."""

from __future__ import annotations

import hashlib
import hmac
import secrets

# Interactive logins of a test server: strong enough that a stolen store says nothing, cheap enough for a load test.
COST = {"n": 2**12, "r": 8, "p": 1}


def hashed(passphrase: str) -> str:
    """`salt$hash`, both hex."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${hashlib.scrypt(passphrase.encode(), salt=salt, **COST).hex()}"


def matches(passphrase: str, kept: str) -> bool:
    """Whether the passphrase is the one that was hashed."""
    salt, _, digest = kept.partition("$")
    made = hashlib.scrypt(passphrase.encode(), salt=bytes.fromhex(salt), **COST)
    return hmac.compare_digest(made, bytes.fromhex(digest))
