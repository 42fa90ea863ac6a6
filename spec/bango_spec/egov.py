"""Official e-Gov law XML (法令標準XML): the tables of a law as rows of texts, read without trusting the file.

Element names: e-Gov, 法令標準XMLスキーマ version 3.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat

from bango_spec.errors import BangoError

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read; the whole Number Act is below one megabyte."""
_WIDEST = 400
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100}
_ITEM = re.compile(r"^([〇一二三四五六七八九十百]+(?:の[一二三四五六七八九十]+)*)(?:[\s\u3000]+|$)(.*)$", re.DOTALL)
_OBTAIN = "e-Gov法令検索から法令XMLをもう一度取り寄せてください / download the law's XML from e-Gov again"


class Table(NamedTuple):
    """A table of the law: its title, and its rows with row spans resolved (every row has every cell)."""

    title: str
    rows: tuple[tuple[str, ...], ...]


class LawXml(NamedTuple):
    """What a file holds: the law's number and title, its tables, and the SHA-256 of the file."""

    number: str
    title: str
    tables: tuple[Table, ...]
    digest: str


class Item(NamedTuple):
    """A row's number as the spec writes it (`56-2`), the text behind it, and the other cells."""

    item: str
    first: str
    cells: tuple[str, ...]


def read_law(path: Path) -> LawXml:
    """The law in a file; LAW-XML-READ, LAW-XML-SIZE, LAW-XML-ENTITY, LAW-XML-FORM or LAW-XML-LAW say what is wrong."""
    try:
        if path.stat().st_size > LARGEST:
            raise BangoError("LAW-XML-SIZE", f"{path}: 大きすぎます / larger than {LARGEST} bytes", step=_OBTAIN)
        data = path.read_bytes()
    except OSError as error:
        raise BangoError(
            "LAW-XML-READ", f"{path}: ファイルを読めません / the file cannot be read", cause=str(error), step=_OBTAIN
        ) from error
    root = _tree(data, path)
    law = root if root.tag == "Law" else next(root.iter("Law"), None)
    if law is None:
        raise BangoError("LAW-XML-LAW", f"{path}: 法令XMLではありません / no Law element in it", step=_OBTAIN)
    return LawXml(
        number=_text(law.find("LawNum")),
        title=_text(law.find("LawBody/LawTitle")),
        tables=tuple(_tables(law)),
        digest=f"sha256:{hashlib.sha256(data).hexdigest()}",
    )


def _tree(data: bytes, path: Path) -> Node:
    """The element tree; a document type, and so every entity of its own, is refused before anything is expanded."""
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")

    def refuse(*_: object) -> None:
        raise BangoError(
            "LAW-XML-ENTITY",
            f"{path}: 文書型の宣言は受け付けません / a document type is refused",
            cause="e-Gov の法令XMLにはありません / e-Gov's files have none",
            step=_OBTAIN,
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: builder.start(tag.rpartition("}")[2], attributes)
    parser.EndElementHandler = lambda tag: builder.end(tag.rpartition("}")[2])
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the parser's own signature
        return builder.close()
    except expat.ExpatError as error:
        raise BangoError(
            "LAW-XML-FORM", f"{path}: XMLとして壊れています / malformed XML", cause=str(error), step=_OBTAIN
        ) from error


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
    """All text of an element, a space between its sentences, without the readings of ruby."""
    if node is None:
        return ""
    parts: list[str] = []

    def walk(one: Node) -> None:
        if one.tag == "Rt":
            return
        if one.tag in {"Sentence", "Column"} and parts and not parts[-1].endswith("\n"):
            parts.append("\n")
        parts.append(one.text or "")
        for inner in one:
            walk(inner)
            parts.append(inner.tail or "")

    walk(node)
    lines = (line.strip(" \t\r\n") for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def items(table: Table) -> list[Item]:
    """The rows that carry an item number, in order; rows without one (the heading) are left out."""
    found = []
    for row in table.rows:
        if not row:
            continue
        match = _ITEM.match(row[0])
        if match is None:
            continue
        found.append(Item(number_of(match[1]), match[2].strip(" \t\r\n\u3000"), row[1:]))
    return found


def number_of(written: str) -> str:
    """`五十六の二` as `56-2`."""
    return "-".join(str(_value(part)) for part in written.split("の"))


def _value(kanji: str) -> int:
    total, digit = 0, 0
    for char in kanji:
        if char in _DIGITS:
            digit = digit * 10 + _DIGITS[char]
        else:
            total += (digit or 1) * _UNITS[char]
            digit = 0
    return total + digit
