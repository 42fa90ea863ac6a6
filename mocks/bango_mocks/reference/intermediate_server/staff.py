"""Staff members and their authorities (IS-STF-003, 004, 005, 007, 009, 010)."""

from __future__ import annotations

from typing import Any, ClassVar

from bango_mocks.clock import stamp
from bango_mocks.reference.intermediate_server.cursors import after, chunked, page
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.reference.intermediate_server.passphrases import hashed
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.assumptions import value

KIND = "staff"
SHOWN = ("staff_id", "name", "department_code", "authorities", "tasks", "registered_at")


class Staff(Part):
    """Members by staff id; what they may do is looked up anew for every request."""

    answers: ClassVar = {"listStaff": "list", "readStaff": "read", "putStaff": "put", "deleteStaff": "remove"}

    def resume(self) -> None:
        """See that the first administrator is there."""
        first = self.config.administrator
        if self.member(first.staff_id) is None:
            self.keep(
                {
                    "staff_id": first.staff_id,
                    "name": "初期管理者",
                    "department_code": "0000",
                    "authorities": ["administer"],
                    "tasks": [],
                    "registered_at": stamp(self.clock()),
                    "passphrase": hashed(first.passphrase),
                }
            )

    def member(self, staff_id: str) -> dict[str, Any] | None:
        """A member, or None."""
        return self.store.get(KIND, staff_id)

    def keep(self, member: dict[str, Any]) -> None:
        """Write a member."""
        self.store.put(KIND, member["staff_id"], member)

    def authorised(self, staff_id: str, authority: str | None) -> None:
        """Refuse a member who lacks the authority now, whatever it was when the session began."""
        member = self.member(staff_id)
        if authority is not None and (member is None or authority not in self.authorities(member)):
            raise Problem("staff-authority", f"the authority {authority} is needed")

    def authorities(self, member: dict[str, Any]) -> list[str]:
        """What a member may do; no authority includes another."""
        found: list[str] = member["authorities"]
        return found

    def assigned(self, staff_id: str, task: str) -> bool:
        """Whether a task is assigned to a member."""
        member = self.member(staff_id)
        return member is not None and task in member["tasks"]

    def for_task(self, call: Call, task: str) -> None:
        """Refuse a member to whom the task is not assigned."""
        if not self.assigned(call.context["staff_id"], task):
            raise Problem("staff-task", "the task is not assigned")

    def not_oneself(self, call: Call, staff_id: str) -> None:
        """Nobody changes or removes themselves."""
        if call.context["staff_id"] == staff_id:
            raise Problem("self-approval")

    def kept_apart(self, authorities: list[str]) -> None:
        """Refuse authorities that exclude each other."""
        for apart in value("staff-authorities-apart"):
            if set(apart) <= set(authorities):
                raise Problem("authorities-apart", " and ".join(apart))

    def shown(self, member: dict[str, Any]) -> dict[str, Any]:
        """A member without anything about the passphrase."""
        return {name: member[name] for name in SHOWN}

    def found(self, call: Call) -> dict[str, Any]:
        """The member of the path; unknown-staff otherwise."""
        member = self.member(call.parameters["staff_id"])
        if member is None:
            raise Problem("unknown-staff")
        return member

    async def list(self, call: Call) -> Reply:
        """Members by staff id."""
        rows = chunked(lambda start, limit: self.store.scan(KIND, "", start, limit), after(call, KIND))
        return Reply(200, page(call, KIND, "staff", ((key, self.shown(member)) for key, member in rows)))

    async def read(self, call: Call) -> Reply:
        """One member."""
        return Reply(200, self.shown(self.found(call)))

    async def put(self, call: Call) -> Reply:
        """Register a member or change one."""
        staff_id = call.parameters["staff_id"]
        self.not_oneself(call, staff_id)
        self.kept_apart(call.body["authorities"])
        before = self.member(staff_id)
        member = (before or {"staff_id": staff_id, "registered_at": stamp(self.clock())}) | call.body
        if "passphrase" in call.body:
            member |= {"passphrase": hashed(call.body["passphrase"]), "failures": 0, "locked_until": None}
        self.keep(member)
        return Reply(201 if before is None else 200, self.shown(member))

    async def remove(self, call: Call) -> Reply:
        """Remove a member; sessions of a member who is gone are void."""
        member = self.found(call)
        self.not_oneself(call, member["staff_id"])
        self.store.delete(KIND, member["staff_id"])
        return Reply(204)
