"""J-LIS behind `jlis.yaml`: an acquisition number and a person come in, a resident code goes to the core."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bango_mocks.clock import Clock, stamp
from bango_mocks.direct import Way
from bango_mocks.serving import Application, Call, Handler, Problem, Reply
from bango_mocks.shared_answers import health, profile

SYSTEM = "jlis"

ResidentCodeOf = Callable[[str], str | None]


class Jlis:
    """The linkage path; requests are kept only as numbers and states, never with the person's number."""

    def __init__(
        self,
        core: Way,
        resident_code_of: ResidentCodeOf,
        is_resident_code: Callable[[str], bool],
        edition: str,
        clock: Clock,
    ) -> None:
        self.core = core
        self.resident_code_of = resident_code_of
        self.is_resident_code = is_resident_code
        self.edition = edition
        self.clock = clock
        self._requests: dict[str, dict[str, Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def application(self) -> Application:
        """The ASGI application."""
        handlers: dict[str, Handler] = {
            "requestLinkage": self.request_linkage,
            "readLinkageRequest": self.read_request,
            "readJlisProfile": self.read_profile,
            "readJlisHealth": self.read_health,
        }
        return Application(SYSTEM, handlers)

    async def request_linkage(self, call: Call) -> Reply:
        """Accept a request and notify the core; the state tells how it went."""
        number = call.body["acquisition_number"]
        resident_code = self._resident_code(call.body)
        if number in self._requests and self._requests[number]["state"] != "failed":
            raise Problem("acquisition-used")
        request = {"acquisition_number": number, "state": "received", "received_at": stamp(self.clock())}
        self._requests[number] = request
        task = asyncio.ensure_future(self._notify(call, number, resident_code))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return Reply(202, dict(request))

    def _resident_code(self, body: dict[str, Any]) -> str:
        if "resident_code" in body:
            found = body["resident_code"] if self.is_resident_code(body["resident_code"]) else None
        else:
            found = self.resident_code_of(body["individual_number"])
        if found is None:
            raise Problem("unknown-person")
        return str(found)

    async def _notify(self, call: Call, number: str, resident_code: str) -> None:
        request = self._requests[number]
        body = {"acquisition_number": number, "resident_code": resident_code}
        try:
            await self.core.call("POST", "/v1/linkage-notifications", body, cause=call)
        except Problem as problem:
            request |= {"state": "failed", "reason": problem.code}
        else:
            request |= {"state": "notified", "notified_at": stamp(self.clock())}

    async def read_request(self, call: Call) -> Reply:
        """The state of a request."""
        request = self._requests.get(call.parameters["acquisition_number"])
        if request is None:
            raise Problem("unknown-acquisition")
        return Reply(200, dict(request))

    async def read_profile(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """What this system is."""
        return Reply(200, profile(SYSTEM, self.edition))

    async def read_health(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """Whether it works."""
        return Reply(200, health(stamp(self.clock()), {"linkage": True}))
