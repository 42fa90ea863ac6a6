"""Record: both ends and the core agree line by line; nothing is missing and nothing can be altered unseen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds import (
    record_asker,
    record_chain,
    record_disclosure,
    record_listing,
    record_operations,
    record_provider,
    record_retention,
    record_unalterable,
)

if TYPE_CHECKING:
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope


def obligations(scope: Scope) -> Iterator[Obligation]:
    """What each role records of each end, the chain, disclosure, retention, and the log of operations."""
    for module in (
        record_provider,
        record_asker,
        record_chain,
        record_listing,
        record_unalterable,
        record_disclosure,
        record_retention,
        record_operations,
    ):
        yield from module.obligations(scope)
