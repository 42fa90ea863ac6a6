"""Mutants of who works at the server and what they may do."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from bango_mocks.reference.intermediate_server.front import CURRENT
from bango_mocks.reference.intermediate_server.operation_log import ALLOWED_BELOW, OperationLog
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.sessions import Sessions
from bango_mocks.reference.intermediate_server.sides import InHouseSide
from bango_mocks.reference.intermediate_server.staff import Staff
from bango_mocks.serving.call import Call, Problem, Reply
from bango_mocks.serving.validation import Contract
from bango_spec.reading import Text


@mutant(
    clause="IS-STF-001",
    title=Text(ja="読むだけの操作はセッションがなくても行える", en="Reads for anybody, with a session or without"),
    reason="UNGUARDED",
)
class ReadsForAnybody(InHouseSide):
    """Only operations that write were guarded."""

    def member(self, contract: Contract, headers: dict[str, str]) -> str | None:
        """Nobody in particular, where nothing is written."""
        if contract.operation_id == "readReplica" and "authorization" not in headers:
            return None
        return super().member(contract, headers)


@mutant(
    clause="IS-STF-002",
    title=Text(ja="閉じたセッションのトークンが期限まで使える", en="A token works on after its session was closed"),
    reason="SESSION-LIVES",
)
class NeverClosed(Sessions):
    """Only the browser forgets the token."""

    async def close(self, call: Call) -> Reply:  # noqa: ARG002 - that is the mistake
        """Says that it is done."""
        return Reply(204)


@mutant(
    clause="IS-STF-003",
    title=Text(ja="管理の権限で何でもできる", en="Whoever administers may do everything"),
    reason="AUTHORITY-NOT-ASKED",
)
class AdministersAll(Staff):
    """One authority includes the others."""

    def authorised(self, staff_id: str, authority: str | None) -> None:
        """Administrators pass."""
        member = self.member(staff_id)
        if member is None or "administer" not in member["authorities"]:
            super().authorised(staff_id, authority)


@mutant(
    clause="IS-STF-004",
    title=Text(ja="権限をログインの時のまま覚えている", en="Remembers authorities as they were at login"),
    reason="AUTHORITY-LIVES",
)
class AsAtLogin(InHouseSide):
    """What was taken away works on until the session ends."""

    known: ClassVar[dict[str, list[str]]] = {}

    def member(self, contract: Contract, headers: dict[str, str]) -> str | None:
        """The member, with the authorities that came with the token when it was first shown."""
        if not self.guarded(contract):
            return None
        staff_id = self.server.sessions.of(headers.get("authorization"))
        CURRENT.get().staff_id = staff_id
        now = (self.server.staff.member(staff_id) or {}).get("authorities", [])
        then = self.known.setdefault(headers["authorization"], now)
        needed = contract.raw.get("x-bango-authority")
        if needed is not None and needed not in then:
            raise Problem("staff-authority")
        return staff_id


@mutant(
    clause="IS-STF-005",
    title=Text(ja="結果を読む時に事務の割当てを確かめない", en="Does not check the task when a result is read"),
    reason="TASK-NOT-ASSIGNED",
)
class ReadsEveryTask(Staff):
    """Tasks are only checked when an inquiry is made."""

    def for_task(self, call: Call, task: str) -> None:
        """Not for reading."""
        if call.operation != "readInquiry":
            super().for_task(call, task)


@mutant(
    clause="IS-STF-006",
    title=Text(ja="合言葉の誤りを数えない", en="Does not count wrong passphrases"),
    reason="NOT-LOCKED",
)
class NeverLocked(Sessions):
    """Anybody may guess as long as they like."""

    def failed(self, member: dict[str, Any] | None) -> None:
        """Forgotten at once."""


@mutant(
    clause="IS-STF-007",
    title=Text(ja="合言葉のそのままのハッシュを残す", en="Keeps a plain hash of the passphrase"),
    reason="VALUE-IN-STORE",
)
class PlainHash(Staff):
    """Kept to recognise a passphrase that was used before; anybody with the store can guess it."""

    async def put(self, call: Call) -> Reply:
        """Registers the member, and one thing more."""
        reply = await super().put(call)
        member = self.member(call.parameters["staff_id"])
        if member is not None and "passphrase" in call.body:
            self.keep(member | {"former": [hashlib.sha256(call.body["passphrase"].encode()).hexdigest()]})
        return reply


@mutant(
    clause="IS-STF-008",
    title=Text(ja="拒んだ操作を記録しない", en="Does not log what was refused"),
    reason="OPERATION-NOT-LOGGED",
)
class OnlyAllowed(OperationLog):
    """Who tried in vain leaves no trace."""

    def write(self, staff_id: str, operation: str, correlation: str, person: str | None, status: int) -> None:
        """Logs what was done."""
        if status < ALLOWED_BELOW:
            super().write(staff_id, operation, correlation, person, status)


@mutant(
    clause="IS-STF-009",
    title=Text(ja="自分の権限を変えられる", en="Lets members change their own authorities"),
    reason="OWN-AUTHORITY",
)
class ChangesOneself(Staff):
    """An administrator becomes whatever else there is."""

    def not_oneself(self, call: Call, staff_id: str) -> None:
        """Anybody may."""


@mutant(
    clause="IS-STF-010",
    title=Text(ja="管理と監査を一人に与えられる", en="Gives administration and audit to one member"),
    reason="NOT-APART",
)
class BothTogether(Staff):
    """The list of authorities is stored as it comes."""

    def kept_apart(self, authorities: list[str]) -> None:
        """Nothing excludes anything."""
