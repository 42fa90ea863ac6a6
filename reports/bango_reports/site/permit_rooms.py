"""この照会はできますか and この番号は使えますか: the question with its data, and prepared answers for every asker."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from bango_reports.site import lawtext, links
from bango_reports.site.pages import Page
from bango_reports.site.tables import Row, rows, table_name
from bango_spec import law
from bango_spec.permits import covering_kinds, covering_parties
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.site.knowledge import Knowledge
    from bango_spec.law import Edition, Table

ROOMS: dict[Table, tuple[str, Text]] = {
    "schedule2": ("permits", Text(ja="この照会はできますか", en="May this be asked?")),
    "schedule1": ("uses", Text(ja="この番号は使えますか", en="May the number be used?")),
}


def pages(known: Knowledge) -> Iterator[Page]:
    """Both questions, and a page for each asker of each edition."""
    for table, (room, title) in ROOMS.items():
        editions = _editions(table)
        yield Page(
            f"{room}/index.html",
            f"{room}_index.html.j2",
            title,
            {
                "editions": [(one, table_name(one.id, table), askers(one.id, table)) for one in editions],
                "address": lambda edition, asker, table=table: address(table, edition, asker),
            },
            room=room,
            scripts=(f"{room}-data.js", "question.js"),
        )
        for edition in editions:
            for asker in pages_of(edition.id, table):
                name = lawtext.party(asker)
                yield Page(
                    f"{room}/{edition.id}/{asker}.html",
                    f"{room}_asker.html.j2",
                    Text(ja=f"{name.ja}：{title.ja}（{edition.id} の版）", en=f"{name.en}: {title.en} ({edition.id})"),
                    {
                        "edition": edition,
                        "table": table,
                        "asker": name,
                        "rows": asked_by(edition.id, table, asker),
                        "known": known,
                        "limits": [one for one in edition.limits if one.concerns(table) and not one.items],
                        "others": [one for one in editions if one.id != edition.id and asker in askers(one.id, table)],
                        "alike": [one for one, page in same_page(edition.id, table).items() if page == asker],
                        "address": lambda edition, asker=asker, table=table: address(table, edition, asker),
                    },
                    room=room,
                    scripts=("search-rules.js", "key.js", "filter.js"),
                    trail=((f"{room}/index.html", title),),
                )


def _editions(table: Table) -> list[Edition]:
    """The editions that have the table: the default one first, then the newest."""
    found = [one for one in law.editions() if table in one.tables]
    default = law.default_edition().id
    return sorted(found, key=lambda one: (one.id != default, [-ord(char) for char in one.id]))


def askers(edition: str, table: Table) -> list[str]:
    """The parties that some item of a table names as asker or covers, in the order of the vocabulary."""
    named = {asker for row in rows(edition, table) if not row.deleted for asker in row.asker_ids}
    return [party for party, covering in covering_parties().items() if covering & named]


@cache
def same_page(edition: str, table: Table) -> dict[str, str]:
    """Asker → the asker on whose page its answers stand: those with the very same answers share one."""
    first: dict[tuple[str, ...], str] = {}
    found = {}
    for asker in askers(edition, table):
        found[asker] = first.setdefault(tuple(row.item for row in asked_by(edition, table, asker)), asker)
    return found


def pages_of(edition: str, table: Table) -> list[str]:
    """The askers that have a page."""
    return list(dict.fromkeys(same_page(edition, table).values()))


def asked_by(edition: str, table: Table, asker: str) -> list[Row]:
    """The items under which a party asks or uses the number."""
    covering = covering_parties()[asker]
    return [row for row in rows(edition, table) if not row.deleted and covering & set(row.asker_ids)]


def data(table: Table, known: Knowledge) -> dict[str, Any]:
    """What the question needs on the page: editions, their items, which party covers which, and the proofs."""
    editions = _editions(table)
    used: set[str] = set()
    kinds: set[str] = set()
    made = []
    for edition in editions:
        items = [row for row in rows(edition.id, table) if not row.deleted]
        used |= {party for row in items for party in row.asker_ids}
        used |= {party for row in items for line in row.lines for party in line.provider_ids}
        kinds |= {kind for row in items for line in row.lines for kind, _, _ in line.information}
        name = table_name(edition.id, table)
        made.append(
            {
                "id": edition.id,
                "from": edition.since,
                "name": [name.ja, name.en],
                "limits": [[one.ja, one.en] for one in edition.limits if one.concerns(table) and not one.items],
                "items": [_item(edition.id, table, row, known) for row in items],
            }
        )
    parties = {party: covering & used for party, covering in covering_parties().items() if covering & used}
    return {
        "default": law.default_edition().id,
        "editions": made,
        "gaps": [[g.since, g.until, g.ja, g.en] for g in law.gaps() if table in g.tables],
        "covers": {party: sorted(covering) for party, covering in parties.items()},
        "kinds": _kinds([one.id for one in editions], kinds) if table == "schedule2" else {},
        "pages": {one.id: same_page(one.id, table) for one in editions},
        "parties": {party: _pair(lawtext.party(party)) for party in parties},
        "information": {kind: _pair(lawtext.information(kind)) for kind in _narrower(editions, kinds)},
    }


def _narrower(editions: list[Edition], kinds: set[str]) -> list[str]:
    return [
        kind
        for kind, wide in covering_kinds(editions[0].id).items()
        if any(covering_kinds(one.id)[kind] & kinds for one in editions) or wide & kinds
    ]


def _kinds(editions: list[str], kinds: set[str]) -> dict[str, dict[str, list[str]]]:
    """Edition → kind → the kinds of the tables that contain it, where that is more than itself."""
    return {
        edition: {kind: sorted(wide & kinds) for kind, wide in covering_kinds(edition).items() if wide & kinds - {kind}}
        for edition in editions
    }


def _item(edition: str, table: Table, row: Row, known: Knowledge) -> dict[str, Any]:
    return {
        "id": row.item,
        "askers": list(row.asker_ids),
        "tasks": [_pair(task) for task in row.tasks],
        "asked": None if row.asked is None else sorted(row.asked),
        "lines": [
            [
                list(line.provider_ids),
                [kind for kind, _, _ in line.information],
                [
                    [one.id, one.clauses[0], one.title.ja, one.title.en]
                    for one in known.proving(edition, table, row.item, line.number)
                ],
            ]
            for line in row.lines
        ],
    }


def _pair(text: Text) -> list[str]:
    return [text.ja, text.en]


def address(table: Table, edition: str, asker: str) -> str:
    """The prepared page of an asker."""
    page = same_page(edition, table)[asker]
    return links.permits(edition, page) if table == "schedule2" else links.uses(edition, page)
