"""The options that every command of this package takes the same way: unknown words are refused by the command line itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Lang(StrEnum):
    """The language of what is printed or written."""

    ja = "ja"
    en = "en"


class Format(StrEnum):
    """For people or for machines."""

    text = "text"
    json = "json"


Language = Annotated[Lang, typer.Option("--lang", envvar="BANGO_LANG", help="ja か en。 ja or en.")]
Output = Annotated[Format, typer.Option("--format", help="text か json。 text or json.")]
