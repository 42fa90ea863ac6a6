"""Articles as the law cites them, read into the form that the facts have: 第二十七条第一項第三号 → `27(1)(iii)`."""

from __future__ import annotations

import re

from bango_spec.reading import Element

_NUMBER = r"[〇一二三四五六七八九十百0-9]+"
_RUN = rf"附則(?:第{_NUMBER}[条項号](?:の{_NUMBER})*)+|(?:第{_NUMBER}[条項号](?:の{_NUMBER})*)+"
CITATION = re.compile(rf"(?:{_RUN})(?:から第{_NUMBER}号まで)?(?:ただし書)?")
"""One citation, in a text as `fold` leaves it."""
_UNIT = re.compile(rf"第({_NUMBER})([条項号])((?:の{_NUMBER})*)")
_UNTIL = re.compile(rf"から第({_NUMBER})号まで")
_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")}
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def number(text: str) -> int:
    """A number in Japanese or Arabic digits; 0 when it is none."""
    if text.isdecimal():
        return int(text)
    total = current = 0
    for char in text:
        if char in _DIGITS:
            current = _DIGITS[char]
        elif char in "十百":
            total, current = total + (current or 1) * {"十": 10, "百": 100}[char], 0
        else:
            return 0
    return total + current


class Cited(Element, frozen=True):
    """What a citation named: the next one leaves out what it shares with it (第一項第三号又は第四号)."""

    article: str = ""
    paragraph: str = ""
    item: str = ""

    @property
    def written(self) -> str:
        """The article as the facts write it."""
        return self.article + self.paragraph + self.item


def cited(text: str, before: Cited) -> Cited:
    """The article that one citation names after another."""
    article, paragraph, item = before.article, before.paragraph, ""
    for found in _UNIT.finditer(text.partition("から")[0]):
        count, unit, branches = found.groups()
        if unit == "条":
            start = "suppl." if text.startswith("附則") else ""
            article = start + "-".join(str(number(n)) for n in (count, *branches.split("の")[1:]))
            paragraph = ""
        elif unit == "項":
            paragraph = f"({number(count)})"
        else:
            item = _roman(number(count))
    if until := _UNTIL.search(text):
        item += f"-{_roman(number(until[1]))}"
    if item:
        item = f"({item})"
    return Cited(article=article, paragraph=paragraph, item=item + ("proviso" if text.endswith("ただし書") else ""))


def _roman(count: int) -> str:
    found = ""
    for value, sign in _ROMAN:
        found, count = found + sign * (count // value), count % value
    return found
