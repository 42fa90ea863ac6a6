"""Finding any number of byte strings in one pass: the text is read as numbers, one set look-up for all of them together.

A string of at least eleven bytes covers, wherever it stands, eight bytes that begin at a multiple of four. So each is
entered under the eight-byte grams at its first four offsets; those of seven to ten bytes likewise under four-byte grams.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

STRIDE = 4
LONG = 8 + STRIDE - 1
MIDDLE = 4 + STRIDE - 1


class Grams:
    """Byte strings and what they stand for."""

    def __init__(self) -> None:
        self._long: dict[int, list[tuple[int, bytes, Any]]] = {}
        self._middle: dict[int, list[tuple[int, bytes, Any]]] = {}
        self._short: list[tuple[bytes, Any]] = []

    def add(self, form: bytes, label: Any) -> None:
        """One more string to look for."""
        if len(form) < MIDDLE:
            self._short.append((form, label))
            return
        table, width = (self._long, 8) if len(form) >= LONG else (self._middle, 4)
        for offset in range(STRIDE):
            gram = int.from_bytes(form[offset : offset + width], sys.byteorder)
            table.setdefault(gram, []).append((offset, form, label))

    def find(self, text: bytes) -> Iterator[tuple[int, Any]]:
        """Where a string stands, and its label."""
        if self._long:
            yield from _find(text, self._long, 8, "Q")
        if self._middle:
            yield from _find(text, self._middle, 4, "I")
        for form, label in self._short:
            start = text.find(form)
            while start >= 0:
                yield start, label
                start = text.find(form, start + 1)


def _find(
    text: bytes, table: dict[int, list[tuple[int, bytes, Any]]], width: int, code: Any
) -> Iterator[tuple[int, Any]]:
    view = memoryview(text)
    for begin in range(0, width, STRIDE):
        end = begin + (len(text) - begin) // width * width
        numbers = view[begin:end].cast(code).tolist() if end > begin else []
        if known := table.keys() & numbers:
            for index in [n for n, number in enumerate(numbers) if number in known]:
                place = begin + index * width
                for offset, form, label in table[numbers[index]]:
                    if place >= offset and text.startswith(form, place - offset):
                        yield place - offset, label
