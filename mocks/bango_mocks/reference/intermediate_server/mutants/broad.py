"""Mutants that break a whole family at once, so that no generated obligation is left that nothing fails."""

from __future__ import annotations

from typing import Any

from bango_mocks.hosting import Send
from bango_mocks.reference.intermediate_server.allow_list import AllowList
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.sides import InHouseSide, NetworkSide
from bango_mocks.reference.intermediate_server.tables import Table
from bango_mocks.serving.call import Reply
from bango_spec.reading import Text

MALFORMED = (400, 413, 415, 422)


@mutant(
    clause="IS-PRV-006",
    name="broad-empty-table",
    title=Text(ja="許される照会もすべて断る", en="Refuses everything that is permitted"),
    reason="NOT-SERVED",
)
class EmptyTable(AllowList):
    """The list that was loaded has none of the lines in force."""

    def arranged(self, edition: str, rows: list[dict[str, Any]]) -> Table:
        """The codes are known, and no line holds."""
        return Barren(edition, rows)


class Barren(Table):
    """A table without a line that permits."""

    def permits(self, *coordinates: Any) -> bool:  # noqa: ARG002 - that is the mistake
        """Never."""
        return False


def with_more(reply: Reply) -> Reply:
    """An answer with a member that no document has."""
    if isinstance(reply.body, dict):
        reply.body = reply.body | {"debug": "x"}
    return reply


def waved_through(reply: Reply) -> Reply:
    """An answer that finds nothing wrong."""
    return Reply(200, {}) if reply.status in MALFORMED else reply


@mutant(
    clause="IS-API-007",
    name="broad-extra-member",
    title=Text(ja="業務側の応答に定義に無い項目を足す", en="Adds a member that no document has to in-house answers"),
    reason="ANSWER-SHAPE",
)
class MoreInHouse(InHouseSide):
    """A leftover of debugging."""

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer and more."""
        await super().respond(send, with_more(reply), correlation)


@mutant(
    clause="IS-API-007",
    name="broad-extra-member-network",
    title=Text(
        ja="ネットワーク側の応答に定義に無い項目を足す", en="Adds a member that no document has to network answers"
    ),
    reason="ANSWER-SHAPE",
)
class MoreOnNetwork(NetworkSide):
    """The same on the other side."""

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer and more."""
        await super().respond(send, with_more(reply), correlation)


@mutant(
    clause="IS-API-006",
    name="broad-unvalidated",
    title=Text(ja="業務側の誤った要求をすべて受け流す", en="Takes every malformed in-house request for good"),
    reason="ACCEPTED-DEFECT",
)
class Unvalidated(InHouseSide):
    """Success is reported without a look."""

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer, or a success in its place."""
        await super().respond(send, waved_through(reply), correlation)


@mutant(
    clause="IS-API-006",
    name="broad-unvalidated-network",
    title=Text(ja="ネットワーク側の誤った要求をすべて受け流す", en="Takes every malformed network request for good"),
    reason="ACCEPTED-DEFECT",
)
class UnvalidatedNetwork(NetworkSide):
    """The same on the other side."""

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer, or a success in its place."""
        await super().respond(send, waved_through(reply), correlation)
