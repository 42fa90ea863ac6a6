"""Mutants of registering, keeping and reading replicas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bango_mocks.clock import stamp
from bango_mocks.reference.intermediate_server import layouts
from bango_mocks.reference.intermediate_server.admission import Admission
from bango_mocks.reference.intermediate_server.contents import Contents
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.provisions import Provisions
from bango_mocks.reference.intermediate_server.reconciliation import Reconciliation
from bango_mocks.reference.intermediate_server.replicas import Replicas
from bango_mocks.reference.intermediate_server.shelf import HEAD
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.reading import Text

ROWS = 10


@mutant(
    clause="IS-RPL-001",
    title=Text(ja="受け取った時刻を更新日時として返す", en="Shows the time of receipt as the time of the update"),
    reason="UPDATE-TIME-WRONG",
)
class TimeOfReceipt(Replicas):
    """How old the information is cannot be seen any more."""

    def shown(self, replica: dict[str, Any]) -> dict[str, Any]:
        """The wrong one of two times."""
        return super().shown(replica) | {"updated_at": replica["registered_at"]}


@mutant(
    clause="IS-RPL-002",
    title=Text(ja="更新日時を比べない", en="Never compares update times"),
    reason="EVENT-ACCEPTED",
)
class GenerationAlone(Replicas):
    """Only the number of the generation decides."""

    def not_older(self, last: dict[str, Any] | None, content: dict[str, Any]) -> None:
        """Takes any time."""


@mutant(
    clause="IS-RPL-003",
    title=Text(
        ja="論理削除の後は使われた世代番号を受け付ける", en="After a logical deletion takes a generation used before"
    ),
    reason="EVENT-ACCEPTED",
)
class CountsAnew(Replicas):
    """The former content of that number is hidden."""

    def generation_unused(self, head: dict[str, Any], content: dict[str, Any]) -> None:
        """Looks at replicas that are there only."""
        if head["current"] is not None:
            super().generation_unused(head, content)


@mutant(
    clause="IS-RPL-004",
    title=Text(ja="論理削除した副本を提供する", en="Provides replicas that were deleted"),
    reason="OUTCOME-WRONG",
)
class ForgetsTheFlag(Provisions):
    """The query for provisions does not ask whether a replica was deleted."""

    def held(self, person: str, information: str) -> Iterable[tuple[str, dict[str, Any]]]:
        """The last generation of every replica."""
        for key, head in self.store.scan(HEAD, f"{person}/{information}/"):
            found = self.server.replicas.shelf.generation(key, head["highest"])
            if found is not None:
                yield key, found


@mutant(
    clause="IS-RPL-005",
    title=Text(ja="保存期間の後も世代の履歴を消さない", en="Leaves the generations when the retention is over"),
    reason="GENERATION-KEPT",
)
class HistoryStays(Replicas):
    """The purge deletes the replica's own row; its history is another table."""

    def purge(self, key: str) -> None:
        """Half of it."""
        head = self.shelf.head(key)
        if head is not None and head["current"] is None and head["purge_after"] < self.clock().date().isoformat():
            self.store.delete(HEAD, key)


@mutant(
    clause="IS-RPL-006",
    title=Text(ja="知らないレイアウト版を最新の版とみなす", en="Reads an unknown layout version as the newest one"),
    reason="EVENT-ACCEPTED",
)
class NewestLayout(Admission):
    """The columns may have moved."""

    async def check(self, information: str, content: dict[str, Any]) -> None:
        """Falls back."""
        known = layouts.versions(information)
        if known and content["layout_version"] not in known:
            content = content | {"layout_version": known[-1]}
        await super().check(information, content)


@mutant(
    clause="IS-RPL-007",
    title=Text(
        ja="どの副本も最新のレイアウト版として提供する", en="Labels whatever it provides with the newest layout version"
    ),
    reason="REREAD",
)
class RelabelsLayout(Contents):
    """An old year's items are given another meaning."""

    def content(self, replica: dict[str, Any], request: dict[str, Any], permit_id: str) -> dict[str, Any]:
        """The items as they are, under another version."""
        newest = layouts.versions(replica["information"])[-1]
        return super().content(replica | {"layout_version": newest}, request, permit_id)


