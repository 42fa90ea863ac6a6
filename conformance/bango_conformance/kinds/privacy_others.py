"""Whose information is whose: other bodies' information is not the own, and one person's is not another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.canaries import Watch
from bango_conformance.findings import Unmet
from bango_conformance.kinds.privacy_sealed import opened
from bango_conformance.kinds.privacy_search import make
from bango_conformance.kinds.privacy_traffic import Traffic, asking, providing
from bango_mocks.clock import stamp
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

NETWORK = "interfaces/intermediate-server.network"
IN_HOUSE = "interfaces/intermediate-server.in-house"


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Received contents, disclosures, notices and codes of two persons."""
    ask, provide = asking(scope), providing(scope)
    if ask is not None and provide is not None and ask.information == provide.information:
        for name, title, act in (
            ("at-once", Text(ja="すぐに受け取った", en="received at once"), Traffic.inquire),
            ("late", Text(ja="後から届いた", en="that came later"), Traffic.inquire_late),
            ("file", Text(ja="ファイルの照会で受け取った", en="received by a file"), Traffic.inquiry_file),
        ):
            yield make(
                f"received.{name}.not-provided",
                ("IS-PRI-008",),
                f"{NETWORK}/requestProvision",
                Text(
                    ja=f"{title.ja}他機関の情報を自団体の副本として提供しない",
                    en=f"Another body's information {title.en} is not provided as the own replica",
                ),
                _not_provided(scope, act),
                smoke=name == "at-once",
            )
        yield make(
            "received.not-a-replica",
            ("IS-PRI-008",),
            f"{IN_HOUSE}/readReplica",
            Text(
                ja="受け取った他機関の情報を副本として示さない",
                en="Another body's information is not shown as a replica",
            ),
            _not_a_replica(scope),
        )
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
    yield make(
        "linkage.one-code-one-person",
        ("IS-LNK-003",),
        f"{NETWORK}/deliverLinkageCode",
        Text(ja="一つの符号を二人に結び付けない", en="One code is not bound to two persons"),
        _one_person(scope),
    )
    yield make(
        "linkage.code-of-another-body",
        ("IS-PRV-010",),
        f"{NETWORK}/requestProvision",
        Text(ja="他の機関の符号では誰の情報も返さない", en="Another body's code leads to nobody"),
        _strange_code(scope),
    )


def _not_provided(scope: Scope, act: Callable[[Traffic], object]) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        act(traffic)
        request, answer = traffic.provision()
        case.need(answer, 200)
        if answer.json["outcome"] == "provided":
            found = opened(answer.json["content"], request.key)
            # An empty content is wrong too, but gives nothing on (IS-PRV-011).
            if found is None or found[1]["items"]:
                case.fail(
                    "RECEIVED-PROVIDED-ON",
                    sent="after an inquiry, a request for the same information about the same person",
                    expected="no-record",
                    came="a content with items",
                )
        traffic.put()
        _, answer = traffic.provision()
        if case.need(answer, 200).json["outcome"] != "provided":
            raise Unmet("自団体の副本が提供されません。", "the own replica is not provided either")

    return check


def _not_a_replica(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        traffic.inquire()
        query = {name: value for name, value in traffic.content().items() if name == "fiscal_year"}
        read = case.ask("readReplica", path=traffic.replica_path(), query=query, staff="register")
        case.refused(
            read,
            "RECEIVED-KEPT-AS-REPLICA",
            ("no-replica",),
            sent="after an inquiry, readReplica for the same information",
        )
        export = case.need(case.ask("exportReplicas", staff="register"), 200)
        if Watch([traffic.canary("integrated-address-number")]).first(export.raw) is not None:
            case.fail(
                "RECEIVED-KEPT-AS-REPLICA",
                sent="after an inquiry, exportReplicas",
                expected="no line about the person",
                came="a line about the person",
                located="stored",
            )

    return check


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


def _one_person(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        first, second = Traffic(case, scope), Traffic(case, scope)
        first.link()
        first.put()
        number = second.subject.acquire()
        delivery = {"acquisition_number": number, "linkage_code": first.subject.linkage_code}
        case.ask("deliverLinkageCode", body=delivery)
        state = case.need(case.ask("readAcquisition", path={"acquisition_number": number}, staff="register"), 200).json
        if (state["state"], state.get("reason")) != ("failed", "linkage-conflict"):
            case.fail(
                "CODE-SHARED",
                sent="one code for two persons",
                expected="the second acquisition failed as linkage-conflict",
                came=f"{state['state']} {state.get('reason', '')}",
            )
        second.put()
        request, answer = first.provision()
        held = case.need(answer, 200).json
        found = opened(held["content"], request.key) if held["outcome"] == "provided" else None
        if found is None or str(first.held) not in map(str, found[1]["items"].values()):
            case.fail(
                "CODE-SHARED",
                sent="a request by the shared code",
                expected="the first person's replica",
                came=held["outcome"],
            )

    return check


def _strange_code(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        traffic.put()
        strange = traffic.subject.code_at(traffic.asking.provider)
        _, answer = traffic.provision(linkage_code=strange)
        if case.need(answer, 200).json["outcome"] != "no-person":
            case.fail(
                "STRANGE-CODE-RESOLVED",
                sent="a request with the code that another body has of the person",
                expected="no-person",
                came=answer.json["outcome"],
            )

    return check
