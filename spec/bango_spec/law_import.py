"""From the official XML to wording files: which law and edition it is, and where it and the spec differ."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import msgspec

from bango_spec import egov, law
from bango_spec._egov_items import Item, items
from bango_spec._egov_xml import OBTAIN
from bango_spec.errors import UsageError
from bango_spec.law import Table
from bango_spec.statute import WordedItem, WordedLine, Wording, file_name

_TITLES: dict[Table, tuple[str, ...]] = {"schedule1": ("別表第一", "別表"), "schedule2": ("別表第二", "第二条")}
_COLUMNS: dict[Table, int] = {"schedule1": 2, "schedule2": 4}
_DELETED = "削除"
_SHOWN = 12


class Imported(NamedTuple):
    """What an import came to: the files written, and where the statute and the spec name different items."""

    files: tuple[Path, ...]
    differences: tuple[str, ...]


def import_law(path: Path, folder: Path, edition_id: str | None = None) -> Imported:
    """Take the wording of every table of an edition from a law's XML: all of them, or none.

    LAW-XML-LAW if it is another law than that of the edition (or of any), LAW-XML-TABLE if none of its tables is known,
    LAW-XML-COLUMNS if a row has other columns,
    LAW-XML-EDITION if no edition has exactly its items (naming the edition takes what they share and tells the rest),
    LAW-XML-TWICE if a number stands twice.
    """
    found = egov.read_law(path)
    editions = _editions_of(found, path, edition_id)
    made: list[Wording] = []
    differences: list[str] = []
    for table in ("schedule1", "schedule2"):
        rows = _rows_of(found, table)
        edition = _edition(table, rows, editions, named=edition_id is not None) if rows else None
        if rows is None or edition is None:
            continue
        known = _items_of(edition, table)
        worded = _worded(table, rows)
        apart = _apart(set(known), set(worded)) + _lines_apart(known, worded)
        differences += [f"{edition} {table}: {line}" for line in apart]
        shared = {item: words for item, words in worded.items() if item in known}
        made.append(
            Wording(
                edition=edition, table=table, law=found.number, title=found.title, source=found.digest, items=shared
            )
        )
    if not made:
        raise UsageError(
            "LAW-XML-TABLE",
            f"{path}: 別表（別表第一・第二、命令の表）がありません / none of the tables is in it: {_plain(found.title)}",
            step="番号法か、その命令の法令XMLを指定してください / name the XML of the Number Act or of its order",
        )
    folder.mkdir(parents=True, exist_ok=True)
    return Imported(tuple(_write(folder, one) for one in made), tuple(differences))


def _write(folder: Path, made: Wording) -> Path:
    target = folder / file_name(made.edition, made.table)
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


def _plain(text: str) -> str:
    """What a file says of itself, fit for a line of a message."""
    return "".join(char if char.isprintable() else "?" for char in text[:80]) or "?"


def _editions_of(found: egov.LawXml, path: Path, wanted: str | None) -> list[law.Edition]:
    """The editions whose tables stand in this law; with one wanted, that one."""
    asked = law.editions() if wanted is None else (law.edition(wanted),)
    fitting = [one for one in asked if found.key in {egov.key_of(law_id) for law_id in _law_ids(one)}]
    if not fitting:
        ids = dict.fromkeys(law_id for one in asked for law_id in _law_ids(one))
        raise UsageError(
            "LAW-XML-LAW",
            f"{path}: この版の表がある法令ではありません / not the law that holds these tables",
            cause=f"{_plain(found.number)} {_plain(found.title)}",
            step="次の法令IDのXMLを指定してください / name the XML of the law id " + ", ".join(ids),
        )
    return fitting


def _law_ids(edition: law.Edition) -> list[str]:
    """The e-Gov ids that an edition's sources name."""
    return [law_id for source in edition.sources for law_id in re.findall(r"\b[0-9]{3}[0-9A-Z]{12}\b", source.en)]


