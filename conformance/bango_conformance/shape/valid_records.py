"""Valid requests about what is kept and shown of an exchange: records, notices and disclosures."""

from __future__ import annotations

import datetime as dt

from bango_conformance.shape.request import Request
from bango_conformance.shape.valid_parts import ValidParts
from bango_conformance.times import stamp

DAY = dt.timedelta(days=1)


class RecordRequests(ValidParts):
    """Records, notices and disclosures."""

    # --- records -----------------------------------------------------------------------------------------------

    def _listRecords(self) -> Request:  # noqa: N802 - named after the operation, as all below
        person = self.linked()
        self.replica()
        self.case.need(self.case.ask("requestProvision", body=person.provision(self.provided).body), 200)
        query = (("integrated_address_number", person.integrated_address_number), ("role", "provider"), *self._span())
        return Request("listRecords", query=(*query, ("limit", "10")))

    def _readRecordHead(self) -> Request:  # noqa: N802
        return Request("readRecordHead")

    def _listOperations(self) -> Request:  # noqa: N802
        return Request("listOperations", query=(*self._span(), ("limit", "10")))

    def _span(self) -> tuple[tuple[str, str], ...]:
        now = self.case.stage.clock()
        return (("from", stamp(now - DAY)), ("to", stamp(now + DAY)))

    # --- notices -----------------------------------------------------------------------------------------------

    def _createNotice(self) -> Request:  # noqa: N802
        now = self.case.stage.clock()
        body = {
            "integrated_address_number": self.linked().integrated_address_number,
            "title": "児童手当の手続のお知らせ",
            "text": "現況届の提出は不要です。",
            "shown_from": stamp(now - DAY),
            "shown_to": stamp(now + DAY),
        }
        return Request("createNotice", body=body)

    def _readNotice(self) -> Request:  # noqa: N802
        return Request("readNotice", {"notice_id": self._accepted("createNotice", "notice_id")})

    def _withdrawNotice(self) -> Request:  # noqa: N802
        return Request("withdrawNotice", {"notice_id": self._accepted("createNotice", "notice_id")})

    def _searchNotices(self) -> Request:  # noqa: N802
        self._accepted("createNotice", "notice_id")
        return Request("searchNotices", body={"linkage_code": self.person.linkage_code})

    def _acknowledgeNotice(self) -> Request:  # noqa: N802
        path = {"notice_id": self._accepted("createNotice", "notice_id")}
        body = {"linkage_code": self.person.linkage_code, "acknowledged_at": self.now}
        return Request("acknowledgeNotice", path, body=body)

    def _discloseRecords(self) -> Request:  # noqa: N802
        person = self.linked()
        now = self.case.stage.clock()
        body = {"linkage_code": person.linkage_code, "from": stamp(now - DAY), "to": stamp(now + DAY), "limit": 10}
        return Request("discloseRecords", body=body)
