"""The night's batch job: a file of inquiries, looks until it is done, and the results page by page."""

from __future__ import annotations

from time import monotonic
from typing import Any
from urllib.parse import quote

from bango_loadtests.flows.inquiry import Inquiry
from bango_loadtests.scene import Question, Resident
from bango_loadtests.tally import OK

PAGE = 1000
PATIENCE_SECONDS = 600.0


class File(Inquiry):
    """submitInquiryFile, readInquiryFile, listInquiryFileResults."""

    def go(self, due: float) -> None:
        """One file, from sending it to the last of its results."""
        self._asked: dict[tuple[str, str], tuple[Resident, Question]] = {}
        rows = [self._row() for _ in range(self.load.rows)]
        heard = self.ask("submitInquiryFile", body=b'{"records":[' + b",".join(rows) + b"]}")
        told = heard.json() if heard.good else None
        if told is None:
            self.done(due, heard.end)
            return
        file_id = told["id"]
        self.part.tally.files[file_id] = (len(rows), 0)
        if not self._wait_for(file_id):
            self.done(due, "unfinished")
            return
        self.part.tally.files[file_id] = (len(rows), self._results(file_id))
        self.done(due)

    def _row(self) -> bytes:
        _, question = self.part.asked.draw(self.draw)
        resident = self.draw.choice(self.part.scene.residents)
        self._asked[resident.number, question.information] = (resident, question)
        return self.body(question, resident)

    def _wait_for(self, file_id: str) -> bool:
        """Look until no row is pending, and count what was finished between the looks."""
        limit, before = monotonic() + PATIENCE_SECONDS, 0
        while monotonic() < limit:
            self.pause()
            heard = self.ask("readInquiryFile", path={"file_id": file_id})
            state = heard.json() if heard.good else None
            if state is None:
                continue
            finished = state["total"] - state["pending"]
            second = self.part.second()
            self.part.tally.rows[second] = self.part.tally.rows.get(second, 0) + finished - before
            before = finished
            if not state["pending"]:
                return True
        return False

    def _results(self, file_id: str) -> int:
        """Read and look at every result; how many there were."""
        cursor, seen = "", 0
        while True:
            query = f"?limit={PAGE}" + (f"&cursor={quote(cursor, safe='')}" if cursor else "")
            heard = self.ask("listInquiryFileResults", query=query, path={"file_id": file_id})
            told: dict[str, Any] | None = heard.json() if heard.good else None
            if told is None:
                return seen
            for one in told["inquiries"]:
                self._look_at(one)
            seen += len(told["inquiries"])
            cursor = told.get("next_cursor") or ""
            if not cursor:
                return seen

    def _look_at(self, seen: dict[str, Any]) -> None:
        asked = seen["request"]
        found = self._asked.get((asked["integrated_address_number"], asked["information"]))
        end = seen.get("outcome") or seen["state"]
        number, information = asked["integrated_address_number"], asked["information"]
        self.part.tally.inquiries[seen["inquiry_id"]] = (number, information, end, seen.get("permit_id", ""))
        if found is None:
            self.part.tally.looked("right-person", f"inquiry {seen['inquiry_id']} was not in the file")
        else:
            self.look(seen, *found)
        window = self.part.tally.window("row", self.part.second())
        window.ends[OK] = window.ends.get(OK, 0) + 1
