"""A message and what lies inside it: escapes undone, one width and no spacing, base64 and hex decoded, compressed data unpacked."""

from __future__ import annotations

import base64
import html
import re
import unicodedata
import zlib
from collections.abc import Generator, Iterator
from urllib.parse import unquote_to_bytes

from bango_conformance._forms import SEPARATORS
from bango_conformance.findings import Unmet

DEPTH = 3
# Long data are read in windows that overlap by more than the longest writing of a value.
WINDOW = 4 * 1024 * 1024
OVERLAP = 64 * 1024
# Nothing that is unpacked may fill the memory of the harness: so much for all that one window holds.
LIMIT = 16 * WINDOW
PIECE = 1024
_ANY_HEADER, _NO_HEADER = 47, -15

_ESCAPE = re.compile(rb"\\+u([0-9A-Fa-f]{4})|\\+x([0-9A-Fa-f]{2})|\\+U([0-9A-Fa-f]{8})")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_WRAPPED = re.compile(rb"(?<=[A-Za-z0-9+/_-])(?:\r?\n[ \t]*|\\r?\\n|=\r?\n)(?=[A-Za-z0-9+/_-])")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}[ :-]?){12,}")
_ENTITY = re.compile(rb"&#?[0-9A-Za-z]{2,10};")
_COMPRESSED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", re.DOTALL)
_ONE_ALPHABET = bytes.maketrans(b"-_", b"+/")
_ASCII_SEPARATORS = "".join(filter(str.isascii, SEPARATORS)).encode()
_OTHER_SEPARATORS = [letter.encode() for letter in SEPARATORS if not letter.isascii()]


def layers(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The data itself (named by the empty string), then everything that it holds in another writing, each with its name.

    Unmet at the end where something unpacks to so much that it was not read to its end: what was not read is not clean.
    """
    left_out = False
    for start in range(0, max(len(data) - OVERLAP, 1), WINDOW - OVERLAP):
        left_out |= yield from _layers(data[start : start + WINDOW])
    if left_out:
        raise Unmet(
            f"展開すると {LIMIT} バイトを超えるデータがあり、終わりまで調べられませんでした。",
            f"the target's data unpack to more than {LIMIT} bytes, which could not be searched to their end",
        )


def _layers(window: bytes) -> Generator[tuple[str, bytes], None, bool]:
    left, seen, left_out = LIMIT, set(), False
    waiting = [("", window, 0)]
    while waiting:
        name, text, depth = waiting.pop(0)
        if not text or text in seen:
            continue
        if len(text) >= left:
            left_out, text = True, text[:left]
        seen.add(text)
        left -= len(text)
        yield name, text
        if depth < DEPTH and left:
            waiting += [(f"{name} / {kind}" if name else kind, inner, depth + 1) for kind, inner in _inner(text, left)]
    return left_out


def _inner(text: bytes, left: int) -> Iterator[tuple[str, bytes]]:
    if b"%" in text:
        yield "URL encoding", unquote_to_bytes(text.replace(b"+", b" "))
    if b"\\" in text and _is_text(text):
        yield "escapes", _pairs_joined(_ESCAPE.sub(_unescaped, text))
    if b"&" in text and _ENTITY.search(text):
        yield "entities", html.unescape(text.decode("utf-8", "replace")).encode("utf-8", "replace")
    if _WRAPPED.search(text):
        yield "folded lines", _WRAPPED.sub(b"", text)
    if _is_text(text):
        yield "spacing", _squeezed(text)
    yield from _joined("base64", (_unbase64(found.group()) for found in _BASE64.finditer(text)))
    yield from _joined("hex", (_unhex(found.group()) for found in _HEX.finditer(text)))
    for place in _COMPRESSED.finditer(text):
        yield "compression", _unpacked(zlib.decompressobj(_ANY_HEADER), text[place.start() :], left)
    whole = zlib.decompressobj(_NO_HEADER)
    unpacked = _unpacked(whole, text, left)
    if whole.eof:
        yield "compression", unpacked


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _unescaped(found: re.Match[bytes]) -> bytes:
    number = int(found[1] or found[2] or found[3], 16)
    return chr(min(number, 0x10FFFF)).encode("utf-8", "surrogatepass")


def _pairs_joined(data: bytes) -> bytes:
    # Two escapes that are halves of one character become that character.
    text = data.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.encode()


def _squeezed(text: bytes) -> bytes:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.decode("utf-8")).encode()
        for separator in _OTHER_SEPARATORS:
            text = text.replace(separator, b"")
    return text.translate(None, _ASCII_SEPARATORS)


def _joined(name: str, found: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    # One layer for all runs of a text: a zero byte between them keeps two of them from making a value together.
    whole = b"\0".join(found)
    if whole.strip(b"\0"):
        yield name, whole


def _unbase64(run: bytes) -> bytes:
    letters = run.rstrip(b"=").translate(_ONE_ALPHABET)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def _unhex(run: bytes) -> bytes:
    try:
        return bytes.fromhex(re.sub(rb"[ :-]", b"", run).decode("ascii"))
    except ValueError:
        return b""


def _unpacked(machine: zlib._Decompress, data: bytes, left: int) -> bytes:
    # In pieces, so that a broken or cut stream still shows what could be read of it.
    made = bytearray()
    for start in range(0, len(data), PIECE):
        try:
            made += machine.decompress(data[start : start + PIECE], max(left - len(made), 1))
        except zlib.error:
            break
        if machine.eof or machine.unconsumed_tail:
            break
    return bytes(made)
