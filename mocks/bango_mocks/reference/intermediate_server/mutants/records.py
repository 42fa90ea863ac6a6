"""Mutants of the provision records."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from bango_mocks.clock import moment, stamp
from bango_mocks.hosting import Send
from bango_mocks.reference.intermediate_server.endings import Endings
from bango_mocks.reference.intermediate_server.front import CURRENT
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.provisions import Provisions
from bango_mocks.reference.intermediate_server.records import Records
from bango_mocks.reference.intermediate_server.sides import InHouseSide, NetworkSide
from bango_mocks.serving.call import Call, Reply
from bango_spec.reading import Text


@mutant(
    clause="IS-REC-001",
    title=Text(ja="ファイルの照会を記録しない", en="Keeps no record of the inquiries of a file"),
    reason="RECORD-MISSING",
)
class FilesUnrecorded(Endings):
    """The batch was written later than the records."""

    def record(self, inquiry: dict[str, Any], outcome: str | None = None, **recorded: Any) -> None:
        """Only of single inquiries."""
        if "file_id" not in inquiry:
            super().record(inquiry, outcome, **recorded)


@mutant(
    clause="IS-REC-002",
    title=Text(ja="提供した時だけ記録する", en="Records only what was provided"),
    reason="RECORD-MISSING",
)
class OnlyProvided(Provisions):
    """Where nothing was provided there is nothing to record, it was thought."""

    def record(self, permit_id: str, request: dict[str, Any], person: str | None, **facts: Any) -> None:
        """Only the good ends."""
        if facts.get("outcome") == "provided":
            super().record(permit_id, request, person, **facts)


@mutant(
    clause="IS-REC-003",
    title=Text(ja="記録に部署を書かない", en="Leaves the department out of the records"),
    reason="RECORD-DIFFERS",
)
class NoDepartment(Records):
    """One of the members that a record must hold is missing."""

    def write(self, role: str, request: Mapping[str, Any], person: str | None, **facts: Any) -> None:
        """A record without the organisation in charge."""
        known = {name: member for name, member in request.items() if name != "department_code"}
        super().write(role, known, person, **facts)


@mutant(
    clause="IS-REC-004",
    title=Text(
        ja="ネットワークの拒否をただの失敗として記録する", en="Records a refusal by the network like any other failure"
    ),
    reason="RECORD-DIFFERS",
)
class RefusalUnsaid(Endings):
    """That it was the network that refused is dropped."""

    def record(self, inquiry: dict[str, Any], outcome: str | None = None, **recorded: Any) -> None:
        """The record without it."""
        super().record(inquiry, outcome, **(recorded | {"network_refusal": None}))


@mutant(
    clause="IS-REC-005",
    title=Text(ja="相手方の不開示の印を記録しない", en="Records only the own side's withheld mark"),
    reason="RECORD-DIFFERS",
)
class OwnMarkOnly(Endings):
    """What the provider said of withholding is not taken over."""

    def withheld(self, inquiry: dict[str, Any], *, told: bool) -> bool:  # noqa: ARG002 - that is the mistake
        """The asker's mark."""
        return bool(inquiry["request"]["asker_withheld"])


@mutant(
    clause="IS-REC-006",
    title=Text(ja="記録を五年で消す", en="Lets records go after five years"),
    reason="RECORD-NOT-KEPT",
)
class FiveYears(Records):
    """The period of the replicas is taken for that of the records."""

    def wanted(self, call: Call, record: dict[str, Any]) -> bool:
        """Only the younger ones."""
        young = moment(record["written_at"]) > self.clock() - dt.timedelta(days=5 * 365)
        return young and super().wanted(call, record)


@mutant(
    clause="IS-REC-008",
    title=Text(ja="後の結果で前の記録を書き換える", en="Writes the end of a request over its record"),
    reason="RECORD-CHANGED",
)
class WrittenOver(Records):
    """A person has one record for each request, which says what is known last."""

    def of_person(self, person: str, start: int) -> Iterator[dict[str, Any]]:
        """The last record of each request, in the place of those before."""
        last = {(one["role"], one["requested_at"], one["task"]): one for one in super().of_person(person, start)}
        yield from last.values()


@mutant(
    clause="IS-REC-009",
    title=Text(ja="ハッシュに前の記録を含めない", en="Leaves the record before out of the hash"),
    reason="CHAIN-BROKEN",
)
class Unchained(Records):
    """Each record has a hash of its own; any of them can be taken out."""

    def walk(self, start: int) -> Iterator[dict[str, Any]]:
        """Records with the hashes of their own members."""
        for row in super().walk(start):
            own = {name: member for name, member in row.items() if name not in ("previous_hash", "hash")}
            yield row | {"hash": hashlib.sha256(msgspec.json.encode(own, order="sorted")).hexdigest()}


@mutant(
    clause="IS-REC-010",
    title=Text(ja="記録が書き込まれるのを待たずに応答する", en="Answers before its records are safely written"),
    reason="RECORD-LOST",
)
class AnswersTooSoon(NetworkSide):
    """An end of the process in between loses them."""

    async def settled(self) -> None:
        """Waits for nothing."""


@mutant(
    clause="IS-REC-011",
    title=Text(ja="求めの日時として届いた時刻を記録する", en="Records the time of arrival as the time of the request"),
    reason="RECORD-DIFFERS",
)
class TimeOfArrival(Provisions):
    """The two ends' records of one request differ."""

    def record(self, permit_id: str, request: dict[str, Any], person: str | None, **facts: Any) -> None:
        """The record with the own clock's time."""
        super().record(permit_id, request | {"requested_at": stamp(self.clock())}, person, **facts)


@mutant(
    clause="IS-REC-012",
    title=Text(
        ja="記録に提供した値と受け取った値を添える", en="Shows the values provided and received beside the records"
    ),
    reason="VALUE-RECORDED",
)
class ValuesBeside(InHouseSide):
    """Whoever reads who asked also reads what the answer was."""

    async def respond(self, send: Send, reply: Reply, correlation: str) -> None:
        """The records with the replica's values."""
        call = CURRENT.get().call
        person = call.query.get("integrated_address_number") if call is not None else None
        if person is not None and isinstance(reply.body, dict) and "records" in reply.body:
            for record in reply.body["records"]:
                held = self.server.replicas.shelf.present(person, record["information"])
                brought = [
                    one
                    for _, one in self.server.store.scan("inquiry")
                    if one.get("permit_id") == record.get("permit_id")
                ]
                record["values"] = [replica["items"] for _, replica in held] + [one.get("result") for one in brought]
        await super().respond(send, reply, correlation)
