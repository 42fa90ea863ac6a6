"""Looking for a value in what passed, also full-width, in base64, hex, URL-encoding, gzip or as a plain hash."""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from bango_reports.model import Exchange, Message

HASHES = ("md5", "sha1", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@lru_cache(maxsize=4096)
def forms(value: str) -> tuple[tuple[str, bytes], ...]:
    """The ways in which a value may be written, each with its name; compared without case."""
    raw = value.encode()
    found = {"plain": raw, "full-width": value.translate(_FULL_WIDTH).encode(), "hex": raw.hex().encode()}
    for shift in range(3):
        # A value inside a longer base64 text starts at any of three phases; the ends that depend on neighbours are cut off.
        coded = base64.b64encode(b"\0" * shift + raw)
        start, tail = (0, 2, 3)[shift], (len(raw) + shift) % 3
        body = coded[start : len(coded) - (0, 3, 2)[tail]]
        found[f"base64-{shift}"] = body
        found[f"base64url-{shift}"] = body.replace(b"+", b"-").replace(b"/", b"_")
    for name in HASHES:
        digest = hashlib.new(name, raw).digest()
        found[f"{name}-hex"] = digest.hex().encode()
        found[f"{name}-base64"] = base64.b64encode(digest).rstrip(b"=")
        found[f"{name}-base64url"] = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return tuple(found.items())


def trace(value: str, data: bytes) -> str | None:
    """The form in which a value stands in data, or None."""
    for layer in layers(data):
        lowered = layer.lower()
        for name, form in forms(value):
            if (
                (form in layer)
                if name.startswith(("base64", "full")) or "-base64" in name
                else (form.lower() in lowered)
            ):
                return name
    return None


def layers(data: bytes) -> Iterator[bytes]:
    """The data as it is, URL-decoded, with JSON escapes undone, and unpacked."""
    yield data
    if b"%" in data:
        yield unquote_to_bytes(data)
    if b"\\u" in data:
        yield data.decode("utf-8", "replace").encode("ascii", "ignore").decode("unicode_escape", "replace").encode()
    for unpack in (gzip.decompress, zlib.decompress):
        try:
            unpacked = unpack(data)
        except (OSError, EOFError, zlib.error):
            continue
        yield unpacked


def traces(value: str, exchange: Exchange) -> str | None:
    """Where in the request of an exchange a value stands (`url`, a header, `body`) and how it is written, or None."""
    parts: list[tuple[str, bytes]] = [("url", exchange.url.encode())]
    parts += [(f"header {name}", text.encode("latin-1", "replace")) for name, text in exchange.request.headers]
    parts.append(("body", body_of(exchange.request)))
    for place, data in parts:
        form = trace(value, data)
        if form is not None:
            return f"{place} ({form})"
    return None


def body_of(message: Message) -> bytes:
    """The body of a message as it travelled."""
    return base64.b64decode(message.body) if message.encoding == "base64" else message.body.encode()
