"""Mutants that let out what must stay."""

from __future__ import annotations

from bango_mocks.reference.intermediate_server.acquisitions import Acquisitions
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.serving.call import Call
from bango_spec.reading import Text


@mutant(
    clause="IS-PRI-003",
    title=Text(
        ja="冪等キーを団体内統合宛名番号から作る", en="Makes the idempotency key from the integrated address number"
    ),
    reason="address-number-in-message",
)
class NumberIntoTheNetwork(Acquisitions):
    """The request for an acquisition number carries the person's number as its key."""

    def key(self, call: Call) -> str:
        """Looks stable and unique, and says who it is about."""
        return f"acquisition-{call.body['integrated_address_number']}"
