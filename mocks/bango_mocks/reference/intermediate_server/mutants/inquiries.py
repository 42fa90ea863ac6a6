"""Mutants of asking: what may be sent, what is sent, and how."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from joserfc.jwk import ECKey

from bango_mocks.reference.intermediate_server.allow_list import AllowList
from bango_mocks.reference.intermediate_server.asking import Asking
from bango_mocks.reference.intermediate_server.directory import Directory
from bango_mocks.reference.intermediate_server.inquiries import Inquiries
from bango_mocks.reference.intermediate_server.outcomes import Outcomes
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.upstream import Upstream
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.reading import Text


@mutant(
    clause="IS-INQ-001",
    title=Text(ja="表の提供者を照合しない", en="Compares everything with the table but the provider"),
    reason="SENT-AGAINST-TABLE",
)
class AnyProvider(Asking):
    """Some line with this asker, task, procedure and information is enough."""

    async def permitted(self, asker: Iterable[str], provider: Iterable[str], request: dict[str, Any]) -> None:  # noqa: ARG002
        """Takes every kind of body for the provider's."""
        anybody = {kind for row in await self.server.directory.rows() for kind in row["kinds"]}
        await super().permitted(asker, anybody, request)


@mutant(
    clause="IS-INQ-002",
    title=Text(ja="食い違う座標を常に情報と示す", en="Always says that it is the information that differs"),
    reason="NEAREST-LINE-WRONG",
)
class AlwaysInformation(Asking):
    """A reason that leads staff astray."""

    async def permitted(self, asker: Iterable[str], provider: Iterable[str], request: dict[str, Any]) -> None:
        """The right refusal with the wrong reason."""
        try:
            await super().permitted(asker, provider, request)
        except Problem as problem:
            for line in problem.members.get("nearest", ()):
                line["differs"] = ["information"]
            raise


@mutant(
    clause="IS-INQ-003",
    title=Text(ja="どの版の行でも根拠にする", en="Lets the lines of every edition count"),
    reason="SENT-AGAINST-TABLE",
)
class EveryEdition(AllowList):
    """The editions are one table, whatever the day."""

    async def permitted(self, asker: Iterable[str], provider: Iterable[str], inquiry: Any) -> bool:
        """Some edition that can be read has such a line."""
        askers, providers = set(asker), set(provider)
        tables = [await self.table(edition) for edition in self.config.known_editions()]
        return any(table.permits(askers, providers, inquiry) for table in tables)


@mutant(
    clause="IS-INQ-004",
    title=Text(ja="符号の無いまま照会を送る", en="Sends inquiries with an empty linkage code"),
    reason="REASON-WRONG",
)
class SendsWithoutCode(Asking):
    """The network finds out what was known at home."""

    def linkage_code(self, person: str) -> str:
        """Nothing is something, too."""
        return self.server.linkage.code_of(person) or ""


@mutant(
    clause="IS-INQ-005",
    title=Text(ja="委任元を照会者として送る", en="Sends the delegating body as the asker"),
    reason="ANOTHER-NAME",
)
class InAnotherName(Asking):
    """On whose behalf becomes who."""

    def message(self, request: dict[str, Any], provider: str, code: str, key: ECKey) -> dict[str, Any]:
        """The delegator takes the asker's place."""
        made = super().message(request, provider, code, key)
        return made | {"asker": request.get("asker_delegator", made["asker"])}


@mutant(
    clause="IS-INQ-006",
    title=Text(ja="照会側の不開示の印を送らない", en="Leaves the asker's withheld mark at home"),
    reason="NOT-PASSED-ON",
)
class LosesTheMark(Asking):
    """The history tells where somebody in hiding applied."""

    def message(self, request: dict[str, Any], provider: str, code: str, key: ECKey) -> dict[str, Any]:
        """False for everybody."""
        return super().message(request, provider, code, key) | {"asker_withheld": False}


@mutant(
    clause="IS-INQ-007",
    title=Text(ja="照会の所在として一覧を示す", en="Gives the list as the place of the inquiry"),
    reason="NOT-ACCEPTED-AT-ONCE",
)
class NoPlace(Inquiries):
    """Leaves it to the caller to find it."""

    async def submit(self, call: Call) -> Reply:
        """A Location without the id."""
        answer = await super().submit(call)
        return Reply(answer.status, answer.body, {"Location": "/in-house/v1/inquiries"})


@mutant(
    clause="IS-INQ-008",
    title=Text(
        ja="起動時の一組の鍵をすべての照会に使う", en="Sends one key pair, made at the start, with every inquiry"
    ),
    reason="KEY-REUSED",
)
class OneKey(Asking):
    """One leak opens every answer."""

    _only: ECKey | None = None

    def encryption_key(self) -> ECKey:
        """The same again."""
        self._only = self._only or super().encryption_key()
        return self._only


@mutant(
    clause="IS-INQ-009",
    title=Text(ja="中身の無い回答をすべて失敗と示す", en="Shows every answer without content as a failure"),
    reason="OUTCOME-ALTERED",
)
class EverythingFailed(Outcomes):
    """Nobody there, nothing there, held back, refused: all the same."""

    def of_answer(self, answer: dict[str, Any]) -> str:
        """Provided or failed."""
        return "provided" if answer["outcome"] == "provided" else "failed"


@mutant(
    clause="IS-INQ-012",
    title=Text(ja="送り直すたびに新しい冪等キーを付ける", en="Makes a new idempotency key for each attempt"),
    reason="KEY-CHANGED",
)
class KeyForEachAttempt(Asking):
    """Every attempt counts as a request."""

    def attempt_key(self, inquiry: dict[str, Any]) -> str:  # noqa: ARG002 - that is the mistake
        """A fresh one."""
        return str(uuid.uuid4())


@mutant(
    clause="IS-INQ-013",
    title=Text(ja="最初の送信を回数に数えない", en="Does not count the first attempt"),
    reason="ATTEMPTS",
)
class OneMore(Upstream):
    """Counts repetitions instead of attempts."""

    def attempts(self) -> int:
        """One too many."""
        return super().attempts() + 1


@mutant(
    clause="IS-INQ-017",
    title=Text(ja="項目を絞らずに求める", en="Asks for all items and leaves the choice to later"),
    reason="ASKED-FOR-MORE",
)
class AsksForAll(Asking):
    """Just in case."""

    def message(self, request: dict[str, Any], provider: str, code: str, key: ECKey) -> dict[str, Any]:
        """Without the items."""
        made = super().message(request, provider, code, key)
        made.pop("items", None)
        return made


@mutant(
    clause="IS-INQ-018",
    title=Text(ja="区のコードを市に読み替えない", en="Does not know that a ward belongs to a city"),
    reason="NOT-FOLLOWED",
)
class WardsAreNobody(Directory):
    """Only the exact code is looked for."""

    def city_of(self, ward: str, rows: list[dict[str, Any]]) -> dict[str, Any] | None:  # noqa: ARG002 - the mistake
        """No wards."""
        return None


@mutant(
    clause="IS-INQ-019",
    title=Text(ja="最初に見付かった承継先で止まる", en="Stops at the first body that a code leads to"),
    reason="NOT-FOLLOWED",
)
class OneStep(Directory):
    """What was merged twice leads to a town that is gone as well."""

    def last(self, found: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:  # noqa: ARG002 - the mistake
        """The first that is found."""
        return found
