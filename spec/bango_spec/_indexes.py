"""The indexes of the law's words: what every spelling of a party, law, act, object or kind of information means."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from bango_spec import law, vocabulary
from bango_spec._aliases import aliases
from bango_spec._surfaces import Surfaces
from bango_spec.orders import order, order_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TAILS = re.compile(
    r"(?:であって(?:(?!であって).)*(?:定めるもの|定める情報)|に関する情報|関係情報|に関する事項|の情報|情報)$"
)
"""What may end the name of a kind of information without changing its meaning."""


def _surfaces(entries: Iterable[vocabulary.Entry], extra: Mapping[str, list[str]], prefix: str = "") -> Surfaces:
    """An index of canonical and short spellings; other surface forms only where they name one entry alone."""
    entries = list(entries)
    index = Surfaces((prefix + e.id, (e.ja, *e.short)) for e in entries)
    for spelling, ids in vocabulary.spellings(entries).items():
        if not index.find(spelling):
            for ident in ids:
                index.add(spelling, prefix + ident)
    for word, meant in extra.items():
        if len(meant) == 1:
            index.force(word, prefix + meant[0])
        else:
            index.join(word, [prefix + i for i in meant])
    return index


@functools.cache
def party_index() -> Surfaces:
    """Parties by every spelling."""
    index = _surfaces(vocabulary.parties().values(), aliases().parties)
    for party in vocabulary.parties().values():
        short = party.ja.removeprefix("独立行政法人")
        if not index.find(short):
            index.add(short, party.id)
    return index


@functools.cache
def law_index() -> Surfaces:
    """Laws by name, short name and number."""
    index = _surfaces(vocabulary.laws().values(), aliases().laws)
    for entry in vocabulary.laws().values():
        bare = entry.ja.removeprefix("独立行政法人")
        for short in (bare, bare.removesuffix("法")) if entry.kind == "act" else ():
            if len(short) > 2 and not index.find(short):
                index.add(short, entry.id)
        if entry.number and not index.find(entry.number):
            index.add(entry.number, entry.id)
    return index


@functools.cache
def information_index() -> Surfaces:
    """Kinds of information by name, wire code, and the name without its ending."""
    kinds = vocabulary.information().values()
    index = _surfaces(kinds, aliases().information)
    for kind in kinds:
        index.add(kind.code, kind.id)
        bare = TAILS.sub("", kind.ja)
        if bare and not index.find(bare):
            index.add(bare, kind.id)
    return index


@functools.cache
def deed_index() -> Surfaces:
    """Acts, objects and laws together: the words a task is put in."""
    index = Surfaces()
    sources: dict[str, Iterable[vocabulary.Entry]] = {
        "act/": vocabulary.acts().values(),
        "object/": vocabulary.objects().values(),
        "law/": vocabulary.laws().values(),
    }
    for prefix, source in sources.items():
        for entry in source:
            for word in (*entry.spellings, entry.id):
                index.add(word, prefix + entry.id)
    for word, meant in aliases().deeds.items():
        for ident in meant:
            index.add(word, ident)
    for entry in vocabulary.objects().values():
        for part in entry.parts:
            index.add(part, f"object/{entry.id}")
    return index


@functools.cache
def finer_index() -> Surfaces:
    """The finer terms of the orders."""
    return Surfaces((t.id, (t.ja, *t.forms)) for t in order_terms().information)


@functools.cache
def narrows() -> Mapping[str, tuple[str, ...]]:
    """The kinds that each finer term of the orders is part of."""
    alone: dict[str, dict[str, None]] = {}
    listed: dict[str, dict[str, None]] = {}
    for edition in law.editions():
        for procedures in order(edition.id, "schedule2").values():
            for asked in (a for p in procedures for a in p.information):
                for finer in asked.asks:
                    found = alone if len(asked.asks) == 1 else listed
                    found.setdefault(finer, {}).update(dict.fromkeys(asked.narrows))
    return {finer: tuple(kinds) for finer, kinds in (listed | alone).items()}
