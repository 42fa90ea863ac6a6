"""Reading a certificate offline: every check is told in both languages, and every refusal has its own code."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from bango_reports import store
from bango_reports._checks import CHECKS, Question
from bango_reports.keys import TrustList, verifier
from bango_reports.statement import PAYLOAD_TYPE, SCHEMA_VERSION, Conformity, Statement
from bango_spec.errors import BangoError
from bango_spec.reading import Element, Text

if TYPE_CHECKING:
    from pathlib import Path

    from bango_reports.model import Grade


class Check(Element, frozen=True, kw_only=True):
    """One question about a certificate and its answer; a check that fails refuses the certificate with `code`."""

    code: str
    passed: bool
    text: Text


class Findings(Element, frozen=True, kw_only=True):
    """All that was found about a certificate."""

    accepted: bool
    checks: tuple[Check, ...]
    conformity: Conformity | None = None

    @property
    def refusals(self) -> tuple[str, ...]:
        """Codes of the checks that failed, first things first."""
        return tuple(check.code for check in self.checks if not check.passed)


class _Envelope(Element, frozen=True, kw_only=True, rename={"payload_type": "payloadType"}):
    payload: str
    payload_type: str
    signatures: tuple[_Signature, ...]


class _Signature(Element, frozen=True, kw_only=True):
    keyid: str
    sig: str


def read_file(path: Path) -> Any:
    """The plain data of a certificate file; CERT-UNREADABLE when there is no JSON in it."""
    try:
        return msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BangoError(
            "CERT-UNREADABLE",
            f"{path}: 証明書を読めません / the certificate cannot be read",
            cause=str(error),
            step="certificate.json を指定してください / name the certificate file, certificate.json",
        ) from error


def verify(
    envelope: Any,
    trusted: TrustList,
    now: datetime,
    *,
    product: str | None = None,
    version: str | None = None,
    artefact_digest: str | None = None,
    profile: str | None = None,
    grade: Grade = "self-declared",
    run_folder: Path | None = None,
) -> Findings:
    """Whether a certificate holds for what the reader wants it for; never raises for what the certificate says.

    RESULT-MISSING when there is no run in `run_folder`: that is no answer of the certificate's.
    `grade` is the least that is accepted: `witnessed` for admission to the network. `now` needs a time zone.
    """
    digest = None if run_folder is None else store.folder_digest(run_folder)
    opened = _open(envelope)
    if isinstance(opened, Check):
        return Findings(accepted=False, checks=(opened,))
    payload, signature, statement = opened
    conformity = statement.predicate.bango_conformity
    question = Question(
        statement=statement,
        conformity=conformity,
        issuer=trusted.find(signature.keyid),
        signed=_signed(payload, signature, conformity, trusted),
        now=now,
        product=product,
        version=version,
        artefact_digest=artefact_digest,
        profile=profile,
        grade=grade,
        folder_digest=digest,
    )
    answers = ((code, ask(question)) for code, ask in CHECKS)
    checks = tuple(Check(code=code, passed=answer[0], text=answer[1]) for code, answer in answers if answer)
    return Findings(accepted=all(check.passed for check in checks), checks=checks, conformity=conformity)


def _open(envelope: Any) -> tuple[bytes, _Signature, Statement] | Check:
    try:
        sealed = msgspec.convert(envelope, _Envelope, strict=True)
        payload = base64.b64decode(sealed.payload, validate=True)
        plain = msgspec.json.decode(payload)
        if sealed.payload_type != PAYLOAD_TYPE or len(sealed.signatures) != 1:
            raise ValueError("payloadType or signatures")  # noqa: TRY301 - one way out for every malformation
        version = plain["predicate"]["bango_conformity"]["schema_version"]
        if isinstance(version, int) and version > SCHEMA_VERSION:
            return _malformed("より新しい版の試験台が発行した証明書です", "a newer testbed issued it: update first")
        statement = msgspec.convert(plain, Statement, strict=True)
        for moment in (statement.predicate.bango_conformity.issued, statement.predicate.bango_conformity.expires):
            datetime.fromisoformat(moment)
    except (msgspec.MsgspecError, binascii.Error, ValueError, KeyError, TypeError) as error:
        return _malformed("証明書の形ではありません", f"this is no certificate: {error}")
    return payload, sealed.signatures[0], statement


def _malformed(ja: str, en: str) -> Check:
    return Check(code="CERT-MALFORMED", passed=False, text=Text(ja=ja, en=en))


def _signed(payload: bytes, signature: _Signature, conformity: Conformity, trusted: TrustList) -> bool:
    from securesystemslib.dsse import Envelope  # noqa: PLC0415 - heavy
    from securesystemslib.exceptions import VerificationError  # noqa: PLC0415 - heavy
    from securesystemslib.signer import Signature  # type: ignore[attr-defined]  # noqa: PLC0415 - heavy

    # An unknown issuer's own key still tells an altered certificate from one that merely is not trusted.
    issuer = trusted.find(signature.keyid)
    key = verifier(issuer.public_key if issuer else conformity.issuer.public_key)
    if key is None or key.keyid != signature.keyid or conformity.issuer.key != signature.keyid:
        return False
    try:
        raw = base64.b64decode(signature.sig, validate=True).hex()
        Envelope(payload, PAYLOAD_TYPE, {key.keyid: Signature(key.keyid, raw)}).verify([key], 1)
    except (binascii.Error, ValueError, VerificationError):
        return False
    return True
