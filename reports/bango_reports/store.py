"""A run's folder on disk: `result.json`, one evidence file per case, and the digest that a certificate binds."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bango_reports.model import SCHEMA_VERSION, CaseResult, Evidence, Run
from bango_reports.verdicts import clause_results, count, run_verdict
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from bango_reports.events import Event

RESULT = "result.json"
EVIDENCE = "evidence"

_RESTORE = "元のファイルをもう一度取り寄せるか、実行し直してください / fetch the original again, or run again"


def keep(folder: Path, result: CaseResult, evidence: Evidence) -> CaseResult:
    """Write the evidence of a case; gives the case with the file's name and digest. Mask the evidence before."""
    name = f"{result.obligation}.json"
    data = msgspec.json.format(msgspec.json.encode(evidence), indent=1)
    _write(folder / EVIDENCE / name, data)
    return msgspec.structs.replace(result, evidence=name, evidence_digest=_sha256(data))


def save(folder: Path, run: Run) -> Run:
    """Write `result.json` in one step; gives the run with its digest."""
    sealed = msgspec.structs.replace(run, digest=_own_digest(run))
    _write(folder / RESULT, msgspec.json.format(msgspec.json.encode(sealed), indent=1) + b"\n")
    return sealed


def load(path: Path) -> Run:
    """The run in a folder or a `result.json`; RESULT-… errors say whether it is missing, cut, altered or too new."""
    file = path / RESULT if path.is_dir() else path
    try:
        text = file.read_bytes()
    except OSError as error:
        raise BangoError(
            "RESULT-MISSING",
            f"{file}: 結果ファイルを読めません / the result file cannot be read",
            cause=error.strerror or "",
            step="result.json のあるフォルダーを指定してください / name the folder that holds result.json",
        ) from error
    return read(text, file)


def read(text: bytes, file: Path) -> Run:
    """The run in the content of a `result.json`, with the same errors; `file` is named in them."""
    data = _plain(text, file)
    try:
        run = msgspec.convert(data, Run, strict=True)
    except msgspec.ValidationError as error:
        raise BangoError(
            "RESULT-SHAPE",
            f"{file}: 結果ファイルの形が正しくありません / this is no result file of this version",
            cause=str(error),
            step=_RESTORE,
        ) from error
    _consistent(file, run)
    return run


def load_evidence(folder: Path, case: CaseResult) -> Evidence:
    """The evidence of a case, compared with the digest in the result."""
    file = folder / EVIDENCE / case.evidence
    if not case.evidence or Path(case.evidence).name != case.evidence:
        raise BangoError("RESULT-EVIDENCE-MISSING", f"{case.obligation}: 証跡がありません / the case kept no evidence")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BangoError(
            "RESULT-EVIDENCE-MISSING",
            f"{file}: 証跡ファイルがありません / the evidence file is missing",
            cause=error.strerror or "",
            step=_RESTORE,
        ) from error
    if _sha256(data) != case.evidence_digest:
        raise BangoError(
            "RESULT-EVIDENCE-ALTERED",
            f"{file}: 証跡が実行のあとで変わっています / the evidence was changed after the run",
            step=_RESTORE,
        )
    return msgspec.json.decode(data, type=Evidence)


def folder_digest(folder: Path) -> str:
    """SHA-256 over name and content of `result.json` and every evidence file, in the order of their names.

    RESULT-MISSING where there is no run.
    """
    files = [folder / RESULT, *sorted(p for p in (folder / EVIDENCE).glob("*") if p.is_file())]
    try:
        lines = (f"{_sha256(p.read_bytes())}  {p.relative_to(folder).as_posix()}\n" for p in files)
        return _sha256("".join(lines).encode())
    except OSError as error:
        raise BangoError(
            "RESULT-MISSING",
            f"{folder}: 実行結果のフォルダーではありません / this is no folder of a run",
            cause=f"{error.filename}: {error.strerror}",
            step="result.json のあるフォルダーを指定してください / name the folder that holds result.json",
        ) from error


class ResultWriter:
    """Writes `result.json` when the run is over; the evidence was kept case by case."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def handle(self, event: Event) -> None:
        """Take one event."""
        from bango_reports.events import RunFinished  # noqa: PLC0415 - the reader needs no events

        if isinstance(event, RunFinished):
            save(self.folder, event.run)

    def close(self) -> None:
        """Nothing is left open."""


def _plain(text: bytes, file: Path) -> dict[str, Any]:
    try:
        data = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BangoError(
            "RESULT-CUT",
            f"{file}: ファイルが途中で切れているか、壊れています / the file is cut or damaged",
            cause=str(error),
            step=_RESTORE,
        ) from error
    version = data.get("schema_version") if isinstance(data, dict) else None
    if not isinstance(version, int) or isinstance(version, bool):
        raise BangoError(
            "RESULT-SHAPE",
            f"{file}: 結果ファイルではありません / this is no result file",
            cause="schema_version がありません / schema_version is missing",
            step=_RESTORE,
        )
    if version > SCHEMA_VERSION:
        raise BangoError(
            "RESULT-FUTURE",
            f"{file}: より新しい版の試験台が書いた結果です / a newer testbed wrote this result",
            cause=f"schema_version {version} > {SCHEMA_VERSION}",
            step="試験台を新しくしてください / update the testbed: pip install -U bango-testbed",
        )
    return dict(data)


def _consistent(file: Path, run: Run) -> None:
    altered = []
    if run.digest != _own_digest(run):
        altered.append("digest")
    if len({case.obligation for case in run.cases}) != len(run.cases):
        altered.append("cases")
    if run.counts != count(run.cases, run.clauses):
        altered.append("counts")
    if run.clauses != clause_results(run.clauses, run.cases):
        altered.append("clauses")
    if run.cases and run.exit_code != run_verdict(run).exit_code:
        altered.append("exit_code")
    if altered:
        raise BangoError(
            "RESULT-ALTERED",
            f"{file}: 書かれたあとで変えられています / the file was changed after it was written",
            cause="合わない所 / what does not agree: " + ", ".join(altered),
            step=_RESTORE,
        )


def _own_digest(run: Run) -> str:
    return _sha256(msgspec.json.encode(msgspec.structs.replace(run, digest="")))


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
