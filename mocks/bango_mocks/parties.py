"""The parties of the law's tables that a synthetic body is, as ids of the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_spec.errors import UsageError
from bango_spec.vocabulary import parties, spellings

if TYPE_CHECKING:
    from bango_mocks.population import Body


def parties_of(body: Body) -> tuple[str, ...]:
    """The ids of the parties that a body comprises (`mayor` for a municipality); PARTY-UNKNOWN for a word of no party."""
    known = spellings(parties().values())
    found = []
    for name in body.parties:
        if name in parties():
            found.append(name)
        elif name in known:
            found.append(known[name][0])
        else:
            raise UsageError(
                "PARTY-UNKNOWN", f"{body.code}: no party is called {name}", step="see spec/law/parties.yaml"
            )
    return tuple(found)
