"""The target as asker: what it sends, when it answers in-house, how it takes in what comes back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.choices import asking
from bango_conformance.held_reply import HeldReply
from bango_conformance.kinds.by_hand import by_hand
from bango_conformance.kinds.workflow_roles import INFORMATION
from bango_conformance.subject import FISCAL_YEAR, items_of

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.subject import AllowedLine, Subject
    from bango_conformance.suite import Scope

Check = Callable[["Case"], None]
# Outcomes without content, and the reason that the provider gives.
EMPTY = {
    "no-record": "no-replica",
    "no-person": "no-linkage-code-provider",
    "withheld": "withheld",
    "refused-by-staff": "refused-by-staff",
}
ORIGINS = {
    "network": ("core-down", "layout-mismatch", "timeout"),
    "provider": ("permit-expired", "permit-mismatch", "peer-invalid"),
}


def obligations(scope: Scope) -> Iterator[Obligation]:
    """By hand, for a body that may ask."""
    line = asking(scope)
    if line is None:
        return
    yield by_hand(
        "workflow.asking.accepted-before-the-network-answers",
        ("IS-INQ-007",),
        _at_once(line),
        "ネットワークの応答を待たずに202とLocationを返す",
        "202 and a Location before the network has replied; the result is read there",
        smoke=True,
    )
    yield by_hand(
        "workflow.asking.sent-once",
        ("IS-API-004",),
        _once(line),
        "同じ冪等キーの依頼が重なっても一度だけ送る",
        "The same request at the same time is sent once",
    )
    for marked in (True, False):
        yield by_hand(
            f"workflow.asking.department-and-mark.{'withheld' if marked else 'open'}",
            ("IS-INQ-006",),
            _travels(line, marked=marked),
            "事務を所管する組織と不開示の印がそのまま送られる",
            "Department and withheld mark travel as given",
        )
    yield by_hand(
        "workflow.asking.no-more-than-asked",
        ("IS-INQ-017",),
        _no_more(line),
        "依頼された項目と年度だけを求める",
        "Exactly the items and the year that in-house named are asked for",
    )
    yield by_hand(
        "workflow.asking.a-key-for-each",
        ("IS-INQ-008",),
        _own_key(line),
        "照会ごとに新しい鍵の公開部分だけを送る",
        "Each inquiry carries a key of its own, and only its public part",
    )
    for place in ("answer", "sent"):
        yield by_hand(
            f"workflow.asking.correlation.{place}",
            ("IS-API-003",),
            _correlation(line, place),
            "相関識別子を返し、送る要求にも付ける",
            "The correlation id is returned and passed on",
        )
    for later in (False, True):
        how = "later" if later else "at-once"
        for outcome, code in EMPTY.items():
            yield by_hand(
                f"workflow.asking.outcome.{how}.{outcome}",
                ("IS-INQ-009",),
                _outcome(line, outcome, INFORMATION[outcome], code, later=later),
                f"結末{outcome}を変えずに二段階の状態とともに示す",
                f"The outcome {outcome} is shown unaltered, with both levels of status",
            )
    for origin, known in ORIGINS.items():
        for code in known:
            yield by_hand(
                f"workflow.asking.origin.{origin}.{code}",
                ("IS-API-002", "IS-INQ-009"),
                _origin(line, code, origin),
                f"{origin}で生じた{code}を、その側のものとして示す",
                f"{code} that arose at {origin} is shown with that origin",
            )
    yield from _peers(line)


def _peers(line: AllowedLine) -> Iterator[Obligation]:
    from bango_conformance.kinds.workflow_bad_answers import obligations as bad  # noqa: PLC0415 - grouped there

    yield from bad(line)


def asked(case: Case, line: AllowedLine, **changed: Any) -> tuple[Subject, HeldReply, str]:
    """A linked person, the held reply to their inquiry, and the inquiry's id."""
    subject = case.subject()
    subject.link()
    reply = HeldReply(case.stage)
    case.stage.played.script(subject.linkage_code, reply.script)
    return subject, reply, subject.inquire(line, **changed)


