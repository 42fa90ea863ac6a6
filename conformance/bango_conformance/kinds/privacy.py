"""Privacy: values that are known to the harness alone are looked for wherever they must not be, in every writing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds import (
    privacy_disclosure,
    privacy_kept,
    privacy_keys,
    privacy_linkage,
    privacy_problems,
    privacy_received,
    privacy_refused,
    privacy_sealed,
    privacy_sent,
    privacy_shown,
)
from bango_conformance.kinds.privacy_marks import asking, providing

if TYPE_CHECKING:
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Every place with every value that must not be there; none for a body that neither asks nor provides."""
    if asking(scope) is None and providing(scope) is None:
        return
    for part in (
        privacy_sent,
        privacy_shown,
        privacy_problems,
        privacy_kept,
        privacy_refused,
        privacy_sealed,
        privacy_keys,
        privacy_received,
        privacy_disclosure,
        privacy_linkage,
    ):
        yield from part.obligations(scope)
