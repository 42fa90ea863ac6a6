"""Mutants of the decisions of staff."""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

from bango_mocks.reference.intermediate_server.approvals import Approvals
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.serving.call import Problem
from bango_spec.reading import Text


@mutant(
    clause="IS-PRV-013",
    title=Text(
        ja="職員の判断の後の回答を一度だけ送り、届かなくても気にしない",
        en="Posts the answer after a decision once, whether it arrives or not",
    ),
    reason="ANSWER-LOST",
)
class PostedOnce(Approvals):
    """Fire and forget."""

    def deliver(self, answer: dict[str, Any], correlation: str) -> None:
        """One attempt."""

        async def post() -> None:
            with contextlib.suppress(Problem):
                await self.server.upstream.call(
                    "POST", "/v1/answers", answer, correlation=correlation, key=str(uuid.uuid4())
                )

        self.server.spawn(post())


@mutant(
    clause="IS-PRV-014",
    title=Text(ja="職員が書いた拒否の理由を回答に入れる", en="Sends the words of staff who refuse"),
    reason="STAFF-WORDS-SENT",
)
class WordsSent(Approvals):
    """The reason that staff wrote for the file stands in the place of the code."""

    def answer(self, approval: dict[str, Any], decision: str, reason: str) -> dict[str, Any]:
        """The answer with their words."""
        made = super().answer(approval, decision, reason)
        return made | {"reason": reason} if made["outcome"] == "refused-by-staff" else made


@mutant(
    clause="IS-PRV-015",
    title=Text(ja="済んだ求めへの判断をもう一度受け付ける", en="Takes a decision on what is over"),
    reason="EVENT-ACCEPTED",
)
class DecidedAgain(Approvals):
    """The handler does not look at the state."""

    def undecided(self, approval: dict[str, Any]) -> None:
        """Any request may be decided."""
