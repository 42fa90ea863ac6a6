"""`bango certify`: a run with all its files, what to do next, and a certificate where the run and a key allow one."""

from __future__ import annotations

import datetime as dt
import hashlib
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bango_conformance.carry_out import unkept
from bango_conformance.run import JOBS, Order, run
from bango_conformance.suite import Filters
from bango_mocks.reference_target import is_reference, target_file
from bango_reports.events import Bus
from bango_reports.junit import JUNIT, JUnitWriter
from bango_reports.page import REPORT, PageWriter
from bango_reports.store import RESULT, ResultWriter
from bango_reports.verdicts import run_verdict
from bango_spec.errors import BangoError, UsageError
from bango_spec.reading import Element
from bango_spec.target import read_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bango_reports.events import Writer
    from bango_reports.keys import IssuerKey
    from bango_reports.model import Run

ORDER = "order.json"


class Ordered(Element, frozen=True):
    """`order.json` of a run's folder: what `bango rerun` needs to do the same again."""

    target: str
    seed: int
    edition: str
    jobs: int
    hooks: bool


@dataclass(frozen=True)
class Request:
    """A certification as it is asked for on the command line."""

    target: str
    out: Path = Path("runs")
    filters: Filters = field(default_factory=Filters)
    seed: int | None = None
    as_of: str | None = None
    jobs: int = JOBS
    hooks: bool = True
    key: Path | None = None
    days: int = 730
    witnessed: bool = False
    artefact: Path | None = None
    json: bool = False
    lang: str = "ja"
    told_as: str = ""


@dataclass(frozen=True)
class Certified:
    """A run that is over, its folder, and its certificate if it has one."""

    run: Run
    folder: Path
    certificate: Path | None


