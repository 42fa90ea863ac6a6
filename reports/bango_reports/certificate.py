"""The certificate of conformity: an in-toto test result about a product, signed by an issuer in a DSSE envelope."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from bango_reports import store
from bango_reports.model import Grade, Run, Verdict
from bango_reports.statement import PAYLOAD_TYPE, Conformity, IssuedBy, Resource, Statement, TestResult, Untested
from bango_reports.verdicts import run_verdict
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from pathlib import Path

    from bango_reports.keys import IssuerKey

CERTIFICATE = "certificate.json"


class CertificateRefusedError(BangoError):
    """The run cannot be certified."""

    exit_code = 1


_REFUSALS = {
    "INTERRUPTED": "途中で止められた実行です / the run was interrupted",
    "HARNESS-ERROR": "試験台の側の誤りがあります / the harness had an error",
    "MUST-FAILED": "必須の項目に不合格があります / a must failed",
    "WAIVER-BROKEN": "不要または期限切れの免除があります / a waiver is stale or expired",
    "MUST-NOT-RUN": "実行できなかった必須の項目があります / a must could not be run",
    "MUST-WAIVED": "必須の項目に免除があります / a must is waived",
    "NOTHING-RUN": "実行した項目がありません / nothing was run",
    "PARTIAL": "一部だけの実行です / the run was partial",
}


def issue(folder: Path, key: IssuerKey, *, grade: Grade, now: datetime, days: int = 730) -> dict[str, Any]:
    """A signed certificate for the run in `folder`; CERT-… says why a run is refused. `now` needs a time zone."""
    run = store.load(folder)
    outcome = run_verdict(run)
    if not outcome.certifies:
        raise CertificateRefusedError(
            f"CERT-{outcome.obstacles[0]}",
            "証明書は発行できません / no certificate can be issued",
            cause="; ".join(f"{code}: {_REFUSALS[code]}" for code in outcome.obstacles),
            step=" ".join(f"{step.ja} / {step.en}" for step in run.next_steps),
        )
    if grade == "witnessed" and run.grade != "witnessed":
        raise CertificateRefusedError(
            "CERT-GRADE",
            "立会いの実行ではありません / the run was not witnessed",
            step="運営者が bango certify を立会いで実行してください / let the operator run the suite as witnessed",
        )
    for case in run.cases:
        if case.evidence:
            store.load_evidence(folder, case)
    statement = _statement(run, store.folder_digest(folder), key, grade, now, now + timedelta(days=days))
    return sign(msgspec.json.encode(statement), key)


def sign(payload: bytes, key: IssuerKey) -> dict[str, Any]:
    """A DSSE envelope around an in-toto statement."""
    from securesystemslib.dsse import Envelope  # noqa: PLC0415 - heavy
    from securesystemslib.signer import (  # type: ignore[attr-defined]  # noqa: PLC0415 - heavy
        CryptoSigner,
        SSlibKey,
    )

    signer = CryptoSigner(key.private, SSlibKey.from_crypto(key.private.public_key(), keyid=key.id))
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    envelope.sign(signer)
    return dict(envelope.to_dict())


def write(path: Path, envelope: dict[str, Any]) -> None:
    """The certificate as a file."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(envelope), indent=1) + b"\n")


def _statement(run: Run, evidence: str, key: IssuerKey, grade: Grade, now: datetime, expires: datetime) -> Statement:
    tests = {v: tuple(case.obligation for case in run.cases if case.verdict is v) for v in Verdict}
    target = run.target
    return Statement(
        subject=(Resource(name=f"{target.product} {target.version}", digest=_digest(target.artefact_digest)),),
        predicate=TestResult(
            result="WARNED" if tests[Verdict.WARN] else "PASSED",
            configuration=(
                Resource(name=f"bango-spec {run.spec.version}", digest=_digest(run.spec.digest)),
                Resource(name=f"bango-suite {run.suite.version}", digest=_digest(run.suite.digest)),
            ),
            passed=tests[Verdict.PASS],
            warned=tests[Verdict.WARN],
            failed=tests[Verdict.FAIL],
            bango_conformity=Conformity(
                target=target,
                edition=run.edition,
                spec=run.spec,
                suite=run.suite,
                tool=run.tool,
                run=run.run,
                seed=run.seed,
                started=run.started,
                ended=run.ended,
                complete=run.selection.complete,
                counts=run.counts,
                clauses={clause.clause: clause.state.value for clause in run.clauses},
                not_tested=tuple(
                    Untested(clause=clause.clause, reason=clause.not_tested)
                    for clause in run.clauses
                    if clause.not_tested is not None and not clause.cases
                ),
                evidence=evidence,
                grade=grade,
                issued=now.isoformat(timespec="seconds"),
                expires=expires.isoformat(timespec="seconds"),
                issuer=IssuedBy(key=key.id, public_key=base64.b64encode(key.public).decode()),
            ),
        ),
    )


def _digest(digest: str) -> dict[str, str]:
    algorithm, _, value = digest.partition(":")
    return {algorithm: value}
