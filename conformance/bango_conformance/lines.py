"""The lines of the table that concern the target's body, between concrete bodies of the played network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from bango_conformance.stage.peers import peer_code
from bango_conformance.subject import AllowedLine
from bango_spec.allow_list import Entry, allow_list, party_kinds

if TYPE_CHECKING:
    from bango_conformance.suite import Scope


def provider_lines(scope: Scope) -> list[AllowedLine]:
    """What the target's body may provide, as asked by the played body of each asking party."""
    return [asked_of(scope, entry) for entry in entries_of(scope.edition) if entry.provider in own_kinds(scope)]


def asker_lines(scope: Scope) -> list[AllowedLine]:
    """What the target's body may ask, from the played body of each providing party."""
    return [asked_by(scope, entry) for entry in entries_of(scope.edition) if entry.asker in own_kinds(scope)]


def own_kinds(scope: Scope) -> frozenset[str]:
    """Every party of the tables that the target's body is."""
    return party_kinds(scope.parties)


def asked_of(scope: Scope, entry: Entry) -> AllowedLine:
    """An entry with the target as provider and a played body as asker."""
    return _line(entry, peer_code(entry.asker), scope.body)


def asked_by(scope: Scope, entry: Entry) -> AllowedLine:
    """An entry with the target as asker and a played body as provider."""
    return _line(entry, scope.body, peer_code(entry.provider))


@cache
def entries_of(edition: str) -> tuple[Entry, ...]:
    """Every permitted combination of an edition."""
    return allow_list(edition)


@cache
def permitted_by(edition: str) -> Callable[[Iterable[str], Iterable[str], Entry], bool]:
    """The table as a plain set: whether a body of these kinds may ask one of those for what an entry asks for."""
    held = {(one.asker, one.provider, one.task, one.procedure, one.information) for one in entries_of(edition)}

    def permitted(askers: Iterable[str], providers: Iterable[str], asked: Entry) -> bool:
        rest = (asked.task, asked.procedure, asked.information)
        takers = tuple(providers)
        return any((one, other, *rest) in held for one in askers for other in takers)

    return permitted


def _line(entry: Entry, asker: str, provider: str) -> AllowedLine:
    return AllowedLine(asker, provider, entry.task, entry.procedure, entry.information, entry.item, entry.line)
