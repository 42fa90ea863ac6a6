"""Roles and bodies in certificates decide who may call which side; nothing that a request says of itself does."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509

from bango_conformance.kinds.transport_connections import SIDES, Side, must_answer, must_not_hang
from bango_conformance.kinds.transport_wire import Attempt, attempt
from bango_conformance.obligation import Obligation
from bango_conformance.operations import operation
from bango_mocks.authority import Credential, role_uri
from bango_mocks.tls import client_context
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage import Stage
    from bango_conformance.suite import Scope

OTHER_BODY = "9999900000099999"


class Caller(NamedTuple):
    """Somebody with a valid certificate: its role, whose body it names, or a URI of another form."""

    name: str
    role: str
    body: str = ""
    uri: str | None = None

    def credential(self, stage: Stage) -> Credential:
        """A fresh certificate."""
        body = {"own": stage.target.body.code, "other": OTHER_BODY, "": None}[self.body]
        return stage.credential(self.role, body, uri=self.uri)


CALLERS = (
    Caller("core", "core"),
    Caller("interface-system", "interface-system"),
    Caller("intermediate-server", "intermediate-server", "own"),
    Caller("other-intermediate-server", "intermediate-server", "other"),
    Caller("jlis", "jlis"),
    Caller("in-house", "in-house", "own"),
    Caller("portal", "portal"),
    Caller("operator", "operator"),
    Caller("no-role", "none", "", ""),
    Caller("unknown-role", "auditor"),
    Caller("longer-role", "interface-system-test"),
    Caller("other-scheme", "none", "", "urn:example:role:interface-system"),
)
BODIES = (
    Caller("other-body", "in-house", "other"),
    Caller("no-body", "in-house"),
    Caller("longer-body", "in-house", "", "longer"),
)
REFUSALS = ("unauthorised-role", "body-mismatch")
# Ways in which proxies hand a certificate on; all of them can be written by anybody.
HEADERS = (
    "Client-Cert",
    "X-Client-Cert",
    "X-SSL-Client-Cert",
    "X-SSL-Client-S-DN",
    "X-SSL-Client-Verify",
    "X-Forwarded-Client-Cert",
    "X-Forwarded-For",
    "Forwarded",
    "X-Bango-Role",
)


def obligations(scope: Scope) -> Iterator[Obligation]:  # noqa: ARG001 - as the other parts
    """Each wrong role on each side, other bodies in-house, and each header that claims to know better."""
    for side in SIDES:
        for caller in CALLERS:
            if caller.role == side.role:
                continue
            yield _obligation(
                f"{side.id}.role.{caller.name}",
                "IS-TRN-006",
                side,
                Text(ja=f"役割「{caller.name}」の証明書を拒む", en=f"refuses the role {caller.name}"),
                _refuses(side, caller),
                smoke=caller.name == "intermediate-server",
            )
        for header in HEADERS:
            yield _obligation(
                f"{side.id}.header.{header.lower()}",
                "IS-TRN-009",
                side,
                Text(ja=f"見出し{header}を信じない", en=f"does not believe the header {header}"),
                _ignores(side, header),
            )
    for caller in BODIES:
        yield _obligation(
            f"in-house.{caller.name}",
            "IS-TRN-007",
            SIDES[0],
            Text(
                ja="自団体のものでない業務システムの証明書を拒む" + f"（{caller.name}）",
                en=f"refuses an in-house certificate that is not the own body's ({caller.name})",
            ),
            _refuses_body(caller),
        )


def _obligation(
    name: str, clause: str, side: Side, title: Text, check: Callable[[Case], None], *, smoke: bool = False
) -> Obligation:
    return Obligation(
        id=f"transport.{name}",
        kind="transport",
        clauses=(clause,),
        element=f"interfaces/intermediate-server.{side.id}#roles",
        title=Text(ja=f"{side.title.ja}は、{title.ja}", en=f"{side.title.en[0].upper()}{side.title.en[1:]} {title.en}"),
        check=check,
        smoke=smoke,
    )


def _asked(case: Case, side: Side, credential: Credential, own: str, headers: dict[str, str] | None = None) -> Attempt:
    found = operation(side.probe)
    context: ssl.SSLContext = client_context(credential)
    return attempt(case, side.origin(case.stage), context, found.method, found.path, headers=headers, own=own)


def _judged(case: Case, found: Attempt, code: str, sent: str) -> None:
    must_not_hang(case, found, sent)
    # A refusal within TLS is as good as one by HTTP; an answer must name the reason.
    if found.status is None:
        return
    if found.status < 400 or not any(f'"{reason}"'.encode() in found.body for reason in REFUSALS):
        case.fail(
            code,
            sent=sent,
            expected=f"a refusal with {' or '.join(REFUSALS)}",
            came=f"HTTP {found.status} {found.body[:120].decode('utf-8', 'replace')}",
        )


def _refuses(side: Side, caller: Caller) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        must_answer(case, side)
        found = _asked(case, side, caller.credential(case.stage), caller.name)
        _judged(case, found, "ROLE-ADMITTED", f"the side's health, asked in the role {caller.name}")

    return check


def _ignores(side: Side, header: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        stage = case.stage
        right = side.credential(stage)
        wrong = stage.credential("operator")
        claim = _claims(header, right, role_uri(side.role, side.body(stage)))
        found = _asked(case, side, wrong, "operator", claim)
        _judged(case, found, "HEADER-BELIEVED", f"the role operator, with {header} claiming {side.role}")
        # And the other way round: whoever is admitted stays so, whatever a header says.
        denial = _claims(header, wrong, role_uri("operator"))
        found = _asked(case, side, right, side.role, denial)
        if found.status != 200:
            case.fail(
                "HEADER-BELIEVED",
                sent=f"the rightful caller, with {header} claiming the role operator",
                expected="200, as without the header",
                came=f"{found.status} {found.error}",
            )

    return check


def _claims(header: str, credential: Credential, uri: str) -> dict[str, str]:
    pem = credential.certificate.read_bytes()
    certificate = x509.load_pem_x509_certificate(pem)
    der = base64.b64encode(b"".join(pem.splitlines()[1:-1])).decode()
    body = b"".join(pem.splitlines()[1:-1]).decode()
    name = certificate.subject.rfc4514_string()
    said = {
        "Client-Cert": f":{body}:",
        "X-Client-Cert": body,
        "X-SSL-Client-Cert": pem.decode().replace("\n", "%0A"),
        "X-SSL-Client-S-DN": name,
        "X-SSL-Client-Verify": "SUCCESS",
        "X-Forwarded-Client-Cert": f'By=spiffe://test;Hash={der[:64]};URI={uri};Subject="{name}"',
        "X-Forwarded-For": "127.0.0.1",
        "Forwarded": f'for=127.0.0.1;by="{uri}";proto=https',
        "X-Bango-Role": uri,
    }
    # A proxy that hands a certificate on says that it has verified it.
    return {header: said[header]} | ({"X-SSL-Client-Verify": "SUCCESS"} if header.startswith("X-SSL") else {})


def _refuses_body(caller: Caller) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        side, stage = SIDES[0], case.stage
        if caller.uri is not None:
            uri = role_uri("in-house", stage.target.body.code + "0")
            credential = stage.credential("in-house", uri=uri)
        else:
            credential = caller.credential(stage)
        token = {"Authorization": f"Bearer {stage.staff.token('audit')}"}
        found = operation("readRecordHead")
        case.need(case.ask("readRecordHead", staff="audit"), 200)
        came = attempt(
            case,
            side.origin(stage),
            client_context(credential),
            found.method,
            found.path,
            headers=token,
            own=caller.name,
        )
        _judged(case, came, "OTHER-BODY-ADMITTED", f"a valid staff token over the certificate {caller.name}")

    return check
