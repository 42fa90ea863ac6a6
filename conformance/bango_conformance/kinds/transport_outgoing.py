"""The target as a client: it speaks to the interface system alone."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.findings import Unmet
from bango_conformance.kinds.privacy_marks import asking, providing
from bango_conformance.kinds.privacy_traffic import Traffic
from bango_conformance.obligation import Obligation
from bango_conformance.stage.impostor import Impostor
from bango_mocks.authority import Authority, Credential
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage import Stage
    from bango_conformance.suite import Scope

DAY = dt.timedelta(days=1)


def _listening(credential: Credential) -> ssl.SSLContext:
    # Asks for nothing and checks nothing, so that only the target can be the one to refuse.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(credential.certificate, credential.key)
    return context


def _wrong(role: str = "interface-system", body: str = "", **changed: Any) -> Callable[[Stage], ssl.SSLContext]:
    def make(stage: Stage) -> ssl.SSLContext:
        code = stage.target.body.code if body else None
        return _listening(stage.credential(role, code, **({"hosts": stage.hosts()} | changed)))

    return make


def _dated(starts: dt.timedelta, ends: dt.timedelta) -> Callable[[Stage], ssl.SSLContext]:
    def make(stage: Stage) -> ssl.SSLContext:
        now = dt.datetime.now(dt.UTC)
        return _wrong(starts=now + starts, ends=now + ends)(stage)

    return make


def _stranger(stage: Stage) -> ssl.SSLContext:
    folder = stage.folder / "stranger-interface-system"
    return _listening(Authority.create(folder).issue(folder / "forged", "interface-system", hosts=stage.hosts()))


def _self_signed(stage: Stage) -> ssl.SSLContext:
    folder = stage.folder / "self-signed-interface-system"
    Authority.create(folder, "TEST interface-system")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "authority.pem", folder / "authority-key.pem")
    return context


def _revoked(stage: Stage) -> ssl.SSLContext:
    if "interface-system" not in stage.revoked:
        raise Unmet("失効済みの証明書を対象に知らせる手立てがありません。", "the target was not started by this run")
    return _listening(stage.revoked["interface-system"])


def _old(stage: Stage) -> ssl.SSLContext:
    context = _wrong()(stage)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    return context


IMPOSTORS: tuple[tuple[str, str, Text, Callable[[Stage], ssl.SSLContext]], ...] = (
    (
        "other-authority",
        "IS-TRN-008",
        Text(ja="他の認証局の証明書", en="a certificate of another authority"),
        _stranger,
    ),
    ("self-signed", "IS-TRN-008", Text(ja="自己署名の証明書", en="a self-signed certificate"), _self_signed),
    ("expired", "IS-TRN-008", Text(ja="期限の切れた証明書", en="an expired certificate"), _dated(-30 * DAY, -DAY)),
    (
        "not-yet-valid",
        "IS-TRN-008",
        Text(ja="有効期間の前の証明書", en="a certificate not valid yet"),
        _dated(DAY, 30 * DAY),
    ),
    (
        "other-host",
        "IS-TRN-008",
        Text(ja="他の名前の証明書", en="a certificate for another name"),
        _wrong(hosts=("elsewhere.invalid",)),
    ),
    ("no-host", "IS-TRN-008", Text(ja="名前の無い証明書", en="a certificate without a name"), _wrong(hosts=())),
    ("role-core", "IS-TRN-008", Text(ja="コアの証明書", en="the core's certificate"), _wrong("core")),
    (
        "role-intermediate-server",
        "IS-TRN-008",
        Text(ja="中間サーバーの証明書", en="an intermediate server's certificate"),
        _wrong("intermediate-server", "own"),
    ),
    (
        "role-in-house",
        "IS-TRN-008",
        Text(ja="業務システムの証明書", en="an in-house certificate"),
        _wrong("in-house", "own"),
    ),
    ("role-jlis", "IS-TRN-008", Text(ja="機構の証明書", en="J-LIS's certificate"), _wrong("jlis")),
    ("no-role", "IS-TRN-008", Text(ja="役割の無い証明書", en="a certificate without a role"), _wrong(uri="")),
    ("revoked", "IS-TRN-004", Text(ja="失効した証明書", en="a revoked certificate"), _revoked),
    ("tls-1-1", "IS-TRN-005", Text(ja="TLS 1.1まで", en="TLS 1.1 at most"), _old),
)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each impostor in the place of the interface system."""
    for name, clause, title, make in IMPOSTORS:
        yield Obligation(
            id=f"transport.outgoing.{name}",
            kind="transport",
            clauses=(clause,),
            element="interfaces/interface-system/obtainAcquisitionNumber",
            title=Text(
                ja=f"{title.ja}を示す相手には何も送らない", en=f"Sends nothing to a server that shows {title.en}"
            ),
            check=_silent(name, make),
            alone=True,
        )
    if asking(scope) is None or providing(scope) is None:
        return
    yield Obligation(
        id="transport.outgoing.inquiry-to-impostor",
        kind="transport",
        clauses=("IS-TRN-008",),
        element="interfaces/interface-system/relayInquiry",
        title=Text(ja="偽の中継に照会を渡さない", en="Hands no inquiry to a false relay"),
        check=_inquiry_silent(scope),
        alone=True,
    )


def _silent(name: str, make: Callable[[Stage], ssl.SSLContext]) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        case.subject().acquire()
        subject = case.subject()
        body = {"integrated_address_number": subject.integrated_address_number}
        with case.stage.impostor(make(case.stage)) as impostor:
            answer = case.ask("requestAcquisition", body=body, staff="register")
            _nothing_said(case, impostor, name)
        case.refused(answer, "NOT-REPORTED", ("network-down", "timeout"), sent="an acquisition without a network")
        # Bound to its cause: with the interface system back the same request works.
        subject.acquire()

    return check


def _nothing_said(case: Case, impostor: Impostor, name: str) -> None:
    visits = impostor.visits()
    said = [visit for visit in visits if visit.said]
    if said:
        case.fail(
            "SAID-TO-IMPOSTOR",
            sent=f"a request of the in-house side while an impostor ({name}) holds the interface system's place",
            expected="a handshake that the target breaks off",
            came=f"{len(said[0].said)} bytes over {said[0].version}: {said[0].said[:40].decode('latin-1')!r}",
        )
    if not visits:
        raise Unmet("対象はつなごうとしませんでした。", "the target did not try to connect, so that nothing was tested")


def _inquiry_silent(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        traffic.inquire()
        with case.stage.impostor(_wrong("core")(case.stage)) as impostor:
            inquiry = traffic.subject.inquire(traffic.asking)
            visits = traffic.waited(lambda: bool(impostor.visits()))
            _nothing_said(case, impostor, "core")
        if not visits:
            raise Unmet("対象はつなごうとしませんでした。", "the target did not try to connect")
        found = traffic.subject.settled(inquiry)
        if found["state"] not in ("answered", "failed"):
            case.fail(
                "INQUIRY-LOST",
                sent="an inquiry while an impostor held the interface system's place",
                expected="an answer once the interface system is back, or failed",
                came=str(found["state"]),
            )

    return check
