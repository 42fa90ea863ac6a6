"""The server under load and in an outage: connections over the cap, and a network that does not answer."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bango_conformance.operations import operation
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.subject import AllowedLine

Check = Callable[["Case"], None]
SECONDS = 15.0
PAUSE = 0.05
WAITING = 24


def connection_cap(case: Case) -> None:
    """More connections than the cap allows, then room again."""
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


def network_silent(asked: AllowedLine, provides: AllowedLine) -> Check:
    """What needs no network goes on without it, and what waited goes on after it."""

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
