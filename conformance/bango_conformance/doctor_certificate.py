"""The certificate that a target shows: who issued it, for whom, for which names, until when."""

from __future__ import annotations

import datetime as dt
import ipaddress
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID

from bango_mocks.authority import ROLE_URI, role_uri

if TYPE_CHECKING:
    from bango_conformance.doctor_findings import Findings
    from bango_conformance.doctor_tls import Side
    from bango_conformance.stage import Stage

SOON = dt.timedelta(days=30)


def examine(stage: Stage, side: Side, der: bytes, found: Findings) -> bool:
    """Whether nothing is wrong with it; every fault is told."""
    certificate = x509.load_der_x509_certificate(der)
    looks = (
        _issuer(stage, side, certificate, found),
        _dates(side, certificate, found),
        _who(stage, side, certificate, found),
    )
    return all((*looks, _names(stage, side, certificate, found), _purpose(side, certificate, found)))


def _issuer(stage: Stage, side: Side, certificate: x509.Certificate, found: Findings) -> bool:
    try:
        certificate.verify_directly_issued_by(stage.authority.certificate)
    except (ValueError, TypeError, InvalidSignature):
        issuer = certificate.issuer.rfc4514_string() or "?"
        found.fail(
            "DOCTOR-ISSUER",
            (
                f"{side.ja}の証明書は、この網の認証局のものではありません（発行者 {issuer}）",
                f"{side.key}: the certificate is not of this network's authority (issuer {issuer})",
            ),
            ("別のフォルダーか、自己署名の証明書を使っています", "it is self-signed or from another folder"),
            _made_for(stage),
        )
        return False
    return True


def _dates(side: Side, certificate: x509.Certificate, found: Findings) -> bool:
    now, starts, ends = dt.datetime.now(dt.UTC), certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if starts <= now <= ends:
        if ends - now < SOON:
            found.warn(
                "DOCTOR-CERTIFICATE-ENDS",
                (
                    f"{side.ja}の証明書の期限が近い（{ends:%Y-%m-%d}）",
                    f"{side.key}: the certificate expires soon ({ends:%Y-%m-%d})",
                ),
            )
        return True
    found.fail(
        "DOCTOR-CERTIFICATE-DATES",
        (
            f"{side.ja}の証明書は今は有効ではありません（{starts:%Y-%m-%d} から {ends:%Y-%m-%d}）",
            f"{side.key}: the certificate is not valid now ({starts:%Y-%m-%d} to {ends:%Y-%m-%d})",
        ),
        ("期限切れか、機械の時計が違っています", "it has expired, or a clock is wrong"),
        (
            "時計を確かめ、bango network credentials で作り直してください",
            "check the clock, then make it again with `bango network credentials`",
        ),
    )
    return False


def _who(stage: Stage, side: Side, certificate: x509.Certificate, found: Findings) -> bool:
    wanted = role_uri("intermediate-server", stage.target.body.code)
    shown = [uri for uri in _alternatives(certificate).uris if uri.startswith(ROLE_URI)]
    if shown == [wanted]:
        found.ok(
            "DOCTOR-ROLE",
            (f"{side.ja}の証明書の役割と機関は正しい", f"{side.key}: role and body in the certificate are right"),
        )
        return True
    found.fail(
        "DOCTOR-ROLE",
        (
            f"{side.ja}の証明書は {', '.join(shown) or '役割なし'} のものです",
            f"{side.key}: the certificate is for {', '.join(shown) or 'no role'}",
        ),
        (f"{wanted} でなければなりません", f"it has to be for {wanted}"),
        _made_for(stage),
    )
    return False


def _names(stage: Stage, side: Side, certificate: x509.Certificate, found: Findings) -> bool:
    host = side.address[0]
    names = list(_alternatives(certificate).hosts)
    try:
        wanted = str(ipaddress.ip_address(host))
    except ValueError:
        wanted = host.lower()
    if wanted in {name.lower() for name in names}:
        return True
    step = f"bango network credentials --out {stage.authority.folder} --body {stage.target.body.code} --host {host}"
    found.fail(
        "DOCTOR-HOST-NAME",
        (
            f"{side.ja}の証明書は {host} の名で使えません（{', '.join(names) or '名なし'}）",
            f"{side.key}: the certificate is not for {host} ({', '.join(names) or 'no name'})",
        ),
        None,
        (step, step),
    )
    return False


def _purpose(side: Side, certificate: x509.Certificate, found: Findings) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    if ExtendedKeyUsageOID.SERVER_AUTH in usage:
        return True
    found.fail(
        "DOCTOR-PURPOSE",
        (
            f"{side.ja}の証明書はサーバーに使えません（拡張鍵用途）",
            f"{side.key}: the certificate may not be used by a server (extended key usage)",
        ),
    )
    return False


def _made_for(stage: Stage) -> tuple[str, str]:
    folder = stage.authority.folder / f"intermediate-server-{stage.target.body.code}"
    return (
        f"{folder} の certificate.pem と key.pem を使ってください",
        f"use certificate.pem and key.pem in {folder}",
    )


class _Alternatives(NamedTuple):
    """The names in a certificate's subjectAltName."""

    uris: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


def _alternatives(certificate: x509.Certificate) -> _Alternatives:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return _Alternatives()
    hosts = (*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress)))
    return _Alternatives(tuple(names.get_values_for_type(x509.UniformResourceIdentifier)), hosts)
