"""Staff sessions: opened with a passphrase, short-lived, closed at once on request (IS-STF-001, 002, 006)."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any, ClassVar

from bango_mocks.clock import moment, stamp
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.reference.intermediate_server.passphrases import hashed, matches
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.assumptions import number

KIND = "session"
BEARER = "bearer "
# Compared with when the staff id is unknown, so that the answer takes as long as for a wrong passphrase.
NOBODY = hashed(secrets.token_hex(16))


class Sessions(Part):
    """Sessions by the hash of their token; the token itself is not kept."""

    answers: ClassVar = {"openStaffSession": "open", "closeStaffSession": "close"}
    dates: ClassVar = {"session-forgotten": "forget"}

    def of(self, authorization: str | None) -> str:
        """The staff id of the session that a request shows; the reason of its refusal otherwise."""
        if authorization is None or not authorization.lower().startswith(BEARER):
            raise Problem("staff-session-missing")
        session = self.store.get(KIND, digest(authorization[len(BEARER) :].strip()))
        if session is None:
            raise Problem("staff-session-missing")
        if self.ended(session):
            raise Problem("staff-session-expired")
        staff_id: str = session["staff_id"]
        return staff_id

    def ended(self, session: dict[str, Any]) -> bool:
        """Whether a session is over: closed, out of time, or its member is gone or another person by now."""
        member = self.server.staff.member(session["staff_id"])
        return (
            session.get("closed", False)
            or moment(session["expires_at"]) <= self.clock()
            or member is None
            or member["registered_at"] != session["member_since"]
        )

    async def open(self, call: Call) -> Reply:
        """A new session for the right passphrase."""
        staff_id = call.body["staff_id"]
        call.context["staff_id"] = staff_id
        member = self.server.staff.member(staff_id)
        if member is not None and self.locked(member):
            raise Problem("staff-locked")
        if not matches(call.body["passphrase"], (member or {}).get("passphrase", NOBODY)) or member is None:
            self.failed(member)
            raise Problem("staff-credentials")
        self.server.staff.keep(member | {"failures": 0, "locked_until": None})
        token = secrets.token_urlsafe(32)
        expires = self.clock() + dt.timedelta(seconds=number("session-lifetime-seconds"))
        session = {"staff_id": staff_id, "expires_at": stamp(expires), "member_since": member["registered_at"]}
        self.store.put(KIND, digest(token), session)
        self.server.agenda.at(expires + dt.timedelta(days=1), "session-forgotten", digest(token))
        authorities = self.server.staff.authorities(member)
        told = {"token": token, "staff_id": staff_id, "authorities": authorities, "expires_at": stamp(expires)}
        return Reply(201, told)

    def locked(self, member: dict[str, Any]) -> bool:
        """Whether a member is locked out now."""
        until = member.get("locked_until")
        return until is not None and moment(until) > self.clock()

    def failed(self, member: dict[str, Any] | None) -> None:
        """Count a wrong passphrase, and lock the member out after too many in a row."""
        if member is None:
            return
        failures = member.get("failures", 0) + 1
        until = None
        if failures >= number("staff-lockout-attempts"):
            until = stamp(self.clock() + dt.timedelta(seconds=number("staff-lockout-seconds")))
            failures = 0
        self.server.staff.keep(member | {"failures": failures, "locked_until": until})

    async def close(self, call: Call) -> Reply:
        """End this session."""
        name = digest(call.headers["authorization"][len(BEARER) :].strip())
        session = self.store.get(KIND, name)
        if session is not None:
            self.store.put(KIND, name, session | {"closed": True})
        return Reply(204)

    def forget(self, name: str) -> None:
        """Drop a session that ended long ago."""
        self.store.delete(KIND, name)


def digest(token: str) -> str:
    """What a token is kept as."""
    return hashlib.sha256(token.encode()).hexdigest()
