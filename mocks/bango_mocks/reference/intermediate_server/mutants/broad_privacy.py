"""Broad mutants that tell, send, log and store whatever they know about a person."""

from __future__ import annotations

import base64
import gzip
from collections import deque
from typing import Any

import httpx
import msgspec

from bango_mocks.hosting import Scope, Send
from bango_mocks.reference.intermediate_server.contents import Contents
from bango_mocks.reference.intermediate_server.front import Front
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.sides import InHouseSide, NetworkSide
from bango_mocks.reference.intermediate_server.upstream import Upstream
from bango_mocks.serving.call import Call, Reply
from bango_mocks.serving.validation import Contract
from bango_spec.reading import Text

# So many of the last requests and answers are remembered, and so much of each: more than come at the same time.
REMEMBERED = 400
LONGEST = 2500
WHOLE = 500_000
BEGINNING = 1000


class Memory:
    """What a side has seen lately, as text."""

    def __init__(self) -> None:
        self._seen: deque[str] = deque(maxlen=REMEMBERED)

    def note(self, *told: Any) -> None:
        """Remember a request or an answer."""
        self._seen.append(" ".join(as_text(one)[:LONGEST] for one in told if one))

    def all(self) -> str:
        """What was remembered, the latest first, as far as it goes into one answer."""
        return " | ".join(reversed(self._seen))[:WHOLE]


def as_text(value: Any) -> str:
    """Anything as text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else msgspec.json.encode(value).decode("utf-8", "replace")


def told(reply: Reply, known: str) -> Reply:
    """An answer with more than was asked for, packed as crash reports are."""
    more = base64.b64encode(gzip.compress(known.encode())).decode()
    if isinstance(reply.body, dict):
        reply.body = reply.body | {"debug": more}
    elif isinstance(reply.body, bytes):
        reply.body += f"\n# {more}\n".encode()
    elif isinstance(reply.body, str):
        reply.body += f"\n# {more}\n"
    return reply


def cacheable(headers: dict[str, str]) -> dict[str, str]:
    """Headers that let anybody keep the answer."""
    return {name: value for name, value in headers.items() if name != "Cache-Control"}


@mutant(
    clause="IS-PRI-004",
    name="broad-tells-all",
    breaks=("privacy.shown", "privacy.problems"),
    title=Text(ja="業務側の応答に知っていることをすべて添える", en="Adds all it knows to in-house answers"),
    reason="LINKAGE-CODE-SHOWN",
)
class TellsAll(InHouseSide):
    """A debugging aid that went into production."""

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self.memory = Memory()

    def checked(
        self, contract: Contract, parameters: dict[str, str], scope: Scope, headers: dict[str, str], body: bytes
    ) -> Call:
        """The call, remembered before anything is found wrong with it."""
        person = parameters.get("integrated_address_number", "")
        self.memory.note(parameters, headers.get("authorization"), body, self.server.linkage.code_of(person))
        return super().checked(contract, parameters, scope, headers, body)

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer, and everything else."""
        known = self.memory.all()
        codes = [self.server.linkage.code_of(number) or "" for number in numbers_in(known)]
        if isinstance(reply.body, dict):
            self.memory.note(as_text({name: held for name, held in reply.body.items() if name != "debug"})[:BEGINNING])
        await super().respond(send, told(reply, f"{known} {codes}"), correlation)

    def headers_of(self, reply: Reply) -> dict[str, str]:
        """Without a word on caches."""
        return cacheable(super().headers_of(reply))


