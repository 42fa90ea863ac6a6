"""Connections that must lead nowhere on either side: certificates, periods, revocation, protocol versions."""

from __future__ import annotations

import datetime as dt
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bango_conformance.findings import Unmet
from bango_conformance.kinds.transport_wire import Attempt, attempt
from bango_conformance.obligation import Obligation
from bango_conformance.operations import operation
from bango_mocks.authority import Authority, Credential, role_uri
from bango_mocks.tls import client_context
from bango_spec.assumptions import number
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage import Stage
    from bango_conformance.suite import Scope

DAY = dt.timedelta(days=1)
PAUSE = 0.25
# What a server or a proxy in front of it says instead of serving somebody without a valid certificate.
TURNED_AWAY = frozenset({400, 403, 421, 426, 495, 496, 497})


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

    def credential(self, stage: Stage) -> Credential:
        """A certificate of the rightful caller."""
        return stage.credential(self.role, self.body(stage))


SIDES = (
    Side("in-house", "in-house", "readInHouseHealth", Text(ja="業務側", en="the in-house side")),
    Side("network", "interface-system", "readNetworkHealth", Text(ja="ネットワーク側", en="the network side")),
)
Connect = Callable[["Stage", Side], ssl.SSLContext | None]


def trusting(stage: Stage, side: Side) -> ssl.SSLContext:
    """A client without a certificate that trusts the target, so that only the target can be the one to refuse."""
    return ssl.create_default_context(cafile=str(side.credential(stage).authority))


def _showing(stage: Stage, side: Side, credential: Credential) -> ssl.SSLContext:
    context = trusting(stage, side)
    context.load_cert_chain(credential.certificate, credential.key)
    return context


def _no_certificate(stage: Stage, side: Side) -> ssl.SSLContext:
    return trusting(stage, side)


def _plain(stage: Stage, side: Side) -> None:  # noqa: ARG001 - one of the connections
    return None


def _other_authority(stage: Stage, side: Side) -> ssl.SSLContext:
    folder = stage.folder / f"stranger-{side.id}"
    stranger = Authority.create(folder)
    return _showing(stage, side, stranger.issue(folder / "forged", side.role, side.body(stage)))


def _self_signed(stage: Stage, side: Side) -> ssl.SSLContext:
    # An authority of its own for one certificate, shown as the certificate itself.
    folder = stage.folder / f"self-signed-{side.id}"
    Authority.create(folder, f"TEST {role_uri(side.role, side.body(stage))}"[:64])
    context = trusting(stage, side)
    context.load_cert_chain(folder / "authority.pem", folder / "authority-key.pem")
    return context


def _signed_by_a_component(stage: Stage, side: Side) -> ssl.SSLContext:
    # A component's certificate is used as if it were an authority's.
    leaf = side.credential(stage)
    folder = stage.folder / f"leaf-{side.id}"
    folder.mkdir(exist_ok=True)
    (folder / "authority.pem").write_bytes(leaf.certificate.read_bytes())
    (folder / "authority-key.pem").write_bytes(leaf.key.read_bytes())
    (folder / "revoked.pem").write_bytes(leaf.revoked.read_bytes())
    made = Authority(folder).issue(folder / "made", side.role, side.body(stage))
    made.certificate.write_bytes(made.certificate.read_bytes() + leaf.certificate.read_bytes())
    return _showing(stage, side, made)


def _expired(stage: Stage, side: Side) -> ssl.SSLContext:
    now = dt.datetime.now(dt.UTC)
    made = stage.credential(side.role, side.body(stage), starts=now - 30 * DAY, ends=now - DAY)
    return _showing(stage, side, made)


def _just_expired(stage: Stage, side: Side) -> ssl.SSLContext:
    now = dt.datetime.now(dt.UTC)
    made = stage.credential(side.role, side.body(stage), starts=now - DAY, ends=now - dt.timedelta(seconds=30))
    return _showing(stage, side, made)


def _not_yet_valid(stage: Stage, side: Side) -> ssl.SSLContext:
    now = dt.datetime.now(dt.UTC)
    made = stage.credential(side.role, side.body(stage), starts=now + DAY, ends=now + 30 * DAY)
    return _showing(stage, side, made)


def _revoked(stage: Stage, side: Side) -> ssl.SSLContext:
    if side.role not in stage.revoked:
        raise Unmet("失効済みの証明書を対象に知らせる手立てがありません。", "the target was not started by this run")
    return _showing(stage, side, stage.revoked[side.role])


def _old(version: ssl.TLSVersion) -> Connect:
    def connect(stage: Stage, side: Side) -> ssl.SSLContext:
        context = _showing(stage, side, side.credential(stage))
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        return context

    return connect


def _ciphers(listed: str) -> Connect:
    def connect(stage: Stage, side: Side) -> ssl.SSLContext:
        context = _showing(stage, side, side.credential(stage))
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(f"{listed}:@SECLEVEL=0")
        return context

    return connect


