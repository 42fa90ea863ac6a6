"""What goes into the network: no integrated address number, no secret of the staff, nothing that only the body may know."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from bango_conformance.canaries import Watch, parts_from_target
from bango_conformance.kinds.privacy_search import VALUES, Act, absent, make, of
from bango_conformance.kinds.privacy_traffic import Traffic
from bango_conformance.operations import operation
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

NUMBER = "integrated-address-number"


class Way(NamedTuple):
    """One way out of the server: the operation by which things leave, and what makes them leave."""

    name: str
    operation: str
    title: Text
    acts: tuple[Act, ...]


def _revoke(traffic: Traffic) -> None:
    body = {"reason": "wrong-person"}
    traffic.case.ask("revokeLinkageCode", path=traffic.person_path(), body=body, staff="administer")
    traffic.case.await_received("forwardLinkageRevocation", 3.0)


def _refuse_and_wait(traffic: Traffic) -> None:
    request = traffic.refused_by_staff()
    traffic.case.need(traffic.decide(request, "refuse"), 200)
    traffic.case.await_received("relayAnswer")


def _approve_and_wait(traffic: Traffic) -> None:
    request = traffic.refused_by_staff()
    traffic.case.need(traffic.decide(request, "approve"), 200)
    traffic.case.await_received("relayAnswer")


def _acknowledge(traffic: Traffic) -> None:
    traffic.case.need(traffic.acknowledge(traffic.notice()), 200)


LINK, PUT = Traffic.link, Traffic.put
WAYS = (
    Way(
        "acquisition",
        "obtainAcquisitionNumber",
        Text(ja="符号取得の求め", en="requests for acquisition numbers"),
        (LINK,),
    ),
    Way("delivery", "deliverLinkageCode", Text(ja="符号の受領の応答", en="receipts of linkage codes"), (LINK,)),
    Way(
        "revocation",
        "forwardLinkageRevocation",
        Text(ja="符号の失効の届け", en="reports of revoked codes"),
        (LINK, _revoke),
    ),
    Way("inquiry", "relayInquiry", Text(ja="情報照会", en="inquiries"), (LINK, Traffic.inquire)),
    Way(
        "inquiry-file",
        "relayInquiry",
        Text(ja="ファイルによる照会", en="inquiries of a file"),
        (LINK, Traffic.inquiry_file),
    ),
    Way("withdrawal", "relayWithdrawal", Text(ja="取下げ", en="withdrawals"), (LINK, Traffic.withdraw)),
    Way(
        "receipt",
        "deliverAnswer",
        Text(ja="後から届いた回答の受領", en="receipts of late answers"),
        (LINK, Traffic.inquire_late),
    ),
    Way(
        "provision",
        "requestProvision",
        Text(ja="情報提供の回答", en="answers to provisions"),
        (LINK, PUT, Traffic.provision),
    ),
    Way(
        "late-answer",
        "relayAnswer",
        Text(ja="職員の判断の後の回答", en="answers after approval"),
        (LINK, _approve_and_wait),
    ),
    Way(
        "disclosure",
        "discloseRecords",
        Text(ja="記録の開示", en="disclosures"),
        (LINK, PUT, Traffic.provision, Traffic.disclose),
    ),
    Way(
        "notices",
        "searchNotices",
        Text(ja="お知らせの取得", en="notices"),
        (LINK, Traffic.notice, Traffic.search_notices),
    ),
    Way(
        "acknowledgement",
        "acknowledgeNotice",
        Text(ja="お知らせの既読の応答", en="receipts of acknowledgements"),
        (LINK, _acknowledge),
    ),
)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each way out, searched for the integrated address number; then what else must stay inside."""
    for way in WAYS:
        yield make(
            f"sent.{way.name}.{NUMBER}",
            ("IS-PRI-003",),
            f"interfaces/{operation(way.operation).document}/{way.operation}",
            Text(ja=f"{way.title.ja}に{VALUES[NUMBER].ja}を入れない", en=f"No {VALUES[NUMBER].en} in {way.title.en}"),
            absent(
                scope,
                (NUMBER,),
                way.acts,
                of(way.operation),
                code="ADDRESS-NUMBER-SENT",
                what=f"an exchange of {way.operation}",
            ),
            smoke=way.name == "inquiry",
        )
    yield make(
        f"sent.anything.{NUMBER}",
        ("IS-PRI-003",),
        "identifiers/integrated-address-number",
        Text(
            ja="符号の取得、照会、提供を通じて、届いたもののどこにも団体内統合宛名番号がない",
            en="Nothing that arrives during linking, asking and providing holds the integrated address number",
        ),
        _anything(scope),
    )
    yield make(
        "sent.answer.staff-words",
        ("IS-PRV-014",),
        "interfaces/intermediate-server.in-house/decideApproval",
        Text(
            ja="職員が提供を拒んだ理由の文をネットワークへ出さない",
            en="The words of staff who refuse stay in the house",
        ),
        absent(
            scope,
            ("staff-words",),
            (LINK, _refuse_and_wait, Traffic.disclose),
            of("relayAnswer", "discloseRecords"),
            code="STAFF-WORDS-SENT",
            what="a refusal by staff with words of their own",
        ),
    )
    for value, clauses in (("replica-value", ("IS-PRV-008",)), ("received-value", ("IS-REC-012",))):
        yield make(
            f"sent.disclosure.{value}",
            clauses,
            "interfaces/intermediate-server.network/discloseRecords",
            Text(ja=f"記録の開示に{VALUES[value].ja}を入れない", en=f"No {VALUES[value].en} in disclosures"),
            absent(
                scope,
                (value,),
                (LINK, PUT, Traffic.provision, Traffic.inquire, Traffic.disclose),
                of("discloseRecords"),
                code="VALUE-SENT",
                what="the person's records, disclosed",
            ),
        )


def _anything(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        began = time.perf_counter()
        traffic = Traffic(case, scope)
        for act in (LINK, PUT, Traffic.inquire, Traffic.provision, Traffic.withdraw):
            act(traffic)
        watch = Watch([traffic.canary(NUMBER)])
        for one in case.stage.inbox.all():
            if one.at < began:
                continue
            for part in parts_from_target(one.exchange):
                found = watch.first(part.data)
                if found is not None:
                    case.fail(
                        "ADDRESS-NUMBER-SENT",
                        sent="linking, inquiry, provision and withdrawal of one person",
                        expected=f"no integrated address number in {one.operation or one.exchange.url}",
                        came=f"{found.said()} stands in {part.name}",
                    )

    return check
