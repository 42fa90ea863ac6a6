"""The target as provider: the right year, the right generation, the right person, also when nobody is at home."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from bango_conformance.choices import by_period, by_year, by_year_in_two_layouts, providing
from bango_conformance.kinds.by_hand import by_hand
from bango_conformance.kinds.lifecycle_provision import ProvisionPlayer
from bango_conformance.opened import opened
from bango_conformance.subject import items_of
from bango_conformance.times import moment, stamp
from bango_spec.items import layouts, sample
from bango_spec.vocabulary import information_by_code

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.subject import AllowedLine, Subject
    from bango_conformance.suite import Scope

Check = Callable[["Case"], None]
AT_ONCE = 8
ALL_GONE = 5
DAY = dt.timedelta(days=1)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """By hand, for a body that provides."""
    for name, wanted in (("fiscal-year", by_year), ("period", by_period)):
        line = providing(scope, wanted)
        if line is not None and wanted(line):
            yield by_hand(
                f"workflow.providing.another-{name}",
                ("IS-PRV-017",),
                _another(line),
                "求められた年度・期間の副本だけを提供する",
                "A replica of another year or period is not provided in its place",
            )
    line = providing(scope)
    if line is None:
        return
    yield by_hand(
        "workflow.providing.newest-generation",
        ("IS-PRV-018",),
        _newest(line),
        "最新の世代を、その更新日時とレイアウトの版とともに提供する",
        "The newest generation is provided, with its update time and layout version",
    )
    yield by_hand(
        "workflow.providing.only-items-asked",
        ("IS-PRV-007",),
        _only_asked(line),
        "求められた項目だけを提供する",
        "Exactly the items asked for are provided",
    )
    yield by_hand(
        "workflow.providing.permit-in-header",
        ("IS-PRV-019",),
        _in_header(line),
        "暗号文の保護ヘッダーと内容が許可識別子を持つ",
        "The protected header and the content name the permit",
    )
    yield by_hand(
        "workflow.providing.nobody-at-home",
        ("IS-PRV-020",),
        _nobody_at_home(line),
        "業務側がつながっていなくても提供する",
        "It provides while no in-house system is connected",
        alone=True,
    )
    yield by_hand(
        "workflow.providing.at-the-same-instant",
        ("IS-PRV-021",),
        _at_once(line),
        "同時の求めに、それぞれ本人の内容を答える",
        "Requests at the same instant get their own person's content",
        alone=True,
    )
    yield by_hand(
        "workflow.providing.mark-bites-at-once",
        ("IS-PRV-012",),
        _mark(line),
        "自動応答不可の印は次の求めから効く",
        "The mark against automatic answers takes effect with the very next request",
    )
    yield by_hand(
        "workflow.providing.answer-again-after-503",
        ("IS-PRV-013",),
        _answer_again(line),
        "承認した回答は、最初の送信が通じなくても一度だけ届く",
        "An approved answer that meets 503 at first gets through, once",
    )
    line = providing(scope, by_year_in_two_layouts)
    if line is not None and by_year_in_two_layouts(line):
        yield by_hand(
            "workflow.providing.old-layout",
            ("IS-RPL-007",),
            _old_layout(line),
            "旧い版の副本は、新しい版が加わっても旧い版のまま提供する",
            "A replica in an old layout is provided in it after newer ones came",
        )


def provided(case: Case, subject: Subject, line: AllowedLine, **changed: Any) -> dict[str, Any]:
    """What a valid request gets, opened."""
    request = subject.provision(line, **changed)
    answer = case.ask("requestProvision", body=request.body)
    if answer.status != 200 or answer.json.get("outcome") != "provided":
        case.fail("NOT-PROVIDED", sent="a valid request", expected="200 provided", came=answer.short()[:300])
    return opened(case, request, answer.json)


def known(case: Case) -> Subject:
    """A person with a linkage code at the target."""
    subject = case.subject()
    subject.link()
    return subject


def _another(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject = known(case)
        subject.put(line.information)
        provided(case, subject, line)
        other = {"fiscal_year": "2019"} if by_year(line) else {"period": {"from": "2018-04-01", "to": "2019-03-31"}}
        answer = case.ask("requestProvision", body=subject.provision(line, **other).body)
        if answer.status != 200 or answer.json.get("outcome") != "no-record" or "content" in answer.json:
            case.fail("ANOTHER-YEAR", sent=f"a request for {other}", expected="no-record", came=answer.short()[:200])

    return check


def _newest(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject, now = known(case), case.stage.clock()
        seed = int(subject.integrated_address_number)
        for generation in (1, 2, 3):
            content = subject.put(
                line.information,
                generation=generation,
                updated_at=stamp(now - (4 - generation) * DAY),
                items=items_of(line.information, seed + generation, "2020"),
            )
        found = provided(case, subject, line)
        for name in ("generation", "layout_version", "items"):
            if found.get(name) != content[name]:
                case.fail(
                    "NOT-NEWEST",
                    sent="three generations",
                    expected=f"{name} of the last",
                    came=str(found.get(name))[:200],
                )
        if moment(found["updated_at"]) != moment(content["updated_at"]):
            case.fail(
                "NOT-NEWEST", sent=content["updated_at"], expected="the same update time", came=found["updated_at"]
            )

    return check


def _only_asked(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject = known(case)
        content = subject.put(line.information)
        item = sorted(content["items"])[1 % len(content["items"])]
        wanted = {"items": [item]}
        found = provided(case, subject, line, claims_changed=wanted, **wanted)
        if found["items"] != {item: content["items"][item]}:
            case.fail(
                "MORE-THAN-ASKED", sent=f"the item {item}", expected="this item alone", came=str(sorted(found["items"]))
            )

    return check


def _in_header(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        import base64  # noqa: PLC0415
        import json  # noqa: PLC0415

        subject = known(case)
        subject.put(line.information)
        request = subject.provision(line)
        answer = case.need(case.ask("requestProvision", body=request.body), 200).json
        head = answer["content"].partition(".")[0]
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
        wanted = request.claims["permit_id"]
        found = (header.get("permit_id"), opened(case, request, answer).get("permit_id"))
        if found != (wanted, wanted):
            case.fail("PERMIT-NOT-NAMED", sent=wanted, expected="in header and content", came=str(found))

    return check


def _nobody_at_home(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject = known(case)
        content = subject.put(line.information)
        token = case.stage.staff.token("register")
        headers = {"Authorization": f"Bearer {token}"}
        case.need(case.ask("closeStaffSession", headers=headers), 204)
        case.stage.staff.renew()
        case.stage.channel("in-house").disconnect()
        # More than one request: the target may take a moment to notice that everybody has gone.
        for _ in range(ALL_GONE):
            found = provided(case, subject, line)
            if found["items"] != content["items"]:
                case.fail(
                    "CONTENT-WRONG", sent="a request", expected="the items registered", came=str(found["items"])[:200]
                )

    return check


def _at_once(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        people = [known(case) for _ in range(AT_ONCE)]
        kept = [one.put(line.information)["items"] for one in people]
        requests = [one.provision(line) for one in people]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            calls = [pool.submit(case.ask, "requestProvision", body=one.body) for one in requests]
            answers = [one.result() for one in calls]
        for request, answer, items in zip(requests, answers, kept, strict=True):
            told = case.need(answer, 200).json
            # Each of them has a replica: whoever gets nothing was taken for somebody else.
            content = opened(case, request, told) if told.get("outcome") == "provided" else {}
            if (content.get("items"), content.get("permit_id")) != (items, request.claims["permit_id"]):
                came = "another's" if content else told.get("outcome")
                case.fail("MIXED", sent=f"{AT_ONCE} requests at once", expected="one's own content", came=str(came))

    return check


def _mark(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject, now = known(case), case.stage.clock()
        subject.put(line.information, updated_at=stamp(now - DAY))
        provided(case, subject, line)
        subject.put(line.information, generation=2, automatic_answer=False)
        request = subject.provision(line)
        answer = case.ask("requestProvision", body=request.body)
        if answer.status != 202 or "content" in (answer.json or {}):
            case.fail(
                "MARK-NOT-SEEN", sent="a request after the mark", expected="202, waiting", came=answer.short()[:200]
            )
        path = {"permit_id": request.claims["permit_id"]}
        case.need(case.ask("readApproval", path=path, staff="approve"), 200)

    return check


def _answer_again(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        made = ProvisionPlayer(case, line, "staff")
        case.need(made.on_request(), 202)
        with case.stage.played.failing(made.permit_id, 1):
            case.need(made.on_approve(), 200)
            sent = case.stage.inbox.wait(
                lambda: [made.permit_id],
                lambda one: one.operation == "relayAnswer" and one.exchange.status == 200,
                20.0,
            )
        if sent is None:
            case.fail("ANSWER-LOST", sent="503 to the first attempt", expected="the answer again", came="nothing more")
        tried = [one for one in case.stage.inbox.of([made.permit_id]) if one.operation == "relayAnswer"]
        bodies = {str(one.body) for one in tried}
        if [one.exchange.status for one in tried] != [503, 200] or len(bodies) != 1:
            came = f"{[one.exchange.status for one in tried]}, {len(bodies)} bodies"
            case.fail(
                "ANSWER-TWICE", sent="503 to the first attempt", expected="503, then 200 once, the same", came=came
            )

    return check


def _old_layout(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        found = information_by_code(line.information).id
        old, new = layouts(found)[0].version, layouts(found)[-1].version
        subject, now = known(case), case.stage.clock()
        seed = int(subject.integrated_address_number)
        kept = subject.put(
            line.information,
            layout_version=old,
            fiscal_year="2016",
            updated_at=stamp(now - 2 * DAY),
            items=sample(found, old, seed, full=True, fiscal_year="2016"),
        )
        subject.put(line.information, layout_version=new)
        content = provided(case, subject, line, fiscal_year="2016")
        if (content["layout_version"], content["items"]) != (old, kept["items"]):
            case.fail(
                "REREAD", sent=f"a replica in {old}", expected=f"{old} with its items", came=content["layout_version"]
            )

    return check
