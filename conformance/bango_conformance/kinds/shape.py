"""Shape: the target takes what the interface documents define, refuses everything else for the right reason, and answers as documented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds import shape_answers, shape_bodies, shape_oracle, shape_parameters, shape_routes

if TYPE_CHECKING:
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

PARTS = (shape_answers, shape_bodies, shape_parameters, shape_routes)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Answers, bodies, parameters and headers, routes, and what an independent generator finds."""
    compiled = [one for part in PARTS for one in part.obligations(scope)]
    oracle = list(shape_oracle.obligations(scope))
    # The generator keeps one core busy and the target idle; spread over the others, both have work.
    step = -(-len(compiled) // len(oracle))
    for n, one in enumerate(oracle):
        yield from compiled[n * step : (n + 1) * step]
        yield one
