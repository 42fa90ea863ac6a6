"""Evidence without personal values: every value in play is replaced, in each encoding, by a stable label.

`«個人番号:k7f3qz2m»` says which kind of value stood there; equal values carry equal labels within a run, so that a
reader still sees that two messages speak of the same person. The key of the labels is drawn per run and never stored.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from bango_reports._encodings import encoded, letters, lower, written
from bango_reports._search import Finder
from bango_reports._secrets import always
from bango_reports.model import Evidence
from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

KINDS = {
    "individual-number": "個人番号",
    "resident-code": "住民票コード",
    "corporate-number": "法人番号",
    "linkage-code": "符号",
    "integrated-address-number": "統合宛名番号",
    "name": "氏名",
    "address": "住所",
    "birth-date": "生年月日",
    "token": "トークン",
    "passphrase": "合言葉",
    "key": "秘密鍵",
}
"""Kinds of value and the word that the label shows; any other kind shows its own name."""

SHORT = 200
"""Texts up to this length (header fields, paths) come again and again: that one held nothing is remembered."""
CLEAN_KEPT = 20_000

_ALPHABET = "bcdfghjkmnpqrstvwxz2345679kqzfwp"


class Masker:
    """Replaces the values it was given, and every bearer token and private key, by stable labels."""

    def __init__(self, key: bytes | None = None) -> None:
        """`key` makes the labels; leave it out unless two maskers must agree."""
        self._key = key or secrets.token_bytes(32)
        self._known: set[str] = set()
        self._written, self._encoded = Finder(), Finder()
        self._generation = 0
        self._clean: set[tuple[int, str]] = set()

    def add(self, kind: str, *values: str) -> None:
        """Values to hide from now on; MASK-SHORT for one so short that it would hide everything."""
        for value in values:
            if value in self._known:
                continue
            if len(value) < (4 if value.isascii() else 2):
                raise UsageError(
                    "MASK-SHORT",
                    f"a value of kind {kind} with {len(value)} characters cannot be masked",
                    cause="so short a value stands in every text",
                    step="give the whole value, a full name for a family name",
                )
            self._known.add(value)
            label = self.label(kind, value)
            for form in written(value):
                self._written.add(form, label)
            for form in encoded(value):
                self._encoded.add(form, label)
            # Only now: what another thread finds clean while the forms are entered counts for the generation before.
            self._generation += 1

    def label(self, kind: str, value: str) -> str:
        """The label that stands for a value."""
        digest = hashlib.blake2b(value.encode("utf-8", "surrogatepass"), key=self._key, digest_size=8).digest()
        return f"«{KINDS.get(kind, kind)}:{''.join(_ALPHABET[byte & 31] for byte in digest)}»"

    def mask(self, text: str) -> str:
        """The text with every known value, token and private key replaced."""
        short = (self._generation, text) if len(text) <= SHORT else None
        if short in self._clean:
            return text
        lowered, exacted = letters(text)
        places = [(start, end, self.label(kind, text[start:end])) for kind, start, end in always(text, lowered)]
        places.extend(self._written.find(lowered, lower(text)))
        places.extend(self._encoded.find(exacted, exacted.decode()))
        if places:
            return _replace(text, places)
        if short is not None:
            if len(self._clean) >= CLEAN_KEPT:
                self._clean.clear()
            self._clean.add(short)
        return text

    def mask_all(self, value: T) -> T:
        """The same structure (evidence, case result, exchange, mapping, sequence) with every text in it masked."""
        masked: T = self._mask_any(value)
        return msgspec.structs.replace(masked, masked=True) if isinstance(masked, Evidence) else masked

    def _mask_any(self, value: Any) -> Any:
        if type(value) is str:
            return self.mask(value)
        if isinstance(value, msgspec.Struct):
            changes = {name: self._mask_any(getattr(value, name)) for name in value.__struct_fields__}
            return msgspec.structs.replace(value, **changes)
        if isinstance(value, dict):
            return {self._mask_any(key): self._mask_any(item) for key, item in value.items()}
        if isinstance(value, tuple | list):
            return type(value)(self._mask_any(item) for item in value)
        return value


def _replace(text: str, places: Iterable[tuple[int, int, str]]) -> str:
    # Where places overlap, the whole stretch goes: the end of a second value must not stay behind the first.
    pieces: list[str] = []
    done = 0
    for start, end, label in sorted(places, key=lambda place: (place[0], -place[1])):
        if start >= done:
            pieces += (text[done:start], label)
        done = max(done, end)
    return "".join((*pieces, text[done:]))
