"""A page of the site before it is rendered, and the rooms that make them."""

from __future__ import annotations

from typing import Any, NamedTuple

from bango_spec.reading import Text


class Page(NamedTuple):
    """One page: its path below the language's folder, the template, its heading, and what the template is told.

    `room` is the entry of the navigation that it belongs to; `scripts` are the files of `assets/` that it runs.
    """

    path: str
    template: str
    title: Text
    told: dict[str, Any]
    room: str = ""
    scripts: tuple[str, ...] = ()
    trail: tuple[tuple[str, Text], ...] = ()
    """The way from the front door: addresses and names."""


ROOMS: tuple[tuple[str, str, Text], ...] = (
    ("permits", "permits/index.html", Text(ja="この照会はできますか", en="May this be asked?")),
    ("uses", "uses/index.html", Text(ja="この番号は使えますか", en="May the number be used?")),
    ("law", "law/index.html", Text(ja="法令の表", en="The law's tables")),
    ("systems", "systems/index.html", Text(ja="システム", en="Systems")),
    ("clauses", "clauses/index.html", Text(ja="守るべき条項", en="Requirements")),
    ("interfaces", "interfaces/index.html", Text(ja="接続仕様", en="Interfaces")),
    ("reference", "reference.html", Text(ja="資料集", en="Reference")),
    ("products", "products/index.html", Text(ja="製品の結果", en="Products")),
    ("downloads", "downloads/index.html", Text(ja="書き出し", en="Downloads")),
)
"""The navigation of every page."""
