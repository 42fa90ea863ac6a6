"""Staff: sessions open and end, authorities are given and taken away, wrong passphrases lock, every operation is guarded."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.choices import asking
from bango_conformance.kinds.by_hand import CLOCK, by_hand
from bango_conformance.kinds.lifecycle_guards import guards
from bango_conformance.moved import moved
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.stage.client import Answer
    from bango_conformance.suite import Scope

NO_SESSION = ("staff-session-missing", "staff-session-expired")
WRONG = "これは誤った合言葉です、長さは足りています"


def obligations(scope: Scope) -> Iterator[Obligation]:
    """All about staff."""
    yield from guards(scope)
    yield from _sessions()
    yield from _authorities(scope)


def _sessions() -> Iterator[Obligation]:
    yield by_hand(
        "lifecycle.staff-session.open.close",
        ("IS-STF-002",),
        _closed,
        "退出した職員の認証は使えない",
        "A session that was closed is of no use",
    )
    yield by_hand(
        "lifecycle.staff-session.open.expire",
        ("IS-STF-002",),
        _expired,
        "期限を過ぎた職員の認証は使えない",
        "A session is of no use after the time it was opened for",
        needs=CLOCK,
    )
    yield by_hand(
        "lifecycle.staff.locked.open-session",
        ("IS-STF-006",),
        _locked,
        "続けて誤った職員は、正しい合言葉でも入れない",
        "After too many wrong passphrases in a row the right one does not open either",
    )
    yield by_hand(
        "lifecycle.staff.locked.lock-ends",
        ("IS-STF-006",),
        _lock_ends,
        "締め出しは定めた時間の後に終わる",
        "The lock ends when its time is over",
        needs=CLOCK,
    )


def _authorities(scope: Scope) -> Iterator[Obligation]:
    yield by_hand(
        "lifecycle.staff.session-open.authority-withdrawn",
        ("IS-STF-004",),
        _authority_withdrawn,
        "権限を取り消すと、開いている認証にもすぐ効く",
        "An authority that is taken away is gone from open sessions at once",
    )
    yield by_hand(
        "lifecycle.staff.session-open.removed",
        ("IS-STF-004",),
        _removed,
        "職員を削除すると、開いている認証がすぐ終わる",
        "A member who is removed has no session any more",
    )
    yield by_hand(
        "lifecycle.staff.own.change",
        ("IS-STF-009",),
        _own("change"),
        "自分の権限は変えられない",
        "Nobody changes their own authorities",
    )
    yield by_hand(
        "lifecycle.staff.own.remove", ("IS-STF-009",), _own("remove"), "自分は削除できない", "Nobody removes themselves"
    )
    yield by_hand(
        "lifecycle.staff.none.register-apart",
        ("IS-STF-010",),
        _apart,
        "管理と監査の権限を一人に与えられない",
        "Administer and audit are not given to one member",
    )
    line = asking(scope)
    if line is not None:
        yield by_hand(
            "lifecycle.staff.unassigned.submit-inquiry",
            ("IS-STF-005",),
            _unassigned(line, read=False),
            "割り当てられていない事務では照会できない",
            "No inquiry for a task that is not assigned",
        )
        yield by_hand(
            "lifecycle.staff.unassigned.read-inquiry",
            ("IS-STF-005",),
            _unassigned(line, read=True),
            "割り当てられていない事務の結果は読めない",
            "No result of a task that is not assigned is read",
        )


class Member:
    """A member of staff of the case's own."""

    def __init__(self, case: Case, *authorities: str, tasks: list[str] | None = None) -> None:
        self.case = case
        self.id = f"m-{uuid.uuid4().hex[:12]}"
        self.passphrase = f"合言葉 {uuid.uuid4()}"
        self.tasks = tasks or []
        case.need(self.put(*authorities), 201)

    def put(self, *authorities: str, staff: str = "administer", token: str = "") -> Answer:
        """Register, or change the authorities."""
        body: dict[str, Any] = {
            "name": "試験　職員",
            "department_code": "BANGO",
            "authorities": list(authorities),
            "tasks": self.tasks,
            "passphrase": self.passphrase,
        }
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.case.ask("putStaff", path={"staff_id": self.id}, body=body, staff=staff, headers=headers)

    def open(self, passphrase: str = "") -> Answer:
        """Open a session."""
        return self.case.ask(
            "openStaffSession", body={"staff_id": self.id, "passphrase": passphrase or self.passphrase}
        )

    def token(self) -> str:
        """A session's token."""
        return str(self.case.need(self.open(), 201).json["token"])

    def with_token(self, operation_id: str, token: str, **more: Any) -> Answer:
        """Call an operation in a session."""
        return self.case.ask(operation_id, headers={"Authorization": f"Bearer {token}"}, **more)


