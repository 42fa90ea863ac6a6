"""Mutants of texts, codes, times and numbers on their way in."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.sides import InHouseSide
from bango_mocks.serving.validation import Contract, Fault
from bango_spec.reading import Text

WIDE = {0xFF10 + n: 0x30 + n for n in range(10)}
PERSON = "integrated_address_number"
DAY = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-([0-3][0-9])")


class Repaired(InHouseSide):
    """What would be refused is repaired and looked at once more."""

    def repaired(self, body: bytes) -> bytes:
        """The body as somebody would have liked it."""
        raise NotImplementedError

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body, repaired if it is wrong."""
        value, wrong = super().parsed(contract, headers, body)
        if wrong and (made := self.repaired(body)) != body:
            return super().parsed(contract, headers, made)
        return value, wrong


def in_text(change: Callable[[str], str], body: bytes) -> bytes:
    """A body with its text changed; one that is no UTF-8 stays as it is."""
    try:
        return change(body.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        return body


@mutant(
    clause="IS-TXT-001",
    title=Text(ja="文字をNFCに正規化する", en="Normalises text to NFC"),
    reason="TEXT-CHANGED",
)
class Normalised(InHouseSide):
    """Searching is easier that way."""

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body in normal form."""
        return super().parsed(contract, headers, in_text(lambda text: unicodedata.normalize("NFC", text), body))


@mutant(
    clause="IS-TXT-002",
    title=Text(ja="文字数をUTF-16の単位で数える", en="Counts the length of texts in units of UTF-16"),
    reason="NOT-ACCEPTED",
)
class Units(InHouseSide):
    """The language counts so."""

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body, once with two characters for each beyond the first plane."""
        value, wrong = super().parsed(contract, headers, body)
        doubled = in_text(lambda text: "".join(one if one <= "\uffff" else "字字" for one in text), body)
        return value, wrong or (super().parsed(contract, headers, doubled)[1] if doubled != body else [])


@mutant(
    clause="IS-TXT-003",
    title=Text(ja="全角の数字を半角に直して受け入れる", en="Accepts full-width digits as ASCII ones"),
    reason="ACCEPTED-DEFECT",
)
class WideDigits(Repaired):
    """Being liberal in what one accepts."""

    def repaired(self, body: bytes) -> bytes:
        """The body with narrow digits."""
        return in_text(lambda text: text.translate(WIDE), body)


@mutant(
    clause="IS-TXT-004",
    title=Text(ja="宛名番号の空白を除き零を補う", en="Trims and pads the integrated address number"),
    reason="ACCEPTED-DEFECT",
)
class Padded(Repaired):
    """Some business systems send it short."""

    def repaired(self, body: bytes) -> bytes:
        """The body with fifteen digits where there were fewer."""
        found = re.compile(rf'("{PERSON}": ?")(?:\\n|\s)*([0-9]{{1,15}})(?:\\n|\s)*"')
        return in_text(lambda text: found.sub(lambda at: f'{at[1]}{at[2].zfill(15)}"', text), body)


@mutant(
    clause="IS-TXT-006",
    title=Text(ja="UTF-8でないバイトを疑問符に替える", en="Puts question marks for bytes that are no UTF-8"),
    reason="ACCEPTED-DEFECT",
)
class Replaced(Repaired):
    """Decoding never fails."""

    def repaired(self, body: bytes) -> bytes:
        """The body with what can be read of it."""
        return body.decode("utf-8", "replace").replace("\ufffd", "?").encode("utf-8")


@mutant(
    clause="IS-TXT-007",
    title=Text(ja="存在しない日を月の末日に読み替える", en="Moves days that do not exist to the end of the month"),
    reason="ACCEPTED-DEFECT",
)
class NearestDay(Repaired):
    """As the calendar library does it."""

    def repaired(self, body: bytes) -> bytes:
        """The body with days that exist."""
        return in_text(lambda text: DAY.sub(existing, text), body)


def existing(found: re.Match[str]) -> str:
    """The day, or the last of its month."""
    year, month, day = (int(part) for part in found.groups())
    last = calendar.monthrange(max(year, 1), month)[1]
    return f"{year:04d}-{month:02d}-{min(day, last):02d}"
