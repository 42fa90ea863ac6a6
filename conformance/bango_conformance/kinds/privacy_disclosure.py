"""Disclosures and notices, which show a person their own and nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.findings import Unmet
from bango_conformance.kinds.privacy_search import make
from bango_conformance.kinds.privacy_traffic import Traffic
from bango_conformance.times import stamp
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

NETWORK = "interfaces/intermediate-server.network"
IN_HOUSE = "interfaces/intermediate-server.in-house"


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Records and notices of two persons, and the marks of what is withheld."""
    yield make(
        "disclosure.own-records-only",
        ("IS-DSC-001",),
        f"{NETWORK}/discloseRecords",
        Text(ja="開示に他の人の記録を交えない", en="A disclosure holds nobody else's records"),
        _own_records(scope),
    )
    for side in ("asker", "provider"):
        yield make(
            f"disclosure.withheld-by-{side}",
            ("IS-DSC-002",),
            f"{NETWORK}/discloseRecords",
            Text(
                ja=f"{'照会' if side == 'asker' else '提供'}側が不開示とした記録に印を付ける",
                en=f"A record that the {side} withholds is marked",
            ),
            _marked(scope, side),
        )
    yield make(
        "notices.own-only",
        ("IS-DSC-003",),
        f"{NETWORK}/searchNotices",
        Text(ja="お知らせを他の人の符号で返さない", en="A notice is not returned to another person's code"),
        _own_notices(scope),
    )
    yield make(
        "notices.without-code",
        ("IS-DSC-003",),
        f"{IN_HOUSE}/createNotice",
        Text(ja="符号の無い人宛てのお知らせを拒む", en="A notice for a person without a code is refused"),
        _without_code(scope),
    )


def _permits(answer: Any) -> set[str]:
    return {one.get("permit_id", "") for one in answer.json["records"]}


def _own_records(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        people = [Traffic(case, scope) for _ in range(2)]
        made = []
        for person in people:
            person.link()
            person.put()
            request, _ = person.provision()
            asked = person.inquire()
            made.append({request.claims["permit_id"], asked["permit_id"]})
        for person, own, others in zip(people, made, reversed(made), strict=True):
            found = _permits(case.need(person.disclose(), 200))
            if found & others:
                case.fail(
                    "SOMEBODY-ELSES-RECORD", sent="a disclosure", expected="the person's records", came="another's too"
                )
            if not own <= found:
                case.fail(
                    "RECORD-MISSING",
                    sent="a disclosure after a provision and an inquiry",
                    expected="both records",
                    came=f"{len(own & found)} of {len(own)}",
                )

    return check


def _marked(scope: Scope, side: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        traffic.put(withheld=side == "provider")
        changed = {"asker_withheld": side == "asker"}
        request = traffic.subject.provision(traffic.providing, claims_changed=changed, **changed)
        case.need(case.ask("requestProvision", body=request.body), 200)
        wanted = request.claims["permit_id"]
        records = case.need(traffic.disclose(), 200).json["records"]
        found = [one for one in records if one.get("permit_id") == wanted]
        if not found:
            raise Unmet("開示にこの提供の記録がありません。", "the disclosure lacks the record")
        if not all(one["withheld"] is True for one in found):
            case.fail(
                "MARK-LOST",
                sent=f"a provision withheld by the {side}",
                expected="withheld: true",
                came="withheld: false",
            )

    return check


def _own_notices(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        people = [Traffic(case, scope) for _ in range(2)]
        notices = []
        for person in people:
            person.link()
            notices.append(person.notice())
        for n, person in enumerate(people):
            found = {one["notice_id"] for one in case.need(person.search_notices(), 200).json["notices"]}
            if notices[1 - n] in found:
                case.fail(
                    "SOMEBODY-ELSES-NOTICE", sent="a search by code", expected="own notices", came="another's too"
                )
            if notices[n] not in found:
                case.fail(
                    "NOTICE-MISSING", sent="a search by code", expected="the person's notice", came="it is missing"
                )
        answer = people[0].acknowledge(notices[1])
        case.refused(
            answer, "SOMEBODY-ELSES-NOTICE", ("unknown-notice",), sent="an acknowledgement by another person's code"
        )

    return check


def _without_code(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        now = case.stage.clock()
        body = {
            **traffic.person_path(),
            "title": "試験のお知らせ",
            "text": traffic.words,
            "shown_from": stamp(now),
            "shown_to": stamp(now.replace(year=now.year + 1, day=min(now.day, 28))),
        }
        case.refused(
            case.ask("createNotice", body=body, staff="register"),
            "NOTICE-TO-NOBODY",
            ("no-linkage-code",),
            sent="a notice for a person without a linkage code",
        )

    return check
