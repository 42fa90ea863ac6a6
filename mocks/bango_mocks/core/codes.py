"""Linkage codes: one per body and person, convertible by the core alone.

The core turns a resident code into a person key (keyed hash, the resident code is forgotten) and seals the person key
for each body. AES-SIV is deterministic and authenticated: the same person has the same code at the same body, another
one elsewhere, and a body can neither derive another body's code nor make one up (assumption `linkage-code-derivation`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

PERSON_KEY_BYTES = 16


class LinkageCodes:
    """The core's code book; it is a pair of keys and keeps no table."""

    def __init__(self, secret: bytes) -> None:
        self._hash_key = hashlib.blake2b(secret, person=b"bango.person").digest()
        self._seal = AESSIV(hashlib.blake2b(secret, person=b"bango.linkage").digest())

    def person_key(self, resident_code: str) -> bytes:
        """The core's own key of a person; the resident code cannot be had back from it."""
        return hmac.digest(self._hash_key, resident_code.encode("ascii"), "sha256")[:PERSON_KEY_BYTES]

    def code(self, body: str, person_key: bytes) -> str:
        """The linkage code of a person at a body: 43 characters of base64url."""
        sealed = self._seal.encrypt(person_key, [body.encode("ascii")])
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")

    def opened(self, body: str, code: str) -> bytes | None:
        """The person key behind a body's code; None for a code that the core never gave to this body."""
        try:
            sealed = base64.b64decode(code + "=", altchars=b"-_", validate=True)
            return self._seal.decrypt(sealed, [body.encode("ascii")])
        except (InvalidTag, binascii.Error, ValueError):
            return None

    def converted(self, code: str, giver: str, taker: str) -> str | None:
        """`giver`'s code of a person as `taker`'s code of the same person, or None as in `opened`."""
        person = self.opened(giver, code)
        return None if person is None else self.code(taker, person)
