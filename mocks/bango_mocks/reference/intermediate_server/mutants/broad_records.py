"""Broad mutants of ledgers and texts: nothing is recorded, nothing logged, and only plain ASCII survives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bango_mocks.reference.intermediate_server.operation_log import OperationLog
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.records import Records
from bango_mocks.reference.intermediate_server.sides import InHouseSide
from bango_mocks.serving.call import Problem
from bango_mocks.serving.validation import Contract, Fault
from bango_spec.reading import Text

WRITTEN = ("title", "text", "name", "reason", "action")
# Without members of staff the suite does not begin: their names are marked, whatever they are made of.
MARKED = "putStaff"


@mutant(
    clause="IS-REC-001",
    name="broad-no-records",
    breaks=("record", "privacy.disclosure", "workflow"),
    title=Text(ja="情報提供等記録を読み出せない", en="Has no provision record to show"),
    reason="RECORD-MISSING",
)
class NoRecords(Records):
    """They are written where nobody can read them."""

    def walk(self, start: int) -> Iterator[dict[str, Any]]:  # noqa: ARG002 - that is the mistake
        """Nothing."""
        return iter(())

    def of_person(self, person: str, start: int) -> Iterator[dict[str, Any]]:  # noqa: ARG002
        """Nothing about anybody."""
        return iter(())


@mutant(
    clause="IS-REC-005",
    name="broad-every-record",
    breaks=("record", "privacy.disclosure"),
    title=Text(
        ja="求めた人や期間にかかわらず、すべての記録を見せる",
        en="Shows every record, whoever and whatever period is asked for",
    ),
    reason="RECORD-DIFFERS",
)
class EveryRecord(Records):
    """The filters were never written."""

    def of_person(self, person: str, start: int) -> Iterator[dict[str, Any]]:  # noqa: ARG002 - that is the mistake
        """Everybody's."""
        return self.walk(start)

    def wanted(self, call: Any, record: dict[str, Any]) -> bool:  # noqa: ARG002
        """All."""
        return True


@mutant(
    clause="IS-STF-008",
    name="broad-no-log",
    breaks=("record.operations",),
    title=Text(ja="職員の操作を記録しない", en="Logs no operation of staff"),
    reason="OPERATION-NOT-LOGGED",
)
class NoLog(OperationLog):
    """There was no room for it."""

    def write(self, *what: Any) -> None:
        """Nowhere."""


@mutant(
    clause="IS-TXT-001",
    name="broad-ascii-only",
    breaks=("text",),
    title=Text(
        ja="ASCIIの文だけを受け入れ、それにも印を付ける", en="Takes texts in ASCII only, and puts a mark on them"
    ),
    reason="TEXT-CHANGED",
)
class AsciiOnly(InHouseSide):
    """Made far away, for other names."""

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body with its texts marked, or a refusal."""
        value, wrong = super().parsed(contract, headers, body)
        if isinstance(value, dict):
            for name in WRITTEN:
                text = value.get(name)
                if isinstance(text, str):
                    value[name] = self.marked(contract, name, text)
        return value, wrong

    def marked(self, contract: Contract, name: str, text: str) -> str:
        """The text with a mark in the place of its first character."""
        if contract.operation_id != MARKED and not text.isascii():
            raise Problem(
                "format-characters", errors=[{"in": "body", "place": f"/{name}", "code": "format-characters"}]
            )
        return f".{text[1:]}"


@mutant(
    clause="IS-DSC-002",
    name="broad-no-marks",
    breaks=("privacy.disclosure", "record.disclosure"),
    title=Text(ja="どの記録にも不開示の印を付けない", en="Marks no record as withheld"),
    reason="MARK-MISSING",
)
class NoMarks(Records):
    """The mark was kept elsewhere, and forgotten."""

    def of_person(self, person: str, start: int) -> Iterator[dict[str, Any]]:
        """Records without it."""
        for record in super().of_person(person, start):
            yield record | {"withheld": False}
