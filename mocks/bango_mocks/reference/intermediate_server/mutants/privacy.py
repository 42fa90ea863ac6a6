"""Mutants that let out what must stay."""

from __future__ import annotations

from typing import Any

from bango_mocks.reference.intermediate_server.acquisitions import Acquisitions
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.serving.call import Call
from bango_spec.reading import Text


@mutant(
    clause="IS-PRI-003",
    title=Text(
        ja="団体内統合宛名番号を電文に載せて網へ送る",
        en="Puts the integrated address number into a message to the network",
    ),
    reason="address-number-in-message",
)
class NumberIntoTheNetwork(Acquisitions):
    """The in-house body is passed on to the interface system, number included."""

    def message(self, call: Call) -> dict[str, Any]:
        """Adds what was asked in-house."""
        return super().message(call) | {"integrated_address_number": call.body["integrated_address_number"]}