def _rows_of(found: egov.LawXml, table: Table) -> list[Item] | None:
    """The numbered rows of a table of the law, or None; the title decides, and the number of columns."""
    uneven = ""
    for title in _TITLES[table]:
        for one in found.tables:
            rows = items(one) if one.title.startswith(title) else []
            widths = {1 + len(row.cells) for row in rows if row.first != _DELETED}
            if widths == {_COLUMNS[table]}:
                return rows
            if title == _TITLES[table][0] and rows:
                uneven = title
    if uneven:
        raise UsageError(
            "LAW-XML-COLUMNS",
            f"{uneven}: 欄の数が {_COLUMNS[table]} ではない行があります / a row has not {_COLUMNS[table]} columns",
            step=OBTAIN,
        )
    return None


def _items_of(edition: str, table: Table) -> dict[str, law.Schedule1Item]:
    one = law.edition(edition)
    return dict(one.schedule1 if table == "schedule1" else one.schedule2)


def _edition(table: Table, rows: list[Item], fitting: list[law.Edition], *, named: bool) -> str | None:
    numbers = {row.item for row in rows}
    editions = [one.id for one in fitting if table in one.tables]
    if named or not editions:
        return next(iter(editions), None)
    for one in editions:
        if set(_items_of(one, table)) == numbers:
            return one
    nearest = min(editions, key=lambda one: len(numbers ^ set(_items_of(one, table))))
    raise UsageError(
        "LAW-XML-EDITION",
        f"{table}: どの版とも項が合いません / no edition has exactly these items",
        cause=f"{nearest}: " + "; ".join(_apart(set(_items_of(nearest, table)), numbers)),
        step=f"--edition {nearest} とすると、共通の項だけを取り込みます / takes the items that they share",
    )


def _lines_apart(known: dict[str, law.Schedule1Item], worded: dict[str, WordedItem]) -> list[str]:
    """The items of Schedule 2 that the XML divides into another number of lines than the spec."""
    counts = [
        (item, len(worded[item].lines), len(row.lines))
        for item, row in known.items()
        if isinstance(row, law.Schedule2Item) and not row.deleted and item in worded
    ]
    told = [f"{item} ({xml}/{spec})" for item, xml, spec in counts if xml != spec]
    more = "…" if len(told) > _SHOWN else ""
    name = "行の数が違う項（法令/仕様） / other number of lines (XML/spec)"
    return [f"{name}: {', '.join(told[:_SHOWN])}{more}"] if told else []


def _apart(known: set[str], numbers: set[str]) -> list[str]:
    told = []
    for name, numbered in (
        ("法令だけにある項 / only in the XML", numbers - known),
        ("仕様だけにある項 / only in the spec", known - numbers),
    ):
        if numbered:
            shown = sorted(numbered, key=lambda item: [int(part) for part in item.split("-")])
            told.append(f"{name}: {', '.join(shown[:_SHOWN])}{'…' if len(shown) > _SHOWN else ''}")
    return told


def _worded(table: Table, rows: list[Item]) -> dict[str, WordedItem]:
    """The rows by item: rows of one item that follow each other are its lines."""
    order = [row.item for place, row in enumerate(rows) if place == 0 or rows[place - 1].item != row.item]
    twice = [item for item, number in Counter(order).items() if number > 1]
    if twice:
        raise UsageError(
            "LAW-XML-TWICE",
            f"同じ項が二度あります / items stand twice: {', '.join(twice[:_SHOWN])}",
            step="e-Gov の法令XMLをそのまま使ってください / use e-Gov's file as it is",
        )
    made: dict[str, WordedItem] = {}
    for item in order:
        mine = [row for row in rows if row.item == item]
        task = "\n".join(dict.fromkeys(row.cells[0] for row in mine if row.cells))
        lines = tuple(WordedLine(provider=row.cells[1], information=row.cells[2]) for row in mine if len(row.cells) > 2)
        made[item] = WordedItem(asker=mine[0].first, task=task, lines=lines if table == "schedule2" else ())
    return made
