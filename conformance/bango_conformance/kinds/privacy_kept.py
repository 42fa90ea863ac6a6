"""What the server keeps: nothing of a person in its logs, no number or name in its store, received contents only for a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from bango_conformance.canaries import Canary, Watch, added
from bango_conformance.findings import Unmet
from bango_conformance.kinds.privacy_problems import wrong_in_house, wrong_on_network
from bango_conformance.kinds.privacy_search import VALUES, Act, look_in, make
from bango_conformance.kinds.privacy_sent import LINK, PUT
from bango_conformance.kinds.privacy_traffic import DAY, Traffic
from bango_spec.assumptions import number
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope


class Kept(NamedTuple):
    """A value that must not be kept, the clause that says so, and the traffic in which the server meets it."""

    value: str
    clause: str
    acts: tuple[Act, ...]


def _decided(traffic: Traffic) -> None:
    traffic.decide(traffic.refused_by_staff(), "refuse")


def _put_wrong(traffic: Traffic) -> None:
    wrong_in_house(traffic)


LOGS = (
    Kept(
        "linkage-code",
        "IS-PRI-005",
        (LINK, PUT, Traffic.provision, Traffic.inquire, Traffic.disclose, wrong_on_network),
    ),
    Kept("replica-value", "IS-PRI-005", (LINK, PUT, Traffic.look_at_replica, Traffic.provision, _put_wrong)),
    Kept("received-value", "IS-PRI-005", (LINK, Traffic.inquire, Traffic.inquire_late)),
    Kept("token", "IS-PRI-005", (Traffic.own_session,)),
    Kept("individual-number", "IS-PRI-005", (LINK, _put_wrong, wrong_on_network)),
    Kept("resident-code", "IS-PRI-005", (LINK, _put_wrong, wrong_on_network)),
    Kept("name", "IS-PRI-005", (LINK, _put_wrong, wrong_on_network)),
    Kept("address", "IS-PRI-005", (LINK, _put_wrong, wrong_on_network)),
    Kept("staff-words", "IS-PRI-005", (LINK, _decided)),
    Kept("passphrase", "IS-STF-007", (Traffic.own_session,)),
)
STORE = (
    Kept("individual-number", "IS-PRI-001", (LINK, _put_wrong, wrong_on_network)),
    Kept("name", "IS-PRI-002", (LINK, _put_wrong)),
    Kept("address", "IS-PRI-002", (LINK, _put_wrong)),
    Kept("passphrase", "IS-STF-007", (Traffic.own_session,)),
    Kept("replica-value", "IS-PRI-009", (LINK, PUT)),
    Kept("linkage-code", "IS-PRI-009", (LINK,)),
    Kept("received-value", "IS-PRI-009", (LINK, Traffic.inquire)),
)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each value in logs and store, by the vendor's export hooks; then what must be gone after its time."""
    for place, hook, kept in (("logs", "export-logs", LOGS), ("store", "export-store", STORE)):
        for one in kept:
            yield make(
                f"{place}.{one.value}",
                (one.clause,),
                f"clauses/{one.clause}",
                Text(
                    ja=f"{_PLACES[place].ja}に{VALUES[one.value].ja}を残さない",
                    en=f"No {VALUES[one.value].en} in {_PLACES[place].en}",
                ),
                _not_kept(scope, place, hook, one),
                needs=(f"hook:{hook}",),
            )
    days = number("result-retention-days")
    yield make(
        "retention.received-content",
        ("IS-PRI-007",),
        "assumptions/result-retention-days",
        Text(ja=f"照会で受け取った内容を{days}日の後に消す", en=f"Content received is gone after {days} days"),
        _content_gone(scope, days),
        needs=("hook:clock", "hook:export-store"),
        alone=True,
    )
    days = number("acquisition-number-retention-days")
    yield make(
        "retention.acquisition-number",
        ("IS-LNK-008",),
        "assumptions/acquisition-number-retention-days",
        Text(ja=f"済んだ取得番号を{days}日の後に消す", en=f"Acquisition numbers are gone after {days} days"),
        _number_gone(scope, days),
        needs=("hook:clock", "hook:export-store"),
        alone=True,
    )