@mutant(
    clause="IS-RPL-008",
    title=Text(ja="拒んだ更新のうち正しい項目だけを保存する", en="Keeps the good items of an update that it refuses"),
    reason="CONTENT-WRONG",
)
class KeepsTheGood(Replicas):
    """Items are written one by one until one is wrong."""

    async def put(self, call: Call) -> Reply:
        """Refuses too late."""
        try:
            return await super().put(call)
        except Problem as problem:
            self.written(call, problem)
            raise

    def written(self, call: Call, problem: Problem) -> None:
        """What stood before the refusal."""
        key = self.key(*self.named(call), call.body)
        current = self.shelf.current(key)
        if problem.code != "content-invalid" or current is None:
            return
        wrong = {error["place"].split("/")[2] for error in problem.members["errors"] if error["place"].count("/") > 1}
        good = {code: held for code, held in self.items(call.body).items() if code not in wrong}
        self.shelf.mark(key, current["generation"], "current", items=current["items"] | good)


@mutant(
    clause="IS-RPL-009",
    title=Text(ja="年度を問わず、同じ情報の副本をすべて削除する", en="Deletes every year of an information at once"),
    reason="NOT-PROVIDED",
)
class DeletesAllYears(Replicas):
    """The fiscal year is missing in the condition."""

    async def delete(self, call: Call) -> Reply:
        """More than was named."""
        answer = await super().delete(call)
        for key, _ in list(self.shelf.present(*self.named(call))):
            self.remove(key, call.query["reason"])
        return answer


@mutant(
    clause="IS-RPL-010",
    title=Text(ja="未来の更新日時を受け付ける", en="Takes an update time in the future"),
    reason="EVENT-ACCEPTED",
)
class TakesTheFuture(Admission):
    """The update time is not compared with the clock."""

    def not_in_future(self, updated_at: str) -> None:
        """Never looks."""


@mutant(
    clause="IS-RPL-011",
    title=Text(ja="情報提供者とならない種類の副本を受け入れる", en="Holds replicas of what the body never provides"),
    reason="FOREIGN-KIND",
)
class HoldsAnything(Admission):
    """It is enough that the code of the information exists."""

    async def provided_here(self, information: str) -> None:
        """Never looks at the table."""


@mutant(
    clause="IS-RPL-012",
    title=Text(ja="更新の遅れを受け取った時刻から数える", en="Counts the delay of updates from the time of receipt"),
    reason="FRESHNESS-WRONG",
)
class LooksFresh(Reconciliation):
    """An original that stands still looks fresh as long as it is sent."""

    def noted(self, information: str, updated_at: str) -> None:  # noqa: ARG002 - that is the mistake
        """Now."""
        super().noted(information, stamp(self.clock()))


@mutant(
    clause="IS-RPL-013",
    title=Text(ja="訂正のとき最後の提供先しか示さない", en="Names only the last body that received a wrong generation"),
    reason="RECIPIENTS-WRONG",
)
class NamesOne(Replicas):
    """The others are never told."""

    def received(self, key: str, generation: int) -> list[dict[str, Any]]:
        """The latest provision."""
        return sorted(super().received(key, generation), key=lambda one: str(one["provided_at"]))[-1:]


@mutant(
    clause="IS-RPL-014",
    title=Text(ja="繰り返す項目を十行で切る", en="Cuts repeated groups of items after ten rows"),
    reason="READ-OTHERWISE",
)
class CutsRows(Replicas):
    """A table with ten columns for what may repeat."""

    def items(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The first ten."""
        kept = super().items(content)
        return {code: held[:ROWS] if isinstance(held, list) else held for code, held in kept.items()}
