"""Sets of characters as the spec writes them: hexadecimal ranges and general categories of Unicode."""

from __future__ import annotations

import unicodedata
from functools import cache


@cache
def spans(written: str) -> tuple[tuple[int, int], ...]:
    """`20 2028-2029` as pairs of first and last code point."""
    parts = [part.partition("-") for part in written.split()]
    return tuple((int(low, 16), int(high or low, 16)) for low, _, high in parts)


def belongs(char: str, written: str, categories: tuple[str, ...] = ()) -> bool:
    """Whether a character lies in the ranges or has one of the categories."""
    if categories and unicodedata.category(char) in categories:
        return True
    return any(low <= ord(char) <= high for low, high in spans(written))
