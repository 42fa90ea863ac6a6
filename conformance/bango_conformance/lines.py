"""The lines of the table that concern the target's body, between concrete bodies of the played network."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bango_spec.allow_list import Entry, allow_list

from bango_conformance.stage.peers import peer_code
from bango_conformance.subject import AllowedLine

if TYPE_CHECKING:
    from bango_conformance.suite import Scope


def provider_lines(scope: Scope) -> list[AllowedLine]:
    """What the target's body may provide, as asked by the played body of each asking party."""
    return [
        _line(entry, peer_code(entry.asker), scope.body)
        for entry in _entries(scope.edition)
        if entry.provider in scope.parties
    ]


def asker_lines(scope: Scope) -> list[AllowedLine]:
    """What the target's body may ask, from the played body of each providing party."""
    return [
        _line(entry, scope.body, peer_code(entry.provider))
        for entry in _entries(scope.edition)
        if entry.asker in scope.parties
    ]


@cache
def _entries(edition: str) -> tuple[Entry, ...]:
    return tuple(allow_list(edition))


def _line(entry: Entry, asker: str, provider: str) -> AllowedLine:
    return AllowedLine(asker, provider, entry.task, entry.procedure, entry.information, entry.item, entry.line)
