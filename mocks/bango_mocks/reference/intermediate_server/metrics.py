"""Counts for monitoring in OpenMetrics, without anything that points to a person (IS-OPS-003, IS-PRI-006)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.reference.intermediate_server.records import LEDGER
from bango_mocks.serving.call import Call, Reply

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

KIND = "metrics"
OPENMETRICS = "application/openmetrics-text"
FAMILIES = {
    "bango_inquiries": ("counter", "Inquiries that ended, by outcome."),
    "bango_provisions": ("counter", "Requests for provision that ended, by outcome."),
    "bango_replicas": ("gauge", "Replicas that are not deleted."),
    "bango_records": ("counter", "Provision records written."),
    "bango_unresolved_failures": ("gauge", "Failures that nobody has acknowledged, by kind."),
}


class Metrics(Part):
    """Counters go on over restarts."""

    answers: ClassVar = {"readMetrics": "read"}

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        kept = self.store.get(KIND, "counts") or {}
        self._inquiries = Counter(kept.get("inquiries", {}))
        self._provisions = Counter(kept.get("provisions", {}))

    def inquiry_ended(self, outcome: str) -> None:
        """Count an inquiry's end."""
        self._inquiries[outcome] += 1
        self._keep()

    def provision_ended(self, outcome: str) -> None:
        """Count a provision's end."""
        self._provisions[outcome] += 1
        self._keep()

    def _keep(self) -> None:
        self.store.put(KIND, "counts", {"inquiries": self._inquiries, "provisions": self._provisions})

    def samples(self) -> dict[str, dict[str, int]]:
        """The samples of each family, by their labels."""
        unresolved = self.server.failures.unresolved()
        return {
            "bango_inquiries": {
                f'{{outcome="{outcome}"}}': count for outcome, count in sorted(self._inquiries.items())
            },
            "bango_provisions": {f'{{outcome="{outcome}"}}': n for outcome, n in sorted(self._provisions.items())},
            "bango_replicas": {"": sum(1 for _ in self.server.reconciliation.live())},
            "bango_records": {"": self.store.head(LEDGER)[0]},
            "bango_unresolved_failures": {f'{{kind="{kind}"}}': n for kind, n in sorted(unresolved.items())},
        }

    async def read(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """The document that a monitoring system scrapes."""
        lines = []
        for family, samples in self.samples().items():
            kind, text = FAMILIES[family]
            lines += [f"# TYPE {family} {kind}", f"# HELP {family} {text}"]
            suffix = "_total" if kind == "counter" else ""
            lines += [f"{family}{suffix}{labels} {count}" for labels, count in samples.items()]
        return Reply(200, ("\n".join([*lines, "# EOF"]) + "\n").encode(), media_type=OPENMETRICS)
