"""Finding thousands of values in a text at once, in plain Python: only every fourth place is looked at.

A form of at least eleven letters covers, wherever it stands, eight letters that begin at a multiple of four. So each
form is entered under the eight-letter grams at its first four offsets, and the text is read as 64-bit numbers, one
dictionary look-up each. Forms of seven to ten letters likewise under four letters; shorter ones, and those that are
not ASCII, are found by their first two letters.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRIDE = 4


class _Grams:
    """ASCII forms of at least `letters + 3` letters, under their grams."""

    def __init__(self, letters: Literal[4, 8]) -> None:
        self.letters = letters
        self.forms: dict[int, list[tuple[int, bytes, str]]] = {}

    def add(self, form: bytes, label: str) -> None:
        for offset in range(_STRIDE):
            gram = int.from_bytes(form[offset : offset + self.letters], sys.byteorder)
            self.forms.setdefault(gram, []).append((offset, form, label))

    def find(self, text: bytes) -> Iterator[tuple[int, int, str]]:
        view = memoryview(text)
        for begin in range(0, self.letters, _STRIDE):
            end = begin + (len(text) - begin) // self.letters * self.letters
            numbers = view[begin:end].cast("Q" if self.letters == 8 else "I").tolist() if end > begin else []
            if found := self.forms.keys() & numbers:
                for index in [n for n, number in enumerate(numbers) if number in found]:
                    yield from self._at(text, begin + index * self.letters, numbers[index])

    def _at(self, text: bytes, place: int, gram: int) -> Iterator[tuple[int, int, str]]:
        for offset, form, label in self.forms[gram]:
            start = place - offset
            if start >= 0 and text.startswith(form, start):
                yield start, start + len(form), label


class _Beginnings:
    """Short forms and forms that are not ASCII, under their first two letters."""

    def __init__(self) -> None:
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self._pattern: re.Pattern[str] | None = None

    def add(self, form: str, label: str) -> None:
        self.forms.setdefault(form[:2], []).append((form, label))
        self._pattern = None

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        if self._pattern is None:
            first, second = (re.escape("".join(sorted(set(row)))) for row in zip(*self.forms, strict=True))
            self._pattern = re.compile(f"[{first}](?=[{second}])")
        for place in self._pattern.finditer(text):
            start = place.start()
            for form, label in self.forms.get(text[start : start + 2], ()):
                if text.startswith(form, start):
                    yield start, start + len(form), label


class Finder:
    """Finds every place of any of its forms, overlapping ones too."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._long, self._middle = _Grams(8), _Grams(4)
        self._short, self._other = _Beginnings(), _Beginnings()

    def add(self, form: str, label: str) -> None:
        """One more form (two letters at least); its places will carry this label."""
        if form in self._known:
            return
        self._known.add(form)
        if not form.isascii():
            self._other.add(form, label)
        elif len(form) >= 11:
            self._long.add(form.encode(), label)
        elif len(form) >= 7:
            self._middle.add(form.encode(), label)
        else:
            self._short.add(form, label)

    def find(self, letters: bytes, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and label of each place; the same place may be told twice.

        `letters` is `text` with one byte for each character, whatever stands for those that are not ASCII.
        """
        if self._long.forms:
            yield from self._long.find(letters)
        if self._middle.forms:
            yield from self._middle.find(letters)
        if self._short.forms:
            yield from self._short.find(text)
        if self._other.forms and not text.isascii():
            yield from self._other.find(text)
