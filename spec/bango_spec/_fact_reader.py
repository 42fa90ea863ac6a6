"""Facts read from a list of words: laws stand before objects, objects before their act, citations behind their law."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from bango_spec import vocabulary
from bango_spec._citations import Cited, cited
from bango_spec._facts import Fact, defined_objects, known
from bango_spec._surfaces import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Word(NamedTuple):
    """One word: its sort (kind, law, object, act, cite, meaning, applied, former, prefix), its ids or its text."""

    sort: str
    ids: tuple[str, ...] = ()
    text: str = ""


@functools.cache
def _former() -> Mapping[tuple[str, str], str]:
    """A law as it stood: by the law that it was and the law that changed it."""
    return {(entry.of, entry.by): entry.id for entry in vocabulary.laws().values() if entry.kind == "former"}


@functools.cache
def _parted() -> Mapping[tuple[str, str], str]:
    """Objects named in three parts (外国人 | であって生活に困窮する者に係る | 保護): by what comes first, and the rest."""
    objects = [o for o in vocabulary.objects().values() if len(o.parts) == len(("who", "which", "what"))]
    return {(fold("".join(o.parts[:2])), fold(o.parts[2])): o.id for o in objects}


class Reader:
    """Reads words one after the other; `named` are kinds called by name, `facts` what the rest says."""

    def __init__(self) -> None:
        self.named: list[str] = []
        self.facts: list[Fact] = []
        self._laws: list[Fact] = [Fact("")]
        self._pending: list[list[Fact]] = []
        self._done: list[list[Fact]] = []
        self._cited = Cited()
        self._applied = ("", "")
        self._by = ""
        self._prefix = ""
        self._before = ""
        self._readers: Mapping[str, Callable[[Word], None]] = {
            "kind": self._kind,
            "law": self._law,
            "cite": self._cite,
            "applied": self._applying,
            "former": self._changing,
            "prefix": self._beginning,
            "meaning": self._meaning,
            "object": self._object,
            "act": self._act,
        }

    def read(self, words: Sequence[Word]) -> bool:
        """Read them all; False when they do not make up facts that are known."""
        for word in words:
            self._readers[word.sort](word)
            self._before = word.sort
        self.facts += [_best(said) for said in self._pending]
        return all(known(fact) for fact in self.facts)

    def _kind(self, word: Word) -> None:
        self.named.append(word.ids[0])

    def _law(self, word: Word) -> None:
        if self._before == "prefix":
            return  # 外国人であって…者に係る生活保護法による保護: the law only says what the object is like
        one = _former().get((word.ids[0], self._by), word.ids[0])
        entry = vocabulary.laws()[one]
        examples = {
            "",
            entry.under,
            *entry.including,
            *(vocabulary.laws()[entry.under].including if entry.under else ()),
        }
        listed = self._laws if self._before in ("law", "cite", "applied", "former") else []
        before = [f for f in listed if f.law not in examples]
        self._laws = [*before, Fact(one, applied=self._applied)]
        self._cited, self._applied, self._by, self._prefix = Cited(), ("", ""), "", ""

    def _cite(self, word: Word) -> None:
        self._cited = cited(word.text, self._cited)
        last = self._laws[-1]
        if self._before == "cite":
            self._laws.append(last._replace(article=self._cited.written))
        elif self._before == "law":
            self._laws[-1] = last._replace(article=self._cited.written)
        else:
            self._laws = [last._replace(article=self._cited.written)]

    def _taken(self) -> Fact:
        """The law last cited, which only says how the next one applies or stood."""
        last = self._laws[-1]
        self._laws = [f for f in self._laws if f.law != last.law] or [Fact("")]
        return last

    def _applying(self, _: Word) -> None:
        taken = self._taken()
        self._applied = (taken.law, taken.article)

    def _changing(self, _: Word) -> None:
        self._by = self._taken().law

    def _beginning(self, word: Word) -> None:
        self._prefix = word.text

    def _meaning(self, word: Word) -> None:
        """What the word just read means, by the articles in the parentheses behind it."""
        at, articles = Cited(), set()
        for text in word.ids:
            at = cited(text, at)
            articles.add(at.written)
        if self.facts and self._before == "act":
            self.facts[-1] = self.facts[-1]._replace(meaning=frozenset(articles))

    def _object(self, word: Word) -> None:
        parted = _parted().get((self._prefix, word.text))
        ids = (parted,) if parted else word.ids
        self._pending += [[fact for ident in ids for fact in _objects(law, ident)] for law in self._laws]

    def _act(self, word: Word) -> None:
        act = word.ids[0]
        fresh = bool(self._pending)
        objects = self._pending or (self._done if self._before in ("act", "meaning") else [])
        self._done, self._pending = objects, []
        said = [[f._replace(act=act) for f in one] for one in objects]
        acted = [_best(one) for one in said if _is_known(one)]
        if fresh:
            self.facts += [_best(one) for one, done in zip(objects, said, strict=True) if not _is_known(done)]
        self.facts += acted or [law._replace(act=act) for law in self._laws]


def _objects(law: Fact, ident: str) -> list[Fact]:
    """The object under the law that stands before it, as what the law defines it, or under the only law that has it."""
    said = law._replace(object=ident)
    own = vocabulary.objects()[ident].law
    return [
        said,
        *([law._replace(object=defined_objects()[said])] if said in defined_objects() else []),
        *([Fact(own, ident)] if own else []),
    ]


def _is_known(said: list[Fact]) -> bool:
    return any(known(fact) for fact in said)


def _best(said: list[Fact]) -> Fact:
    return next((fact for fact in said if known(fact)), said[0])
