"""Files of inquiries: up to ten thousand, each with an end of its own (IS-API-009 to 011)."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, ClassVar

from bango_mocks.clock import stamp
from bango_mocks.reference.intermediate_server.cursors import after, chunked, page
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Call, Problem, Reply

KIND = "inquiry-file"
RECORD = "inquiry-file-record"
AT_ONCE = 16
BREATH = 50


class InquiryFiles(Part):
    """Files and, in their order, the inquiries they were made into."""

    answers: ClassVar = {
        "submitInquiryFile": "submit",
        "readInquiryFile": "read",
        "listInquiryFileResults": "results",
    }

    async def submit(self, call: Call) -> Reply:
        """Accept a file; a record that leads nowhere fails by itself."""
        records = call.body["records"]
        file_id = str(uuid.uuid4())
        problems = []
        for number, record in enumerate(records, 1):
            problems.append(await self.problem_of(call, record))
            if number % BREATH == 0:
                # The counters wait for the loop: a long file lets them in between.
                await asyncio.sleep(0)
        state = {
            "id": file_id,
            "state": "accepted",
            "accepted_at": stamp(self.clock()),
            "total": len(records),
            "succeeded": 0,
            "failed": 0,
            "pending": len(records),
        }
        self.store.put(KIND, file_id, state)
        for number, (record, problem) in enumerate(zip(records, problems, strict=True)):
            self.enter(file_id, number, record, problem, call.correlation_id)
        self.server.spawn(self.send(file_id))
        return Reply(202, state, {"Location": f"/in-house/v1/inquiry-files/{file_id}"})

    async def problem_of(self, call: Call, record: dict[str, Any]) -> Problem | None:
        """Why a record cannot be accepted, or None."""
        try:
            await self.server.inquiries.acceptable(call, record)
        except Problem as problem:
            return problem
        return None

    def enter(
        self, file_id: str, number: int, record: dict[str, Any], problem: Problem | None, correlation: str
    ) -> None:
        """Make a record into an inquiry, which may be over at once; an id that came before in the file is used up."""
        if problem is None and self.server.record_ids.used(record["record_id"]):
            problem = Problem("duplicate-record-id")
        taken = problem is not None and problem.code == "duplicate-record-id"
        inquiry = self.server.inquiries.accept(record, correlation, file_id, takes_id=not taken)
        self.store.put(RECORD, f"{file_id}/{number:05d}", {"inquiry_id": inquiry["inquiry_id"]})
        if problem is not None:
            self.server.endings.end(inquiry, "failed", problem)

    async def send(self, file_id: str) -> None:
        """Send the inquiries of a file, a few at a time."""
        await self.store.durable()
        gate = asyncio.Semaphore(AT_ONCE)
        sending = []
        for _, row in self.store.scan(RECORD, f"{file_id}/"):
            await gate.acquire()
            task = self.server.spawn(self.server.asking.send(row["inquiry_id"]))
            task.add_done_callback(lambda _: gate.release())
            sending.append(task)
        await asyncio.gather(*sending, return_exceptions=True)

    def counted(self, inquiry: dict[str, Any]) -> None:
        """Count the end of an inquiry that came in a file."""
        file_id = inquiry.get("file_id")
        state = None if file_id is None else self.store.get(KIND, file_id)
        if state is None:
            return
        state["pending"] -= 1
        state["succeeded" if inquiry["state"] == "answered" else "failed"] += 1
        state["state"] = "finished" if state["pending"] == 0 else "running"
        if state["pending"] == 0:
            state["finished_at"] = stamp(self.clock())
        self.store.put(KIND, state["id"], state)

    def found(self, call: Call) -> dict[str, Any]:
        """The file of the path."""
        state = self.store.get(KIND, call.parameters["file_id"])
        if state is None:
            raise Problem("unknown-batch")
        return state

    async def read(self, call: Call) -> Reply:
        """How far a file has come."""
        return Reply(200, self.found(call))

    async def results(self, call: Call) -> Reply:
        """State and result of each record, in the order of the file; records of tasks not assigned are left out."""
        file_id = self.found(call)["id"]
        listed = f"{RECORD}/{file_id}"
        start = after(call, listed)
        rows = chunked(
            lambda last, limit: self.store.scan(RECORD, f"{file_id}/", last, limit),
            f"{file_id}/{start}" if start else "",
        )
        inquiries = ((key.rpartition("/")[2], self.server.inquiries.get(row["inquiry_id"])) for key, row in rows)
        shown = (
            (number, self.server.inquiries.shown(one))
            for number, one in inquiries
            if one is not None and self.server.staff.assigned(call.context["staff_id"], one["request"]["task"])
        )
        return Reply(200, page(call, listed, "inquiries", shown))
