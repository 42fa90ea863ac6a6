"""Health, metrics and refusals say nothing about a person, whatever wrong values they were given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.kinds.privacy_refused import text_items
from bango_conformance.kinds.privacy_search import VALUES, absent, make, of, problems
from bango_conformance.kinds.privacy_sent import LINK, PUT
from bango_conformance.kinds.privacy_shown import element
from bango_conformance.kinds.privacy_traffic import Traffic
from bango_reports.model import Exchange
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

IN_HOUSE_VALUES = (
    "individual-number",
    "resident-code",
    "name",
    "address",
    "birth-date",
    "integrated-address-number",
    "replica-value",
    "token",
    "passphrase",
)
NETWORK_VALUES = ("linkage-code", "integrated-address-number", "individual-number", "resident-code", "name", "address")
# Refusals that repeat a number of the path in `instance` or in the place of an error say it all the same.
WATCHED = {
    "readInHouseHealth": "in-house-health",
    "readNetworkHealth": "network-health",
    "readMetrics": "metrics",
}
WATCHED_VALUES = (
    "integrated-address-number",
    "linkage-code",
    "replica-value",
    "received-value",
    "individual-number",
    "name",
    "acquisition-number",
)
SENSITIVE = {"token": "IS-STF-007", "passphrase": "IS-STF-007"}


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each value in the refusals of each side; each value in health and metrics."""
    for side, values, act in (
        ("in-house", IN_HOUSE_VALUES, wrong_in_house),
        ("network", NETWORK_VALUES, wrong_on_network),
    ):
        for value in values:
            acts = (LINK, PUT, *((Traffic.own_session,) if value in SENSITIVE else ()), act)
            yield make(
                f"problems.{side}.{value}",
                ("IS-PRI-006", *((SENSITIVE["passphrase"],) if value == "passphrase" else ())),
                "interfaces/common/Problem",
                Text(
                    ja=f"{_SIDES[side].ja}の拒否の説明に、送られた{VALUES[value].ja}を繰り返さない",
                    en=f"Refusals on {_SIDES[side].en} do not repeat the {VALUES[value].en} that was sent",
                ),
                absent(
                    scope,
                    (value,),
                    acts,
                    _refusals(side),
                    code="VALUE-IN-PROBLEM",
                    what="wrong requests that hold the value",
                ),
                smoke=value == "individual-number",
            )
    for operation, name in WATCHED.items():
        for value in WATCHED_VALUES:
            yield make(
                f"{name}.{value}",
                ("IS-PRI-006",),
                element(operation),
                Text(
                    ja=f"やり取りの後の{operation}の応答に{VALUES[value].ja}を出さない",
                    en=f"{operation} shows no {VALUES[value].en} after the traffic",
                ),
                absent(
                    scope,
                    (value,),
                    (*everything_of(value), Traffic.watch),
                    of(operation),
                    code="VALUE-IN-MONITORING",
                    what=f"traffic about a person, then {operation}",
                ),
            )


def everything_of(value: str) -> tuple[Callable[[Traffic], object], ...]:
    """The traffic, good and bad, in which the server meets a kind of value."""
    if value == "received-value":
        return (LINK, Traffic.inquire)
    if value in ("linkage-code", "acquisition-number"):
        return (LINK, PUT, Traffic.provision, Traffic.disclose, wrong_on_network)
    if value in ("individual-number", "name", "resident-code", "address", "birth-date"):
        return (LINK, wrong_in_house, wrong_on_network)
    return (LINK, PUT, Traffic.look_at_replica, Traffic.provision, wrong_in_house)


_SIDES = {
    "in-house": Text(ja="業務側", en="the in-house side"),
    "network": Text(ja="ネットワーク側", en="the network side"),
}


def _refusals(side: str) -> Callable[[Exchange], bool]:
    from bango_conformance.operations import operation  # noqa: PLC0415 - one use

    def wanted(exchange: Exchange) -> bool:
        return problems(exchange) and operation(exchange.label).document.endswith(side)

    return wanted


