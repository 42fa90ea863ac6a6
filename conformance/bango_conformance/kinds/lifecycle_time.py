"""To come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_conformance.obligation import Obligation

if TYPE_CHECKING:
    from bango_conformance.suite import Scope


def obligations(scope: Scope) -> Iterator[Obligation]:
    """None yet."""
    yield from ()
