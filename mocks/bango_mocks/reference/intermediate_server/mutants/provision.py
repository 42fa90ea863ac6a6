"""Mutants of the provider's decision: what is provided, to whom, and when."""

from __future__ import annotations

from typing import Any

from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.provisions import Provisions
from bango_mocks.serving.call import Call, Reply
from bango_spec.reading import Text


@mutant(
    clause="IS-PRV-005",
    title=Text(
        ja="許可があれば表を照合せずに提供する", en="Serves without checking the table, since there is a permit"
    ),
    reason="SERVED-AGAINST-TABLE",
)
class ServesWithoutTable(Provisions):
    """A verified permit is taken as proof that the table allows the request."""

    async def permitted(self, request: dict[str, Any]) -> bool:  # noqa: ARG002 - that is the mistake
        """Never looks."""
        return True


@mutant(
    clause="IS-PRV-006",
    title=Text(ja="枝番号のある項の行を知らない", en="Knows no line of an item with a branch number"),
    reason="NOT-SERVED",
)
class NoBranches(Provisions):
    """Items such as 16-2 were dropped when the table was read."""

    async def permitted(self, request: dict[str, Any]) -> bool:
        """Only items without a branch: its two digits follow series and item in the task's code."""
        return request["task"][8:10] == "00" and await super().permitted(request)


@mutant(
    clause="IS-PRV-010",
    title=Text(ja="知らない符号に「該当情報なし」と答える", en="Answers an unknown code as a person without a record"),
    reason="OUTCOME-WRONG",
)
class UnknownIsEmpty(Provisions):
    """A code that is nobody's looks like somebody about whom nothing is held."""

    def empty(self, permit_id: str, outcome: str) -> dict[str, Any]:
        """One word for two cases."""
        return super().empty(permit_id, "no-record" if outcome == "no-person" else outcome)


@mutant(
    clause="IS-PRV-011",
    title=Text(
        ja="副本がないとき空の内容を提供済みとして返す", en="Provides an empty content where there is no replica"
    ),
    reason="OUTCOME-WRONG",
)
class EmptyIsProvided(Provisions):
    """The items are looked for, none is found, and none is what is sealed."""

    def finished(self, call: Call, person: str | None, answer: dict[str, Any]) -> Reply:
        """No record becomes a record without items."""
        if answer["outcome"] == "no-record":
            content = {"permit_id": answer["permit_id"], "information": call.body["information"], "items": {}}
            key = self.server.contents.usable(call.body["encryption_key"])
            sealed = self.server.contents.sealed(content, key)
            answer = {name: member for name, member in answer.items() if name != "reason"}
            answer |= {"outcome": "provided", "layout_version": "2015.1", "content": sealed}
        return super().finished(call, person, answer)


@mutant(
    clause="IS-PRV-012",
    title=Text(ja="自動応答不可の印を見ない", en="Does not look at the mark that staff must decide"),
    reason="MARK-NOT-SEEN",
)
class AnswersByItself(Provisions):
    """Every replica is answered automatically."""

    def needs_staff(self, replica: dict[str, Any]) -> bool:  # noqa: ARG002 - that is the mistake
        """Never."""
        return False


@mutant(
    clause="IS-PRV-012",
    title=Text(
        ja="自動応答不可の印を最初の登録の時のまま覚えている",
        en="Goes on by the mark of the first registration",
    ),
    reason="MARK-NOT-SEEN",
    name="is-prv-012-late",
)
class OldMark(Provisions):
    """A cache that is filled once: a mark set later is not seen."""

    def needs_staff(self, replica: dict[str, Any]) -> bool:
        """As the first generation was marked."""
        return super().needs_staff(replica) and replica["generation"] == 1


@mutant(
    clause="IS-PRV-016",
    title=Text(ja="不開示の印を回答に付けない", en="Leaves the withheld mark out of the answer"),
    reason="MARK-LOST",
)
class MarkLost(Provisions):
    """The answer says that the person may be shown the provision, always."""

    def withheld(self, replica: dict[str, Any]) -> bool:  # noqa: ARG002 - that is the mistake
        """Never."""
        return False


@mutant(
    clause="IS-PRV-017",
    title=Text(
        ja="求められた年度がなければ別の年度を提供する", en="Provides another year where the one asked for is missing"
    ),
    reason="ANOTHER-YEAR",
)
class AnyYear(Provisions):
    """The newest replica of any year is better than none."""

    def replica(self, person: str, request: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """What was asked for, or else whatever is there."""
        anything = {name: held for name, held in request.items() if name not in ("fiscal_year", "period")}
        return super().replica(person, request) or super().replica(person, anything)
