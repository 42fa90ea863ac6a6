"""What the server in operation tells of itself: its health, its functions, its counts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.choices import asking, not_permitted, providing
from bango_conformance.kinds.by_hand import by_hand
from bango_conformance.kinds.lifecycle_provision import ProvisionPlayer
from bango_conformance.kinds.workflow_load import connection_cap, network_silent
from bango_conformance.lines import asker_lines
from bango_conformance.operations import operation
from bango_conformance.shape.request import send
from bango_conformance.shape.valid import Valid
from bango_spec.interfaces import schema

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope

Check = Callable[["Case"], None]
SECONDS = 15.0
PAUSE = 0.05
IN_HOUSE = "intermediate-server.in-house"
FUNCTION_IDS = "#/components/schemas/Function/properties/id"
SAMPLE = re.compile(r'^(\w+)\{outcome="([a-z-]+)"\} ([0-9.]+)', re.MULTILINE)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """By hand, and among them what happens under load."""
    yield by_hand(
        "workflow.running.health",
        ("IS-OPS-001",),
        _health,
        "インターフェイスシステムの不通と回復を稼働状態に示す",
        "Health tells when the interface system cannot be reached, and when it can again",
        alone=True,
    )
    yield by_hand(
        "workflow.running.connection-cap",
        ("IS-OPS-006",),
        connection_cap,
        "接続の上限を超えた分に503を答え、空けば再び受ける",
        "Connections over the cap get 503 with Retry-After; there is room again when they end",
        alone=True,
    )
    for name in sorted(schema(IN_HOUSE, FUNCTION_IDS)["enum"]):
        yield by_hand(
            f"workflow.running.function.{name}",
            ("IS-OPS-007",),
            _function(scope, name),
            f"機能{name}を挙げ、挙げた操作に応じる",
            f"The function {name} is listed, and what it lists is served",
        )
    asked, provides = asking(scope), providing(scope)
    if asked is not None and provides is not None:
        yield by_hand(
            "workflow.running.network-silent",
            ("IS-OPS-002",),
            network_silent(asked, provides),
            "ネットワークが応答しない間も、要らない操作に応じる",
            "In-house operations that need no network go on while it is silent",
            alone=True,
        )
        yield by_hand(
            "workflow.running.counts",
            ("IS-OPS-003",),
            _counts(scope, asked, provides),
            "結末ごとの件数が起きたことと一致する",
            "The counts by outcome equal what happened",
            alone=True,
        )


def _state(case: Case) -> str:
    told = case.need(case.ask("readInHouseHealth"), 200).json
    return next((one["status"] for one in told["checks"] if one["name"] == "interface-system"), "missing")


def _until(case: Case, wanted: Callable[[str], bool]) -> str:
    limit = time.monotonic() + SECONDS
    while True:
        found = _state(case)
        if wanted(found) or time.monotonic() > limit:
            return found
        time.sleep(PAUSE)


def _health(case: Case) -> None:
    before = _until(case, lambda found: found == "up")
    if before != "up":
        case.fail("HEALTH-WRONG", sent="a working network", expected="up", came=before)
    with case.stage.tap.silence():
        down = _until(case, lambda found: found != "up")
        if down not in ("down", "degraded"):
            case.fail("HEALTH-WRONG", sent="a silent interface system", expected="down or degraded", came=down)
    after = _until(case, lambda found: found == "up")
    if after != "up":
        case.fail("HEALTH-WRONG", sent="the interface system back again", expected="up", came=after)


def _function(scope: Scope, name: str) -> Check:
    def check(case: Case) -> None:
        told = case.need(case.ask("listFunctions", staff="register"), 200).json["functions"]
        listed = next((one["operations"] for one in told if one["id"] == name), None)
        if not listed:
            case.fail("FUNCTION-MISSING", sent="listFunctions", expected=name, came=str([one["id"] for one in told]))
        for operation_id in listed:
            try:
                operation(operation_id)
            except KeyError:
                case.fail("FUNCTION-UNKNOWN", sent=name, expected="operations of the interface", came=operation_id)
            answer = send(case, Valid(case, scope).request(operation_id))
            if answer.status >= 400:
                case.fail("FUNCTION-NOT-SERVED", sent=operation_id, expected="it is served", came=answer.short())

    return check


def _metrics(case: Case) -> dict[tuple[str, str], float]:
    answer = case.need(case.ask("readMetrics", staff="audit"), 200)
    text = answer.raw.decode("utf-8", "replace")
    return {(family.removesuffix("_total"), outcome): float(count) for family, outcome, count in SAMPLE.findall(text)}


def _counts(scope: Scope, asked: AllowedLine, provides: AllowedLine) -> Check:
    def check(case: Case) -> None:
        known, nobody = case.subject(), case.subject()
        known.link()
        before = _metrics(case)
        case.need(case.ask("requestProvision", body=known.provision(provides).body), 200)
        known.put(provides.information)
        for _ in range(2):
            case.need(case.ask("requestProvision", body=known.provision(provides).body), 200)
        case.need(case.ask("requestProvision", body=nobody.provision(provides).body), 200)
        waiting = ProvisionPlayer(case, provides, "staff")
        case.need(waiting.on_request(), 202)
        case.need(waiting.on_approve(), 200)
        known.settled(known.inquire(asked))
        known.settled(known.inquire(not_permitted(scope, asker_lines(scope), asked)))
        expected = {
            ("bango_provisions", "no-record"): 1,
            ("bango_provisions", "provided"): 3,
            ("bango_provisions", "no-person"): 1,
            ("bango_inquiries", "provided"): 1,
            ("bango_inquiries", "not-permitted"): 1,
        }
        after = _metrics(case)
        found = {key: after[key] - before.get(key, 0) for key in after if after[key] != before.get(key, 0)}
        if found != expected:
            case.fail("COUNTS-WRONG", sent="a known number of exchanges", expected=str(expected), came=str(found))

    return check
