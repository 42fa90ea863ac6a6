"""The rooms of 新旧対照: two editions of a table side by side, and what the difference touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_reports.site import comparison
from bango_reports.site.law_rooms import LAW
from bango_reports.site.pages import Page
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.catalogue import Obligation
    from bango_reports.site.comparison import Compared, Pair
    from bango_reports.site.knowledge import Knowledge

STATES = {
    "new": Text(ja="新しい", en="new"),
    "gone": Text(ja="なくなった", en="gone"),
    "changed": Text(ja="変わった", en="changed"),
    "same": Text(ja="同じ", en="same"),
}
CELLS = {
    "askers": Text(ja="照会者・使う者", en="Askers, users"),
    "tasks": Text(ja="事務", en="Tasks"),
    "lines": Text(ja="提供者と特定個人情報", en="Providers and information"),
}


def pages(known: Knowledge) -> Iterator[Page]:
    """A page for each pair of neighbouring editions of a table."""
    for pair in comparison.pairs():
        rows = [(row, _touched(pair, row, known)) for row in comparison.compared(pair)]
        obligations = {one.id: one for _, touched in rows for one in touched}
        yield Page(
            pair.path,
            "compare.html.j2",
            Text(
                ja=f"新旧対照：{pair.names[0].ja}（{pair.old}）と{pair.names[1].ja}（{pair.new}）",
                en=f"Side by side: {pair.names[0].en} ({pair.old}) and {pair.names[1].en} ({pair.new})",
            ),
            {
                "pair": pair,
                "rows": rows,
                "counts": Counter(row.state for row, _ in rows),
                "states": STATES,
                "cells": CELLS,
                "obligations": list(obligations.values()),
                "clauses": list(dict.fromkeys(c for one in obligations.values() for c in one.clauses)),
                "products": [one for one in known.products if one.run.edition == pair.old],
            },
            room="law",
            scripts=("search-rules.js", "key.js", "filter.js"),
            trail=LAW,
        )


def _touched(pair: Pair, row: Compared, known: Knowledge) -> list[Obligation]:
    """The obligations that were made from what came or went."""
    if row.state == "same":
        return []
    found = known.proving(pair.old, pair.table, row.old.item) if row.old else []
    return [*found, *(known.proving(pair.new, pair.table, row.new.item) if row.new else [])]
