"""Mutants of who may call: role, body, and what headers claim."""

from __future__ import annotations

from bango_mocks.hosting import Scope
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.sides import InHouseSide, NetworkSide
from bango_mocks.serving.validation import Contract
from bango_mocks.tls import Peer, peer_of
from bango_spec.reading import Text


@mutant(
    clause="IS-TRN-006",
    title=Text(ja="証明書の役割を確かめない", en="Does not check the role in the client's certificate"),
    reason="ROLE-ADMITTED",
)
class AnyRole(NetworkSide):
    """Any certificate of the authority may call the network side."""

    def role_allowed(self, contract: Contract, peer: Peer) -> bool:  # noqa: ARG002 - that is the mistake
        """Lets everybody in."""
        return True


@mutant(
    clause="IS-TRN-007",
    title=Text(ja="証明書の団体を確かめない", en="Does not check the body in an in-house certificate"),
    reason="OTHER-BODY-ADMITTED",
)
class AnyBody(InHouseSide):
    """The neighbour's systems on the shared platform are let in."""

    def body_allowed(self, peer: Peer) -> bool:  # noqa: ARG002 - that is the mistake
        """In-house is in-house."""
        return True


@mutant(
    clause="IS-TRN-009",
    title=Text(ja="役割を名乗る見出しを証明書より優先する", en="Believes a header that claims a role"),
    reason="HEADER-BELIEVED",
)
class ClaimBelieved(InHouseSide):
    """Left over from the days of a proxy in front."""

    def peer(self, scope: Scope, headers: dict[str, str]) -> Peer | None:
        """Whom the header names, otherwise the certificate."""
        claimed = {"subjectAltName": (("URI", headers.get("x-bango-role", "")),)}
        return peer_of(claimed) or super().peer(scope, headers)
