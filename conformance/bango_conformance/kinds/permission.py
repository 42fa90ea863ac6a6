"""Permission: what a line of the law's table permits is provided and asked, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds import permission_asker, permission_editions, permission_permits, permission_provider

if TYPE_CHECKING:
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope


def obligations(scope: Scope) -> Iterator[Obligation]:
    """The target as provider, as asker, on other days, and what it takes for a permit."""
    yield from permission_provider.obligations(scope)
    yield from permission_asker.obligations(scope)
    yield from permission_editions.obligations(scope)
    yield from permission_permits.obligations(scope)
