"""The target's two listeners: whether they are there, speak TLS as the network does, and show the right certificate."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bango_conformance.doctor_certificate import examine as examine_certificate
from bango_conformance.doctor_file import split
from bango_mocks.tls import client_context

if TYPE_CHECKING:
    from pathlib import Path

    from bango_conformance.doctor_findings import Findings
    from bango_conformance.stage import Stage
    from bango_mocks.hooks import Hooks

SECONDS = 5.0
STARTING_SECONDS = 20.0
PAUSE = 0.1
SOON = dt.timedelta(days=30)


@dataclass(frozen=True)
class Side:
    """One listener: its key in the target file, where it is, who calls it, and a path that the caller may always read."""

    key: str
    ja: str
    origin: str
    role: str
    path: str

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        parts = split(self.origin)
        return parts.hostname or "", parts.port or 443


@dataclass(frozen=True)
class Shake:
    """What one attempt at a connection came to: the TLS version, the certificate (DER), the first bytes of an answer."""

    version: str = ""
    certificate: bytes = b""
    answer: bytes = b""
    error: str = ""


def sides(stage: Stage) -> tuple[Side, Side]:
    """Both listeners of a target."""
    endpoints = stage.target.endpoints
    return (
        Side("in_house", "業務側", endpoints.in_house, "in-house", "/in-house/v1/health"),
        Side("network", "網側", endpoints.network, "interface-system", "/network/v1/health"),
    )


def examine(stage: Stage, found: Findings, hooks: Hooks | None, log: Path) -> frozenset[str]:
    """Look at both listeners; the keys of those that can be spoken to. With hooks, wait for the target to start."""
    limit = time.monotonic() + (STARTING_SECONDS if hooks else 0)
    return frozenset(side.key for side in sides(stage) if _side(stage, side, found, hooks, log, limit))


def _side(stage: Stage, side: Side, found: Findings, hooks: Hooks | None, log: Path, limit: float) -> bool:
    silence = _reached(side, hooks, limit)
    if silence is not None:
        ended = hooks.ended() if hooks else None
        if ended is not None:
            said = log.read_text(encoding="utf-8", errors="replace").strip()[-300:] if log.exists() else ""
            found.fail(
                "DOCTOR-ENDED",
                (f"製品は始まるとすぐ終わりました（{ended}）: {said}", f"the product ended at once ({ended}): {said}"),
                ("製品の設定か環境の誤りです", "its own configuration or environment"),
                ("同じ命令を手で実行してみてください", "run the same command by hand"),
            )
        else:
            found.fail(
                "DOCTOR-UNREACHED",
                (
                    f"{side.ja} endpoints.{side.key} {side.origin} に届きません: {silence}",
                    f"endpoints.{side.key} {side.origin} cannot be reached: {silence}",
                ),
                (
                    "製品が動いていないか、番地か番号が違うか、途中で遮られています",
                    "the product is not running, the address is wrong, or something blocks the way",
                ),
                ("製品を起動し、番地と番号を確かめてください", "start the product and check address and port"),
            )
        return False
    credential = stage.credential(side.role, stage.target.body.code if side.role == "in-house" else None)
    loose = client_context(credential)
    loose.check_hostname = False
    loose.verify_mode = ssl.CERT_NONE
    loose.verify_flags &= ~ssl.VERIFY_CRL_CHECK_LEAF
    shake = attempt(side, loose)
    if not shake.certificate:
        _no_tls(side, shake, found)
        return False
    found.ok(
        "DOCTOR-TLS",
        (
            f"{side.ja} {side.origin} は {shake.version} で答えます",
            f"{side.key} {side.origin} answers with {shake.version}",
        ),
    )
    trusted = examine_certificate(stage, side, shake.certificate, found)
    if shake.error or not shake.answer:
        _turned_away(side, shake, found)
        return False
    strict = attempt(side, client_context(credential))
    if strict.error and trusted:
        found.fail(
            "DOCTOR-CHAIN",
            (
                f"{side.ja}の証明書を確かめられません: {strict.error}",
                f"{side.key}: the certificate cannot be verified: {strict.error}",
            ),
            None,
            (
                "bango network credentials が作った証明書を使ってください",
                "use a certificate made by `bango network credentials`",
            ),
        )
    _strangers(side, stage, found)
    return not strict.error


def _reached(side: Side, hooks: Hooks | None, limit: float) -> str | None:
    """None once a TCP connection stands; otherwise what came instead."""
    while True:
        try:
            socket.create_connection(side.address, SECONDS).close()
        except OSError as error:
            silence = error.strerror or str(error) or type(error).__name__
        else:
            return None
        if time.monotonic() >= limit or (hooks is not None and hooks.ended() is not None):
            return silence
        time.sleep(PAUSE)


def attempt(side: Side, context: ssl.SSLContext) -> Shake:
    """One TLS connection and one request on it; never raises for what the other side does."""
    host = side.address[0]
    request = f"GET {side.path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("ascii")
    version, certificate = "", b""
    try:
        with (
            socket.create_connection(side.address, SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as tls,
        ):
            version, certificate = tls.version() or "", tls.getpeercert(binary_form=True) or b""
            tls.sendall(request)
            answer = tls.recv(256)
    except ssl.SSLCertVerificationError as error:
        return Shake(version, certificate, error=error.verify_message or str(error))
    except (OSError, ssl.SSLError) as error:
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        return Shake(version, certificate, error=str(reason))
    return Shake(version, certificate, answer)


def _no_tls(side: Side, shake: Shake, found: Findings) -> None:
    plain = any(word in shake.error for word in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"))
    cause = (
        ("TLS ではなく、素の HTTP で待ち受けているようです", "it seems to listen for plain HTTP instead of TLS")
        if plain
        else (
            "TLS 1.2 以上で、こちらの証明書を受け入れる必要があります",
            "it has to speak TLS 1.2 or later and accept our certificate",
        )
    )
    found.fail(
        "DOCTOR-NO-TLS",
        (
            f"{side.ja} {side.origin} と TLS の接続ができません: {shake.error}",
            f"{side.key} {side.origin}: no TLS connection: {shake.error}",
        ),
        cause,
        (
            "証明書のフォルダーの README.md にある設定をしてください",
            "configure it as the README.md in the credentials' folder says",
        ),
    )


def _turned_away(side: Side, shake: Shake, found: Findings) -> None:
    unknown = "UNKNOWN_CA" in shake.error or "BAD_CERTIFICATE" in shake.error or "DECRYPT" in shake.error
    cause = (
        (
            "製品が試験台の認証局（authority.pem）を信頼していません",
            "the product does not trust the testbed's authority (authority.pem)",
        )
        if unknown
        else ("製品が接続のあとで切りました", "the product closed the connection after the handshake")
    )
    found.fail(
        "DOCTOR-TURNED-AWAY",
        (
            f"{side.ja}は正しい証明書（{side.role}）の接続を断りました: {shake.error or '応答なし'}",
            f"{side.key} turned away the right certificate ({side.role}): {shake.error or 'no answer'}",
        ),
        cause,
        (
            "クライアント証明書を authority.pem と revoked.pem で確かめる設定にしてください",
            "check client certificates with authority.pem and revoked.pem",
        ),
    )


def _strangers(side: Side, stage: Stage, found: Findings) -> None:
    """Connections that have to be refused; each is an obligation of its own, so here only a warning."""
    bare = ssl.create_default_context(cafile=str(stage.authority.folder / "authority.pem"))
    bare.check_hostname = False
    bare.verify_mode = ssl.CERT_NONE
    if attempt(side, bare).answer:
        found.warn(
            "DOCTOR-NO-CLIENT-CERTIFICATE",
            (
                f"{side.ja}は証明書のない相手にも答えます（IS-TRN-001 が不合格になります）",
                f"{side.key} answers somebody without a certificate (IS-TRN-001 will fail)",
            ),
            ("TLS の設定がクライアント証明書を求めていません", "its TLS settings do not demand a client certificate"),
            (
                "例: Python なら context.verify_mode = ssl.CERT_REQUIRED",
                "in Python, for example: context.verify_mode = ssl.CERT_REQUIRED",
            ),
        )
    old = client_context(stage.credential(side.role, stage.target.body.code if side.role == "in-house" else None))
    old.check_hostname = False
    old.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    shake = attempt(side, old)
    if shake.answer:
        found.warn(
            "DOCTOR-OLD-TLS",
            (f"{side.ja}は古い {shake.version} でも答えます", f"{side.key} also answers with the old {shake.version}"),
            None,
            ("最低の版を TLS 1.2 にしてください", "set the minimum version to TLS 1.2"),
        )
