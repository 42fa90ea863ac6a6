"""Mutants of answers, withdrawals and ends of inquiries."""

from __future__ import annotations

from typing import Any

from bango_mocks.reference.intermediate_server.answers import Answers
from bango_mocks.reference.intermediate_server.asking import Asking
from bango_mocks.reference.intermediate_server.endings import Endings
from bango_mocks.reference.intermediate_server.inquiries import Inquiries
from bango_mocks.reference.intermediate_server.opening import Opening
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.serving.call import Call, Reply
from bango_spec.reading import Text


@mutant(
    clause="IS-INQ-010",
    title=Text(ja="知らない許可の回答も受け取ったことにする", en="Acknowledges answers whose permit it does not know"),
    reason="EVENT-ACCEPTED",
)
class TakesAnyAnswer(Answers):
    """What cannot be matched is dropped in silence."""

    async def deliver(self, call: Call) -> Reply:
        """Never unknown."""
        permit_id = call.body["permit_id"]
        if self.server.endings.of_permit(permit_id) is None:
            return Reply(200, {"permit_id": permit_id, "state": "answered"})
        return await super().deliver(call)


@mutant(
    clause="IS-INQ-011",
    title=Text(ja="回答がどの照会のものかを確かめない", en="Does not compare a content with the inquiry"),
    reason="BAD-ANSWER-TAKEN",
)
class OpensAnything(Opening):
    """What opens is taken for what was asked."""

    def meant_for(self, inquiry: dict[str, Any], header: dict[str, Any], content: dict[str, Any]) -> None:
        """Never compares."""


@mutant(
    clause="IS-INQ-014",
    title=Text(ja="照会の秘密鍵を記憶上にだけ持つ", en="Keeps the private keys of inquiries in memory only"),
    reason="ANSWER-REFUSED",
)
class KeysInMemory(Asking):
    """After a restart no answer opens."""

    def resume(self) -> None:
        """The keys are gone."""
        for _, inquiry in self.server.inquiries.kept.after():
            if inquiry["state"] == "waiting":
                inquiry.pop("private_key", None)
                self.server.inquiries.keep(inquiry)
        super().resume()


@mutant(
    clause="IS-INQ-015",
    title=Text(ja="取下げを網へ知らせない", en="Withdraws without telling the network"),
    reason="WITHDRAWAL-NOT-SENT",
)
class WithdrawsAtHome(Asking):
    """The provider goes on."""

    async def tell_withdrawal(self, inquiry: dict[str, Any], call: Call) -> None:
        """Says nothing."""


@mutant(
    clause="IS-INQ-016",
    title=Text(ja="回答済みの照会も取下げに変える", en="Withdraws inquiries that were answered already"),
    reason="EVENT-ACCEPTED",
)
class WithdrawsAnswered(Inquiries):
    """What a decision was based on turns into nothing."""

    def open(self, inquiry: dict[str, Any]) -> None:
        """Anything goes but a second withdrawal; what was answered is lost."""
        if inquiry["state"] != "answered":
            super().open(inquiry)
        inquiry.pop("result", None)


@mutant(
    clause="IS-INQ-020",
    title=Text(ja="照会側では期限を見ない", en="Leaves deadlines to the provider"),
    reason="STATE-WRONG",
)
class WaitsForEver(Endings):
    """An inquiry without an answer never ends."""

    def expire(self, inquiry_id: str) -> None:
        """Lets it wait."""
