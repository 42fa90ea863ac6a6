"""Characters: what a text may hold, how texts are compared, and samples that must survive byte for byte.

Everything is read from spec/characters.yaml. Stored text is never changed; only search keys are.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Literal

from bango_spec._spans import belongs, spans
from bango_spec.errors import UsageError
from bango_spec.reading import Element, Text, read

_HIRAGANA = range(0x3041, 0x3097)
_TO_KATAKANA = 0x60


class Stored(Element, frozen=True):
    """What a store may do to a text: nothing."""

    normalise: Literal["never"]
    trim: Literal["never"]


class Field(Element, frozen=True):
    """A kind of text and the most characters (Unicode scalar values) it may have."""

    id: str
    name: Text
    longest: int
    assumption: str


class Refusal(Element, frozen=True):
    """Characters that may not stand in a text; with `base`, only where that base does not stand before them."""

    code: str
    text: Text
    example: str
    characters: str = ""
    categories: tuple[str, ...] = ()
    base: Literal["", "ideograph", "any"] = ""


class Collection(Element, frozen=True):
    """A collection of the Ideographic Variation Database."""

    id: str
    name: Text


class Dashes(Element, frozen=True, rename={"written": "from", "to": "to"}):
    """Dashes that are searched as one."""

    written: str
    to: str


class Search(Element, frozen=True):
    """How a search key is made; each group of variants is searched as its first character."""

    dropped: str
    dashes: Dashes
    kana: dict[str, str]
    variants: tuple[str, ...]


class Sample(Element, frozen=True):
    """A text with one property, and its exact bytes in hexadecimal."""

    id: str
    property: Text
    text: str
    utf8: str


class Characters(Element, frozen=True):
    """The whole of spec/characters.yaml."""

    stored: Stored
    fields: tuple[Field, ...]
    refused: tuple[Refusal, ...]
    ideographs: str
    collections: tuple[Collection, ...]
    search: Search
    samples: tuple[Sample, ...]


class Fault(Element, frozen=True):
    """What is wrong with a text: a stable code, both texts, and the place (counted in characters from 0)."""

    code: str
    text: Text
    place: int


@cache
def characters() -> Characters:
    """The character rules, read once."""
    return read("characters.yaml", Characters)


def samples() -> tuple[Sample, ...]:
    """The sample texts, in the order of the spec."""
    return characters().samples


def sample(sample_id: str) -> Sample:
    """One sample text, for example `text-sip`; TX-UNKNOWN-SAMPLE for another word."""
    for one in samples():
        if one.id == sample_id:
            return one
    raise UsageError("TX-UNKNOWN-SAMPLE", f"no sample text is called {sample_id!r}")


def longest(field: str) -> int:
    """The most characters of a kind of text; TX-UNKNOWN-FIELD for another word."""
    for one in characters().fields:
        if one.id == field:
            return one.longest
    raise UsageError("TX-UNKNOWN-FIELD", f"no kind of text is called {field!r}")


def check(text: str, field: str = "text") -> Fault | None:
    """The first thing wrong with a text, or None: characters that may not travel, then its length."""
    limit = longest(field)
    rules = characters()
    for place, char in enumerate(text):
        if " " <= char <= "~" or "\u3041" <= char <= "\u3096" or "\u4e00" <= char <= "\u9fff":
            continue
        for one in rules.refused:
            if belongs(char, one.characters, one.categories) and not _has_base(one.base, text, place):
                return Fault(code=one.code, text=one.text, place=place)
    if len(text) > limit:
        too_long = Text(ja=f"{limit}文字より長い", en=f"longer than {limit} characters")
        return Fault(code="TX-LENGTH-LONG", text=too_long, place=limit)
    return None


def search_key(text: str) -> str:
    """What two texts that people take for one have in common: width, case, kana, spaces, dashes and variants folded."""
    kept = text.translate(_dropping())
    key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", kept).casefold())
    # A mark that found no letter to compose with would make the key depend on how the text was typed.
    bare = "".join(char for char in key.translate(_dropping()) if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", bare).translate(_folding())


def _has_base(base: str, text: str, place: int) -> bool:
    if not base or place == 0:
        return False
    return base == "any" or belongs(text[place - 1], characters().ideographs)


@cache
def _dropping() -> dict[int, None]:
    return {code: None for low, high in spans(characters().search.dropped) for code in range(low, high + 1)}


@cache
def _folding() -> dict[int, str]:
    search = characters().search
    table = {code: chr(code + _TO_KATAKANA) for code in _HIRAGANA}
    table |= {0x309D: "ヽ", 0x309E: "ヾ"}
    for low, high in spans(search.dashes.written):
        table |= dict.fromkeys(range(low, high + 1), search.dashes.to)
    table |= {ord(char): group[0] for group in search.variants for char in group[1:]}
    folds = {ord(char): to for char, to in search.kana.items()}
    # Small hiragana becomes small katakana first; both end as the large one.
    return {code: to.translate(folds) for code, to in table.items()} | folds
