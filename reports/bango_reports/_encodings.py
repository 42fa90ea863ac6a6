"""The forms in which one value can stand in a text: as it is, full-width, URL-encoded, base64, hex, JSON escapes."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_from_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_NARROW = {0xFF01 + n: chr(0x21 + n) for n in range(94)} | {0x3000: " "}
_WIDE = {0x21 + n: chr(0xFF01 + n) for n in range(94)} | {0x20: "\u3000"}
_WIDE_RUN = re.compile("[\uff01-\uff5e\u3000]+")
_ONE_BASE64 = bytes.maketrans(b"-_", b"+/")


def narrow(text: str) -> str:
    """The text with full-width ASCII narrowed; same length."""
    return text if text.isascii() else _WIDE_RUN.sub(lambda run: run[0].translate(_NARROW), text)


def lower(text: str) -> str:
    """The text with full-width ASCII narrowed and ASCII letters lowered; same length."""
    return narrow(text).encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def exact(text: str) -> str:
    """The text with full-width ASCII narrowed and the URL-safe base64 alphabet made the usual one; same length."""
    return narrow(text).replace("-", "+").replace("_", "/")


def letters(text: str) -> tuple[bytes, bytes]:
    """The ASCII letters of a text as in `lower` and as in `exact`, one byte for each of its characters."""
    raw = narrow(text).encode("ascii", "replace")
    return raw.lower(), raw.translate(_ONE_BASE64)


def written(value: str) -> set[str]:
    """Every form of a value except base64, to be looked for in a `lower` text."""
    found = {value}
    if _is_number(value) and len(value) % 4 == 0:
        groups = [value[n : n + 4] for n in range(0, len(value), 4)]
        found |= {between.join(groups) for between in "- "}
    for spelling in _spellings(value):
        found.update(_texts(spelling))
    return {lower(form) for form in found}


def encoded(value: str) -> set[str]:
    """The base64 forms of a value, to be looked for in an `exact` text."""
    data = (spelling.encode("utf-8", "surrogatepass") for spelling in _spellings(value))
    return {exact(form) for each in data for form in _base64(each)}


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _spellings(value: str) -> tuple[str, ...]:
    # Numbers and names are written full-width by people and old systems; keys and long tokens never are.
    if value.isascii() and len(value) > 64:
        return (value,)
    return tuple(dict.fromkeys((value, value.translate(_NARROW), value.translate(_WIDE))))


def _texts(value: str) -> Iterator[str]:
    data = value.encode("utf-8", "surrogatepass")
    yield data.hex()
    yield quote_from_bytes(data, safe="")
    yield quote_from_bytes(data, safe="/:@!$&'()*,;=")
    yield "".join(f"%{byte:02x}" for byte in data)
    if " " in value:
        yield quote(value, safe="", errors="surrogatepass").replace("%20", "+")
    wholly = "".join(f"\\u{unit:04x}" for unit in _utf16(value))
    for escaped in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], wholly):
        if escaped != value:
            yield escaped
            yield json.dumps(escaped)[1:-1]  # JSON inside a JSON string


def _utf16(value: str) -> list[int]:
    data = value.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[n : n + 2], "big") for n in range(0, len(data), 2)]


def _base64(data: bytes) -> Iterator[str]:
    # In a longer text a value begins at one of three places of a base64 group; the letters that it shares with its
    # neighbours are left out.
    for before in range(3):
        letters = base64.b64encode(b"\0" * before + data).decode()
        first, last = (0, 2, 3)[before], (before + len(data)) * 8 // 6
        if last - first >= 3:
            yield letters[first:last]
