"""Information put in the law's long words (law, object, act, several in a list) resolved to kinds of information."""

from __future__ import annotations

import functools
import re

from bango_spec import vocabulary
from bango_spec._aliases import information_joints
from bango_spec._citations import CITATION
from bango_spec._fact_reader import Reader, Word
from bango_spec._facts import Fact, contents, known
from bango_spec._surfaces import Surfaces, fold

_TAIL = re.compile(r"であって(?:(?!であって).)*定めるもの$")
_DEFINED = re.compile(r"「([^「」]*)」(?:という|と総称する)")
_MEANING = re.compile(rf"\((?:同法)?((?:{CITATION.pattern}|又は|若しくは|、)+)の\w+をいう\)")
_PARENTHESES = re.compile(r"\([^()]*\)")
_MARK = "\0"
_MARKS = {"において準用する": "applied", "改正前の": "former", "廃止前の": "former"}


@functools.cache
def _index() -> Surfaces:
    index = Surfaces()
    sources = {
        "kind": [k for k in vocabulary.information().values() if k.named],
        "object": vocabulary.objects().values(),
        "act": vocabulary.acts().values(),
        "law": vocabulary.laws().values(),
    }
    for sort, entries in sources.items():
        before = set(index.words())
        for entry in entries:
            numbers = (entry.number,) if isinstance(entry, vocabulary.Law) and entry.number else ()
            for word in (entry.ja, *entry.forms, *numbers):
                if fold(word) not in before:
                    index.add(word, f"{sort}/{entry.id}")
    for entry in vocabulary.objects().values():
        if len(entry.parts) > 1:
            index.add("".join(entry.parts[:2]), "prefix/")
    for mark, sort in _MARKS.items():
        index.force(mark, f"{sort}/")
    return index


def kinds(text: str) -> list[tuple[str, ...]]:
    """The kinds that the words make up, all of them meant; kinds that the words do not tell apart stand together.

    An empty list when the words do not make up known kinds.
    """
    words = _words(_TAIL.sub("", text))
    reader = Reader()
    if not words or not reader.read(words):
        return []
    defined = {i.removeprefix("kind/") for name in _DEFINED.findall(text) for i in _index().find(name)}
    return _resolve(reader.named, reader.facts, defined)


def _words(text: str) -> list[Word] | None:
    """The words of the whole text, without what stands in parentheses; None when one of them is not known."""
    rest = fold(text)
    meanings = [Word("meaning", tuple(CITATION.findall(found[1]))) for found in _MEANING.finditer(rest)]
    rest = _MEANING.sub(_MARK, rest.replace(_MARK, "?"))
    while (shorter := _PARENTHESES.sub("", rest)) != rest:
        rest = shorter
    found_words: list[Word] = []
    while rest:
        size = _index().longest(rest)
        cite = CITATION.match(rest)
        if rest[0] == _MARK:
            found_words.append(meanings.pop(0))
            size = 1
        elif cite and len(cite[0]) > size:
            found_words.append(Word("cite", text=cite[0]))
            size = len(cite[0])
        elif size:
            ids = _index().find(rest[:size])
            sort = ids[0].partition("/")[0]
            found_words.append(Word(sort, tuple(i.partition("/")[2] for i in ids), rest[:size]))
        elif joint := information_joints().match(rest):
            size = joint.end()
        if not size:
            return None
        rest = rest[size:]
    return found_words


def _resolve(named: list[str], facts: list[Fact], defined: set[str]) -> list[tuple[str, ...]]:
    """The kinds named, and those that the facts make up: each fact by itself, or all that a named kind consists of."""
    said = dict.fromkeys(facts)
    meant = {fact: known(fact) for fact in said}
    everything = frozenset().union(*meant.values()) if meant else frozenset()
    whole: dict[str, frozenset[Fact]] = {}
    for kind, versions in contents().items():
        if complete := [v for v in versions if v <= everything]:
            whole[kind] = max(complete, key=len)
    single = {fact for content in whole.values() if len(content) == 1 for fact in content}
    wide = [c for k, c in whole.items() if len(c) > 1 and (k in defined or c - single)]
    chosen: dict[frozenset[Fact], list[str]] = {}
    for kind, content in whole.items():
        if content in wide or (len(content) == 1 and not any(content < other for other in wide)):
            spoken = frozenset(fact for fact, possible in meant.items() if possible & content)
            chosen.setdefault(spoken, []).append(kind)
    covered = {fact for spoken in chosen for fact in spoken}
    return [*((k,) for k in named), *map(tuple, chosen.values())] if covered == set(said) else []
