"""Official e-Gov law XML (法令標準XML): the tables of a law as rows of texts, read without trusting the file.

Element names: e-Gov, 法令標準XMLスキーマ version 3.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element as Node

from bango_spec._egov_xml import OBTAIN, tree
from bango_spec.errors import BangoError

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read; the whole Number Act is below one megabyte."""
_WIDEST = 400
_PARTS = frozenset({"Item", *(f"Subitem{level}" for level in range(1, 11))})


class Table(NamedTuple):
    """A table of the law: its title, and its rows with row spans resolved (every row has every cell)."""

    title: str
    rows: tuple[tuple[str, ...], ...]


class LawXml(NamedTuple):
    """What a file holds: the law's number and title, its tables, and the SHA-256 of the file.

    `key` is what e-Gov's law id says, too: era and year, the kind of law, its number.
    """

    number: str
    title: str
    tables: tuple[Table, ...]
    digest: str
    key: tuple[str, str, int] | None


def read_law(path: Path) -> LawXml:
    """The law in a file; LAW-XML-READ, LAW-XML-SIZE, LAW-XML-ENTITY, LAW-XML-FORM or LAW-XML-LAW say what is wrong."""
    try:
        if path.stat().st_size > LARGEST:
            raise BangoError("LAW-XML-SIZE", f"{path}: 大きすぎます / larger than {LARGEST} bytes", step=OBTAIN)
        data = path.read_bytes()
    except OSError as error:
        raise BangoError(
            "LAW-XML-READ", f"{path}: ファイルを読めません / the file cannot be read", cause=str(error), step=OBTAIN
        ) from error
    root = tree(data, path)
    law = root if root.tag == "Law" else next(root.iter("Law"), None)
    if law is None:
        raise BangoError("LAW-XML-LAW", f"{path}: 法令XMLではありません / no Law element in it", step=OBTAIN)
    return LawXml(
        number=_text(law.find("LawNum")),
        title=_text(law.find("LawBody/LawTitle")),
        tables=tuple(_tables(law)),
        digest=f"sha256:{hashlib.sha256(data).hexdigest()}",
        key=_key(law),
    )


def key_of(law_id: str) -> tuple[str, str, int]:
    """`425AC0000000027` as (`425`, `A`, 27), which the attributes of the law's XML say as well."""
    return law_id[:3], law_id[3], int(law_id[-3:])


def _key(law: Node) -> tuple[str, str, int] | None:
    eras = {"Meiji": "1", "Taisho": "2", "Showa": "3", "Heisei": "4", "Reiwa": "5"}
    kinds = {"Act": "A", "CabinetOrder": "C", "ImperialOrder": "I", "MinisterialOrdinance": "M", "Rule": "R"}
    era, kind = eras.get(law.get("Era", "")), kinds.get(law.get("LawType", ""))
    year, number = law.get("Year", ""), law.get("Num", "")
    if era is None or kind is None or not re.fullmatch("[0-9]{1,2}", year) or not re.fullmatch("[0-9]{1,6}", number):
        return None
    return f"{era}{int(year):02}", kind, int(number)


def _tables(law: Node) -> list[Table]:
    found = [
        Table(_text(appendix.find("AppdxTableTitle")), _rows(table))
        for appendix in law.iter("AppdxTable")
        for table in appendix.iter("Table")
    ]
    provision = law.find("LawBody/MainProvision")
    for article in provision.iter("Article") if provision is not None else ():
        found += [Table(_text(article.find("ArticleTitle")), _rows(table)) for table in article.iter("Table")]
    return found


def _rows(table: Node) -> tuple[tuple[str, ...], ...]:
    made: list[tuple[str, ...]] = []
    hanging: dict[int, tuple[int, str]] = {}
    for row in table.iter("TableRow"):
        cells: list[str] = []
        own = list(row.iter("TableColumn"))
        while own or len(cells) in hanging:
            place = len(cells)
            if place in hanging:
                left, text = hanging.pop(place)
                if left > 1:
                    hanging[place] = (left - 1, text)
                cells.append(text)
                continue
            cell = own.pop(0)
            text = _text(cell)
            spans = max(1, min(_span(cell, "colspan"), _WIDEST))
            for _ in range(spans):
                if (down := _span(cell, "rowspan")) > 1:
                    hanging[len(cells)] = (down - 1, text)
                cells.append(text)
        made.append(tuple(cells))
    return tuple(made)


def _span(cell: Node, name: str) -> int:
    value = cell.get(name, "1")
    return int(value) if value.isascii() and value.isdigit() and len(value) < len(str(_WIDEST)) + 1 else 1


def _text(node: Node | None) -> str:
    """All text of an element, a line for each sentence and each numbered part, without the readings of ruby."""
    if node is None:
        return ""
    parts: list[str] = []

    def add(text: str | None) -> None:
        # What only lays out the file is no text.
        if text and (text.strip(" \t\r\n") or "\n" not in text):
            parts.append(text)

    def walk(one: Node) -> None:
        if one.tag == "Rt":
            return
        if one.tag in _PARTS and parts:
            parts.append("\n")
        elif one.tag.endswith("Sentence") and one.tag.removesuffix("Sentence") in _PARTS:
            parts.append("\u3000")
        elif one.tag in {"Sentence", "Column"} and parts and not parts[-1].endswith(("\n", "\u3000")):
            parts.append("\n")
        add(one.text)
        for inner in one:
            walk(inner)
            add(inner.tail)

    walk(node)
    lines = (line.strip(" \t\r\n") for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
