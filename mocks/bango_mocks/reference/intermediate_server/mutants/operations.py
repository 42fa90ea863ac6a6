"""Mutants of running the server: health, outages, counts, exports, crashes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bango_mocks.reference.intermediate_server.failures import Failures
from bango_mocks.reference.intermediate_server.metrics import Metrics
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.reconciliation import Reconciliation
from bango_mocks.reference.intermediate_server.sides import InHouseSide
from bango_mocks.reference.intermediate_server.system import System
from bango_mocks.serving.call import Call, Problem, Reply
from bango_mocks.serving.validation import Contract
from bango_spec.reading import Text

NETWORK = "interface-system"


@mutant(
    clause="IS-OPS-001",
    title=Text(ja="稼働確認が常に正常と答える", en="Health is a constant"),
    reason="HEALTH-WRONG",
)
class AlwaysUp(System):
    """Nobody looked whether the network is there."""

    async def network_state(self) -> str:
        """Fine, thank you."""
        return "up"


@mutant(
    clause="IS-OPS-002",
    title=Text(ja="網に届かない間は業務側の要求も断る", en="Turns in-house requests away while the network is silent"),
    reason="STOPPED",
)
class DownTogether(InHouseSide):
    """Everything goes through one gate that looks at the network first."""

    async def before(self, call: Call, contract: Contract) -> None:
        """No network, no service."""
        waiting = sum(1 for _, one in self.server.inquiries.kept.after() if one["state"] == "sent")
        if waiting and contract.operation_id != "submitInquiry" and await self.server.system.network_state() != "up":
            raise Problem("connection-cap")
        await super().before(call, contract)


@mutant(
    clause="IS-OPS-003",
    title=Text(ja="提供できなかった要求を数えない", en="Counts no request that was not served"),
    reason="COUNTS-WRONG",
)
class SuccessesCounted(Metrics):
    """A success story."""

    def provision_ended(self, outcome: str) -> None:
        """One more, if it went well."""
        if outcome == "provided":
            super().provision_ended(outcome)


@mutant(
    clause="IS-OPS-004",
    title=Text(ja="符号の無い人の副本を書き出さない", en="Exports no replica of a person without a linkage code"),
    reason="EXPORT-WRONG",
)
class LinkedOnly(Reconciliation):
    """The export joins the table of codes."""

    def live(self) -> Iterator[dict[str, Any]]:
        """The replicas of persons who have a code."""
        for replica in super().live():
            if self.server.linkage.code_of(replica["integrated_address_number"]) is not None:
                yield replica


@mutant(
    clause="IS-OPS-005",
    title=Text(ja="書き込みの前に成功と答える", en="Answers before its writes are kept"),
    reason="STATE-LOST",
)
class NotYetWritten(InHouseSide):
    """The disk will catch up."""

    async def settled(self) -> None:
        """Waits for nothing."""


@mutant(
    clause="IS-OPS-006",
    title=Text(ja="接続の上限を見ない", en="Has no limit of connections"),
    reason="CAP",
)
class NoLimit(InHouseSide):
    """Until it falls over."""

    def full(self, client: Any) -> bool:  # noqa: ARG002 - that is the mistake
        """There is always room."""
        return False


@mutant(
    clause="IS-OPS-007",
    title=Text(ja="情報提供等記録の管理を機能に挙げない", en="Does not list the management of provision records"),
    reason="FUNCTION-MISSING",
)
class OneFunctionLess(System):
    """Four of five."""

    async def functions(self, call: Call) -> Reply:
        """The functions, less one."""
        told = await super().functions(call)
        return Reply(200, {"functions": [one for one in told.body["functions"] if one["id"] != "provision-records"]})


@mutant(
    clause="IS-OPS-008",
    title=Text(ja="届かなかったものを未解決に数えない", en="Hides what could not be delivered"),
    reason="FAILURE-HIDDEN",
)
class UndeliveredHidden(Failures):
    """Only acquisitions are followed up."""

    def add(self, kind: str, **what: Any) -> None:
        """Note a failure, if it is one that is followed up."""
        if kind == "acquisition-failed":
            super().add(kind, **what)
