"""Mutants of who may call."""

from __future__ import annotations

from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.sides import NetworkSide
from bango_mocks.serving.validation import Contract
from bango_mocks.tls import Peer
from bango_spec.reading import Text


@mutant(
    clause="IS-TRN-006",
    title=Text(ja="証明書の役割を確かめない", en="Does not check the role in the client's certificate"),
    reason="role-not-checked",
)
class AnyRole(NetworkSide):
    """Any certificate of the authority may call the network side."""

    def role_allowed(self, contract: Contract, peer: Peer) -> bool:  # noqa: ARG002 - that is the mistake
        """Lets everybody in."""
        return True