_PLACES = {"logs": Text(ja="ログ", en="the logs"), "store": Text(ja="保存領域", en="the store")}


def _not_kept(scope: Scope, place: str, hook: str, kept: Kept) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        # The persons are the case's own, so that only what came since can speak of them; any earlier export will do.
        before = case.stage.exports.get(hook) or case.hook(hook)
        for act in kept.acts:
            act(traffic)
        after = case.hook(hook)
        case.stage.exports[hook] = after
        if not after:
            raise Unmet(f"フック{hook}の出力が空です。", f"the hook {hook} wrote nothing")
        data = added(before, after)
        code = f"VALUE-IN-{'LOG' if place == 'logs' else 'STORE'}"
        look_in(case, data, traffic, (kept.value,), code=code, what=_PLACES[place].en)

    return check


def _ahead(case: Case, days: int) -> None:
    case.hook("clock", BANGO_CLOCK_SECONDS=str(int(DAY.total_seconds()) * days))


def _content_gone(scope: Scope, days: int) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        at_first = case.hook("export-store")
        traffic.link()
        found = traffic.inquire()
        path = {"inquiry_id": found["inquiry_id"]}
        if found["result"]["items"] != traffic.items(traffic.asking.information, traffic.received):
            raise Unmet("照会の結果が読めません。", "the result of the preparing inquiry is not what was provided")
        before = added(at_first, case.hook("export-store"))
        try:
            _ahead(case, days + 1)
            case.stage.staff.renew()
            answer = case.ask("readInquiry", path=path, staff="inquire")
            found_in = Watch([traffic.canary("received-value")]).first(answer.raw)
            if answer.status == 200 and found_in is not None:
                case.fail(
                    "CONTENT-KEPT",
                    sent=f"readInquiry {days + 1} days after the answer",
                    expected="no content any more",
                    came=f"{found_in.said()} in the answer",
                    located="stored",
                )
            traffic.case.ask("listInquiries", query={"from": traffic.since}, staff="inquire")
            _gone_from_store(case, at_first, before, traffic.canary("received-value"), days)
            records = case.need(case.ask("listRecords", query=traffic.person_path(), staff="audit"), 200).json[
                "records"
            ]
            if not records:
                case.fail(
                    "RECORD-GONE",
                    sent=f"listRecords {days + 1} days after the inquiry",
                    expected="the record of the inquiry, which stays",
                    came="no record",
                    located="stored",
                )
        finally:
            _ahead(case, 0)
            case.stage.staff.renew()

    return check


def _gone_from_store(case: Case, at_first: bytes, before: bytes, canary: Canary, days: int) -> None:
    # A store that is encrypted shows nothing before either; then only the answers can tell.
    watch = Watch([canary])
    if watch.first(before) is None:
        return
    left = watch.first(added(at_first, case.hook("export-store")))
    if left is not None:
        case.fail(
            "CONTENT-KEPT",
            sent=f"the store's export {days + 1} days later",
            expected=f"no {canary.kind} any more",
            came=f"{left.said()} in the store",
            located="stored",
        )


def _number_gone(scope: Scope, days: int) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        at_first = case.hook("export-store")
        traffic.link()
        before = added(at_first, case.hook("export-store"))
        path = {"acquisition_number": traffic.acquisition_number}
        case.need(case.ask("readAcquisition", path=path, staff="register"), 200)
        try:
            _ahead(case, days + 1)
            case.stage.staff.renew()
            case.refused(
                case.ask("readAcquisition", path=path, staff="register"),
                "ACQUISITION-KEPT",
                ("unknown-acquisition",),
                sent=f"readAcquisition {days + 1} days after the code was bound",
            )
            case.ask("readLinkageCodeState", path=traffic.person_path(), staff="register")
            _gone_from_store(case, at_first, before, traffic.canary("acquisition-number"), days)
        finally:
            _ahead(case, 0)
            case.stage.staff.renew()

    return check
