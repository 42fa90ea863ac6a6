"""The numbered rows of a table of the law: the number as the spec writes it, whatever numerals it stands in."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bango_spec.egov import Table

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100}
_NUMBER = "(?:[〇一二三四五六七八九十百]+|[0-9０-９]+)"
_ITEM = re.compile(rf"^({_NUMBER}(?:の{_NUMBER})*)(?:[\s\u3000]+|$)(.*)$", re.DOTALL)


class Item(NamedTuple):
    """A row's number as the spec writes it (`56-2`), the text behind it, and the other cells."""

    item: str
    first: str
    cells: tuple[str, ...]


def items(table: Table) -> list[Item]:
    """The rows that carry an item number, in order; rows before the first of them (the heading) are left out.

    A row whose first cell is empty goes on with the item above: what it leaves empty, too, stands there.
    """
    found: list[Item] = []
    for row in table.rows:
        match = _ITEM.match(row[0]) if row else None
        if match is not None:
            found.append(Item(number_of(match[1]), match[2].strip(" \t\r\n\u3000"), row[1:]))
        elif found and row and not row[0] and any(row):
            above = found[-1]
            task = row[1] or next(iter(above.cells), "")
            found.append(Item(above.item, above.first, (task, *row[2:])))
    return found


def number_of(written: str) -> str:
    """`五十六の二` or `５６の２` as `56-2`."""
    return "-".join(str(_value(part)) for part in unicodedata.normalize("NFKC", written).split("の"))


def _value(part: str) -> int:
    if part.isdecimal():
        return int(part)
    total, digit = 0, 0
    for char in part:
        if char in _DIGITS:
            digit = digit * 10 + _DIGITS[char]
        else:
            total += (digit or 1) * _UNITS[char]
            digit = 0
    return total + digit
