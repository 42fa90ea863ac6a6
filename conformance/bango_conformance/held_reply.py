"""The played network's reply to one inquiry of the target, held back until a check says what it is to be."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

from joserfc.jwk import ECKey

from bango_conformance.findings import Unmet
from bango_conformance.stage.played import Asked, answer_with, content_for, empty_answer, encrypted
from bango_conformance.times import stamp
from bango_mocks.serving import Call, Problem, Reply
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_conformance.stage import Stage

SECONDS = 25.0
PAUSE = 0.005


class HeldReply:
    """`script` is what the stage plays; `answer`, `wait_for_staff` and `refuse` let the reply go."""

    def __init__(self, stage: Stage, *, withheld: bool = False) -> None:
        self.calls: list[Call] = []
        self.times: list[float] = []
        self._failing: tuple[str, int] = ("", 0)
        self._made: dict[str, Any] | None = None
        self.items: dict[str, Any] = {"TK00000000000001": f"試験値{uuid.uuid4().hex[:8]}"}
        self._stage = stage
        self._withheld = withheld
        self._outcome = self._reason = ""
        self._came = threading.Event()
        self._asked: Asked | None = None
        self._reply: Reply | Problem | None = None

    async def script(self, asked: Asked) -> Reply:
        """Hold the inquiry until its reply is known; an inquiry that is sent again gets the same reply."""
        self.calls.append(asked.call)
        self.times.append(time.monotonic())
        self._asked = asked
        self._came.set()
        if self.attempts <= self._failing[1]:
            raise Problem(self._failing[0], origin="network")
        limit = time.monotonic() + SECONDS
        # Other threads set the reply, which an asyncio.Event does not allow.
        while self._reply is None and time.monotonic() < limit:  # noqa: ASYNC110
            await asyncio.sleep(PAUSE)
        reply = self._reply
        if isinstance(reply, Problem):
            raise Problem(reply.code, origin=reply.origin)
        if reply is None:
            raise Problem("timeout", origin="network")
        # The permit is this attempt's own.
        body = self._waiting(asked) if reply.status == 202 else self._answer(asked)
        return Reply(reply.status, body)

    @property
    def attempts(self) -> int:
        """How often the inquiry has come."""
        return len(self.calls)

    def fail_first(self, code: str, attempts: int) -> None:
        """Answer the first attempts with a problem of the network."""
        self._failing = (code, attempts)

    def as_it_is(self, answer: dict[str, Any]) -> None:
        """200 with exactly this answer."""
        self._made = answer
        self._reply = Reply(200)

    def asked(self) -> Asked:
        """The inquiry once it has come; Unmet when none comes in time."""
        if not self._came.wait(SECONDS) or self._asked is None:
            raise Unmet("照会がネットワークに届きませんでした。", "no inquiry reached the network")
        return self._asked

    def answer(self) -> None:
        """200 with an answer."""
        self._reply = Reply(200)

    def wait_for_staff(self) -> None:
        """202: the provider's staff will decide."""
        self._reply = Reply(202)

    def refuse(self, code: str, origin: str) -> None:
        """A problem."""
        self._reply = Problem(code, origin=origin)

    def empty(self, outcome: str, reason: str) -> None:
        """200 with an answer without content."""
        self._outcome, self._reason = outcome, reason
        self._reply = Reply(200)

    def empty_body(self, outcome: str, reason: str) -> dict[str, Any]:
        """An answer without content as the interface system delivers it."""
        return empty_answer(self.asked().claims["permit_id"], outcome, reason, self._stage.clock())

    def release(self) -> None:
        """Let go of whoever still waits."""
        if self._reply is None:
            self._reply = Reply(202)

    def answer_body(self, *, wrong_key: bool = False) -> dict[str, Any]:
        """An answer to the inquiry as the interface system delivers it; to a permit never issued if none was asked for."""
        asked = self._asked
        if asked is None:
            return self._to_nobody()
        made = self._provided(asked)
        if wrong_key:
            key = ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES+A256KW"})
            key.ensure_kid()
            made["content"] = encrypted(content_for(asked, self.items), key.as_dict(private=False))
        return made

    def _answer(self, asked: Asked) -> dict[str, Any]:
        if self._made is not None:
            return self._made
        if self._outcome:
            return empty_answer(asked.claims["permit_id"], self._outcome, self._reason, self._stage.clock())
        return self._provided(asked)

    def _provided(self, asked: Asked) -> dict[str, Any]:
        return answer_with(asked, content_for(asked, self.items), self._stage.clock()) | {"withheld": self._withheld}

    def _waiting(self, asked: Asked) -> dict[str, Any]:
        until = self._stage.clock() + dt.timedelta(days=number("approval-deadline-days"))
        return {"permit_id": asked.claims["permit_id"], "state": "waiting", "expires_at": stamp(until)}

    def _to_nobody(self) -> dict[str, Any]:
        key = ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES+A256KW"})
        key.ensure_kid()
        permit = str(uuid.uuid4())
        content = {
            "permit_id": permit,
            "information": "TM00000000000002",
            "layout_version": "2020.1",
            "generation": 1,
            "updated_at": stamp(self._stage.clock()),
            "items": self.items,
        }
        return {
            "permit_id": permit,
            "outcome": "provided",
            "answered_at": stamp(self._stage.clock()),
            "layout_version": "2020.1",
            "content": encrypted(content, key.as_dict(private=False)),
            "withheld": False,
        }
