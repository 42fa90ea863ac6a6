"""The other bodies of the played network: one for each party of the law's tables, and the target's own body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_mocks.directory import Directory, Entry
from bango_spec.allow_list import party_kinds
from bango_spec.vocabulary import parties

if TYPE_CHECKING:
    from bango_conformance.target import Target


def peer_code(party: str) -> str:
    """The body code of the played body that is this party."""
    number = sorted(parties()).index(party) + 1
    return f"99999000000{number:05d}"


def peer_directory(target: Target) -> Directory:
    """Every party of the vocabulary as a body of its own, and the target's body with the parties that it comprises."""
    entries = [
        Entry(body=peer_code(party), name=entry.ja, kinds=party_kinds([party])) for party, entry in parties().items()
    ]
    own = Entry(body=target.body.code, name=target.product.name, kinds=party_kinds(target.body.parties))
    return Directory([*entries, own])
