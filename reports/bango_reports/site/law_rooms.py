"""The rooms of the law: the overview, each table with its facets, each item with all that is known of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_reports.site import comparison, lawtext, links
from bango_reports.site.pages import Page
from bango_reports.site.tables import Row, rows, table_name, tables
from bango_spec import law, vocabulary
from bango_spec.characters import search_key
from bango_spec.orders import order, order_terms
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.site.knowledge import Knowledge
    from bango_spec.law import Edition, Table
    from bango_spec.orders import Procedure

LAW = (("law/index.html", Text(ja="法令の表", en="The law's tables")),)
FACETS: dict[str, Text] = {
    "asker": Text(ja="照会者", en="Asker"),
    "provider": Text(ja="提供者", en="Provider"),
    "information": Text(ja="特定個人情報", en="Information"),
    "law": Text(ja="事務の法律", en="Law of the task"),
}


def pages(known: Knowledge) -> Iterator[Page]:
    """Every page of the law."""
    yield Page(
        "law/index.html",
        "law_index.html.j2",
        LAW[0][1],
        {
            "tables": [(e, t, table_name(e.id, t), _counts(rows(e.id, t))) for e, t in tables()],
            "comparisons": [(one, *one.names) for one in comparison.pairs()],
            "facets": FACETS,
        },
        room="law",
    )
    for edition, table in tables():
        yield _table(edition, table, known)
        yield from _facets(edition, table)
        yield from _items(edition, table, known)


def _counts(found: tuple[Row, ...]) -> tuple[int, int]:
    live = [row for row in found if not row.deleted]
    return len(live), sum(len(row.lines) for row in live)


def heading(edition: Edition, table: Table) -> Text:
    """A table with its date."""
    name = table_name(edition.id, table)
    return Text(ja=f"{name.ja}（{edition.id} の版）", en=f"{name.en} ({edition.id})")


def _table(edition: Edition, table: Table, known: Knowledge) -> Page:
    found = rows(edition.id, table)
    keys = {row.item: search_key(_words(row)) for row in found}
    return Page(
        links.table(edition.id, table),
        "law_table.html.j2",
        heading(edition, table),
        {
            "edition": edition,
            "table": table,
            "rows": found,
            "keys": keys,
            "procedures": _procedures(edition, table),
            "statute": known.statute(edition.id, table) if table == "schedule1" else {},
            "facets": {name: options for name, options in _options(found).items() if options},
            "labels": FACETS,
        },
        room="law",
        scripts=("search-rules.js", "key.js", "filter.js"),
        trail=LAW,
    )


def _procedures(edition: Edition, table: Table) -> dict[str, list[tuple[Text, Text, list[Text]]]]:
    """What the order adds to the items that are told on the table's own page."""
    paged = links.with_lines(edition.id, table)
    return {
        item: [_procedure(one) for one in found]
        for item, found in order(edition.id, table).items()
        if item not in paged
    }


def _words(row: Row) -> str:
    parts = [row.item, *_texts(row.askers), *_texts(row.tasks)]
    for line in row.lines:
        parts += [*_texts(line.providers), *(name.ja for _, name, _ in line.information)]
    return " ".join(parts)


def _texts(found: tuple[Text, ...]) -> list[str]:
    return [one.ja for one in found]


def _options(found: tuple[Row, ...]) -> dict[str, list[tuple[str, Text]]]:
    """For each facet, what it can be narrowed to, the most frequent first."""
    counted: dict[str, dict[str, int]] = {name: defaultdict(int) for name in FACETS}
    for row in found:
        for asker in set(row.asker_ids):
            counted["asker"][asker] += 1
        for name in set(row.laws):
            counted["law"][name] += 1
        for line in row.lines:
            for provider in set(line.provider_ids):
                counted["provider"][provider] += 1
            for kind, _, _ in line.information:
                counted["information"][kind] += 1
    return {
        facet: [(one, facet_name(facet, one)) for one in sorted(numbers, key=lambda k: (-numbers[k], k))]
        for facet, numbers in counted.items()
    }


