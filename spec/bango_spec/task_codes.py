"""The codes of tasks (JM) and procedures (JT) on the wire and back; our own layout, see assumption `own-task-codes`."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from bango_spec.errors import SpecError, UsageError
from bango_spec.reading import Element, Text, read

_ITEM = re.compile(r"([1-9]\d{0,3})(?:-([1-9]\d?))?(?:-([1-9]\d?))?")
_NUMBER = re.compile(r"(?:([1-9]\d{0,2})(?:-([1-9]\d?))?)?")


class Series(Element, frozen=True):
    """A line of tables whose item numbers continue through its editions, e.g. every edition of Schedule 2."""

    id: str
    code: str
    name: Text
    tables: list[str]


class Codes(Element, frozen=True):
    """`spec/law/codes.yaml`."""

    series: list[Series]


class Task(NamedTuple):
    """What a JM code says: the series and the item of its table."""

    series: str
    item: str


class Procedure(NamedTuple):
    """What a JT code says: the item, and the paragraph and number of the order; paragraph 0 is the item undivided."""

    series: str
    item: str
    paragraph: int
    number: str


@functools.cache
def codes() -> Codes:
    """The assigned series."""
    return read("law/codes.yaml", Codes)


@functools.cache
def _series() -> dict[str, str]:
    return {s.id: s.code for s in codes().series}


def series_of(edition: str, table: str) -> str:
    """The series id that a table (`schedule1`, `schedule2`) of an edition belongs to."""
    for series in codes().series:
        if f"{edition}/{table}" in series.tables:
            return series.id
    raise SpecError("SPEC-SERIES", f"no series for {edition}/{table}", step="name the table in spec/law/codes.yaml")


def _item_digits(item: str) -> str:
    found = _ITEM.fullmatch(item)
    if found is None:
        raise UsageError(
            "LAW-ITEM",
            f"項の番号ではない: {item!r}。 not an item number",
            step="74、56-2 のように書く。 write 74 or 56-2",
        )
    number, branch, twig = (int(g or 0) for g in found.groups())
    if twig:
        raise UsageError(
            "LAW-ITEM",
            f"これほど細かく分かれた項はない: {item!r}。 no table divides an item so far",
            step="74、56-2 のように書く。 write 74 or 56-2",
        )
    return f"{number:04d}{branch:02d}"


def _item(digits: str) -> str:
    number, branch = int(digits[:4]), int(digits[4:6])
    return f"{number}-{branch}" if branch else str(number)


def task_code(series: str, item: str) -> str:
    """JM + series (2) + item (4) + branch (2) + zeros (6)."""
    return f"JM{_series()[series]}{_item_digits(item)}000000"


def procedure_code(series: str, item: str, paragraph: int = 0, number: str = "") -> str:
    """JT + series (2) + item (4) + branch (2) + paragraph (1) + number (3) + its branch (2).

    Paragraph 0 without a number is the item undivided, where no order details it.
    """
    found = _NUMBER.fullmatch(number)
    if found is None or not 0 <= paragraph <= 9:
        raise UsageError(
            "LAW-PROCEDURE",
            f"手続の番号ではない: 第{paragraph}項 {number!r}。 not a procedure: paragraph {paragraph}, number {number!r}",
            step="項は0から9、号は 3、3-2 のように書く。 paragraph 0 to 9, number as 3 or 3-2",
        )
    main, branch = (int(g or 0) for g in found.groups())
    return f"JT{_series()[series]}{_item_digits(item)}{paragraph}{main:03d}{branch:02d}"


def _parse(code: str, prefix: str) -> tuple[str, str, str]:
    if re.fullmatch(rf"{prefix}[0-9]{{14}}", code) is None:
        raise UsageError(
            "LAW-CODE",
            f"{prefix} の符号ではない: {code!r}。 not a {prefix} code",
            step=f"{prefix} の後に半角数字14桁を書く。 write {prefix} and 14 ASCII digits",
        )
    names = {number: name for name, number in _series().items()}
    if code[2:4] not in names or code[4:8] == "0000":
        raise UsageError(
            "LAW-CODE",
            f"{code}: この系列又は項はない。 no such series or item",
            step="版の項を見る。 see the items of the edition: bango spec show item",
        )
    return names[code[2:4]], _item(code[4:10]), code[10:]


def parse_task(code: str) -> Task:
    """The series and item of a JM code; LAW-CODE when it is none of ours."""
    series, item, rest = _parse(code, "JM")
    if rest != "000000":
        raise UsageError(
            "LAW-CODE",
            f"{code}: 事務の符号の末尾6桁は0である。 the last six digits of a task are zero",
            step="手続なら JT の符号を使う。 use a JT code for a procedure",
        )
    return Task(series, item)


def parse_procedure(code: str) -> Procedure:
    """The series, item, paragraph and number of a JT code; LAW-CODE when it is none of ours."""
    series, item, rest = _parse(code, "JT")
    main, branch = int(rest[1:4]), int(rest[4:])
    number = f"{main}-{branch}" if branch else (str(main) if main else "")
    if branch and not main:
        raise UsageError(
            "LAW-CODE",
            f"{code}: 枝番号には元の号が要る。 a branch needs its number",
            step="手続の号を確かめる。 check the number of the procedure",
        )
    return Procedure(series, item, int(rest[0]), number)
