"""The statute's wording beside the facts: imported from the official XML, kept outside the spec, shown where it was imported."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import msgspec

from bango_spec import egov, law
from bango_spec.errors import BangoError, UsageError
from bango_spec.law import Table
from bango_spec.reading import Element

_TITLES: dict[Table, tuple[str, ...]] = {"schedule1": ("別表第一", "別表"), "schedule2": ("別表第二", "第二条")}
_COLUMNS: dict[Table, int] = {"schedule1": 2, "schedule2": 4}
_SHOWN = 12


class WordedLine(Element, frozen=True):
    """One line of an item as the statute has it."""

    provider: str
    information: str


class WordedItem(Element, frozen=True):
    """The cells of an item as the statute has them."""

    asker: str
    task: str
    lines: tuple[WordedLine, ...] = ()


class Wording(Element, frozen=True):
    """The wording of one table of an edition, and the file that it came from."""

    edition: str
    table: Table
    law: str
    title: str
    source: str
    """SHA-256 of the XML."""
    items: dict[str, WordedItem]


class Imported(NamedTuple):
    """What an import came to: the files written, and where the statute and the spec name different items."""

    files: tuple[Path, ...]
    differences: tuple[str, ...]


def file_name(edition: str, table: Table) -> str:
    """The name of a wording's file."""
    return f"{edition}-{table}.json"


def wording(folder: Path, edition: str, table: Table) -> Wording | None:
    """The wording that was imported into a folder; None if there is none, LAW-WORDING if the file is damaged."""
    path = folder / file_name(edition, table)
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Wording)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BangoError(
            "LAW-WORDING",
            f"{path}: 取り込んだ文が壊れています / the wording is damaged",
            cause=str(error),
            step="もう一度取り込んでください / import it again: bango spec law import",
        ) from error


def import_law(path: Path, folder: Path, edition_id: str | None = None) -> Imported:
    """Take the wording of every table of an edition from a law's XML.

    LAW-XML-TABLE if none of its tables is known, LAW-XML-EDITION if no edition has exactly its items (naming the edition
    takes what they share and tells the rest), LAW-XML-TWICE if a number stands twice.
    """
    found = egov.read_law(path)
    written, differences = [], []
    for table in ("schedule1", "schedule2"):
        rows = _rows_of(found, table)
        if rows is None:
            continue
        edition = _edition(table, rows, edition_id)
        if edition is None:
            continue
        known = set(_items_of(edition, table))
        differences += [f"{edition} {table}: {line}" for line in _apart(known, {row.item for row in rows})]
        made = Wording(
            edition=edition,
            table=table,
            law=found.number,
            title=found.title,
            source=found.digest,
            items={item: words for item, words in _worded(table, rows).items() if item in known},
        )
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / file_name(edition, table)
        target.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
        written.append(target)
    if not written:
        raise UsageError(
            "LAW-XML-TABLE",
            f"{path}: 別表（別表第一・第二、命令の表）がありません / none of the tables is in it: {found.title or '?'}",
            step="番号法か、その命令の法令XMLを指定してください / name the XML of the Number Act or of its order",
        )
    return Imported(tuple(written), tuple(differences))


def _rows_of(found: egov.LawXml, table: Table) -> list[egov.Item] | None:
    """The numbered rows of a table of the law, or None; the title decides, and the number of columns."""
    for title in _TITLES[table]:
        for one in found.tables:
            rows = egov.items(one) if one.title.startswith(title) else []
            widest = max((1 + len(row.cells) for row in rows), default=0)
            if rows and widest == _COLUMNS[table]:
                return rows
    return None


def _items_of(edition: str, table: Table) -> list[str]:
    one = law.edition(edition)
    return list(one.schedule1 if table == "schedule1" else one.schedule2)


def _edition(table: Table, rows: list[egov.Item], wanted: str | None) -> str | None:
    numbers = {row.item for row in rows}
    editions = [one.id for one in law.editions() if table in one.tables]
    if wanted is not None:
        law.edition(wanted)
        return wanted if wanted in editions else None
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


def _apart(known: set[str], numbers: set[str]) -> list[str]:
    told = []
    for name, items in (
        ("法令だけにある項 / only in the XML", numbers - known),
        ("仕様だけにある項 / only in the spec", known - numbers),
    ):
        if items:
            shown = sorted(items, key=lambda item: [int(part) for part in item.split("-")])
            told.append(f"{name}: {', '.join(shown[:_SHOWN])}{'…' if len(shown) > _SHOWN else ''}")
    return told


def _worded(table: Table, rows: list[egov.Item]) -> dict[str, WordedItem]:
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
        first = mine[0]
        task = first.cells[0] if first.cells else ""
        lines = tuple(WordedLine(provider=row.cells[1], information=row.cells[2]) for row in mine if len(row.cells) > 2)
        made[item] = WordedItem(asker=first.first, task=task, lines=lines if table == "schedule2" else ())
    return made
