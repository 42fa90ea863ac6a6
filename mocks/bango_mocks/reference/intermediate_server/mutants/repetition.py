"""Mutants of repetitions, batches and pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bango_mocks.clock import stamp
from bango_mocks.reference.intermediate_server.idempotency import Idempotency
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.record_ids import RecordIds
from bango_mocks.reference.intermediate_server.records import Records
from bango_mocks.reference.intermediate_server.replica_batches import ENTRY, KIND, ReplicaBatches
from bango_mocks.serving.call import Call, Handler, Reply
from bango_spec.reading import Text


@mutant(
    clause="IS-API-004",
    title=Text(ja="照会の再送を新しい照会とする", en="Takes a repeated inquiry for a new one"),
    reason="NOT-THE-SAME",
)
class KeyIgnored(Idempotency):
    """The key of an inquiry is not looked at."""

    async def once(self, call: Call, handler: Handler) -> Reply:
        """As often as it comes."""
        return await handler(call) if call.operation == "submitInquiry" else await super().once(call, handler)


@mutant(
    clause="IS-API-005",
    title=Text(ja="本文が異なっても同じ鍵に最初の応答を返す", en="Gives the first answer whatever the body"),
    reason="KEY-OF-ANOTHER",
)
class KeyAlone(Idempotency):
    """Bodies are not compared."""

    def same(self, before: str, now: str) -> None:
        """A key is a key."""


@mutant(
    clause="IS-API-008",
    title=Text(ja="頁の境の一件を次の頁でも返す", en="Returns the entry at the border of two pages twice"),
    reason="PAGES-WRONG",
)
class BorderTwice(Records):
    """The next page begins with the last entry of the former."""

    def of_person(self, person: str, start: int) -> Iterator[dict[str, Any]]:
        """The records from the one named."""
        return super().of_person(person, max(start - 1, 0))


@mutant(
    clause="IS-API-010",
    title=Text(
        ja="最初の誤りの後の件を処理も報告もしない", en="Neither does nor reports what follows the first failure"
    ),
    reason="REPORT-WRONG",
)
class StopsAtFailure(ReplicaBatches):
    """One wrong record holds up all that come after it."""

    async def carry_out(self, batch_id: str, name: str, entry: dict[str, Any]) -> None:
        """One entry, unless one has failed."""
        batch = self.store.get(KIND, batch_id) or {}
        if not batch["shown"]["failed"]:
            await super().carry_out(batch_id, name, entry)
            return
        self.store.delete(ENTRY, name)
        ended = {"state": "finished", "pending": 0, "finished_at": stamp(self.clock())}
        self.store.put(KIND, batch_id, batch | {"shown": batch["shown"] | ended})


@mutant(
    clause="IS-API-011",
    title=Text(
        ja="レコード識別番号の重なりを同じ一括の中でしか見ない", en="Looks for doubled record ids in one file alone"
    ),
    reason="EVENT-ACCEPTED",
)
class IdsOfOneFile(RecordIds):
    """What came before is forgotten."""

    def unused(self, record_id: str) -> None:
        """Any id will do."""
