"""Broad mutants that refuse: sides that turn away what they should begin, change or take."""

from __future__ import annotations

from typing import ClassVar

from bango_mocks.hosting import Scope
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.sides import InHouseSide, NetworkSide
from bango_mocks.serving.call import Call, Problem
from bango_mocks.serving.validation import Contract
from bango_spec.reading import Text

FIRST = frozenset(
    {
        "putReplica",
        "submitReplicaBatch",
        "submitInquiry",
        "submitInquiryFile",
        "createNotice",
    }
)
LATER = frozenset(
    {
        "revokeLinkageCode",
        "correctReplica",
        "deleteReplica",
        "withdrawInquiry",
        "decideApproval",
        "withdrawNotice",
        "acknowledgeFailure",
    }
)
DELIVERY = "deliverLinkageCode"
# Without these the suite does not begin.
ANSWERED = frozenset({DELIVERY, "readNetworkHealth", "readNetworkProfile"})


class Busy(InHouseSide):
    """Refuses some operations although nothing is wrong."""

    refused: ClassVar[frozenset[str]]

    def checked(
        self, contract: Contract, parameters: dict[str, str], scope: Scope, headers: dict[str, str], body: bytes
    ) -> Call:
        """The call, unless it is one of those."""
        call = super().checked(contract, parameters, scope, headers, body)
        if contract.operation_id in self.refused:
            raise Problem("network-down", "not now")
        return call


@mutant(
    clause="IS-RPL-001",
    name="broad-takes-nothing",
    breaks=("workflow", "lifecycle.notice.none", "text.reason", "text.action"),
    title=Text(ja="業務側の最初の依頼をすべて断る", en="Turns every first request of the in-house side away"),
    reason="CRITERION-UNMET",
)
class TakesNothing(Busy):
    """Nothing can be begun."""

    refused = FIRST


@mutant(
    clause="IS-INQ-015",
    name="broad-changes-nothing",
    breaks=("workflow", "lifecycle", "text.reason", "text.action", "privacy.linkage", "privacy.sealed"),
    title=Text(ja="業務側の後からの操作をすべて断る", en="Turns away whatever changes what was begun"),
    reason="TRANSITION-REFUSED",
)
class ChangesNothing(Busy):
    """What was begun stays as it is."""

    refused = LATER


class BusyNetwork(NetworkSide):
    """The same on the other side."""

    def turned_away(self, operation_id: str) -> bool:
        """Whether an operation is refused."""
        raise NotImplementedError

    def checked(
        self, contract: Contract, parameters: dict[str, str], scope: Scope, headers: dict[str, str], body: bytes
    ) -> Call:
        """The call, unless it is one of those."""
        call = super().checked(contract, parameters, scope, headers, body)
        if self.turned_away(contract.operation_id):
            raise Problem("network-down", "not now")
        return call


@mutant(
    clause="IS-LNK-007",
    name="broad-no-codes",
    breaks=("lifecycle.linkage-code", "workflow.acquire-linkage-code"),
    title=Text(ja="符号を受け取らない", en="Takes no linkage code"),
    reason="BOUND-WRONG",
)
class NoCodes(BusyNetwork):
    """Nobody gets a code."""

    def turned_away(self, operation_id: str) -> bool:
        """Their delivery."""
        return operation_id == DELIVERY


@mutant(
    clause="IS-DSC-005",
    name="broad-deaf",
    breaks=("workflow", "lifecycle"),
    title=Text(
        ja="符号の受取りを除き、ネットワークからの求めをすべて断る", en="Turns away whatever the network asks but codes"
    ),
    reason="TRANSITION-REFUSED",
)
class Deaf(BusyNetwork):
    """Nothing is provided, disclosed or taken."""

    def turned_away(self, operation_id: str) -> bool:
        """Everything else that can be asked."""
        return operation_id not in ANSWERED
