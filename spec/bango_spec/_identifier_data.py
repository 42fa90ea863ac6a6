"""The types of spec/identifiers.yaml: charsets, malformations, check rules and identifiers."""

from __future__ import annotations

from functools import cache
from typing import Literal

from bango_spec.reading import Element, Text, read

Component = Literal["in-house", "intermediate-server", "interface-system", "core", "jlis", "portal", "operator"]


class Charset(Element, frozen=True):
    """The ASCII characters that an identifier is written with."""

    id: str
    characters: str


class Malformation(Element, frozen=True):
    """One way to be wrong: a stable code, its text, how it is recognised and how it is made."""

    code: str
    stage: Literal["type", "form", "character", "structure"]
    text: Text
    charsets: tuple[str, ...] = ()
    form: str | None = None
    characters: str = ""
    categories: tuple[str, ...] = ()
    at: Literal["start", "end", "anywhere"] = "anywhere"
    make: str | None = None
    digits: str = ""
    shift: str = ""


class CheckRule(Element, frozen=True):
    """A weighted check digit: subtract_from − (sum of digit × weight mod modulus).

    `overflow` says what is written where that has two digits.
    """

    weights: tuple[int, ...]
    modulus: int
    subtract_from: int
    overflow: Literal["zero", "last-digit"]
    position: Literal["first", "last"]


class Part(Element, frozen=True, rename={"others": "or"}):
    """A place inside an identifier that holds another one, or one of the values in `others`."""

    at: int
    kind: str
    others: tuple[str, ...] = ()


class Range(Element, frozen=True):
    """Digits at a place whose value lies in one of the spans, both ends included."""

    at: int
    width: int
    spans: tuple[tuple[str, str], ...]
    code: str


class Choice(Element, frozen=True):
    """One place that takes fewer characters than the charset has."""

    at: int
    of: str
    code: str


class TestBlock(Element, frozen=True):
    """Where test numbers lie: `size` values from `first`, counted without the check digit."""

    __test__ = False

    first: str
    size: int
    assumption: str


class Vector(Element, frozen=True):
    """A wrong value and the code it must be reported with."""

    value: str | int | None
    code: str


class Identifier(Element, frozen=True):
    """One kind of number or code: how it is written, where it may appear, and test vectors."""

    id: str
    term: str
    name: Text
    width: int
    charset: str
    pattern: str
    scope: Literal["nation", "body", "exchange"]
    personal: bool
    appears: tuple[Component, ...]
    never: tuple[Component, ...]
    confidence: Literal["confirmed", "inferred", "assumption"]
    sources: tuple[str, ...]
    valid: tuple[str, ...]
    invalid: tuple[Vector, ...]
    min_width: int | None = None
    prefix: str = ""
    check: CheckRule | None = None
    parts: tuple[Part, ...] = ()
    ranges: tuple[Range, ...] = ()
    choices: tuple[Choice, ...] = ()
    layout: str = ""
    zero: str = ""
    test_block: TestBlock | None = None
    assumption: str = ""
    note: Text | None = None

    @property
    def shortest(self) -> int:
        """The smallest width in characters."""
        return self.width if self.min_width is None else self.min_width


class IdentifierFile(Element, frozen=True):
    """The whole of spec/identifiers.yaml."""

    charsets: tuple[Charset, ...]
    malformations: tuple[Malformation, ...]
    identifiers: tuple[Identifier, ...]


@cache
def identifier_file() -> IdentifierFile:
    """The file, read once."""
    return read("identifiers.yaml", IdentifierFile)