def _at_once(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        reply = HeldReply(case.stage)
        case.stage.played.script(subject.linkage_code, reply.script)
        try:
            answer = case.ask("submitInquiry", body=subject.request(line), staff="inquire")
            place = answer.headers.get("location", "")
            if answer.status != 202 or answer.json.get("inquiry_id", "-") not in place:
                case.fail("NOT-AT-ONCE", sent="an inquiry", expected="202 and its Location", came=answer.short())
            reply.asked()
            inquiry = answer.json["inquiry_id"]
            found = case.need(case.ask("readInquiry", path={"inquiry_id": inquiry}, staff="inquire"), 200).json
            if found["state"] not in ("accepted", "sent"):
                case.fail("STATE-WRONG", sent="an inquiry not replied to", expected="sent", came=found["state"])
            reply.answer()
            over = subject.settled(inquiry)
            if (over["state"], over.get("outcome")) != ("answered", "provided"):
                case.fail("STATE-WRONG", sent="an answer", expected="answered, provided", came=str(over)[:200])
        finally:
            reply.release()

    return check


def _once(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

        subject = case.subject()
        subject.link()
        reply = HeldReply(case.stage)
        reply.answer()
        case.stage.played.script(subject.linkage_code, reply.script)
        body, key = subject.request(line), uuid.uuid4().hex
        case.stage.staff.token("inquire")
        with ThreadPoolExecutor(4) as pool:
            calls = [
                pool.submit(case.ask, "submitInquiry", body=body, staff="inquire", headers={"Idempotency-Key": key})
                for _ in range(4)
            ]
            answers = [one.result() for one in calls]
        ids = {one.json.get("inquiry_id") for one in answers if one.status == 202}
        if len(ids) != 1:
            came = ", ".join(one.short()[:60] for one in answers)
            case.fail("NOT-THE-SAME", sent="one request four times at once", expected="one inquiry", came=came)
        subject.settled(ids.pop())
        if reply.attempts != 1:
            case.fail("SENT-TWICE", sent="one request four times", expected="one sent", came=str(reply.attempts))

    return check


def _travels(line: AllowedLine, *, marked: bool) -> Check:
    def check(case: Case) -> None:
        department = f"DEP-{uuid.uuid4().hex[:8]}"
        _, reply, _ = asked(case, line, department_code=department, asker_withheld=marked)
        reply.answer()
        sent = reply.asked().call.body
        found = (sent.get("department_code"), sent.get("asker_withheld"))
        if found != (department, marked):
            case.fail(
                "NOT-PASSED-ON",
                sent=f"{department}, {marked}",
                expected="the same",
                came=str(found),
                located="received",
            )

    return check


def _no_more(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        item = next(iter(items_of(line.information, 1, FISCAL_YEAR)))
        subject, reply, _ = asked(case, line, items=[item])
        reply.answer()
        sent, wanted = reply.asked().call.body, subject.request(line)
        for name, value in (
            ("items", [item]),
            ("fiscal_year", wanted.get("fiscal_year")),
            ("period", wanted.get("period")),
        ):
            if sent.get(name) != value:
                case.fail(
                    "ASKED-FOR-MORE",
                    sent=f"{name} {value}",
                    expected="the same",
                    came=str(sent.get(name)),
                    located="received",
                )

    return check


def _own_key(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        keys = []
        for _ in range(2):
            _, reply, _ = asked(case, line)
            reply.answer()
            keys.append(reply.asked().call.body["encryption_key"])
        if any("d" in key for key in keys):
            case.fail("PRIVATE-KEY-SENT", sent="two inquiries", expected="public keys", came="a private one")
        if (keys[0]["x"], keys[0]["y"]) == (keys[1]["x"], keys[1]["y"]):
            case.fail("KEY-REUSED", sent="two inquiries", expected="two keys", came="one key twice", located="received")

    return check


def _correlation(line: AllowedLine, place: str) -> Check:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        chosen = str(uuid.uuid4())
        body, headers = subject.request(line), {"Bango-Correlation-Id": chosen}
        answer = case.need(case.ask("submitInquiry", body=body, staff="inquire", headers=headers), 202)
        if place == "answer":
            came = answer.headers.get("bango-correlation-id")
        else:
            subject.settled(answer.json["inquiry_id"])
            sent = [one for one in case.received("relayInquiry") if one.body["linkage_code"] == subject.linkage_code]
            found = {name.lower(): text for name, text in sent[0].exchange.request.headers} if sent else {}
            came = found.get("bango-correlation-id")
        if came != chosen:
            case.fail("CORRELATION-LOST", sent=chosen, expected="the same", came=str(came))

    return check


def _outcome(line: AllowedLine, outcome: str, digits: str, code: str, *, later: bool) -> Check:
    def check(case: Case) -> None:
        subject, reply, inquiry = asked(case, line)
        if later:
            reply.wait_for_staff()
            subject.settled(inquiry, frozenset({"waiting", "answered", "failed"}))
            case.need(case.ask("deliverAnswer", body=reply.empty_body(outcome, code)), 200)
        else:
            reply.empty(outcome, code)
        over = subject.settled(inquiry)
        found = (over["state"], over.get("outcome"), over["status"]["detail"], over["status"]["information"])
        problem = over.get("problem", {})
        if found != ("answered", outcome, "09", digits) or (problem.get("code"), problem.get("origin")) != (
            code,
            "provider",
        ):
            case.fail(
                "OUTCOME-ALTERED",
                sent=f"an answer {outcome}",
                expected=f"answered, {outcome}, 09/{digits}, {code} of the provider",
                came=f"{found} {problem.get('code')} {problem.get('origin')}",
            )
        if "result" in over:
            case.fail("RESULT-FROM-NOTHING", sent=f"an answer {outcome}", expected="no result", came="a result")

    return check


def _origin(line: AllowedLine, code: str, origin: str) -> Check:
    def check(case: Case) -> None:
        subject, reply, inquiry = asked(case, line)
        reply.refuse(code, origin)
        over = subject.settled(inquiry)
        problem = over.get("problem", {})
        if (problem.get("code"), problem.get("origin")) != (code, origin) or over["state"] != "failed":
            case.fail(
                "ORIGIN-WRONG",
                sent=f"the refusal {code} of {origin}",
                expected=f"failed, {code}, origin {origin}",
                came=f"{over['state']}, {problem.get('code')}, origin {problem.get('origin')}",
            )

    return check
