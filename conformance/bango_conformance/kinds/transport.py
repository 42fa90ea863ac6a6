"""Transport: whoever cannot show a valid certificate of the right role learns nothing, on either side of the server."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from bango_conformance.obligation import Obligation
from bango_conformance.operations import operation
from bango_mocks.authority import Authority
from bango_mocks.tls import client_context
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage import Stage
    from bango_conformance.suite import Scope

SECONDS = 10.0
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Side:
    """One listener of the server, and an operation that its rightful caller may always use."""

    id: str
    role: str
    probe: str
    title: Text

    def origin(self, stage: Stage) -> str:
        """Where the side listens."""
        endpoints = stage.target.endpoints
        return endpoints.in_house if self.id == "in-house" else endpoints.network

    def body(self, stage: Stage) -> str | None:
        """The body in the rightful caller's certificate."""
        return stage.target.body.code if self.role == "in-house" else None


SIDES = (
    Side("in-house", "in-house", "readInHouseHealth", Text(ja="業務側", en="the in-house side")),
    Side("network", "interface-system", "readNetworkHealth", Text(ja="ネットワーク側", en="the network side")),
)


def _without_certificate(stage: Stage, side: Side) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(stage.credential(side.role, side.body(stage)).authority))


def _of_another_authority(stage: Stage, side: Side) -> ssl.SSLContext:
    stranger = Authority.create(stage.folder / f"stranger-{side.id}")
    forged = stranger.issue(stage.folder / f"forged-{side.id}", side.role, side.body(stage))
    own = stage.credential(side.role, side.body(stage))
    # It trusts the target, so that only the target can be the one to refuse.
    forged.authority.write_bytes(own.authority.read_bytes())
    forged.revoked.write_bytes(own.revoked.read_bytes())
    return client_context(forged)


def _expired(stage: Stage, side: Side) -> ssl.SSLContext:
    now = dt.datetime.now(dt.UTC)
    return client_context(stage.credential(side.role, side.body(stage), starts=now - 30 * DAY, ends=now - DAY))


def _not_yet_valid(stage: Stage, side: Side) -> ssl.SSLContext:
    now = dt.datetime.now(dt.UTC)
    return client_context(stage.credential(side.role, side.body(stage), starts=now + DAY, ends=now + 30 * DAY))


CONNECTIONS: tuple[tuple[str, str, Callable[[Stage, Side], ssl.SSLContext], Text], ...] = (
    (
        "no-certificate",
        "IS-TRN-001",
        _without_certificate,
        Text(ja="証明書のない接続", en="a connection without a certificate"),
    ),
    (
        "other-authority",
        "IS-TRN-002",
        _of_another_authority,
        Text(ja="他の認証局の証明書", en="a certificate of another authority"),
    ),
    ("expired", "IS-TRN-003", _expired, Text(ja="期限の切れた証明書", en="an expired certificate")),
    (
        "not-yet-valid",
        "IS-TRN-003",
        _not_yet_valid,
        Text(ja="有効期間の前の証明書", en="a certificate that is not valid yet"),
    ),
)


def obligations(scope: Scope) -> Iterator[Obligation]:  # noqa: ARG001 - transport does not depend on the edition or body
    """Each wrong connection on each side."""
    for side in SIDES:
        for name, clause, connect, title in CONNECTIONS:
            yield Obligation(
                id=f"transport.{side.id}.{name}",
                kind="transport",
                clauses=(clause,),
                element=f"interfaces/intermediate-server.{side.id}#tls",
                title=Text(
                    ja=f"{side.title.ja}は、{title.ja}を拒む",
                    en=f"{side.title.en[0].upper()}{side.title.en[1:]} refuses {title.en}",
                ),
                check=_refuses(side, connect, title.en),
                smoke=name == "no-certificate",
            )


def _refuses(side: Side, connect: Callable[[Stage, Side], ssl.SSLContext], what: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        found = operation(side.probe)
        _must_answer(case, side)
        with httpx.Client(verify=connect(case.stage, side), timeout=SECONDS, trust_env=False) as client:
            try:
                answer = client.request(found.method, side.origin(case.stage) + found.path)
            except httpx.TransportError:
                return
        case.fail(
            "CONNECTION-ACCEPTED",
            sent=f"{found.method} {found.path} over {what}",
            expected="a refused TLS handshake",
            came=f"HTTP {answer.status_code}",
        )

    return check


def _must_answer(case: Case, side: Side) -> None:
    # Bound to its cause: the same request with the right certificate is answered, so only the certificate can be the reason.
    case.need(case.ask(side.probe), 200)
