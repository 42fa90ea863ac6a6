"""Mutants that look right one request at a time: values that cross, records that vanish, work that piles up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

from bango_mocks.clock import stamp
from bango_mocks.reference.intermediate_server.asking import Asking
from bango_mocks.reference.intermediate_server.disclosure import Disclosure
from bango_mocks.reference.intermediate_server.inquiries import Inquiries
from bango_mocks.reference.intermediate_server.inquiry_files import InquiryFiles
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.provisions import Provisions
from bango_mocks.reference.intermediate_server.records import Records
from bango_mocks.reference.intermediate_server.upstream import Upstream
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.assumptions import number
from bango_spec.reading import Text

# Long enough that two readers meet in it on a busy day, and nobody notices it on a quiet one.
GLANCE_SECONDS = 0.02
# By so much a limit of the spec is exceeded.
BEYOND = 1.5
AT_ONCE = 1
PLENTY = 4


def milliseconds(assumption: str) -> float:
    """A limit of the spec in seconds, exceeded."""
    return BEYOND * number(assumption) / 1000


@mutant(
    clause="IS-LOD-011",
    name="load-swapped-answer",
    campaign="june-peak",
    title=Text(ja="同時に読まれた二人の結果を取り違える", en="Swaps the results of two who are read at the same time"),
    reason="WRONG-PERSON",
)
class OneDesk(Inquiries):
    """What is being read lies on one desk for all who read."""

    desk: ClassVar[list[dict[str, Any]]] = []

    async def read(self, call: Call) -> Reply:
        """What lies on the desk when it is this reader's turn."""
        self.desk[:] = [self.found(call)]
        await asyncio.sleep(GLANCE_SECONDS)
        return Reply(200, self.shown(self.desk[0]))


@mutant(
    clause="IS-LOD-005",
    name="load-lost-record",
    campaign="june-peak",
    title=Text(ja="同じ百分の一秒の二つ目の記録を失う", en="Loses the second record of one hundredth of a second"),
    reason="RECORD-LOST",
)
class ByTheHundredth(Records):
    """Records are kept under the time at which they are written, to the hundredth."""

    last: ClassVar[dict[str, str]] = {}

    def write(self, role: str, request: Mapping[str, Any], person: str | None, **facts: Any) -> None:
        """Nothing, if the place is taken."""
        now = stamp(self.clock())[:22]
        if self.last.get(role) == now:
            return
        self.last[role] = now
        super().write(role, request, person, **facts)


@mutant(
    clause="IS-LOD-001",
    name="load-slow-counter",
    campaign="counter-day",
    title=Text(ja="照会の受付が遅い", en="Takes inquiries slowly"),
    reason="TOO-SLOW",
)
class SlowCounter(Inquiries):
    """Every acceptance waits."""

    async def submit(self, call: Call) -> Reply:
        """Later."""
        await asyncio.sleep(milliseconds("counter-answer-milliseconds"))
        return await super().submit(call)


@mutant(
    clause="IS-LOD-002",
    name="load-late-end",
    campaign="counter-day",
    title=Text(ja="受け付けた照会を長く手元に置く", en="Keeps accepted inquiries for long before sending them"),
    reason="TOO-SLOW",
)
class LateEnd(Asking):
    """Sends when it suits."""

    async def send(self, inquiry_id: str) -> None:
        """After the limit."""
        await asyncio.sleep(BEYOND * number("inquiry-end-seconds"))
        await super().send(inquiry_id)


@mutant(
    clause="IS-LOD-003",
    name="load-slow-provision",
    campaign="counter-day",
    title=Text(ja="提供の求めに遅く答える", en="Answers requests for provision slowly"),
    reason="TOO-SLOW",
)
class SlowProvision(Provisions):
    """Every provision waits."""

    async def provide(self, call: Call) -> Reply:
        """Later."""
        await asyncio.sleep(milliseconds("provision-answer-milliseconds"))
        return await super().provide(call)


