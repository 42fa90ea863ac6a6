"""Failures that stay visible until staff have acknowledged them (IS-OPS-008)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from bango_mocks.clock import stamp
from bango_mocks.reference.intermediate_server.collection import Collection
from bango_mocks.reference.intermediate_server.cursors import after, page
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Call, Problem, Reply

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

KIND = "failure"
SHOWN = ("failure_id", "kind", "since", "code", "permit_id", "inquiry_id", "acquisition_number", "acknowledged")


class Failures(Part):
    """Unresolved failures in order of arrival, without numbers of persons and without contents."""

    answers: ClassVar = {"listUnresolvedFailures": "list", "acknowledgeFailure": "acknowledge"}

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self._failures = Collection(self.store, KIND)

    def add(self, kind: str, **what: Any) -> None:
        """Note a failure of a kind, and what it is about."""
        failure_id = str(uuid.uuid4())
        made = {"failure_id": failure_id, "kind": kind, "since": stamp(self.clock()), "acknowledged": False}
        self._failures.add(failure_id, made | what)

    def forget_number(self, acquisition_number: str) -> None:
        """Drop an acquisition number whose time is over from the failures."""
        for _, failure in self._failures.after():
            if failure.get("acquisition_number") == acquisition_number:
                self._failures.put(
                    failure["failure_id"],
                    {name: value for name, value in failure.items() if name != "acquisition_number"},
                )

    def unresolved(self) -> dict[str, int]:
        """How many failures of each kind nobody has acknowledged."""
        counts: dict[str, int] = {}
        for _, failure in self._failures.after():
            if not failure["acknowledged"]:
                counts[failure["kind"]] = counts.get(failure["kind"], 0) + 1
        return counts

    def shown(self, failure: dict[str, Any]) -> dict[str, Any]:
        """A failure as staff see it."""
        return {name: failure[name] for name in SHOWN if name in failure}

    async def list(self, call: Call) -> Reply:
        """The failures that nobody has acknowledged."""
        rows = (
            (key, self.shown(one)) for key, one in self._failures.after(after(call, KIND)) if not one["acknowledged"]
        )
        told = page(call, KIND, "failures", rows)
        return Reply(200, told | {"unresolved": sum(self.unresolved().values())})

    async def acknowledge(self, call: Call) -> Reply:
        """Note that staff have seen a failure, and what was done."""
        failure = self._failures.get(call.parameters["failure_id"])
        if failure is None:
            raise Problem("unknown-failure")
        failure |= {"acknowledged": True, "action": call.body["action"], "acknowledged_by": call.context["staff_id"]}
        self._failures.put(failure["failure_id"], failure)
        return Reply(200, self.shown(failure))
