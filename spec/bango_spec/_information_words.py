"""Information put in the law's long words (law, object, act, several in a list) resolved to kinds of information."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from bango_spec import vocabulary
from bango_spec._aliases import information_joints
from bango_spec._surfaces import Surfaces

_TAIL = re.compile(r"であって[^。]*定めるもの$")


class _Fact(NamedTuple):
    law: str
    object: str
    act: str


@functools.cache
def _index() -> Surfaces:
    index = Surfaces()
    sources = {
        "kind": [k for k in vocabulary.information().values() if k.named],
        "object": vocabulary.objects().values(),
        "act": vocabulary.acts().values(),
        "law": vocabulary.laws().values(),
    }
    for prefix, entries in sources.items():
        for entry in entries:
            for word in (entry.ja, *entry.forms):
                if not index.find(word):
                    index.add(word, f"{prefix}/{entry.id}")
    return index


@functools.cache
def _kinds() -> dict[str, frozenset[_Fact]]:
    return {
        kind.id: frozenset(_Fact(c.law, c.object, c.act) for c in kind.content)
        for kind in vocabulary.information().values()
        if kind.content
    }


@functools.cache
def _facts() -> frozenset[_Fact]:
    return frozenset().union(*_kinds().values())


def kinds(text: str) -> list[tuple[str, ...]]:
    """The kinds that the words make up, all of them meant; kinds that the words do not tell apart stand together.

    An empty list when the words do not make up known kinds.
    """
    words = _index().split(_TAIL.sub("", text), information_joints())
    if not words:
        return []
    named, facts = _read([w[0] for w in words])
    return _resolve(named, facts)


def _read(words: list[str]) -> tuple[list[str], list[_Fact]]:
    """The named kinds and the facts in a list of words: laws stand before objects, objects before their act."""
    named: list[str] = []
    facts: list[_Fact] = []
    laws: list[str] = [""]
    pending: list[_Fact] = []
    done: list[_Fact] = []
    before = ""
    for word in words:
        sort, _, ident = word.partition("/")
        if sort == "law":
            laws = [*laws, ident] if before == "law" else [ident]
        elif sort == "object":
            pending += [_Fact(law, ident, "") for law in laws]
        elif sort == "act":
            done = pending or (done if before == "act" else [])
            facts += _acted(done, laws, ident)
            pending = []
        else:
            named.append(ident)
        before = sort
    return named, facts + pending


def _acted(objects: list[_Fact], laws: list[str], act: str) -> list[_Fact]:
    """An act on the objects before it; an object that is a fact by itself stays one, and the act then stands alone."""
    alone = [f for f in objects if f._replace(act=act) not in _facts() and f in _facts()]
    said = [f._replace(act=act) for f in objects if f not in alone]
    return alone + (said or [_Fact(law, "", act) for law in laws])


def _resolve(named: list[str], facts: list[_Fact]) -> list[tuple[str, ...]]:
    said = set(facts)
    whole = {kind: content for kind, content in _kinds().items() if content <= said}
    single = {fact for content in whole.values() if len(content) == 1 for fact in content}
    chosen: dict[frozenset[_Fact], list[str]] = {}
    for kind, content in whole.items():
        if len(content) == 1 or content - single:
            chosen.setdefault(content, []).append(kind)
    covered = {fact for content in chosen for fact in content}
    return [*((k,) for k in named), *map(tuple, chosen.values())] if covered == said else []
