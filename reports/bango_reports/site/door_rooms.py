"""The front door, the search and the downloads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bango_reports.site.pages import Page
from bango_reports.site.tables import table_name
from bango_spec import clauses, law
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.site.exports import Export
    from bango_reports.site.knowledge import Knowledge


def pages(known: Knowledge, made: Sequence[Export]) -> Iterator[Page]:
    """Three pages that lead everywhere."""
    yield Page(
        "index.html",
        "index.html.j2",
        Text(ja="番号制度 適合性試験台", en="Bango Testbed"),
        {
            "editions": law.editions(),
            "clauses": len(clauses.clauses()),
            "obligations": len(known.catalogue.obligations),
            "products": known.products,
            "table_name": table_name,
        },
    )
    yield Page(
        "search.html",
        "search.html.j2",
        Text(ja="さがす", en="Search"),
        {},
        scripts=("search-rules.js", "key.js", "search-data.js", "search.js"),
    )
    yield Page(
        "downloads/index.html",
        "downloads.html.j2",
        Text(ja="書き出し", en="Downloads"),
        {"exports": [(one.name, one.title) for one in made]},
        room="downloads",
    )
