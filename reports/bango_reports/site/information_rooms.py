"""The rooms of the information kinds: each with its items, its layouts side by side, and where the tables name it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from bango_reports.site import lawtext, links
from bango_reports.site.pages import Page
from bango_reports.site.tables import rows, tables
from bango_spec import items, vocabulary
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.site.knowledge import Knowledge

HEAD = Text(ja="特定個人情報の種類", en="Kinds of information")
TRAIL = (("reference.html", Text(ja="資料集", en="Reference")),)
SCOPES = {
    "fiscal-year": Text(ja="年度ごと", en="by fiscal year"),
    "period": Text(ja="期間ごと", en="by period"),
    "current": Text(ja="現在の状態", en="the present state"),
}


def pages(known: Knowledge) -> Iterator[Page]:
    """The list and a page for each kind."""
    found = list(vocabulary.information().values())
    yield Page(
        "information/index.html",
        "information_index.html.j2",
        HEAD,
        {"kinds": [(one, items.is_rich(one.id)) for one in found]},
        room="reference",
        scripts=("search-rules.js", "key.js", "filter.js"),
        trail=TRAIL,
    )
    named = _places()
    for one in found:
        kind = items.kind(one.id)
        versions = [layout.version for layout in kind.layouts]
        yield Page(
            links.information(one.id),
            "information.html.j2",
            Text(ja=one.ja, en=one.en),
            {
                "kind": one,
                "table": kind,
                "rich": items.is_rich(one.id),
                "code": lambda number, ident=one.id: items.code(ident, number),
                "types": items.value_types(),
                "scope": SCOPES.get(kind.scope, Text(ja=kind.scope, en=kind.scope)),
                "drift": [(old, new, items.drift(one.id, old, new)) for old, new in pairwise(versions)],
                "contents": [lawtext.content(fact) for fact in one.content],
                "places": named.get(one.id, []),
                "proofs": known.obligations_from.get(f"items/{one.id}", []),
            },
            room="reference",
            trail=(*TRAIL, ("information/index.html", HEAD)),
        )


def _places() -> dict[str, list[tuple[str, str, Text]]]:
    """Kind → edition, address and name of every line that names it."""
    found: dict[str, list[tuple[str, str, Text]]] = defaultdict(list)
    for edition, table in tables():
        for row in rows(edition.id, table):
            for line in row.lines:
                for kind, _, _ in line.information:
                    address = links.item(edition.id, table, row.item, line.number)
                    found[kind].append((edition.id, address, lawtext.place(row.item, line.number)))
    return dict(found)
