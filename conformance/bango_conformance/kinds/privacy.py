"""Privacy: values that are known to the harness alone are looked for wherever they must not be, in every writing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds import (
    privacy_kept,
    privacy_others,
    privacy_problems,
    privacy_refused,
    privacy_sealed,
    privacy_sent,
    privacy_shown,
)
from bango_conformance.kinds.privacy_traffic import asking, providing

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
        privacy_others,
    ):
        yield from part.obligations(scope)