def wrong_in_house(traffic: Traffic) -> None:
    """Requests to the in-house side, each wrong in one way, that hold the person's values where they do not belong."""
    case, person, subject = traffic.case, traffic.subject.person, traffic.subject
    good = traffic.content(generation=2)
    text = text_items(traffic.providing.information)[0]
    for name, value in (
        ("name", person.kana),
        ("address", person.address),
        ("birth_date", person.birth_date),
        ("individual_number", person.individual_number),
        ("resident_code", person.resident_code),
    ):
        items = good["items"] | {name: value}
        case.ask("putReplica", path=traffic.replica_path(), body=good | {"items": items}, staff="register")
        case.ask("putReplica", path=traffic.replica_path(), body=good | {name: value}, staff="register")
        wrong = good["items"] | {text: value}
        case.ask("putReplica", path=traffic.replica_path(), body=good | {"items": wrong}, staff="register")
        case.ask("putReplica", path=traffic.replica_path(), body=good | {"layout_version": value}, staff="register")
        case.ask("readReplica", path=traffic.replica_path(), query={"fiscal_year": value}, staff="register")
    # The right values in wrong places: as another code, beside an unknown member, as the body itself.
    for path in (person.individual_number, person.resident_code, subject.integrated_address_number + "0"):
        case.ask("readLinkageCodeState", path={"integrated_address_number": path}, staff="register")
    for body in _wrong_bodies(traffic, good):
        case.ask("putReplica", path=traffic.replica_path(), staff="register", **body)
    number = subject.integrated_address_number
    case.ask("requestAcquisition", body={"integrated_address_number": number}, staff="register")
    case.ask(
        "readReplica", path={"integrated_address_number": number, "information": "TM99999999999999"}, staff="register"
    )
    case.ask("submitInquiry", body=subject.request(traffic.asking, task="JM99999999999999"), staff="inquire")
    case.ask("submitInquiry", body=subject.request(traffic.asking, asker=traffic.asking.provider), staff="inquire")
    case.ask("submitInquiry", body=subject.request(traffic.asking, user_id=person.kana), staff="inquire")
    case.ask("createNotice", body={"integrated_address_number": number, "text": person.kana}, staff="register")
    case.ask("readReplica", path=traffic.replica_path(), headers={"Authorization": f"Bearer {traffic.token or number}"})
    case.ask("openStaffSession", body={"staff_id": person.kana, "passphrase": traffic.secret})
    case.ask("openStaffSession", body={"staff_id": traffic.secret, "passphrase": [traffic.secret]})


def _wrong_bodies(traffic: Traffic, good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    mark = traffic.held
    yield {"body": good | {"generation": str(mark)}}
    yield {"body": good | {"updated_at": f"{mark}"}}
    yield {"body": good | {"automatic_answer": mark}}
    yield {"body": good | {"items": dict.fromkeys(good["items"], f"{mark}")}}
    yield {"body": good | {"remark": mark}}
    yield {"raw": f'{{"generation": {mark}, "name": "{traffic.subject.person.kana}"'.encode()}
    yield {"raw": f'{{"items": "{mark}"}} {traffic.subject.person.address}'.encode()}


def wrong_on_network(traffic: Traffic) -> None:
    """The same on the network side."""
    case, person, subject = traffic.case, traffic.subject.person, traffic.subject
    strange = subject.code_at(traffic.asking.provider)
    code = subject.linkage_code
    for body in (
        {"acquisition_number": "0" * 20, "linkage_code": code},
        {"acquisition_number": code, "linkage_code": code},
        {"acquisition_number": "0" * 20, "linkage_code": subject.integrated_address_number},
        {"acquisition_number": "0" * 20, "linkage_code": code, "name": person.kana, "address": person.address},
        {"acquisition_number": person.resident_code, "linkage_code": person.individual_number},
    ):
        case.ask("deliverLinkageCode", body=body)
    request = subject.provision(traffic.providing)
    for changed in (
        {"permit": "x" + request.body["permit"]},
        {"task": person.kana},
        {"linkage_code": code + "A"},
        {"information": person.individual_number},
        {"integrated_address_number": subject.integrated_address_number},
        {"asker": person.resident_code, "fiscal_year": person.address},
    ):
        case.ask("requestProvision", body=request.body | changed)
    case.ask("requestProvision", raw=f'{{"linkage_code": "{code}", "name": "{person.kana}"'.encode())
    for body in (
        {"linkage_code": strange},
        {"linkage_code": code, "from": person.birth_date},
        {"linkage_code": code + "="},
    ):
        case.ask("discloseRecords", body=body)
        case.ask("searchNotices", body=body | {"cursor": person.individual_number})
    case.ask(
        "acknowledgeNotice", path={"notice_id": code}, body={"linkage_code": code, "acknowledged_at": person.address}
    )
