"""Mutants of what persons are shown through the portal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bango_mocks.clock import moment
from bango_mocks.reference.intermediate_server.disclosure import Disclosure
from bango_mocks.reference.intermediate_server.notices import OF_PERSON, Notices
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.serving.call import Call, Reply
from bango_spec.reading import Text


@mutant(
    clause="IS-DSC-001",
    title=Text(ja="提供者としての記録だけを開示する", en="Discloses only the records as provider"),
    reason="DISCLOSURE-DIFFERS",
)
class OnlyAsProvider(Disclosure):
    """What the body itself asked about the person is left out."""

    def records(self, call: Call, person: str) -> Iterator[dict[str, Any]]:
        """Half of them."""
        return (record for record in super().records(call, person) if record["role"] == "provider")


@mutant(
    clause="IS-DSC-002",
    title=Text(ja="提供側の不開示の印だけを開示に付ける", en="Marks only what the body withholds as provider"),
    reason="MARK-MISSING",
)
class OwnMarks(Disclosure):
    """A record made as asker is never marked."""

    def shown(self, record: dict[str, Any]) -> dict[str, Any]:
        """The mark of one role."""
        return record | {"withheld": record["withheld"] and record["role"] == "provider"}


@mutant(
    clause="IS-DSC-003",
    title=Text(ja="お知らせを符号で絞らない", en="Does not look whose notices are asked for"),
    reason="SOMEBODY-ELSES-NOTICE",
)
class EverybodysNotices(Notices):
    """Filtered by date alone."""

    def current(self, person: str, start: str) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ARG002 - that is the mistake
        """All that are shown now."""
        for place, _ in list(self.store.scan(OF_PERSON)):
            notice = self.store.get("notice", place.rpartition("/")[2])
            if notice is not None and place.partition("/")[2] > start and self.visible(notice):
                yield place.partition("/")[2], self.delivered(notice)


@mutant(
    clause="IS-DSC-004",
    title=Text(ja="既読の日時を後のもので上書きする", en="Overwrites the time of the first reading"),
    reason="FIRST-READING",
)
class LastReading(Notices):
    """Each acknowledgement counts anew."""

    async def acknowledge(self, call: Call) -> Reply:
        """Notes the last one."""
        reply = await super().acknowledge(call)
        self.keep(self.found(call) | {"acknowledged_at": call.body["acknowledged_at"]})
        return reply


@mutant(
    clause="IS-DSC-005",
    title=Text(ja="取り下げたお知らせを返し続ける", en="Goes on returning a notice that was withdrawn"),
    reason="NOTICE-SEEN",
)
class WithdrawnStaysVisible(Notices):
    """Taken back in the house only."""

    def visible(self, notice: dict[str, Any]) -> bool:
        """In its period, whatever became of it."""
        return moment(notice["shown_from"]) <= self.clock() and not self.over(notice)
