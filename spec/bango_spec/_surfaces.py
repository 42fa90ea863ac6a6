"""Words to ids: an index of surface forms that forgives width and spaces, and suggests what may have been meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONG = 60
"""No suggestions for whole sentences: nothing is like them."""
_DROPPED = re.compile(r"[\s「」『』\"'`´・･,，。.]+")
_VARIANTS = str.maketrans({"ヶ": "ケ", "ヵ": "カ", "‐": "-", "－": "-", "−": "-", "〜": "~"})


def fold(text: str) -> str:
    """The form under which words are compared: NFKC, small letters, without spaces, quotes and middle dots."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).translate(_VARIANTS).casefold())


def bare(text: str) -> str:
    """The text without what stands in parentheses."""
    text = text.replace("(", "（").replace(")", "）")
    while (shorter := re.sub(r"（[^（）]*）", "", text)) != text:
        text = shorter
    return text


class Surfaces:
    """An index from words to ids; a word may belong to several ids, an id to many words."""

    def __init__(self, entries: Iterable[tuple[str, Iterable[str]]] = ()) -> None:
        self._ids: dict[str, list[str]] = {}
        self._shown: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._joined: dict[str, list[str]] = {}
        self._by_first: dict[str, list[int]] | None = None
        for ident, words in entries:
            for word in (ident, *words):
                self.add(word, ident)

    def add(self, word: str, ident: str) -> None:
        """Let `word` mean `ident` too."""
        key = fold(word)
        self._by_first = None
        if key:
            ids = self._ids.setdefault(key, [])
            if ident not in ids:
                ids.append(ident)
            self._shown.setdefault(key, word)
            if not word.isascii():
                self._names.setdefault(ident, word)

    def force(self, word: str, ident: str) -> None:
        """Let `word` mean `ident` and nothing else."""
        self._ids[fold(word)] = [ident]
        self._by_first = None
        self._shown.setdefault(fold(word), word)

    def join(self, word: str, idents: list[str]) -> None:
        """Let `word` mean all of `idents` together."""
        self._joined[fold(word)] = idents

    def together(self, text: str) -> list[str]:
        """The ids that the whole text means all together; an empty list when it is no such word."""
        return list(self._joined.get(fold(text), ()))

    def find(self, text: str) -> list[str]:
        """The ids that the whole text names; an empty list when it names none."""
        return list(self._ids.get(fold(text), ()))

    def split(self, text: str, connectives: re.Pattern[str]) -> list[list[str]] | None:
        """The ids of the words that make up the whole text, longest first; None when more than connectives is left."""
        rest, found = fold(text), []
        while rest:
            if size := self.longest(rest):
                found.append(list(self._ids[rest[:size]]))
                rest = rest[size:]
            else:
                joint = connectives.match(rest)
                if joint is None or not joint.end():
                    return None
                rest = rest[joint.end() :]
        return found

    def words(self) -> list[str]:
        """Every word, folded."""
        return list(self._ids)

    def longest(self, folded: str) -> int:
        """How long the longest word is that a folded text begins with; 0 when it begins with none."""
        return next((size for size in self._sizes(folded[:1]) if folded[:size] in self._ids), 0)

    def _sizes(self, first: str) -> list[int]:
        """How long the words are that begin so, the longest first."""
        if self._by_first is None:
            by_first: dict[str, set[int]] = {}
            for word in self._ids:
                by_first.setdefault(word[0], set()).add(len(word))
            self._by_first = {char: sorted(sizes, reverse=True) for char, sizes in by_first.items()}
        return self._by_first.get(first, [])

    def suggest(self, text: str, count: int = 5) -> list[str]:
        """The names of what looks most like the text: by likeness, and what contains it or stands in it."""
        key = fold(text)
        if not key or len(key) > _LONG:
            return []
        inside = sorted(
            (w for w in self._ids if len(w) > 1 and (key in w or w in key)), key=lambda w: abs(len(w) - len(key))
        )
        alike = difflib.get_close_matches(key, self._ids, n=count, cutoff=0.5)
        loose = difflib.get_close_matches(key, self._ids, n=2, cutoff=0.2)
        picked: dict[tuple[str, ...], str] = {}
        for word in [*alike[:2], *inside, *alike, *loose]:
            ids = tuple(self._ids[word])
            picked.setdefault(ids, self._names.get(ids[0], self._shown[word]))
        return list(dict.fromkeys(picked.values()))[:count]
