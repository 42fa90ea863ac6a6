"""The law's terms and what officers write for them, resolved to ids; an unknown word is an error that suggests."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from bango_spec import _information_words, _party_words, vocabulary
from bango_spec._aliases import list_joints, task_joints
from bango_spec._indexes import (
    TAILS,
    deed_index,
    finer_index,
    information_index,
    law_index,
    narrows,
    party_index,
)
from bango_spec._surfaces import bare
from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Meanings = list[str]
"""The ids that one word can mean; more than one: it is ambiguous."""

COORDINATES = {
    "asker": "照会者",
    "law": "法律",
    "task": "事務",
    "provider": "提供者",
    "information": "情報",
    "item": "項",
}
"""The coordinates of a question as people name them."""

_DETAILS = re.compile(r"であって(?:(?!であって)[^。])*(?:定めるもの|定める事務)$")


class TermError(UsageError):
    """A word that names nothing known (suggestions) or more than one thing (meanings: id and Japanese name)."""

    def __init__(
        self, coordinate: str, value: str, *, suggestions: Sequence[str] = (), meanings: Sequence[tuple[str, str]] = ()
    ) -> None:
        label = " ".join(filter(None, (COORDINATES.get(coordinate), coordinate)))
        what = (
            f"{label}: {value!r} は分からない。 not known"
            if not meanings
            else f"{label}: {value!r} は一つに決まらない。 ambiguous"
        )
        shown = [f"{ja} ({ident})" for ident, ja in meanings] or list(suggestions)
        super().__init__(
            "TERM-AMBIGUOUS" if meanings else "TERM-UNKNOWN",
            what,
            step="次から選ぶ。 choose: " + "、".join(shown) if shown else "",
        )
        self.coordinate = coordinate
        self.value = value
        self.suggestions = list(suggestions)
        self.meanings = list(meanings)


class Wanted(NamedTuple):
    """An information kind; or an order's finer term, with all the kinds that it can be part of."""

    kinds: tuple[str, ...]
    finer: str = ""

    @property
    def id(self) -> str:
        """The finer term if there is one, else the kind."""
        return self.finer or self.kinds[0]


def _names(ids: Iterable[str], entries: Mapping[str, vocabulary.Entry]) -> list[tuple[str, str]]:
    return [(i, entries[i].ja if i in entries else i) for i in ids]


@functools.lru_cache(maxsize=4096)
def parties(text: str, coordinate: str) -> list[Meanings]:
    """The parties that a text names: one for each name in it (all of them are meant), each with what it can mean."""
    if found := _party_words.parties(text):
        return found
    raise TermError(coordinate, text, suggestions=party_index().suggest(text))


@functools.lru_cache(maxsize=4096)
def laws(text: str) -> list[str]:
    """The laws that a text names; any of them counts. TermError when a name means several."""
    index = law_index()
    for form in dict.fromkeys((text, bare(text), text.strip("「」"))):
        found = [index.find(form)] if index.find(form) else index.split(form, list_joints())
        if found:
            for ids in found:
                if len(ids) > 1:
                    raise TermError("law", text, meanings=_names(ids, vocabulary.laws()))
            return [ids[0] for ids in found]
    raise TermError("law", text, suggestions=index.suggest(text))


@functools.lru_cache(maxsize=4096)
def deeds(text: str) -> list[Meanings]:
    """The acts, objects and laws (`act/…`, `object/…`, `law/…`) that the words of a task name."""
    index = deed_index()
    for form in dict.fromkeys((text, _DETAILS.sub("", text))):
        if found := index.find(form):
            return [found]
        if parts := index.split(form, task_joints()):
            return parts
    raise TermError("task", text, suggestions=index.suggest(task_joints().split(text)[-1] or text))


@functools.lru_cache(maxsize=4096)
def information(text: str) -> list[list[Wanted]]:
    """The kinds of information that a text names: one for each name in it, each with what it can mean."""
    if found := _named(text) or _listed(text):
        return found
    raise TermError("information", text, suggestions=information_index().suggest(text))


def _named(text: str) -> list[list[Wanted]]:
    """What one name, or the law's long words for several kinds, means; empty when it is neither."""
    index = information_index()
    for form in _forms(text):
        if together := index.together(form):
            return [[Wanted((i,))] for i in together]
        if found := index.find(form):
            return [[Wanted((i,)) for i in found]]
        if finer := _finer(form):
            return [finer]
    if meant := _information_words.kinds(text):
        return [[Wanted(i)] for i in meant]
    found = _by_object(TAILS.sub("", text))
    return [[Wanted((i,)) for i in found]] if found else []


def _listed(text: str) -> list[list[Wanted]]:
    """What several names in a list mean; empty when one of them is not known."""
    for form in _forms(text):
        pieces = [_named(p) for p in list_joints().split(form) if p]
        if len(pieces) > 1 and all(pieces):
            return [group for piece in pieces for group in piece]
    return []


def _forms(text: str) -> dict[str, None]:
    return dict.fromkeys((text, bare(text), TAILS.sub("", bare(text))))


def _by_object(text: str) -> Meanings:
    """The kinds made of one law and one object or act that the text names without the law."""
    ids = set(deed_index().find(text))
    single = (k for k in vocabulary.information().values() if len(k.content) == 1)
    return [k.id for k in single if {f"object/{k.content[0].object}", f"act/{k.content[0].act}"} & ids]


def _finer(text: str) -> list[Wanted]:
    """The finer terms of the orders that the text means, with the kinds that each is part of."""
    return [Wanted(narrows()[finer], finer) for finer in finer_index().find(text) if finer in narrows()]
