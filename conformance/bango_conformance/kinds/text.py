"""Text: characters, numbers, times and empty values survive as they are, and what is not allowed is refused, not mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds import text_items, text_kept, text_refused, text_values

if TYPE_CHECKING:
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

PARTS = (text_kept, text_refused, text_values, text_items)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """What is kept, what is refused, numbers, empty values and times, and wrong values of items."""
    for part in PARTS:
        yield from part.obligations(scope)
