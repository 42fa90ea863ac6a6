"""The surface forms that the facts of one cell of the tables allow, and what must be seen among them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bango_spec import law, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

SCOPES = {"onward": "以下", "this-article": "この条", "this-table": "この表", "this-column": "この欄"}
EFFECTS = {"meaning": "をいう", "including": "を含む", "only": "に限る", "except": "を除く"}
ROMAN = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi"]
Owner = tuple[str, str]


def kanji(number: int) -> str:
    digits = "〇一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    return "".join(
        [
            f"{'' if hundreds == 1 else digits[hundreds]}百" if hundreds else "",
            f"{'' if tens == 1 else digits[tens]}十" if tens else "",
            digits[ones] if ones else "",
        ]
    )


def article_forms(article: str) -> set[str]:
    """The full citation, and what is left of it when the text has just named the article or the supplement."""
    found = re.fullmatch(r"(suppl\.)?(\d+)((?:-\d+)*)(?:\((\d+)\))?(?:\(([ivx]+)(?:-([ivx]+))?\))?(proviso)?", article)
    assert found, article
    suppl, number, branches, paragraph, first, last, proviso = found.groups()
    head = f"第{kanji(int(number))}条" + "".join(f"の{kanji(int(b))}" for b in branches.split("-")[1:])
    tail = f"第{kanji(int(paragraph))}項" if paragraph else ""
    tail += f"第{kanji(ROMAN.index(first))}号" if first else ""
    tail += f"から第{kanji(ROMAN.index(last))}号まで" if last else ""
    tail += "ただし書" if proviso else ""
    return {("附則" if suppl else "") + head + tail, head + tail} | ({tail} if tail else set())


@dataclass
class Palette:
    """The surface forms that the facts of one cell allow, and what must be seen among them."""

    owners: dict[str, set[Owner]] = field(default_factory=dict)
    demands: list[tuple[str, list[set[Owner]]]] = field(default_factory=list)
    """Per fact: its name, and alternatives, each a set of owners that must all be seen."""

    def allow(self, surface: str, *owner: Owner) -> None:
        self.owners.setdefault(surface, set()).update(owner)

    def demand(self, what: str, *alternatives: set[Owner]) -> None:
        self.demands.append((what, list(alternatives)))

    def articles(self, of: str, articles: Iterable[str]) -> set[Owner]:
        seen: set[Owner] = set()
        for article in articles:
            owner = ("article", f"{of} {article}")
            seen.add(owner)
            for form in article_forms(article):
                self.allow(form, owner)
        return seen

    def legal(self, law_id: str, *, members: bool = False) -> set[Owner]:
        """Allow a law's names; returns what must be seen when the law is named in full or in short."""
        entry = vocabulary.laws()[law_id]
        own = entry.forms if entry.kind == "former" or (entry.kind == "class" and entry.forms) else entry.spellings
        for form in own if entry.kind in ("class", "former") else (entry.ja, *entry.forms):
            self.allow(form, ("law", law_id))
        if entry.number:
            self.allow(entry.number, ("number", law_id))
        demands: set[Owner] = {("law", law_id)}
        for other in (*entry.including, *((entry.under,) if entry.under else ())):
            demands |= self.legal(other)
        if members:
            for other in entry.members:
                demands |= self.legal(other)
        if entry.kind == "former":
            for mark in ("改正前の", "廃止前の"):
                self.allow(mark, ("mark", law_id))
            own_parts = self.legal(entry.of) | self.legal(entry.by) | self.articles(entry.by, entry.articles)
            demands = {("mark", law_id)} | {o for o in own_parts if o[0] != "law" or o[1] != entry.by}
        return demands

    def restriction(self, restriction_id: str) -> None:
        entry = vocabulary.restrictions()[restriction_id]
        owners: set[Owner] = set()
        for form in entry.forms:
            owner = ("restriction", restriction_id if entry.any else f"{restriction_id} {form}")
            owners.add(owner)
            self.allow(form, owner)
        if entry.effect in EFFECTS:
            self.allow(EFFECTS[entry.effect], ("effect", entry.effect))
        if entry.law:
            self.legal(entry.law)
        self.demand(f"restriction {restriction_id}", owners | self.articles(entry.law, entry.articles))

    def thing(self, object_id: str) -> set[Owner]:
        entry = vocabulary.objects()[object_id]
        for form in entry.parts or (entry.ja, *entry.forms):
            self.allow(form, ("object", f"{object_id} {form}" if entry.parts else object_id))
        return {("object", f"{object_id} {part}") for part in entry.parts} or {("object", object_id)}

    def content(self, content: vocabulary.Content) -> set[Owner]:
        """Allow the parts of a fact; returns what must be seen if it is spelled out here."""
        seen: set[Owner] = set()
        if content.law and not content.implied:
            seen |= self.legal(content.law)
        seen |= self.articles(content.law, content.articles)
        if content.object:
            seen |= self.thing(content.object)
        if content.act:
            self.allow(vocabulary.acts()[content.act].ja, ("act", content.act))
            seen.add(("act", content.act))
        for restriction in content.restrictions:
            self.restriction(restriction)
        return seen

    def party(self, party_id: str) -> set[Owner]:
        entry = vocabulary.parties()[party_id]
        for form in entry.forms if entry.kind == "open-class" else (entry.ja, *entry.forms):
            self.allow(form, ("party", party_id))
        seen: set[Owner] = {("party", party_id)}
        if entry.law:
            spelled = self.legal(entry.law)
            if entry.kind == "open-class":
                seen |= spelled
        articles = self.articles(entry.law, entry.articles)
        for restriction in entry.restrictions:
            self.restriction(restriction)
        return seen | (articles if entry.kind == "open-class" else set())

    def information(self, info_id: str, defined: tuple[vocabulary.Content, ...] | None) -> None:
        entry = vocabulary.information()[info_id]
        alternatives: list[set[Owner]] = []
        if entry.named:
            for form in (entry.ja, *entry.forms):
                self.allow(form, ("information", info_id))
            alternatives.append({("information", info_id)})
        contents = entry.content if defined is None else defined
        if defined is not None or len(contents) == 1:
            spelled = set().union(*(self.content(content) for content in contents))
            # In its place of definition a kind is both spelled out and named.
            if defined is not None:
                alternatives = [spelled | {("information", info_id)}]
            else:
                alternatives.append(spelled)
        self.demand(f"information {info_id}", *alternatives)

    def scopes(self, scopes: tuple[str, ...]) -> None:
        """How far a definition reaches, in the words of the tables."""
        if {"this-article", "this-table", "this-column"} & set(scopes):
            self.allow(SCOPES["onward"], ("scope", "onward"))
        for scope in scopes:
            if scope in SCOPES:
                forms = {SCOPES[scope]}
            elif scope.startswith("item "):
                forms = {f"{kanji(int(scope.removeprefix('item ')))}の項"}
            else:
                forms = article_forms(scope)
            for form in forms:
                self.allow(form, ("scope", scope))
            self.demand(f"scope {scope}", {("scope", scope)})

    def definition(self, definition: law.Definition) -> None:
        """A term that is fixed in this cell: the term, what it consists of, how far it reaches."""
        self.scopes(definition.scope)
        for restriction in definition.restrictions:
            self.restriction(restriction)
        what = f"term {definition.term}"
        if definition.kind == "information":
            return
        if definition.kind == "law":
            self.demand(what, self.legal(definition.id, members=bool(definition.members)))
        elif definition.kind == "party":
            self.demand(what, self.party(definition.id))
            for member in definition.members:
                self.demand(f"{what}: {member}", self.party(member))
        elif definition.kind == "object":
            self.thing(definition.id)
        if definition.members:
            self.allow(EFFECTS["meaning"], ("effect", "meaning"))
        for content in definition.content:
            self.demand(what, self.content(content))
        if definition.kind != "party":
            self.allow(definition.term, ("term", definition.term))
            self.demand(what, {("term", definition.term)})
