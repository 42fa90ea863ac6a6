"""The target as a client: it speaks to the interface system alone, and fetches nothing that it is told to."""

from __future__ import annotations

import base64
import datetime as dt
import json
import ssl
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from joserfc import jwe, jws
from joserfc.jwk import ECKey

from bango_conformance.findings import Unmet
from bango_conformance.kinds.privacy_traffic import Traffic, asking, providing
from bango_conformance.obligation import Obligation
from bango_conformance.stage.impostor import Impostor
from bango_conformance.stage.played import answer_with, content_for
from bango_conformance.subject import layout_of
from bango_mocks.authority import Authority, Credential
from bango_mocks.serving import Reply
from bango_spec.assumptions import value
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage import Stage
    from bango_conformance.stage.played import Asked
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
TRAPS = ("jku", "x5u")


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each impostor in the place of the interface system, and each URL that must not be fetched."""
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
    for trap in TRAPS:
        for known in (False, True):
            yield _trap(
                f"permit.{trap}.{'known-key' if known else 'unknown-key'}",
                Text(ja=f"許可の見出しの{trap}に接続しない", en=f"Does not fetch the {trap} of a permit"),
                _permit_trap(scope, trap, known=known),
            )
        yield _trap(
            f"encryption-key.{trap}",
            Text(ja=f"暗号鍵の{trap}に接続しない", en=f"Does not fetch the {trap} of an encryption key"),
            _key_trap(scope, trap),
        )
        yield _trap(
            f"answer.{trap}",
            Text(ja=f"受け取った回答の見出しの{trap}に接続しない", en=f"Does not fetch the {trap} of an answer"),
            _answer_trap(scope, trap),
        )


def _trap(name: str, title: Text, check: Callable[[Case], None]) -> Obligation:
    return Obligation(
        id=f"transport.url.{name}",
        kind="transport",
        clauses=("IS-TRN-010",),
        element="interfaces/intermediate-server.network/requestProvision",
        title=title,
        check=check,
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


def _with_trap(case: Case, run: Callable[[str], None], what: str) -> None:
    host = case.stage.target.network.bind
    with Impostor(host, 0, None) as trap:
        run(f"http://{case.stage.target.network.advertise}:{trap.port}/keys.json")
        visits = trap.visits()
        if visits:
            case.fail(
                "URL-FETCHED",
                sent=what,
                expected="no connection to the URL named in it",
                came=f"{len(visits)} connection(s), the first saying {visits[0].said[:60].decode('latin-1')!r}",
            )


def _permit_trap(scope: Scope, trap: str, *, known: bool) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        traffic.put()
        request = traffic.subject.provision(traffic.providing)
        header = _header_of(request.body["permit"])
        stranger = ECKey.generate_key("P-256", {"use": "sig", "alg": header["alg"]})
        stranger.ensure_kid()
        chosen = header["kid"] if known else stranger.kid

        def run(url: str) -> None:
            named = header | {"kid": chosen, trap: url}
            registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
            forged = jws.serialize_compact(named, msgspec.json.encode(request.claims), stranger, registry=registry)
            answer = case.ask("requestProvision", body=request.body | {"permit": forged})
            case.refused(
                answer,
                "FORGED-PERMIT",
                ("permit-forged",),
                sent=f"a permit signed by a stranger whose key {trap} names",
            )

        _with_trap(case, run, f"a permit with {trap} in its header")
        answer = case.need(case.ask("requestProvision", body=request.body), 200)
        if answer.json["outcome"] != "provided":
            raise Unmet("正しい許可でも提供されません。", "the genuine permit is not served either")

    return check


def _header_of(token: str) -> dict[str, Any]:
    raw = token.split(".", maxsplit=1)[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    return found


def _key_trap(scope: Scope, trap: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        traffic.put()
        request = traffic.subject.provision(traffic.providing)

        def run(url: str) -> None:
            key = request.body["encryption_key"] | {trap: url}
            answer = case.ask("requestProvision", body=request.body | {"encryption_key": key})
            case.refused(
                answer,
                "KEY-WITH-URL",
                ("malformed-request", "key-unusable"),
                sent=f"an encryption key with the member {trap}",
                clause="IS-TRN-010",
            )

        _with_trap(case, run, f"an encryption key with {trap}")

    return check


def _answer_trap(scope: Scope, trap: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()

        def run(url: str) -> None:
            async def script(asked: Asked) -> Reply:
                information = asked.provision["information"]
                made = content_for(asked, traffic.items(information, traffic.received), layout=layout_of(information))
                answer = answer_with(asked, made, case.stage.clock())
                return Reply(200, answer | {"content": _sealed(made, asked.provision["encryption_key"], {trap: url})})

            case.stage.played.script(traffic.subject.linkage_code, script)
            traffic.subject.settled(traffic.subject.inquire(traffic.asking))

        _with_trap(case, run, f"an answer with {trap} in its header")

    return check


def _sealed(content: dict[str, Any], key: dict[str, Any], more: dict[str, str]) -> str:
    rule = value("content-encryption")
    header = {"alg": rule["alg"], "enc": rule["enc"], "kid": key["kid"], "permit_id": content["permit_id"], **more}
    registry = jwe.JWERegistry(algorithms=[rule["alg"], rule["enc"]], strict_check_header=False)
    return jwe.encrypt_compact(header, msgspec.json.encode(content), ECKey.import_key(key), registry=registry)
