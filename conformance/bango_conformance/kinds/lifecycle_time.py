"""What follows from time and order: codes that come in another order, numbers and replicas whose time is over, notices to the network."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.choices import providing
from bango_conformance.kinds.by_hand import CLOCK, by_hand
from bango_conformance.moved import moved
from bango_conformance.opened import opened
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope

PEOPLE = 12
FAILING = 2
NOTICE_SECONDS = 60.0
PAUSE = 0.05


def obligations(scope: Scope) -> Iterator[Obligation]:
    """By hand, as no table says them."""
    line = providing(scope)
    if line is None:
        return
    yield by_hand(
        "lifecycle.linkage-code.requested.deliver-in-reverse",
        ("IS-LNK-007",),
        _in_reverse(line),
        "同時に進む取得は、届いた順ではなく処理通番で結び付く",
        "Codes that arrive in another order are bound by their acquisition numbers",
    )
    yield by_hand(
        "lifecycle.linkage-code.bound.revocation-told-again",
        ("IS-LNK-010",),
        _told_again,
        "誤った紐付けを解いた知らせを、通じるまで送り直す",
        "The notice of a dissolved linkage is sent again until it gets through",
    )
    for state in ("bound", "failed"):
        yield by_hand(
            f"lifecycle.linkage-code.{state}.number-forgotten",
            ("IS-LNK-008",),
            _forgotten(state),
            f"終わった取得（{state}）の処理通番は期間の後に残らない",
            f"The acquisition number of one that ended ({state}) is forgotten after its time",
            needs=CLOCK,
        )
    yield by_hand(
        "lifecycle.replica.deleted.erased",
        ("IS-RPL-005",),
        _erased(line),
        "論理削除の保存期間の後、どの世代も読めず、その前は読める",
        "After the retention of a deleted replica no generation can be read, and before it can",
        needs=CLOCK,
    )


def _in_reverse(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        people = [case.subject() for _ in range(PEOPLE)]
        kept = {one.linkage_code: one.put(line.information) for one in people}
        deliveries = [case.stage.core.notify(one.acquire(), one.person.resident_code)[1] for one in people]
        # Neither first come, first served, nor last come: every second one in reverse, then the others.
        for delivery in (*deliveries[-2::-2], *deliveries[1::2]):
            taken = case.ask("deliverLinkageCode", body=delivery)
            if taken.status != 200:
                # Its number was asked for and not used yet: whoever refuses it took it for another's.
                case.fail("BOUND-WRONG", sent="codes in another order", expected="each taken", came=taken.short())
        for one in people:
            request = one.provision(line)
            answer = case.need(case.ask("requestProvision", body=request.body), 200).json
            if answer["outcome"] != "provided":
                case.fail("BOUND-WRONG", sent="codes in another order", expected="provided", came=answer["outcome"])
            if opened(case, request, answer)["items"] != kept[one.linkage_code]["items"]:
                case.fail(
                    "BOUND-WRONG",
                    sent="codes in another order",
                    expected="each code leads to its own person's replica",
                    came="another person's replica",
                )

    return check


def _told_again(case: Case) -> None:
    subject = case.subject()
    subject.link()
    code, path = subject.linkage_code, {"integrated_address_number": subject.integrated_address_number}
    with case.stage.played.failing(code, FAILING):
        revoked = case.ask("revokeLinkageCode", path=path, body={"reason": "wrong-person"}, staff="administer")
        case.need(revoked, 200)
        limit = time.monotonic() + NOTICE_SECONDS
        while len(told := case.received("forwardLinkageRevocation")) <= FAILING and time.monotonic() < limit:
            time.sleep(PAUSE)
    if len(told) <= FAILING:
        case.fail(
            "REVOCATION-NOT-REPEATED",
            sent=f"core-down to the first {FAILING} notices",
            expected="the notice again",
            came=f"{len(told)} notices",
        )
    if any(one.body["linkage_code"] != code for one in told):
        case.fail("REVOCATION-WRONG", sent="a revocation", expected="the code given up", came="another code")


def _forgotten(state: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        acquired = subject.acquire()
        if state == "bound":
            _, delivery = case.stage.core.notify(acquired, subject.person.resident_code)
        else:
            delivery = {"acquisition_number": acquired, "failure": "no-person"}
        case.need(case.ask("deliverLinkageCode", body=delivery), 200)
        path = {"acquisition_number": acquired}
        days = number("acquisition-number-retention-days")
        with moved(case, dt.timedelta(days=days - 1)):
            case.need(case.ask("readAcquisition", path=path, staff="register"), 200)
        with moved(case, dt.timedelta(days=days + 1)):
            answer = case.ask("readAcquisition", path=path, staff="register")
            case.refused(answer, "NUMBER-KEPT", ("unknown-acquisition",), sent="a reading after the number's time")
            person = {"integrated_address_number": subject.integrated_address_number}
            shown = case.ask("readLinkageCodeState", path=person, staff="register")
            if acquired.encode() in shown.raw:
                case.fail("NUMBER-KEPT", sent="a reading of the code's state", expected="no number", came=shown.short())

    return check


def _erased(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        content = subject.put(line.information)
        path = {"integrated_address_number": subject.integrated_address_number, "information": line.information}
        year = {name: content[name] for name in ("fiscal_year",) if name in content}
        deleting = year | {"reason": "moved-out"}
        case.need(case.ask("deleteReplica", path=path, query=deleting, staff="register"), 200)
        days = number("replica-retention-after-deletion-days")
        reading = year | {"generation": "1"}
        with moved(case, dt.timedelta(days=days - 1)):
            case.need(case.ask("readReplica", path=path, query=reading, staff="register"), 200)
        with moved(case, dt.timedelta(days=days + 2)):
            answer = case.ask("readReplica", path=path, query=reading, staff="register")
            case.refused(answer, "GENERATION-KEPT", ("no-replica",), sent="a reading after the retention")

    return check
