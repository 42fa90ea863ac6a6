"""The statute's wording beside the facts: imported from the official XML, kept outside the spec, shown where it was imported."""

from __future__ import annotations

from pathlib import Path

import msgspec

from bango_spec.errors import BangoError
from bango_spec.law import Table
from bango_spec.reading import Element


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