def certify(request: Request) -> Certified:
    """Run the suite and write everything down. What cannot end well is refused before it begins."""
    key = _key(request)
    signal.signal(signal.SIGTERM, _interrupted)
    with target_file(request.target) as path:
        _witness(request, path)
        bus = Bus()
        made = run(_order(request, path), bus)
    folder = request.out / made.run
    if not (folder / RESULT).exists():
        raise unkept("; ".join(lost.cause for lost in bus.failures))
    ordered = Ordered(
        target=request.target if is_reference(request.target) else str(Path(request.target).resolve()),
        seed=made.seed,
        edition=made.edition,
        jobs=request.jobs,
        hooks=request.hooks,
    )
    try:
        (folder / ORDER).write_bytes(msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n")
    except OSError as error:
        raise unkept(f"{error.strerror}: {folder / ORDER}") from error
    certificate = _certificate(request, folder, made, key)
    if request.json:
        sys.stdout.write(msgspec.json.encode(summary(made, folder, certificate)).decode() + "\n")
    return Certified(made, folder, certificate)


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def _order(request: Request, path: Path) -> Order:
    def writers(folder: Path) -> Iterator[Writer]:
        from bango_reports.terminal import Terminal  # noqa: PLC0415 - heavy

        yield ResultWriter(folder)
        yield JUnitWriter(folder / JUNIT)
        yield PageWriter(folder, request.lang)
        if request.json:
            from rich.console import Console  # noqa: PLC0415 - heavy

            yield Terminal(Console(stderr=True, highlight=False, markup=False, emoji=False), lang=request.lang)
        else:
            yield Terminal(lang=request.lang)

    return Order(
        target=path,
        out=request.out,
        filters=request.filters,
        seed=request.seed,
        as_of=request.as_of,
        jobs=request.jobs,
        hooks=request.hooks,
        grade="witnessed" if request.witnessed else "self-declared",
        name=request.target,
        writers=writers,
    )


def _key(request: Request) -> IssuerKey | None:
    if request.key is None:
        return None
    if request.filters != Filters():
        raise UsageError(
            "CERTIFY-PARTIAL",
            "一部だけの実行に証明書は出ません / a partial run is never certified",
            step="--key か、選択（--only、--kind、--clause、--smoke）を外してください / leave out --key or the selection",
        )
    from bango_reports.keys import load_key  # noqa: PLC0415 - heavy

    return load_key(request.key)


def _witness(request: Request, path: Path) -> None:
    """A witnessed run has a seed that nobody chose, drawn after the product's artefact was seen to be the one named."""
    if request.artefact is not None:
        wanted = read_target(path).product.artefact
        shown = _digest(request.artefact)
        if shown != wanted:
            raise UsageError(
                "CERTIFY-ARTEFACT",
                f"{request.artefact}: {shown}; 対象ファイルは / the target file says {wanted}",
                cause="渡された配布物は、対象ファイルの製品ではありません / the file is not the product that the target file names",
                step="配布物か product.artefact を確かめてください / check the file and product.artefact",
            )
    if not request.witnessed:
        return
    if request.seed is not None:
        raise UsageError(
            "CERTIFY-SEED",
            "立会いの実行では種を選べません / the seed of a witnessed run is drawn, not chosen",
            step="--seed を外してください / leave out --seed",
        )
    if request.artefact is None and not is_reference(request.target):
        raise UsageError(
            "CERTIFY-ARTEFACT",
            "立会いの実行には配布物が要ります / a witnessed run needs the product's artefact",
            step="--artefact 配布物 / --artefact FILE",
        )


def _digest(path: Path) -> str:
    total = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                total.update(block)
    except OSError as error:
        raise UsageError("CERTIFY-ARTEFACT", f"{path}: {error.strerror}", step="--artefact FILE") from error
    return f"sha256:{total.hexdigest()}"


def _certificate(request: Request, folder: Path, made: Run, key: IssuerKey | None) -> Path | None:
    """Issue the certificate; a run that cannot have one says why, and its exit code stays what the run came to."""
    out = sys.stderr if request.json else sys.stdout
    if key is None:
        if run_verdict(made).certifies:
            hint = {
                "ja": "証明書を出すには: bango ca issuer-key --out 鍵、それから bango certify … --key 鍵/issuer.key.pem",
                "en": "For a certificate: bango ca issuer-key --out KEYS, then bango certify … --key KEYS/issuer.key.pem",
            }
            out.write(hint[request.lang] + "\n")
        return None
    from bango_reports.certificate import CERTIFICATE, issue, write  # noqa: PLC0415 - heavy

    path = folder / CERTIFICATE
    try:
        write(path, issue(folder, key, grade=made.grade, now=dt.datetime.now(dt.UTC), days=request.days))
    except BangoError as error:
        out.write(f"{error}\n")
        return None
    out.write(
        f"Certificate ({made.grade}): {path}\nNext: bango verify {path} --run {folder}\n"
        if request.lang == "en"
        else f"適合証明書（{made.grade}）: {path}\n次に: bango verify {path} --run {folder}\n"
    )
    return path


def summary(made: Run, folder: Path, certificate: Path | None) -> dict[str, Any]:
    """The run for machines: the verdict, why, and where everything lies."""
    outcome = run_verdict(made)
    return {
        "run": made.run,
        "folder": str(folder),
        "target": msgspec.to_builtins(made.target),
        "edition": made.edition,
        "seed": made.seed,
        "grade": made.grade,
        "complete": made.selection.complete,
        "verdict": outcome.verdict,
        "certifies": outcome.certifies,
        "obstacles": outcome.obstacles,
        "exit_code": made.exit_code,
        "counts": msgspec.to_builtins(made.counts),
        "failures": [
            {
                "obligation": case.obligation,
                "verdict": case.verdict,
                "clause": case.failure.clause,
                "code": case.failure.code,
                "at_fault": case.failure.at_fault,
                "rerun": case.failure.rerun,
            }
            for case in made.cases
            if case.failure is not None
        ],
        "next": [msgspec.to_builtins(step) for step in made.next_steps],
        "files": {name: str(folder / name) for name in (RESULT, JUNIT, REPORT)},
        "certificate": None if certificate is None else str(certificate),
    }
