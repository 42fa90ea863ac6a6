"""The forms in which one value may be written: spellings, character codes, base64, hex, numbers, plain hashes."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

HASHES = (
    "md5",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sha3_224",
    "sha3_256",
    "sha3_384",
    "sha3_512",
    "blake2b",
    "blake2s",
)
# The beginning of a digest says enough: whoever cut a hash short wrote a hash all the same.
HASH_BYTES = 12
HASH_HEX = 16
INTEGER_DIGITS = 10
# What people and programs put between the letters of a number or a name.
SEPARATORS = " \t\r\n-_./,:·・‐‑‒–—―−\u3000"
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_BASE64_KEY = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_NAMESPACES = (uuid.NAMESPACE_DNS, uuid.NAMESPACE_URL, uuid.NAMESPACE_OID, uuid.NAMESPACE_X500)


class Form(NamedTuple):
    """One way to write a value: its bytes; `folded` forms are compared without case, `alone` ones stand between no other digits."""

    name: str
    data: bytes
    folded: bool
    alone: bool = False

    def fits(self, text: bytes, start: int) -> bool:
        """Whether the form stands here for itself."""
        if not self.alone:
            return True
        end = start + len(self.data)
        return not text[max(0, start - 1) : start].isdigit() and not text[end : end + 1].isdigit()


def strength(value: str) -> float:
    """Bits that a value of this shape has at most: how unlikely it is to stand somewhere by chance."""
    digits = sum(letter.isascii() and letter.isdigit() for letter in value)
    others = sum(letter.isascii() and not letter.isdigit() for letter in value)
    return digits * 3.3219 + others * 4.7 + (len(value) - digits - others) * 9.0


def squeezed(value: str) -> str:
    """A value in its plainest letters: one width, nothing between them."""
    plain = unicodedata.normalize("NFKC", value)
    return "".join(letter for letter in plain if letter not in SEPARATORS)


@lru_cache(maxsize=4096)
def forms(value: str) -> tuple[Form, ...]:
    """Every form of a value, no two with the same bytes."""
    found: dict[tuple[bytes, bool], Form] = {}
    for form in _all(value):
        found.setdefault((form.data, form.folded), form)
    return tuple(found.values())


def _all(value: str) -> Iterator[Form]:
    yield Form("plain", value.encode(), folded=True)
    yield Form("plain", squeezed(value).encode(), folded=True)
    yield Form("full-width", value.translate(_WIDE).encode(), folded=False)
    for spelling in dict.fromkeys((value, squeezed(value), value.translate(_WIDE))):
        raw = spelling.encode()
        yield Form("hex", raw.hex().encode(), folded=True)
        yield from _base64("base64", raw)
        yield from _hashes(spelling)
        yield from _other_codes(spelling)
    if value.isascii() and value.isdigit():
        yield from _number(value)
    elif _BASE64_KEY.match(value):
        # A key written in base64url is bytes, which may be written in other ways too.
        raw = base64.urlsafe_b64decode(value + "=")
        yield Form("bytes", raw, folded=False)
        yield Form("hex of its bytes", raw.hex().encode(), folded=True)
        yield from _base64("base64 of its bytes", raw)
        yield from _hashes_of("its bytes", raw)


def _base64(name: str, raw: bytes) -> Iterator[Form]:
    # Inside a longer text a value begins at one of three places of a base64 group; letters shared with neighbours are cut off.
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw)
        first, last = (0, 2, 3)[before], (before + len(raw)) * 8 // 6
        body = coded[first:last]
        yield Form(name, body, folded=False)
        yield Form(name, body.replace(b"+", b"-").replace(b"/", b"_"), folded=False)


def _hashes(spelling: str) -> Iterator[Form]:
    yield from _hashes_of("", spelling.encode())
    for space in _NAMESPACES:
        for name, made in (("uuid3", uuid.uuid3(space, spelling)), ("uuid5", uuid.uuid5(space, spelling))):
            yield Form(name, str(made).encode(), folded=True)
            yield Form(name, made.hex.encode(), folded=True)


def _hashes_of(what: str, raw: bytes) -> Iterator[Form]:
    for algorithm in HASHES:
        digest = hashlib.new(algorithm, raw).digest()
        name = f"{algorithm} of {what}" if what else algorithm
        yield Form(name, digest.hex()[:HASH_HEX].encode(), folded=True)
        yield Form(name, digest[:HASH_BYTES], folded=False)
        letters = base64.b64encode(digest[:HASH_BYTES])
        yield Form(name, letters, folded=False)
        yield Form(name, letters.replace(b"+", b"-").replace(b"/", b"_"), folded=False)


def _other_codes(spelling: str) -> Iterator[Form]:
    for code in ("utf-16-le", "utf-16-be", "shift_jis", "euc_jp", "iso2022_jp"):
        try:
            data = spelling.encode(code)
        except UnicodeEncodeError:
            continue
        if data != spelling.encode():
            yield Form(code, data.removeprefix(b"\x1b$B").removesuffix(b"\x1b(B"), folded=False)


def _number(value: str) -> Iterator[Form]:
    number = int(value)
    if number >= 10 ** (INTEGER_DIGITS - 1):
        if str(number) != value:
            yield Form("integer", str(number).encode(), folded=True, alone=True)
        if number < 1 << 64:
            yield Form("binary integer", number.to_bytes(8, "big"), folded=False)
            yield Form("binary integer", number.to_bytes(8, "little"), folded=False)
    yield Form("packed decimal", bytes.fromhex(value.zfill(len(value) + len(value) % 2)), folded=False)
