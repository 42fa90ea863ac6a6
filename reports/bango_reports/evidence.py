"""From what travelled to what is kept: an HTTP message with its body as text, masked whole before it is shortened."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Literal

from bango_reports.model import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bango_reports.masking import Masker

KEPT = 64 * 1024
"""Characters of a body that evidence keeps."""

_UNPACKED = 8 * 1024 * 1024
_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})


def message(headers: Iterable[tuple[str, str]], body: bytes, masker: Masker, *, limit: int = KEPT) -> Message:
    """The message as evidence: credentials and known values masked, gzip undone, at most `limit` characters kept."""
    fields = tuple(headers)
    coding = next((value.lower() for name, value in fields if name.lower() == "content-encoding"), "")
    text, encoding = _readable(_unpacked(body, coding))
    masked = masker.mask(text)
    return Message(
        headers=tuple((name, _field(name, value, masker)) for name, value in fields),
        body=masked[:limit],
        encoding=encoding,
        size=len(body),
        cut=len(masked) > limit,
    )


def _field(name: str, value: str, masker: Masker) -> str:
    if name.lower() in _CREDENTIALS:
        scheme, _, secret = value.partition(" ")
        return f"{scheme} {masker.label('token', secret)}" if secret else masker.label("token", value)
    return masker.mask(value)


def _unpacked(body: bytes, coding: str) -> bytes:
    if coding not in {"gzip", "x-gzip", "deflate"}:
        return body
    try:
        return zlib.decompressobj(wbits=47 if coding != "deflate" else 15).decompress(body, _UNPACKED)
    except zlib.error:
        return body


def _readable(body: bytes) -> tuple[str, Literal["utf-8", "base64"]]:
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"