@mutant(
    clause="IS-LOD-004",
    name="load-sheds-early",
    campaign="june-peak",
    title=Text(ja="同時に一つを超える照会を断る", en="Refuses more than one inquiry at a time"),
    reason="TOO-MANY-FAILURES",
)
class OneAtATime(Inquiries):
    """The room is for one."""

    inside: ClassVar[list[str]] = []

    async def submit(self, call: Call) -> Reply:
        """No, if somebody is in."""
        if len(self.inside) >= AT_ONCE:
            raise Problem("connection-cap")
        self.inside.append(call.correlation_id)
        try:
            await asyncio.sleep(GLANCE_SECONDS)
            return await super().submit(call)
        finally:
            self.inside.remove(call.correlation_id)


@mutant(
    clause="IS-LOD-006",
    name="load-slow-batch",
    campaign="night-batch",
    title=Text(ja="ファイルの照会を一件ずつ間を置いて送る", en="Sends a file's inquiries one by one with a pause"),
    reason="TOO-FEW",
)
class OneByOne(InquiryFiles):
    """A file is a queue with one clerk."""

    async def send(self, file_id: str) -> None:
        """One, a pause, the next."""
        await self.store.durable()
        for _, row in list(self.store.scan("inquiry-file-record", f"{file_id}/")):
            await self.server.asking.send(row["inquiry_id"])
            await asyncio.sleep(milliseconds("counter-answer-milliseconds"))


@mutant(
    clause="IS-LOD-007",
    name="load-batch-first",
    campaign="night-batch",
    title=Text(ja="ファイルの処理中は窓口の照会を待たせる", en="Makes the counter wait while a file is worked off"),
    reason="TOO-SLOW",
)
class BatchFirst(Inquiries):
    """The counter comes after the batch."""

    async def submit(self, call: Call) -> Reply:
        """When nothing of a file is pending, or after the limit."""
        if any(state["pending"] for _, state in self.store.scan("inquiry-file")):
            await asyncio.sleep(milliseconds("counter-answer-milliseconds"))
        return await super().submit(call)


@mutant(
    clause="IS-LOD-008",
    name="load-never-recovers",
    campaign="slow-network",
    title=Text(
        ja="一度遅れた網を、いつまでも待ってから呼ぶ", en="Keeps its distance from a network that was slow once"
    ),
    reason="NOT-RECOVERED",
)
class OnceBitten(Upstream):
    """Waits before every call once one has taken long."""

    bitten: ClassVar[list[float]] = []

    async def call(self, *what: Any, **how: Any) -> tuple[int, Any]:
        """After the longest call so far, as often as it takes."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        if self.bitten:
            await asyncio.sleep(PLENTY * number("load-recovery-seconds"))
        try:
            return await super().call(*what, **how)
        finally:
            if not self.bitten and loop.time() - began > milliseconds("counter-answer-milliseconds"):
                self.bitten.append(loop.time() - began)


@mutant(
    clause="IS-LOD-009",
    name="load-swelling",
    campaign="soak",
    title=Text(ja="受け付けるたびに遅くなる", en="Gets slower with every inquiry"),
    reason="DRIFTED",
)
class Swelling(Inquiries):
    """Looks through all there were."""

    seen: ClassVar[list[str]] = []

    async def submit(self, call: Call) -> Reply:
        """After a look at each of those before."""
        self.seen.append(call.correlation_id)
        await asyncio.sleep(len(self.seen) / 10_000)
        return await super().submit(call)


@mutant(
    clause="IS-LOD-010",
    name="load-slow-disclosure",
    campaign="counter-day",
    title=Text(ja="開示に長くかかる", en="Takes long to disclose"),
    reason="TOO-SLOW",
)
class SlowDisclosure(Disclosure):
    """Every disclosure waits."""

    async def disclose(self, call: Call) -> Reply:
        """Later."""
        await asyncio.sleep(milliseconds("disclosure-answer-milliseconds"))
        return await super().disclose(call)
