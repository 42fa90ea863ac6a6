"""Mutants of the provider's side."""

from __future__ import annotations

from typing import Any

from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.provisions import Provisions
from bango_spec.reading import Text


@mutant(
    clause="IS-PRV-005",
    title=Text(
        ja="許可があれば表を照合せずに提供する", en="Serves without checking the table, since there is a permit"
    ),
    reason="provided-outside-table",
)
class ServesWithoutTable(Provisions):
    """A verified permit is taken as proof that the table allows the request."""

    async def permitted(self, request: dict[str, Any]) -> bool:  # noqa: ARG002 - that is the mistake
        """Never looks."""
        return True
