"""The words of the law's tables: parties, information kinds, laws, acts, objects and restrictions, each with one id."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from bango_spec._ids import by_id
from bango_spec.errors import UsageError
from bango_spec.reading import Element, read

if TYPE_CHECKING:
    from collections.abc import Iterable

LawKind = Literal["act", "former", "class", "notice", "guideline"]
PartyKind = Literal["person-in-office", "organisation", "class", "open-class", "defined-class"]
Effect = Literal[
    "acting", "applied", "assigned", "entrusted", "except", "including", "meaning", "only", "retained", "transitional"
]


class Entry(Element, frozen=True, kw_only=True):
    """A word of the vocabulary: its id, its names in both languages, and other spellings."""

    id: str
    ja: str
    en: str
    forms: tuple[str, ...] = ()
    """Other surface forms in the tables."""
    short: tuple[str, ...] = ()
    """What officers write instead."""

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every spelling that means this entry, the canonical one first."""
        return (self.ja, *self.forms, *self.short)


class Law(Entry, frozen=True, kw_only=True):
    """A law, order, notice or guideline; `former`: `of` as it stood before `by` (its `articles`); `class`: several."""

    kind: LawKind
    number: str = ""
    of: str = ""
    by: str = ""
    articles: tuple[str, ...] = ()
    under: str = ""
    including: tuple[str, ...] = ()
    """The laws that a class names as its examples: the class reaches further."""
    members: tuple[str, ...] = ()
    """The laws a defined class consists of."""


class Act(Entry, frozen=True, kw_only=True):
    """What is done: payment, collection, certification ..."""


class Object(Entry, frozen=True, kw_only=True):
    """What it is done to; `law`: the only law it belongs to; `members`: what a defined object consists of."""

    parts: tuple[str, ...] = ()
    law: str = ""
    members: tuple[str, ...] = ()


class Restriction(Element, frozen=True, kw_only=True):
    """What the tables put in parentheses or in front: a limit, an extension, a meaning, a role."""

    id: str
    effect: Effect
    en: str
    law: str = ""
    articles: tuple[str, ...] = ()
    any: bool = False
    forms: tuple[str, ...] = ()


class Content(Element, frozen=True, kw_only=True):
    """A fact made of parts: an act on an object under a law, the article where the law names one.

    Articles are written `27(1)(iii)` (art. 27, para. 1, item 3), `56-2` (a branch article), `suppl.16(3)`.
    """

    law: str = ""
    articles: tuple[str, ...] = ()
    object: str = ""
    act: str = ""
    restrictions: tuple[str, ...] = ()
    implied: bool = False
    """The cell does not name the law: a definition elsewhere does."""


class Information(Entry, frozen=True, kw_only=True):
    """A kind of information with its wire code (`TM` + 14 digits); `named` if the tables give it a name of its own."""

    code: str
    named: bool = False
    content: tuple[Content, ...] = ()


class Party(Entry, frozen=True, kw_only=True):
    """Somebody who asks or provides; an open class rests on a law and its articles, a defined class has members."""

    kind: PartyKind
    law: str = ""
    articles: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    within: str = ""
    members: tuple[str, ...] = ()


class _Acts(Element, frozen=True, kw_only=True):
    acts: tuple[Act, ...]
    objects: tuple[Object, ...]


@cache
def laws() -> dict[str, Law]:
    """All laws by id."""
    return by_id(read("law/laws.yaml", tuple[Law, ...]))


@cache
def _acts() -> _Acts:
    return read("law/acts.yaml", _Acts)


@cache
def acts() -> dict[str, Act]:
    """All acts by id."""
    return by_id(_acts().acts)


@cache
def objects() -> dict[str, Object]:
    """All objects by id."""
    return by_id(_acts().objects)


@cache
def restrictions() -> dict[str, Restriction]:
    """All restrictions by id."""
    return by_id(read("law/restrictions.yaml", tuple[Restriction, ...]))


@cache
def parties() -> dict[str, Party]:
    """All parties by id."""
    return by_id(read("law/parties.yaml", tuple[Party, ...]))


@cache
def information() -> dict[str, Information]:
    """All kinds of information by id."""
    return by_id(read("law/information.yaml", tuple[Information, ...]))


@cache
def _codes() -> dict[str, Information]:
    return {kind.code: kind for kind in information().values()}


def information_by_code(code: str) -> Information:
    """The kind with this wire code; VOC-INFORMATION-CODE if there is none."""
    try:
        return _codes()[code]
    except KeyError:
        raise UsageError("VOC-INFORMATION-CODE", f"no information kind has the code {code}") from None


def spellings(entries: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    """Every spelling of the entries with the ids that it can mean (several: the term is ambiguous)."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        for spelling in dict.fromkeys(entry.spellings):
            found[spelling] = (*found.get(spelling, ()), entry.id)
    return found
