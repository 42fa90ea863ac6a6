"""The server in operation: health, outages of the network, counts, the cap on connections, functions, failures that stay visible."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bango_conformance.choices import asking, not_permitted, providing
from bango_conformance.kinds.by_hand import by_hand
from bango_conformance.kinds.lifecycle_provision import ProvisionPlayer
from bango_conformance.lines import asker_lines
from bango_conformance.operations import operation
from bango_conformance.shape.request import send
from bango_conformance.shape.valid import Valid
from bango_spec.assumptions import number
from bango_spec.interfaces import schema

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope

Check = Callable[["Case"], None]
SECONDS = 15.0
PAUSE = 0.05
WAITING = 24
IN_HOUSE = "intermediate-server.in-house"
FUNCTION_IDS = "#/components/schemas/Function/properties/id"
SAMPLE = re.compile(r'^(\w+)\{outcome="([a-z-]+)"\} ([0-9.]+)', re.MULTILINE)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """By hand."""
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
        _cap,
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
            _silent(asked, provides),
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
    if provides is not None:
        for kind, cause in (
            ("acquisition-failed", _failed_acquisition),
            ("answer-undelivered", _undelivered(provides)),
        ):
            yield by_hand(
                f"workflow.running.unresolved.{kind}",
                ("IS-OPS-008",),
                _unresolved(kind, cause),
                "失敗は職員が確認するまで未解決として見え続ける",
                "A failure stays visible as unresolved until staff have acknowledged it",
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


def _silent(asked: AllowedLine, provides: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        # What the server reads of the network once, it has read by then.
        subject.settled(subject.inquire(asked))
        other = case.subject()
        with case.stage.tap.silence():
            inquiries = [subject.inquire(asked) for _ in range(WAITING)]
            began = time.monotonic()
            content = other.content(provides.information)
            path = {"integrated_address_number": other.integrated_address_number, "information": provides.information}
            query = {"fiscal_year": content["fiscal_year"]} if "fiscal_year" in content else {}
            for operation_id, staff, more in (
                ("putReplica", "register", {"path": path, "body": content}),
                ("readReplica", "register", {"path": path, "query": query}),
                ("listRecords", "audit", {"query": {"limit": "1"}}),
                ("readInquiry", "inquire", {"path": {"inquiry_id": inquiries[0]}}),
            ):
                answer = case.ask(operation_id, staff=staff, **more)
                if answer.status not in (200, 201):
                    case.fail(
                        "STOPPED", sent=f"{operation_id}, the network silent", expected="200", came=answer.short()
                    )
            took = time.monotonic() - began
            if took > SECONDS:
                case.fail("STOPPED", sent="in-house operations", expected=f"within {SECONDS} s", came=f"{took:.0f} s")
        for inquiry in inquiries[:3]:
            over = subject.settled(inquiry)
            if over["state"] != "answered":
                case.fail("NOT-RESUMED", sent="the network back again", expected="answered", came=over["state"])

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
        known.settled(known.inquire(not_permitted(asker_lines(scope), asked)))
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


def _cap(case: Case) -> None:
    where = urlsplit(case.stage.target.endpoints.in_house)
    context, most = case.stage.context("in-house"), number("connection-limit")
    case.stage.channel("in-house").disconnect()
    with ExitStack() as held:
        answers = [_over(held, context, where.hostname or "", where.port or 443) for _ in range(most + 4)]
        refused = [one for one in answers if one.startswith(b"HTTP/1.1 503")]
        served = [one for one in answers if one.startswith(b"HTTP/1.1 200")]
        if not refused or len(served) < most // 2 or len(refused) + len(served) != len(answers):
            came = f"{len(served)} served, {len(refused)} with 503"
            case.fail("CAP", sent=f"{most + 4} connections", expected="503 for those over the cap", came=came)
        told = refused[0].lower()
        if b"retry-after:" not in told or b"connection-cap" not in told:
            case.fail(
                "CAP", sent=f"{most + 4} connections", expected="connection-cap with Retry-After", came=str(told[:300])
            )
    limit = time.monotonic() + SECONDS
    while (answer := case.ask("readInHouseHealth")).status != 200:
        if time.monotonic() > limit:
            case.fail("CAP-STAYS", sent="a request after they were closed", expected="200", came=answer.short())
        time.sleep(PAUSE)


def _over(held: ExitStack, context: ssl.SSLContext, host: str, port: int) -> bytes:
    """The answer to one request over a connection of its own, which stays open."""
    path = operation("readInHouseHealth").path
    version = "Bango-Profile-Version: 1.0\r\nBango-Correlation-Id: 7f8b2c1e-4d5a-4b6c-8d7e-9f0a1b2c3d4e\r\n"
    try:
        plain = held.enter_context(socket.create_connection((host, port), SECONDS))
        way = held.enter_context(context.wrap_socket(plain, server_hostname=host))
        way.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{version}\r\n".encode())
        return _whole(way)
    except (OSError, ssl.SSLError) as error:
        return f"no answer: {error}".encode()


def _whole(way: ssl.SSLSocket) -> bytes:
    answer = b""
    while part := way.recv(65536):
        answer += part
        if b"}" in part:
            break
    return answer


def _failed_acquisition(case: Case) -> str:
    acquired = case.subject().acquire()
    case.need(case.ask("deliverLinkageCode", body={"acquisition_number": acquired, "failure": "no-person"}), 200)
    return acquired


def _undelivered(line: AllowedLine) -> Callable[[Case], str]:
    def cause(case: Case) -> str:
        made = ProvisionPlayer(case, line, "staff")
        case.need(made.on_request(), 202)
        with case.stage.played.failing(made.permit_id, 100):
            case.need(made.on_approve(), 200)
            _await(case, made.permit_id)
        return made.permit_id

    return cause


def _listed(case: Case, about: str) -> tuple[dict[str, Any] | None, int]:
    query = {"limit": "1000"}
    found: dict[str, Any] | None = None
    while True:
        page = case.need(case.ask("listUnresolvedFailures", query=query, staff="administer"), 200).json
        own = [one for one in page["failures"] if about in (one.get("permit_id"), one.get("acquisition_number"))]
        found = own[0] if own else found
        if "next_cursor" not in page:
            return found, page["unresolved"]
        query["cursor"] = page["next_cursor"]


def _await(case: Case, about: str) -> None:
    limit = time.monotonic() + 3 * SECONDS
    while _listed(case, about)[0] is None and time.monotonic() < limit:
        time.sleep(PAUSE)


def _unresolved(kind: str, cause: Callable[[Case], str]) -> Check:
    def check(case: Case) -> None:
        _, before = _listed(case, "")
        about = cause(case)
        _await(case, about)
        found, after = _listed(case, about)
        if found is None or (found["kind"], found["acknowledged"], after) != (kind, False, before + 1):
            case.fail(
                "FAILURE-HIDDEN", sent=kind, expected="one unresolved failure more", came=f"{found}, {after - before}"
            )
        path = {"failure_id": found["failure_id"]}
        body = {"action": "試験で確認した。"}
        case.need(case.ask("acknowledgeFailure", path=path, body=body, staff="administer"), 200)
        left, last = _listed(case, about)
        if left is not None or last != before:
            case.fail(
                "STILL-UNRESOLVED", sent="an acknowledgement", expected="one less", came=f"{left}, {last - before}"
            )

    return check
