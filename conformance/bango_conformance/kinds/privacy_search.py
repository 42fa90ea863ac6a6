"""Searching what a case saw for the canaries of its person, and making obligations of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bango_conformance.canaries import Watch, parts_from_target
from bango_conformance.findings import Unmet
from bango_conformance.kinds.privacy_traffic import Traffic
from bango_conformance.obligation import Obligation
from bango_reports.model import Exchange
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.findings import Located
    from bango_conformance.suite import Scope

Act = Callable[[Traffic], object]
Wanted = Callable[[Exchange], bool]

VALUES = {
    "integrated-address-number": Text(ja="団体内統合宛名番号", en="integrated address number"),
    "linkage-code": Text(ja="符号", en="linkage code"),
    "individual-number": Text(ja="個人番号", en="individual number"),
    "resident-code": Text(ja="住民票コード", en="resident code"),
    "name": Text(ja="氏名", en="name"),
    "address": Text(ja="住所", en="address"),
    "birth-date": Text(ja="生年月日", en="date of birth"),
    "replica-value": Text(ja="副本の値", en="value of a replica"),
    "received-value": Text(ja="照会で受け取った値", en="value received by an inquiry"),
    "staff-words": Text(ja="職員が書いた文", en="words written by staff"),
    "passphrase": Text(ja="合言葉", en="passphrase"),
    "token": Text(ja="職員のトークン", en="staff token"),
    "acquisition-number": Text(ja="取得番号", en="acquisition number"),
}


def make(
    name: str,
    clauses: Iterable[str],
    element: str,
    title: Text,
    check: Callable[[Case], None],
    *,
    needs: tuple[str, ...] = (),
    alone: bool = False,
    smoke: bool = False,
) -> Obligation:
    """A privacy obligation."""
    return Obligation(
        id=f"privacy.{name}",
        kind="privacy",
        clauses=tuple(clauses),
        element=element,
        title=title,
        check=check,
        needs=needs,
        alone=alone,
        smoke=smoke,
    )


def of(*operations: str) -> Wanted:
    """Exchanges of these operations."""
    return lambda exchange: exchange.label in operations


def problems(exchange: Exchange) -> bool:
    """Answers of the target that refuse something."""
    return exchange.direction == "sent-to-target" and (exchange.status or 0) >= 400


def absent(  # one keyword for each thing that differs between places
    scope: Scope,
    values: tuple[str, ...],
    acts: Iterable[Act],
    wanted: Wanted,
    *,
    code: str,
    what: str,
    located: Located = "sent",
) -> Callable[[Case], None]:
    """A check: after the acts none of the person's values stands in what the target wrote in the wanted exchanges."""

    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        for act in acts:
            act(traffic)
        look(case, traffic, values, wanted, code=code, what=what, located=located)

    return check


def look(
    case: Case,
    traffic: Traffic,
    values: tuple[str, ...],
    wanted: Wanted,
    *,
    code: str,
    what: str,
    located: Located = "sent",
) -> None:
    """Search the wanted exchanges of the case; Unmet if there was none, so that nothing passes unseen."""
    seen = [exchange for exchange in case.evidence().exchanges if wanted(exchange)]
    if not seen:
        raise Unmet("捜すべきやり取りが起きませんでした。", f"nothing to search: no exchange was {what}")
    watch = Watch(traffic.canary(value) for value in values)
    for exchange in seen:
        for part in parts_from_target(exchange):
            found = watch.first(part.data)
            if found is not None:
                case.fail(
                    code,
                    sent=what,
                    expected=f"no {found.canary.kind} in {exchange.label or exchange.url}, in whatever writing",
                    came=f"{found.said()} stands in {part.name} of {exchange.label or exchange.url}",
                    located=located,
                )


def look_in(case: Case, data: bytes, traffic: Traffic, values: tuple[str, ...], *, code: str, what: str) -> None:
    """Search an export of a store or log."""
    found = Watch(traffic.canary(value) for value in values).first(data)
    if found is not None:
        case.fail(
            code,
            sent=f"the traffic of a person, then the hook for {what}",
            expected=f"no {found.canary.kind} in {what}, in whatever writing",
            came=f"{found.said()} stands in {what} of {len(data)} bytes",
            located="stored",
        )