def facet_name(facet: str, ident: str) -> Text:
    """The name of what a facet narrows to."""
    if facet == "information":
        return lawtext.information(ident)
    if facet == "law":
        found = vocabulary.laws()[ident]
        return Text(ja=found.ja, en=found.en)
    return lawtext.party(ident)


def _facets(edition: Edition, table: Table) -> Iterator[Page]:
    """The same narrowing without JavaScript: a page for each facet with every value and the places where it stands."""
    found = rows(edition.id, table)
    for facet, options in _options(found).items():
        if not options:
            continue
        places: dict[str, list[tuple[str, Text]]] = defaultdict(list)
        for row in found:
            for ident, line in _stands(facet, row):
                places[ident].append((links.item(edition.id, table, row.item, line), lawtext.place(row.item, line)))
        name, head = FACETS[facet], heading(edition, table)
        yield Page(
            f"law/{edition.id}/{table}-by-{facet}.html",
            "law_facet.html.j2",
            Text(ja=f"{name.ja}から見た{head.ja}", en=f"{head.en} by {name.en.lower()}"),
            {"options": options, "places": places},
            room="law",
            trail=(*LAW, (links.table(edition.id, table), head)),
        )


def _stands(facet: str, row: Row) -> Iterator[tuple[str, int | None]]:
    if facet in {"asker", "law"}:
        for ident in dict.fromkeys(row.asker_ids if facet == "asker" else row.laws):
            yield ident, None
        return
    for line in row.lines:
        idents = line.provider_ids if facet == "provider" else [kind for kind, _, _ in line.information]
        for ident in dict.fromkeys(idents):
            yield ident, line.number


def _items(edition: Edition, table: Table, known: Knowledge) -> Iterator[Page]:
    found = [row for row in rows(edition.id, table) if row.lines]
    head = heading(edition, table)
    orders = order(edition.id, table)
    twins = comparison.twins(edition.id, table)
    statute = known.statute(edition.id, table)
    definitions: dict[str, list[law.Definition]] = defaultdict(list)
    for one in edition.definitions:
        if one.table == table:
            definitions[one.item].append(one)
    for place, row in enumerate(found):
        yield Page(
            links.item(edition.id, table, row.item),
            "law_item.html.j2",
            Text(ja=f"{head.ja} {row.name.ja}", en=f"{head.en}, {row.name.en}"),
            {
                "table": table,
                "row": row,
                "proving": {line.number: known.proving(edition.id, table, row.item, line.number) for line in row.lines},
                "order_proving": known.obligations_from.get(f"law/{edition.id}/order{table[-1]}/{row.item}", []),
                "procedures": [_procedure(one) for one in orders.get(row.item, ())],
                "definitions": definitions.get(row.item, []),
                "worded": statute.get(row.item),
                "twins": twins.get(row.item, []),
                "before": found[place - 1].item if place else None,
                "after": found[place + 1].item if place + 1 < len(found) else None,
                "limits": [one for one in edition.limits if one.concerns(table, row.item)],
                "item_link": lambda item, edition_id=edition.id: links.item(edition_id, table, item),
            },
            room="law",
            trail=(*LAW, (links.table(edition.id, table), head)),
        )


def _procedure(one: Procedure) -> tuple[Text, Text, list[Text]]:
    """Place in the order, what is done, what is asked for."""
    terms = order_terms()
    asks = {term.id: Text(ja=term.ja, en=term.en) for term in terms.information}
    acts = {act.id: Text(ja=act.ja, en=act.en) for act in vocabulary.acts().values()}
    acts |= {term.id: Text(ja=term.ja, en=term.en) for term in terms.acts}
    where = lawtext.article(one.article + (f"({one.paragraph})" if one.paragraph else "")).ja
    first, *branches = one.number.split("-")
    where += (f"第{first}号" + "".join(f"の{branch}" for branch in branches)) if first else ""
    done = [acts[act] for act in one.acts]
    return (
        Text(ja=where, en=f"art. {one.id}"),
        Text(ja="・".join(act.ja for act in done), en=", ".join(act.en for act in done)),
        [asks[ask] for ask in dict.fromkeys(ask for part in one.information for ask in part.asks)],
    )
