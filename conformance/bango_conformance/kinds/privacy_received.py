"""Information received from other bodies, which is never the own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.canaries import Watch
from bango_conformance.findings import Unmet
from bango_conformance.kinds.privacy_marks import asking, providing
from bango_conformance.kinds.privacy_sealed import opened
from bango_conformance.kinds.privacy_search import make
from bango_conformance.kinds.privacy_traffic import Traffic
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

NETWORK = "interfaces/intermediate-server.network"
IN_HOUSE = "interfaces/intermediate-server.in-house"


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Received contents, provided on or shown as a replica."""
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