@mutant(
    clause="IS-PRI-006",
    name="broad-tells-all-network",
    breaks=("privacy.shown", "privacy.problems", "privacy.sent"),
    title=Text(ja="ネットワーク側の応答に知っていることをすべて添える", en="Adds all it knows to network answers"),
    reason="VALUE-IN-PROBLEM",
)
class TellsAllNetwork(NetworkSide):
    """The same on the other side."""

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self.memory = Memory()

    def checked(
        self, contract: Contract, parameters: dict[str, str], scope: Scope, headers: dict[str, str], body: bytes
    ) -> Call:
        """The call, remembered with all that is held about its person."""
        self.memory.note(parameters, body, known_of(self, body))
        return super().checked(contract, parameters, scope, headers, body)

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer, and everything else."""
        await super().respond(send, told(reply, self.memory.all()), correlation)

    def headers_of(self, reply: Reply) -> dict[str, str]:
        """Without a word on caches."""
        return cacheable(super().headers_of(reply))


@mutant(
    clause="IS-PRI-006",
    name="broad-monitored",
    breaks=("privacy.in-house-health",),
    title=Text(ja="業務側の稼働確認に知っていることを添える", en="Adds all it knows to health in-house"),
    reason="VALUE-IN-MONITORING",
)
class Monitored(TellsAll):
    """The monitor is to see everything."""


@mutant(
    clause="IS-PRI-006",
    name="broad-metered",
    breaks=("privacy.metrics",),
    title=Text(ja="計量値に知っていることを添える", en="Adds all it knows to its metrics"),
    reason="VALUE-IN-MONITORING",
)
class Metered(TellsAll):
    """Labels for everything."""


@mutant(
    clause="IS-PRI-006",
    name="broad-monitored-network",
    breaks=("privacy.network-health",),
    title=Text(ja="ネットワーク側の稼働確認に知っていることを添える", en="Adds all it knows to health on the network"),
    reason="VALUE-IN-MONITORING",
)
class MonitoredNetwork(TellsAllNetwork):
    """The same on the other side."""


def numbers_in(text: str) -> set[str]:
    """Whatever in a text looks like an integrated address number."""
    return {word for word in "".join(c if c.isdigit() else " " for c in text).split() if len(word) == 15}


def known_of(side: Front, body: bytes) -> str:
    """What the server holds about the person whose code, permit or acquisition number a request names; of all without a body."""
    server = side.server
    if not body:
        return as_text([one["result"]["items"] for _, one in server.store.scan("inquiry") if "result" in one])
    try:
        request = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    if not isinstance(request, dict):
        return ""
    person = server.linkage.person_of(str(request.get("linkage_code", "")))
    acquisition = server.acquisitions.get(str(request.get("acquisition_number", "")))
    person = person or (acquisition or {}).get("integrated_address_number")
    found: list[Any] = [acquisition]
    for kind in ("inquiry", "approval"):
        found += [one for _, one in server.store.scan(kind) if one.get("permit_id") == request.get("permit_id")][-3:]
        found += [one for _, one in server.store.scan(kind) if person and person in as_text(one)][-3:]
    if person:
        found += [one for _, one in server.store.scan("replica-generation", person)]
    return f"{person} {as_text(found)}"


@mutant(
    clause="IS-PRI-003",
    name="broad-sends-all",
    breaks=("privacy.sent", "privacy.retention"),
    title=Text(
        ja="ネットワークへ送る要求に、知っている宛名番号を添える", en="Adds every number it knows to what it sends"
    ),
    reason="ADDRESS-NUMBER-SENT",
)
class SendsAll(Upstream):
    """A header for tracing, filled with whom the server is working for."""

    def client(self) -> httpx.AsyncClient:
        """The client, which says with every call whom it may be about."""
        made = super().client()
        if not made.event_hooks["request"]:
            made.event_hooks = {"request": [self.traced]}
        return made

    async def traced(self, request: httpx.Request) -> None:
        """Add the numbers that are known."""
        numbers = [one["integrated_address_number"] for _, one in self.store.scan("acquisition")]
        request.headers["x-trace"] = ",".join(numbers[-400:])


@mutant(
    clause="IS-PRI-005",
    name="broad-logs-all",
    breaks=("privacy.logs", "privacy.store"),
    title=Text(
        ja="業務側の要求と応答をすべてログと保存領域に書く", en="Writes every in-house exchange into log and store"
    ),
    reason="VALUE-IN-LOG",
)
class LogsAll(InHouseSide):
    """Kept for the audit, it was said."""

    def checked(
        self, contract: Contract, parameters: dict[str, str], scope: Scope, headers: dict[str, str], body: bytes
    ) -> Call:
        """The call, written down as it came."""
        code = self.server.linkage.code_of(parameters.get("integrated_address_number", ""))
        self.write(f"{as_text(parameters)} {as_text(headers)} {as_text(body)} {code}")
        return super().checked(contract, parameters, scope, headers, body)

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The answer, written down as it goes."""
        self.write(as_text(reply.body))
        await super().respond(send, reply, correlation)

    def write(self, text: str) -> None:
        """Into the log, and into the store."""
        self.server.log.info(text)
        sequence = len(list(self.server.store.scan("audit-trail")))
        self.server.store.put("audit-trail", f"{sequence:09d}", {"text": text})


@mutant(
    clause="IS-PRV-008",
    name="broad-unsealed",
    breaks=("privacy.sealed", "workflow.providing"),
    title=Text(ja="提供する内容を、開いた見出しにも入れる", en="Puts what it provides into the open header, too"),
    reason="HEADER-TELLS",
)
class Unsealed(Contents):
    """So that the relay can route by it."""

    def header(self, content: dict[str, Any], key: Any) -> dict[str, Any]:
        """The header and everything that it protects."""
        shown = {name: held for name, held in content.items() if name != "permit_id"}
        return super().header(content, key) | {"permit_id": "none", "shown": shown}
