"""Mutants of what every request and answer must keep to."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from bango_mocks.hosting import Send
from bango_mocks.reference.intermediate_server.front import LIMITS
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.sides import InHouseSide
from bango_mocks.reference.intermediate_server.upstream import Upstream
from bango_mocks.serving.call import Problem, Reply
from bango_mocks.serving.validation import Contract, Fault
from bango_spec.assumptions import number
from bango_spec.reading import Text

CLOSED = ("additionalProperties", "unevaluatedProperties")
QUOTED = re.compile(r"'([^']*)'")


@mutant(
    clause="IS-API-001",
    title=Text(ja="知らない経路に枠組みの素の文で答える", en="Answers unknown paths with the framework's plain text"),
    reason="UNKNOWN-PATH",
)
class PlainNotFound(InHouseSide):
    """Nobody wrote a handler for what is not there."""

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer, unless there is no operation."""
        if isinstance(reply.body, dict) and reply.body.get("code") == "not-found":
            reply = Reply(reply.status, b"Not Found", media_type="text/plain")
        await super().respond(send, reply, correlation)


@mutant(
    clause="IS-API-002",
    title=Text(ja="提供側の拒否を網の失敗と伝える", en="Reports a provider's refusal as the network's"),
    reason="ORIGIN-WRONG",
)
class NetworkToBlame(Upstream):
    """What comes by the network is the network's."""

    def relayed(self, data: Any) -> Problem:
        """The problem that came, with another origin."""
        problem = super().relayed(data)
        problem.origin = "network"
        return problem


@mutant(
    clause="IS-API-003",
    title=Text(ja="外へ送る要求ごとに新しい相関IDを作る", en="Makes a new correlation id for every request it sends"),
    reason="CORRELATION-LOST",
)
class FreshCorrelation(Upstream):
    """The three systems' records cannot be put side by side."""

    async def call(self, method: str, path: str, message: Any = None, **more: Any) -> tuple[int, Any]:
        """The call under another id."""
        return await super().call(method, path, message, **(more | {"correlation": str(uuid.uuid4())}))


@mutant(
    clause="IS-API-003",
    name="is-api-003-answer",
    title=Text(ja="受け取った相関IDを応答で返さない", en="Does not return the correlation id that came"),
    reason="NOT-ECHOED",
)
class AnotherCorrelation(InHouseSide):
    """Every answer has an id of its own."""

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer under another id."""
        await super().respond(send, reply, str(uuid.uuid4()) if correlation else correlation)


@mutant(
    clause="IS-API-006",
    title=Text(
        ja="二階層目より下の知らない項目を黙って捨てる", en="Drops unknown members below the first level in silence"
    ),
    reason="ACCEPTED-DEFECT",
)
class UnknownDropped(InHouseSide):
    """Only the top of a body is closed."""

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body without what should have been refused."""
        value, wrong = super().parsed(contract, headers, body)
        for error in list(contract.body.iter_errors(value)) if wrong and contract.body else ():
            if error.schema_path and error.schema_path[-1] in CLOSED and error.instance_path:
                inner = value
                for step in error.instance_path:
                    inner = inner[step]
                for name in QUOTED.findall(error.message):
                    inner.pop(name, None)
                wrong = contract.body_faults(value)
        return value, wrong


@mutant(
    clause="IS-API-007",
    title=Text(ja="要求の版を見ない", en="Does not look at the version of a request"),
    reason="ACCEPTED-DEFECT",
)
class AnyVersion(InHouseSide):
    """There has only ever been one."""

    def version_spoken(self, headers: dict[str, str]) -> None:
        """Speaks them all."""


@mutant(
    clause="IS-API-009",
    title=Text(ja="多すぎる一括を上限で切って受け入れる", en="Cuts a batch that is too large and accepts it"),
    reason="ACCEPTED-DEFECT",
)
class BatchCut(InHouseSide):
    """What does not fit is left out without a word."""

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body, as far as there is room."""
        try:
            return super().parsed(contract, headers, body)
        except Problem as problem:
            if problem.code != "request-too-large":
                raise
        value = json.loads(body)
        return {name: one[: number(LIMITS[name])] if name in LIMITS else one for name, one in value.items()}, []


@mutant(
    clause="IS-API-012",
    title=Text(ja="同じ名の項目は後の値を取る", en="Takes the last of two members with one name"),
    reason="ACCEPTED-DEFECT",
)
class LastWins(InHouseSide):
    """As the parser does it."""

    def names_twice(self, body: bytes) -> list[Fault]:  # noqa: ARG002 - that is the mistake
        """Nothing to see."""
        return []


@mutant(
    clause="IS-API-013",
    title=Text(ja="読めない本文に503で答える", en="Answers a body that cannot be read with 503"),
    reason="SERVER-ERROR",
)
class UnreadableIsOurs(InHouseSide):
    """Whatever goes wrong in reading is taken for a server that is busy."""

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body, or an excuse."""
        value, wrong = super().parsed(contract, headers, body)
        if wrong and value is None:
            raise Problem("connection-cap")
        return value, wrong


@mutant(
    clause="IS-API-014",
    title=Text(
        ja="個人の情報を含む応答にCache-Controlを付けない", en="Sends personal information without Cache-Control"
    ),
    reason="HEADER-CACHE-CONTROL",
)
class MayBeKept(InHouseSide):
    """The header is set by the proxy, somebody said."""

    def headers_of(self, reply: Reply) -> dict[str, str]:
        """What every answer carries, less one."""
        return {name: text for name, text in super().headers_of(reply).items() if name != "Cache-Control"}
