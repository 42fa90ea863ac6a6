"""What the kinds of information consist of, in every edition, and whether words said with citations mean it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from bango_spec import law, vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping


class Fact(NamedTuple):
    """A law, an object and an act; where the words say it: the article, the law that applies it, what a word means."""

    law: str
    object: str = ""
    act: str = ""
    article: str = ""
    applied: tuple[str, str] = ("", "")
    meaning: frozenset[str] = frozenset()

    @property
    def core(self) -> tuple[str, str, str]:
        """Law, object and act alone."""
        return self[:3]

    def means(self, known: Fact) -> bool:
        """Whether this, as somebody says it, is the fact that is known: who cites no article leaves it open."""
        if self.core != known.core or (self.meaning and self.meaning != known.meaning):
            return False
        if self.article or self.applied[0]:
            return known.article in ("", self.article) and known.applied == self.applied
        return True


def _fact(content: vocabulary.Content) -> Fact:
    limits = [vocabulary.restrictions()[r] for r in content.restrictions]
    applied = next(((r.law, "".join(r.articles)) for r in limits if r.effect == "applied"), ("", ""))
    meaning = frozenset(a for r in limits if r.effect == "meaning" for a in r.articles)
    article = content.articles[0] if len(content.articles) == 1 else ""
    return Fact(content.law, content.object, content.act, article, applied, meaning)


@functools.cache
def contents() -> Mapping[str, frozenset[frozenset[Fact]]]:
    """By kind, what it consists of: once for every edition that defines it otherwise."""
    found = {k.id: {frozenset(map(_fact, k.content))} for k in vocabulary.information().values() if k.content}
    for edition in law.editions():
        for defined in edition.definitions:
            if defined.kind == "information" and defined.content:
                found.setdefault(defined.id, set()).add(frozenset(map(_fact, defined.content)))
    return {kind: frozenset(versions) for kind, versions in found.items()}


@functools.cache
def _known() -> Mapping[tuple[str, str, str], frozenset[Fact]]:
    found: dict[tuple[str, str, str], set[Fact]] = {}
    for fact in frozenset().union(*(version for versions in contents().values() for version in versions)):
        found.setdefault(fact.core, set()).add(fact)
    return {core: frozenset(facts) for core, facts in found.items()}


def known(said: Fact) -> frozenset[Fact]:
    """The facts that somebody who says it can mean; none when no kind of information has it."""
    return frozenset(fact for fact in _known().get(said.core, ()) if said.means(fact))


@functools.cache
def defined_objects() -> Mapping[Fact, str]:
    """Objects that an edition defines as others of one article: 旧児童手当法附則第二条第一項の給付 is 旧特例給付."""
    return {
        _fact(content): defined.id
        for edition in law.editions()
        for defined in edition.definitions
        if defined.kind == "object"
        for content in defined.content
    }