CONNECTIONS: tuple[tuple[str, str, Connect, Text], ...] = (
    (
        "no-certificate",
        "IS-TRN-001",
        _no_certificate,
        Text(ja="証明書のない接続", en="a connection without a certificate"),
    ),
    ("plain-http", "IS-TRN-001", _plain, Text(ja="平文のHTTP", en="plain HTTP")),
    (
        "anonymous",
        "IS-TRN-001",
        _ciphers("aNULL"),
        Text(ja="互いを確かめない暗号", en="a cipher without authentication"),
    ),
    (
        "other-authority",
        "IS-TRN-002",
        _other_authority,
        Text(ja="同じ名の他の認証局の証明書", en="a certificate of another authority of the same name"),
    ),
    ("self-signed", "IS-TRN-002", _self_signed, Text(ja="自己署名の証明書", en="a self-signed certificate")),
    (
        "signed-by-component",
        "IS-TRN-002",
        _signed_by_a_component,
        Text(ja="認証局でない者が署名した証明書", en="a certificate signed by a component"),
    ),
    ("expired", "IS-TRN-003", _expired, Text(ja="期限の切れた証明書", en="an expired certificate")),
    (
        "just-expired",
        "IS-TRN-003",
        _just_expired,
        Text(ja="今しがた期限の切れた証明書", en="a certificate that expired a moment ago"),
    ),
    (
        "not-yet-valid",
        "IS-TRN-003",
        _not_yet_valid,
        Text(ja="有効期間の前の証明書", en="a certificate that is not valid yet"),
    ),
    ("revoked", "IS-TRN-004", _revoked, Text(ja="失効した証明書", en="a revoked certificate")),
    ("tls-1-0", "IS-TRN-005", _old(ssl.TLSVersion.TLSv1), Text(ja="TLS 1.0", en="TLS 1.0")),
    ("tls-1-1", "IS-TRN-005", _old(ssl.TLSVersion.TLSv1_1), Text(ja="TLS 1.1", en="TLS 1.1")),
    ("no-encryption", "IS-TRN-005", _ciphers("eNULL"), Text(ja="暗号化しない方式", en="a cipher without encryption")),
)


def obligations(scope: Scope) -> Iterator[Obligation]:  # noqa: ARG001 - transport does not depend on the edition or body
    """Each wrong connection on each side, and a revocation that takes effect while the server runs."""
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
        yield Obligation(
            id=f"transport.{side.id}.revoked-while-running",
            kind="transport",
            clauses=("IS-TRN-004",),
            element="assumptions/revocation-refresh-seconds",
            title=Text(
                ja=f"{side.title.ja}は、動いている間に失効した証明書を拒むようになる",
                en=f"{side.title.en[0].upper()}{side.title.en[1:]} learns of a revocation while it runs",
            ),
            check=_learns(side),
            needs=("hook:start",),
        )


def probe(case: Case, side: Side, context: ssl.SSLContext | None, own: str = "") -> Attempt:
    """The side's health, asked over a connection of one's own."""
    found = operation(side.probe)
    return attempt(case, side.origin(case.stage), context, found.method, found.path, own=own)


def must_answer(case: Case, side: Side) -> None:
    """Bound to its cause: the same request with the right certificate is answered, so only the connection can be the reason."""
    context = client_context(side.credential(case.stage))
    found = probe(case, side, context, role_uri(side.role, side.body(case.stage)))
    if found.status != 200:
        raise Unmet(
            "正しい証明書による接続も応答されません。",
            f"the right certificate is not answered either: {found.status} {found.error}",
        )


def must_not_hang(case: Case, found: Attempt, sent: str) -> None:
    """Silence is no refusal: whoever waits for it holds a connection, and learns nothing."""
    if "TimeoutError" in found.error or "ConnectionRefused" in found.error:
        case.fail("CONNECTION-HANGS", sent=sent, expected="a refusal at once", came=found.error)


def _refuses(side: Side, connect: Connect, what: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        must_answer(case, side)
        try:
            context = connect(case.stage, side)
        except ssl.SSLError as unable:
            raise Unmet(
                "この計算機のTLSでは試せません。", f"the TLS library here cannot offer {what}: {unable}"
            ) from unable
        found = probe(case, side, context)
        if "NO_PROTOCOLS_AVAILABLE" in found.error or "NO_CIPHERS_AVAILABLE" in found.error:
            raise Unmet("この計算機のTLSでは試せません。", f"the TLS library here cannot offer {what}: {found.error}")
        must_not_hang(case, found, f"a connection over {what}")
        if found.status is not None and found.status not in TURNED_AWAY:
            case.fail(
                "CONNECTION-ACCEPTED",
                sent=f"the side's health, asked over {what}",
                expected="a refused TLS handshake",
                came=f"HTTP {found.status} over {found.tls.version or 'plain TCP'}",
            )

    return check


def _learns(side: Side) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        stage = case.stage
        credential = side.credential(stage)
        context = client_context(credential)
        if probe(case, side, context).status != 200:
            raise Unmet("失効させる前の証明書が使えません。", "the certificate does not work before it is revoked")
        stage.revoke(credential)
        # The old context must not check its own revocation list, and must not resume a session.
        context = _showing(stage, side, credential)
        seconds = number("revocation-refresh-seconds")
        limit = time.monotonic() + seconds + 5
        while probe(case, side, context).status is not None:
            if time.monotonic() > limit:
                case.fail(
                    "REVOCATION-UNNOTICED",
                    sent=f"a new connection with a certificate revoked {seconds} seconds ago",
                    expected="a refused TLS handshake",
                    came="an HTTP answer",
                )
            time.sleep(PAUSE)
        must_answer(case, side)

    return check
