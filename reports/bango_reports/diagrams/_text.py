"""How wide a text is and where it may break: no layout library, so that the same data gives the same bytes everywhere."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

_NEVER_FIRST = frozenset("、。，．・：；）」』】〕ー～ぁぃぅぇぉっゃゅょァィゥェォッャュョ!,.:;)]}→")
# Katakana words that others are built with: a line may begin with them.
_WORDS = ("システム", "ネットワーク", "センター", "サービス", "プラットフォーム")
_NEVER_LAST = frozenset("（「『【〔([{")


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The room that a text needs in pixels, a little more than any of the page's fonts takes."""
    return sum(map(_em, text)) * size * (1.06 if bold else 1)


def _em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WFA":
        return 1
    if letter in "mwMW@%":
        return 0.9
    if letter in " .,;:'()fijlrtI":
        return 0.44
    return 0.7 if letter.isupper() else 0.56


def balanced(text: str, room: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """The text in as few lines as fit the room: broken inside as few words as can be, then about equally long."""
    first = wrap(text, room, size, bold=bold)
    tried = [first]
    while (room := room - size / 2) > size * 2 and len(tried[-1]) == len(first):
        tried.append(wrap(text, room, size, bold=bold))
    return min(
        (lines for lines in tried if len(lines) == len(first)),
        key=lambda lines: (_torn(text, lines), max(width(line, size, bold=bold) for line in lines)),
    )


def _torn(text: str, lines: tuple[str, ...]) -> int:
    """How many breaks fall inside a word: nothing was left out there, and both sides are of one script."""
    return sum(
        one + two in text and not _is_seam(one[-1], two[0]) and not two.startswith(_WORDS)
        for one, two in pairwise(lines)
    )


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """The text in lines that fit the room; a break between two scripts is preferred to one inside a word."""
    lines: list[str] = []
    rest = text
    while width(rest, size, bold=bold) > room:
        cut = _cut(rest, room, size, bold=bold)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return (*lines, rest)


def _cut(text: str, room: float, size: float, *, bold: bool) -> int:
    fits = max(end for end in range(1, len(text)) if end == 1 or width(text[:end].rstrip(), size, bold=bold) <= room)
    allowed = [at for at in range(1, fits + 1) if _may_break(text, at)]
    if not allowed:
        return fits
    good = [
        at for at in allowed if at > fits * 0.3 and (_is_seam(text[at - 1], text[at]) or text.startswith(_WORDS, at))
    ]
    return max(good or allowed)


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after in _NEVER_FIRST or after == " " or before in _NEVER_LAST:
        return False
    return not (_glued(before) and _glued(after)) or before in " -/"


def _glued(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) not in "WFA" and letter != " "


def _is_seam(before: str, after: str) -> bool:
    return (
        before in " -/、。・）" or after == "（" or (_script(before) != _script(after) and _script(after) != "hiragana")
    )


def _script(letter: str) -> str:
    if letter == "ー":
        return "katakana"
    return unicodedata.name(letter, "none").split()[0].lower()
