"""Shape: the target takes what the interface documents define, refuses everything else for the right reason, and answers as documented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds import shape_answers, shape_bodies, shape_oracle, shape_parameters, shape_routes

if TYPE_CHECKING:
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

PARTS = (shape_answers, shape_bodies, shape_parameters, shape_routes, shape_oracle)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Answers, bodies, parameters and headers, routes, and what an independent generator finds."""
    for part in PARTS:
        yield from part.obligations(scope)
