"""Parties put in the law's long words (their role, several in a list, a term defined on the spot) resolved to ids."""

from __future__ import annotations

import re

from bango_spec import vocabulary
from bango_spec._aliases import aliases, list_joints
from bango_spec._indexes import law_index, party_index
from bango_spec._surfaces import bare, fold

_ROLES = re.compile(r"^.*(?:に規定する|である|を得た|を行う)")
_PROPER = re.compile(r"[^又若及のにで、]{1,14}")
_DEFINED = re.compile(r"「([^「」]*)」(?:という|と総称する)")
_INCLUDED = re.compile(r"（([^（）]*)を含む[。、）]")


def parties(text: str) -> list[list[str]]:
    """The parties that the words name, each with what it can mean; an empty list when one of them is not known."""
    index = party_index()
    for form in dict.fromkeys((text, bare(text))):
        if together := index.together(form):
            return [[i] for i in together]
        if found := index.find(form):
            return _with_included([_narrowest(found)], text)
    listed = list_joints().search(bare(text))
    if not listed and (one := _in_role(text)):
        return _with_included([one], text)
    if parts := index.split(text, list_joints()):
        return _as_defined(_with_included([_narrowest(p) for p in parts], text), text)
    return _as_defined(_with_included(_pieces(bare(text)), text), text)


def _pieces(text: str) -> list[list[str]]:
    """The names of a list, each perhaps behind its role; a role begins with a law and may hold a list of its own."""
    found, start = [], 0
    for joint in (*list_joints().finditer(text), None):
        end = joint.start() if joint else len(text)
        name = text[start:end]
        if name and (one := _in_role(name)):
            found.append(one)
        elif joint and name and law_index().longest(fold(text[start:])):
            continue
        elif name:
            return []
        start = joint.end() if joint else end
    return found


def _in_role(text: str) -> list[str]:
    """What one name means without the role that the law puts before it; or the kind of a proper name."""
    index = party_index()
    for form in dict.fromkeys((text, _ROLES.sub("", text), _ROLES.sub("", text).removesuffix("の長"))):
        if found := index.find(form):
            return _narrowest(found)
    if _PROPER.fullmatch(text):
        for ending, party in sorted(aliases().endings.items(), key=lambda e: -len(e[0])):
            if fold(text).endswith(fold(ending)):
                return [party]
    return []


def _within(party: str) -> set[str]:
    """The parties in which a party lies."""
    up = vocabulary.parties()[party].within
    return {up, *_within(up)} if up else set()


def _narrowest(ids: list[str]) -> list[str]:
    """Of meanings of which one lies within the other, only the narrower."""
    wider = set().union(*(_within(i) for i in ids))
    return [i for i in ids if i not in wider]


def _with_included(found: list[list[str]], text: str) -> list[list[str]]:
    """Besides those found, the parties that parentheses include (…に掲げる者を含む。)."""
    if not found:
        return []
    flat = re.sub(r"（[^（）]*号）", "", text.replace("(", "（").replace(")", "）"))
    named = {party for group in found for party in group}
    more = [party_index().find(name) for name in _INCLUDED.findall(flat)]
    return [*found, *(m for m in more if len(m) == 1 and not named & {*m, *_within(m[0])})]


def _as_defined(found: list[list[str]], text: str) -> list[list[str]]:
    """The term that the words define on the spot (以下「…」という。), where they name just its members."""
    ids = {party for group in found for party in group}
    for term in _DEFINED.findall(text):
        for party in party_index().find(term):
            members = set(vocabulary.parties()[party].members)
            if members and members == ids:
                return [[party]]
    return found
