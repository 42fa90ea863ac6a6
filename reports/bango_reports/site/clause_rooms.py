"""The rooms of the clauses: the list by area, and each clause with its reasons, sources, proofs and verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_reports import sources
from bango_reports.site import links
from bango_reports.site.knowledge import all_clauses
from bango_reports.site.pages import Page
from bango_spec import load, systems
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.site.knowledge import Knowledge

CLAUSES = (("clauses/index.html", Text(ja="守るべき条項", en="Requirements")),)


def pages(known: Knowledge) -> Iterator[Page]:
    """The list, and a page for each clause."""
    found = all_clauses()
    yield Page(
        "clauses/index.html",
        "clause_index.html.j2",
        CLAUSES[0][1],
        {
            "systems": [
                (systems.systems()[system], [one for one in found if one.system == system])
                for system in dict.fromkeys(one.system for one in found)
            ],
            "proofs": {one.id: len(known.obligations_of.get(one.id, ())) for one in found},
        },
        room="clauses",
        scripts=("search-rules.js", "key.js", "filter.js"),
    )
    for place, clause in enumerate(found):
        yield Page(
            links.clause(clause.id),
            "clause.html.j2",
            Text(ja=clause.id, en=clause.id),
            {
                "clause": clause,
                "campaigns": load.verifying(clause.id) if clause.by_load else (),
                "system": systems.systems()[clause.system],
                "sources": [(one, sources.KINDS[one.kind], sources.told(one)) for one in clause.sources],
                "obligations": known.obligations_of.get(clause.id, []),
                "told": [one for one in known.obligations_of.get(clause.id, ()) if one.clauses[0] == clause.id],
                "elsewhere": [one for one in known.obligations_of.get(clause.id, ()) if one.clauses[0] != clause.id],
                "mutants": known.mutants_of.get(clause.id, []),
                "failed_by": known.failed_by,
                "operations": known.operations_under.get(clause.id, []),
                "products": [(one, one.states.get(clause.id)) for one in known.products],
                "before": found[place - 1].id if place else None,
                "after": found[place + 1].id if place + 1 < len(found) else None,
            },
            room="clauses",
            trail=CLAUSES,
        )
