"""What the law's facts can get wrong on their own, without the statute's text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bango_spec import law, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ARTICLE = re.compile(r"(suppl\.)?\d+(-\d+)*(\(\d+\))?(\([ivxl]+(-[ivxl]+)?\))?(proviso)?")
ITEM = re.compile(r"[1-9]\d*(-[1-9]\d*)*")
CODE = re.compile(r"TM\d{14}")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Reference = tuple[str, str]
"""A kind of vocabulary and an id."""


def problems() -> list[str]:
    """All of them, in a stable order."""
    known = _known()
    used: set[Reference] = set()
    found = list(_vocabulary_problems(known))
    for place, reference in _references():
        if reference not in known:
            found.append(f"{place}: no {reference[0]} {reference[1]}")
        used.add(reference)
    found += [f"{kind} {name} is used nowhere" for kind, name in sorted(known - used)]
    for edition in law.editions():
        found += _edition_problems(edition)
    return found


def _known() -> set[Reference]:
    return {
        *(("law", x) for x in vocabulary.laws()),
        *(("act", x) for x in vocabulary.acts()),
        *(("object", x) for x in vocabulary.objects()),
        *(("restriction", x) for x in vocabulary.restrictions()),
        *(("party", x) for x in vocabulary.parties()),
        *(("information", x) for x in vocabulary.information()),
    }


def _vocabulary_problems(known: set[Reference]) -> Iterator[str]:
    yield from (f"{kind} {name}: not a kebab-case id" for kind, name in sorted(known) if not ID.fullmatch(name))
    codes: dict[str, str] = {}
    for kind in vocabulary.information().values():
        if not CODE.fullmatch(kind.code):
            yield f"information {kind.id}: {kind.code} is no code"
        if kind.code in codes:
            yield f"information {kind.id}: {kind.code} belongs to {codes[kind.code]}"
        codes[kind.code] = kind.id
    articles: list[tuple[str, tuple[str, ...]]] = [
        *((f"law {x.id}", x.articles) for x in vocabulary.laws().values()),
        *((f"party {x.id}", x.articles) for x in vocabulary.parties().values()),
        *((f"restriction {x.id}", x.articles) for x in vocabulary.restrictions().values()),
        *((f"information {x.id}", c.articles) for x in vocabulary.information().values() for c in x.content),
    ]
    for place, several in articles:
        yield from (f"{place}: {article} is no article" for article in several if not ARTICLE.fullmatch(article))


def _references() -> Iterator[tuple[str, Reference]]:
    for place, kind, names in _named():
        yield from ((place, (kind, name)) for name in names if name)


def _named() -> Iterator[tuple[str, str, Iterable[str]]]:
    for entry in vocabulary.laws().values():
        yield f"law {entry.id}", "law", (entry.of, entry.by, entry.under, *entry.including, *entry.members)
    for thing in vocabulary.objects().values():
        yield f"object {thing.id}", "law", (thing.law,)
        yield f"object {thing.id}", "object", thing.members
    for limit in vocabulary.restrictions().values():
        yield f"restriction {limit.id}", "law", (limit.law,)
    for party in vocabulary.parties().values():
        yield f"party {party.id}", "law", (party.law,)
        yield f"party {party.id}", "party", (party.within, *party.members)
        yield f"party {party.id}", "restriction", party.restrictions
    for kind in vocabulary.information().values():
        yield from _of_contents(f"information {kind.id}", kind.content)
    for edition in law.editions():
        yield from _of_edition(edition)


def _of_edition(edition: law.Edition) -> Iterator[tuple[str, str, Iterable[str]]]:
    for definition in edition.definitions:
        place = f"{edition.id} definition of {definition.term}"
        yield place, definition.kind, (definition.id,)
        yield place, definition.kind, definition.members
        yield place, "restriction", definition.restrictions
        yield from _of_contents(place, definition.content)
    for table in edition.tables:
        items = edition.schedule1 if table == "schedule1" else edition.schedule2
        for item in items.values():
            place = f"{edition.id} {table} item {item.id}"
            yield from _of_holders(place, item.askers)
            yield from _of_contents(place, item.tasks)
            for number, line in enumerate(item.lines if isinstance(item, law.Schedule2Item) else (), 1):
                yield from _of_holders(f"{place} line {number}", line.providers)
                yield f"{place} line {number}", "information", line.information


def _of_contents(place: str, contents: Iterable[vocabulary.Content]) -> Iterator[tuple[str, str, Iterable[str]]]:
    for content in contents:
        yield place, "law", (content.law,)
        yield place, "act", (content.act,)
        yield place, "object", (content.object,)
        yield place, "restriction", content.restrictions


def _of_holders(place: str, holders: Iterable[law.Holder]) -> Iterator[tuple[str, str, Iterable[str]]]:
    for holder in holders:
        yield place, "party", (holder.party,)
        yield place, "restriction", holder.restrictions


def _edition_problems(edition: law.Edition) -> Iterator[str]:
    for table in edition.tables:
        items = edition.schedule1 if table == "schedule1" else edition.schedule2
        where = f"{edition.id} {table}"
        order = [tuple(map(int, name.split("-"))) for name in items if ITEM.fullmatch(name)]
        yield from (f"{where}: {name} is no item" for name in items if not ITEM.fullmatch(name))
        if order != sorted(order):
            yield f"{where}: items out of order"
        for item in items.values():
            yield from (f"{where} item {item.id}: {what}" for what in _item_problems(item))


def _item_problems(item: law.Schedule1Item) -> Iterator[str]:
    lines = item.lines if isinstance(item, law.Schedule2Item) else ()
    if item.deleted:
        if item.askers or item.tasks or lines:
            yield "deleted, yet not empty"
        return
    if not item.askers or not item.tasks or (isinstance(item, law.Schedule2Item) and not lines):
        yield "an empty cell"
    if [task.id for task in item.tasks] != [str(n) for n in range(1, len(item.tasks) + 1)]:
        yield "task ids do not count from 1"
    for number, line in enumerate(lines, 1):
        if not line.providers or not line.information:
            yield f"line {number}: an empty cell"
        if len(set(line.information)) != len(line.information):
            yield f"line {number}: the same information twice"
