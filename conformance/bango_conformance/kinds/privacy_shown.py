"""What the in-house side is shown: never a linkage code; no contents in records; no passphrase; and nothing left in caches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from bango_conformance.kinds.privacy_search import VALUES, Act, absent, look, make, of
from bango_conformance.kinds.privacy_sent import LINK, PUT
from bango_conformance.kinds.privacy_traffic import Traffic
from bango_conformance.operations import operation
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope


class View(NamedTuple):
    """One operation that shows something in-house, and what there must be to show."""

    operation: str
    acts: tuple[Act, ...]


def _again(traffic: Traffic) -> None:
    now = traffic.content(generation=2, updated_at=traffic.later())
    body = {"corrects": 1, "reason": "転記の誤り", "content": now}
    traffic.good("correctReplica", path=traffic.replica_path(), body=body, staff="register")


def _batch(traffic: Traffic) -> None:
    entry = {"operation": "put", **traffic.replica_path(), "content": traffic.content()}
    made = traffic.good("submitReplicaBatch", body={"entries": [entry]}, staff="register")
    traffic.finished_batch(made.json["id"])


def _export(traffic: Traffic) -> None:
    traffic.good("exportReplicas", staff="register")


def _list_inquiries(traffic: Traffic) -> None:
    traffic.inquire()
    traffic.good("listInquiries", query={"from": traffic.since, "limit": "1000"}, staff="inquire")


def _decided(traffic: Traffic) -> None:
    traffic.decide(traffic.refused_by_staff(), "approve")


def _notice(traffic: Traffic) -> None:
    traffic.good("readNotice", path={"notice_id": traffic.notice()}, staff="register")


def _revoked(traffic: Traffic) -> None:
    traffic.good("revokeLinkageCode", path=traffic.person_path(), body={"reason": "other"}, staff="administer")
    traffic.good("readLinkageCodeState", path=traffic.person_path(), staff="register")


def _failures(traffic: Traffic) -> None:
    traffic.good("listUnresolvedFailures", staff="administer")


PROVIDED = (LINK, PUT, Traffic.provision)
VIEWS = (
    View("readAcquisition", (LINK,)),
    View("readLinkageCodeState", (LINK,)),
    View("revokeLinkageCode", (LINK, _revoked)),
    View("putReplica", (LINK, PUT)),
    View("readReplica", (LINK, PUT, Traffic.look_at_replica)),
    View("listReplicaGenerations", (LINK, PUT, Traffic.look_at_replica)),
    View("correctReplica", (*PROVIDED, _again)),
    View("readReplicaBatch", (LINK, _batch)),
    View("exportReplicas", (LINK, PUT, _export)),
    View("readInquiry", (LINK, Traffic.inquire)),
    View("listInquiries", (LINK, _list_inquiries)),
    View("listInquiryFileResults", (LINK, Traffic.inquiry_file)),
    View("listApprovals", (LINK, _decided)),
    View("readApproval", (LINK, _decided)),
    View("decideApproval", (LINK, _decided)),
    View("listRecords", (*PROVIDED, Traffic.inquire, Traffic.audit)),
    View("listOperations", (*PROVIDED, Traffic.inquire, Traffic.audit)),
    View("readNotice", (LINK, _notice)),
    View("listUnresolvedFailures", (LINK, _failures)),
)
# Answers that hold a person's information, in the words of IS-API-014.
PERSONAL = (
    View("readReplica", (LINK, PUT, Traffic.look_at_replica)),
    View("exportReplicas", (LINK, PUT, _export)),
    View("readInquiry", (LINK, Traffic.inquire)),
    View("listInquiries", (LINK, _list_inquiries)),
    View("listInquiryFileResults", (LINK, Traffic.inquiry_file)),
    View("readApproval", (LINK, _decided)),
    View("listRecords", (*PROVIDED, Traffic.audit)),
    View("listOperations", (LINK, Traffic.audit)),
    View("readNotice", (LINK, _notice)),
    View("requestProvision", PROVIDED),
    View("discloseRecords", (*PROVIDED, Traffic.disclose)),
    View("searchNotices", (LINK, Traffic.notice, Traffic.search_notices)),
)
STAFF = ("putStaff", "readStaff", "listStaff", "openStaffSession")


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each view without the code, each record without contents, each personal answer uncached."""
    for view in VIEWS:
        yield make(
            f"shown.{_dashed(view.operation)}.linkage-code",
            ("IS-PRI-004",),
            element(view.operation),
            Text(ja=f"{view.operation}の応答に符号を出さない", en=f"{view.operation} shows no linkage code"),
            absent(
                scope,
                ("linkage-code",),
                view.acts,
                of(view.operation),
                code="LINKAGE-CODE-SHOWN",
                what=f"an answer of {view.operation}",
            ),
            smoke=view.operation == "readAcquisition",
        )
    for value, acts in (("replica-value", PROVIDED), ("received-value", (LINK, Traffic.inquire))):
        yield make(
            f"shown.list-records.{value}",
            ("IS-REC-012",),
            element("listRecords"),
            Text(ja=f"記録に{VALUES[value].ja}を書かない", en=f"The records hold no {VALUES[value].en}"),
            absent(
                scope,
                (value,),
                (*acts, Traffic.audit),
                of("listRecords"),
                code="CONTENTS-IN-RECORD",
                what="an answer of listRecords",
            ),
        )
    for shown in (*STAFF, "listOperations"):
        yield make(
            f"shown.{_dashed(shown)}.passphrase",
            ("IS-STF-007",),
            element(shown),
            Text(ja=f"{shown}の応答に合言葉を出さない", en=f"{shown} shows no passphrase"),
            absent(
                scope,
                ("passphrase",),
                (Traffic.own_session, Traffic.audit),
                of(shown),
                code="PASSPHRASE-SHOWN",
                what=f"an answer of {shown}",
            ),
        )
    for view in PERSONAL:
        yield make(
            f"shown.{_dashed(view.operation)}.no-store",
            ("IS-API-014",),
            element(view.operation),
            Text(
                ja=f"{view.operation}の応答を溜めさせない（Cache-Control: no-store）",
                en=f"{view.operation} answers with Cache-Control: no-store",
            ),
            _not_stored(scope, view),
        )


def element(operation_id: str) -> str:
    """The spec element of an operation."""
    return f"interfaces/{operation(operation_id).document}/{operation_id}"


def _dashed(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


def _not_stored(scope: Scope, view: View) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        for act in view.acts:
            act(traffic)
        look(case, traffic, (), of(view.operation), code="", what=f"an answer of {view.operation}")
        for exchange in case.evidence().exchanges:
            if exchange.label != view.operation or exchange.response is None:
                continue
            said = [value for name, value in exchange.response.headers if name.lower() == "cache-control"]
            if not any("no-store" in value.lower().replace(" ", "").split(",") for value in said):
                case.fail(
                    "MAY-BE-CACHED",
                    sent=f"a request to {view.operation}",
                    expected="Cache-Control: no-store",
                    came=f"Cache-Control: {', '.join(said) or 'none'} with {exchange.status}",
                )

    return check
