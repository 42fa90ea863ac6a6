"""Text: what people write survives byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope


def obligations(scope: Scope) -> Iterator[Obligation]:  # noqa: ARG001
    """None yet."""
    return iter(())
