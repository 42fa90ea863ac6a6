"""What a signed result answers to each requirement; a result whose certificate does not hold answers nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

from bango_reports import keys, store, verification
from bango_reports.model import Run
from bango_reports.statement import Conformity
from bango_spec.errors import BangoError, UsageError
from bango_spec.reading import Text


class Answers(NamedTuple):
    """A verified result: the run, and what its certificate says of it."""

    run: Run
    conformity: Conformity
    issuer: Text


def answers(result: Path, certificate: Path, trust: Path, system: str, *, now: dt.datetime) -> Answers:
    """The result in a run folder; TENDER-REFUSED with every reason if its certificate does not hold for it.

    TENDER-SYSTEM if the result is of another system.
    """
    folder = result if result.is_dir() else result.parent
    if not result.is_dir() and result.name != store.RESULT:
        # The certificate speaks of the folder; a file of another name beside it would not be the one that is read.
        raise UsageError(
            "TENDER-RESULT",
            f"{result}: 実行結果のフォルダーではありません / this is no run folder",
            step="result.json のあるフォルダーを指定してください / name the folder that holds result.json",
        )
    run = store.load(folder)
    trusted = keys.load_trust(trust)
    found = verification.verify(
        verification.read_file(certificate),
        trusted,
        now,
        product=run.target.product,
        version=run.target.version,
        artefact_digest=run.target.artefact_digest,
        profile=run.target.profile,
        run_folder=folder,
    )
    if not found.accepted or found.conformity is None:
        reasons = [f"{check.code}: {check.text.ja} / {check.text.en}" for check in found.checks if not check.passed]
        raise BangoError(
            "TENDER-REFUSED",
            "証明書が認められないので、この結果からは書き込みません / the certificate does not hold: nothing is filled in",
            cause="\n  ".join(reasons),
            step="bango verify で理由を確かめてください / see the reasons with bango verify",
        )
    if run.target.profile != system:
        raise UsageError(
            "TENDER-SYSTEM",
            f"結果は {run.target.profile} のものです / the result is of {run.target.profile}",
            step=f"--system {run.target.profile}",
        )
    issuer = trusted.find(found.conformity.issuer.key)
    unnamed = Text(ja=found.conformity.issuer.key, en=found.conformity.issuer.key)
    return Answers(run, found.conformity, issuer.name if issuer else unnamed)