def _ended(case: Case, answer: Answer, after: str) -> None:
    if answer.status != 401 or answer.problem not in NO_SESSION:
        case.fail("SESSION-LIVES", sent=after, expected=f"401 {' or '.join(NO_SESSION)}", came=answer.short())


def _closed(case: Case) -> None:
    member = Member(case, "register")
    token = member.token()
    case.need(member.with_token("listFreshness", token), 200)
    case.need(member.with_token("closeStaffSession", token), 204)
    _ended(case, member.with_token("listFreshness", token), "a request after logout")


def _expired(case: Case) -> None:
    member = Member(case, "register")
    opened = case.need(member.open(), 201).json
    expires = dt.datetime.fromisoformat(opened["expires_at"])
    lifetime, most = (expires - case.stage.clock()).total_seconds(), number("session-lifetime-seconds")
    if lifetime > most + number("clock-skew-seconds"):
        case.fail("SESSION-TOO-LONG", sent="a session", expected=f"at most {most} seconds", came=f"{lifetime:.0f}")
    case.need(member.with_token("listFreshness", opened["token"]), 200)
    with moved(case, dt.timedelta(seconds=lifetime + 30)):
        _ended(case, member.with_token("listFreshness", opened["token"]), "a request after the session's time")


def _fail_often(member: Member) -> None:
    for _ in range(number("staff-lockout-attempts")):
        answer = member.open(WRONG)
        member.case.refused(
            answer, "WRONG-PASSPHRASE", ("staff-credentials", "staff-locked"), sent="a wrong passphrase"
        )


def _locked(case: Case) -> None:
    member, other = Member(case, "register"), Member(case, "register")
    for _ in range(number("staff-lockout-attempts") - 1):
        other.open(WRONG)
    case.need(other.open(), 201)
    _fail_often(member)
    case.refused(member.open(), "NOT-LOCKED", ("staff-locked",), sent="the right passphrase after too many wrong ones")


def _lock_ends(case: Case) -> None:
    member = Member(case, "register")
    _fail_often(member)
    case.refused(member.open(), "NOT-LOCKED", ("staff-locked",), sent="the right passphrase after too many wrong ones")
    with moved(case, dt.timedelta(seconds=number("staff-lockout-seconds") + 5)):
        answer = member.open()
        if answer.status != 201:
            case.fail(
                "LOCK-STAYS", sent="the right passphrase after the lock's time", expected="201", came=answer.short()
            )


def _authority_withdrawn(case: Case) -> None:
    member = Member(case, "register", "approve")
    token = member.token()
    case.need(member.with_token("listFreshness", token), 200)
    case.need(member.put("approve"), 200)
    answer = member.with_token("listFreshness", token)
    case.refused(answer, "AUTHORITY-LIVES", ("staff-authority",), sent="a request after the authority was taken away")
    case.need(member.with_token("listApprovals", token), 200)


def _removed(case: Case) -> None:
    member = Member(case, "register")
    token = member.token()
    case.need(member.with_token("listFreshness", token), 200)
    case.need(case.ask("deleteStaff", path={"staff_id": member.id}, staff="administer"), 204)
    _ended(case, member.with_token("listFreshness", token), "a request after the member was removed")


def _own(what: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        member = Member(case, "administer")
        token, path = member.token(), {"staff_id": member.id}
        if what == "change":
            answer = member.put("administer", "inquire", token=token)
        else:
            answer = member.with_token("deleteStaff", token, path=path)
        case.refused(answer, "OWN-AUTHORITY", ("self-approval",), sent=f"a member's {what} of themselves")
        kept = case.need(case.ask("readStaff", path=path, staff="administer"), 200).json
        if kept["authorities"] != ["administer"]:
            case.fail(
                "OWN-AUTHORITY", sent=f"a refused {what}", expected="nothing changed", came=str(kept["authorities"])
            )

    return check


def _apart(case: Case) -> None:
    member = Member(case, "audit")
    answer = member.put("audit", "administer")
    case.refused(answer, "NOT-APART", ("authorities-apart",), sent="administer for a member who audits")
    path = {"staff_id": member.id}
    kept = case.need(case.ask("readStaff", path=path, staff="administer"), 200).json
    if kept["authorities"] != ["audit"]:
        case.fail("NOT-APART", sent="a refused registration", expected="nothing changed", came=str(kept["authorities"]))


def _unassigned(line: Any, *, read: bool) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        member = Member(case, "inquire")
        token = member.token()
        if read:
            inquiry = subject.inquire(line)
            subject.settled(inquiry)
            answer = member.with_token("readInquiry", token, path={"inquiry_id": inquiry})
        else:
            answer = member.with_token("submitInquiry", token, body=subject.request(line))
        case.refused(answer, "TASK-NOT-ASSIGNED", ("staff-task",), sent="an operation for a task not assigned")
        if not read and case.received("relayInquiry"):
            case.fail("SENT-ALL-THE-SAME", sent="a refused inquiry", expected="nothing sent", came="an inquiry")

    return check
