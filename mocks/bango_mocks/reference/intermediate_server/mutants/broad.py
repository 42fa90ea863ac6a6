"""Mutants that break a whole family at once, so that no generated obligation is left that nothing fails."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from bango_mocks.hosting import Send
from bango_mocks.reference.intermediate_server.front import CURRENT
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.sides import LOGIN, InHouseSide, NetworkSide
from bango_mocks.serving.call import Reply
from bango_mocks.serving.validation import Contract, Fault
from bango_spec.reading import Text

MALFORMED = (400, 413, 415, 422)
NETWORK = (
    "shape.deliver-linkage-code",
    "shape.request-provision",
    "shape.deliver-answer",
    "shape.deliver-withdrawal",
    "shape.disclose-records",
    "shape.search-notices",
    "shape.acknowledge-notice",
    "shape.read-network-profile",
    "shape.read-network-health",
    "shape.network",
)
REFUSED = (401, 403, 404, 405, 409, 410, 412)


def with_more(reply: Reply) -> Reply:
    """An answer with a member that no document has."""
    if isinstance(reply.body, dict):
        reply.body = reply.body | {"debug": "x"}
    return reply


def waved_through(reply: Reply, statuses: tuple[int, ...] = MALFORMED) -> Reply:
    """An answer that finds nothing wrong."""
    return Reply(200, {}) if reply.status in statuses else reply


@mutant(
    clause="IS-API-007",
    name="broad-extra-member",
    breaks=(
        "shape.read-replica",
        "shape.list-functions",
        "shape.read-in-house-health",
        "shape.read-in-house-profile",
        "shape.read-record-head",
        "shape.list-freshness",
    ),
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
    breaks=NETWORK,
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
    breaks=("shape", "text", "privacy.refused", "lifecycle.replica"),
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
    breaks=("privacy.sealed", "shape.request-provision"),
    title=Text(ja="ネットワーク側の誤った要求をすべて受け流す", en="Takes every malformed network request for good"),
    reason="ACCEPTED-DEFECT",
)
class UnvalidatedNetwork(NetworkSide):
    """The same on the other side."""

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer, or a success in its place."""
        await super().respond(send, waved_through(reply), correlation)


@mutant(
    clause="IS-STF-001",
    name="broad-unrefused",
    breaks=(
        "lifecycle",
        "record.unalterable",
        "workflow.update-replica",
        "workflow.delete-replica",
        "workflow.withdraw-inquiry",
        "workflow.key-of-another",
        "privacy.notices",
    ),
    title=Text(
        ja="業務側で拒むべきことをすべて成功と答える", en="Answers every refusal of the in-house side as a success"
    ),
    reason="UNGUARDED",
)
class Unrefused(InHouseSide):
    """The caller is never troubled."""

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer, or a success in its place."""
        await super().respond(send, waved_through(reply, REFUSED), correlation)


@mutant(
    clause="IS-PRV-005",
    name="broad-unrefused-network",
    breaks=(
        "lifecycle",
        "permission.permit",
        "permission.provider.refuses.2020-09-06.1",
        "workflow.disclose-records",
        *NETWORK,
    ),
    title=Text(
        ja="ネットワーク側で拒むべきことをすべて成功と答える",
        en="Answers every refusal of the network side as a success",
    ),
    reason="SERVED-AGAINST-TABLE",
)
class UnrefusedNetwork(NetworkSide):
    """The same on the other side."""

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer, or a success in its place."""
        await super().respond(send, waved_through(reply, REFUSED), correlation)


@mutant(
    clause="IS-TXT-002",
    name="broad-pedantic",
    breaks=(
        "shape.request-acquisition.body.unusual",
        "shape.revoke-linkage-code.body.unusual",
        "shape.put-replica.body.unusual",
        "shape.submit-replica-batch.body.unusual",
        "shape.submit-inquiry.body.unusual",
        "shape.submit-inquiry-file.body.unusual",
        "shape.open-staff-session.body.unusual",
    ),
    title=Text(ja="空白や書き方が違うだけの本文を拒む", en="Refuses bodies that are only written in another way"),
    reason="NOT-ACCEPTED",
)
class Pedantic(InHouseSide):
    """A signature over the bytes was once planned."""

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body, unless it is not written as the server would write it."""
        value, wrong = super().parsed(contract, headers, body)
        if value is not None and not wrong and msgspec.json.encode(value) != body:
            wrong = [Fault("body", "")]
        return value, wrong


@mutant(
    clause="IS-API-013",
    name="broad-other-media",
    breaks=("shape.close-staff-session", "shape.read-metrics"),
    title=Text(ja="JSONでない応答に別の形式と状態を付ける", en="Gives what is no JSON in another form and status"),
    reason="NOT-ACCEPTED",
)
class OtherMedia(InHouseSide):
    """The framework's own idea of an empty answer."""

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer as a page."""
        if not isinstance(reply.body, dict):
            reply = Reply(203, b"<p>ok</p>", reply.headers, "text/html")
        await super().respond(send, reply, correlation)


@mutant(
    clause="IS-API-007",
    name="broad-camel-case",
    breaks=("shape.read-replica", "lifecycle.replica", "record.chain"),
    title=Text(ja="応答の項目名を別の書き方にする", en="Writes the names of members in camel case"),
    reason="ANSWER-SHAPE",
)
class CamelCase(InHouseSide):
    """As the house style of the supplier has it."""

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer in other words."""
        reply.body = renamed(reply.body) if CURRENT.get().operation != LOGIN else reply.body
        await super().respond(send, reply, correlation)


def renamed(value: Any) -> Any:
    """The same with each name in camel case."""
    if isinstance(value, dict):
        return {
            re.sub(r"_([a-z])", lambda found: found[1].upper(), name): renamed(held) for name, held in value.items()
        }
    return [renamed(one) for one in value] if isinstance(value, list) else value
