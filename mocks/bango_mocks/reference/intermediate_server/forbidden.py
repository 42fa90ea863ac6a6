"""What may not be held: an individual number hidden in a text (IS-PRI-001)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from bango_spec.identifiers import check

NUMBER = "individual-number"
DIGITS = 12
# What people write between digits; the dashes of both widths, dots, blanks.
SEPARATORS = re.compile(r"(?<=\d)[\s\-‐‑‒–—―−ー.·・,_/]+(?=\d)")
RUN = re.compile(r"(?<!\d)\d{12}(?!\d)", re.ASCII)


def individual_number_in(text: str) -> bool:
    """Whether a text holds twelve digits with a right check digit, in any width and with separators."""
    if len(text) < DIGITS:
        return False
    plain = SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    return any(check(NUMBER, found.group()) is None for found in RUN.finditer(plain))


def texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside a value with its place (JSON Pointer)."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from texts(member, f"{place}/{name}")
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from texts(member, f"{place}/{number}")
