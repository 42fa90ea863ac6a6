"""`bango rerun`: a run is found by its folder or its name, and repeated as it was; what it cannot repeat it says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from bango_conformance.certify import ORDER, Ordered
from bango_conformance.rerun import request
from bango_reports.model import CaseResult, Failure, Named, Run, Selection, Target, Verdict
from bango_reports.store import save
from bango_reports.verdicts import NO_COUNTS, finish
from bango_spec.errors import BangoError
from bango_spec.reading import Text

if TYPE_CHECKING:
    from tests.conformance.conftest import Bango

TEXT = Text(ja="字", en="t")
DIGEST = "sha256:" + "0" * 64
ORDERED = Ordered(target="/somewhere/target.toml", seed=5, edition="2020-09-06", jobs=3, hooks=False)


def case(name: str, verdict: Verdict) -> CaseResult:
    failure = Failure(
        clause="IS-TRN-001", code="X", sent="", expected="", came="", at_fault="target", why=TEXT, move=TEXT, rerun=""
    )
    kept = failure if verdict in {Verdict.FAIL, Verdict.WARN} else None
    return CaseResult(
        obligation=name, kind="transport", clauses=(), title=TEXT, element="e", verdict=verdict, failure=kept
    )


def made(folder: Path, *cases: CaseResult) -> Path:
    """A run as certify leaves it behind."""
    named = Named(version="1", digest=DIGEST)
    moment = "2026-11-23T09:00:00+09:00"
    run = Run(
        run=folder.name, tool="1", spec=named, suite=named, edition="2020-09-06", seed=5, cases=cases, clauses=(),
        target=Target(product="p", version="1", artefact_digest=DIGEST, profile="intermediate-server"),
        selection=Selection(complete=True), started=moment, ended=moment, counts=NO_COUNTS, exit_code=0,
    )  # fmt: skip
    save(folder, finish(run))
    (folder / ORDER).write_bytes(msgspec.json.encode(ORDERED))
    return folder


def test_only_what_was_not_green(tmp_path: Path) -> None:
    verdicts = {f"transport.{one.value}": one for one in Verdict}
    folder = made(tmp_path / "runs" / "r", *(case(name, one) for name, one in verdicts.items()))
    again = request(str(folder), tmp_path / "runs", failed=True)
    assert again.filters.only == (
        "transport.fail",
        "transport.warn",
        "transport.inconclusive",
        "transport.harness-error",
    )
    assert (again.target, again.seed, again.as_of, again.jobs, again.hooks) == msgspec.structs.astuple(ORDERED)
    assert again == request("r", tmp_path / "runs", failed=True)


def test_everything_again(tmp_path: Path) -> None:
    folder = made(tmp_path / "r", case("transport.a", Verdict.PASS))
    assert request(str(folder), tmp_path, failed=False).filters.only == ()


@pytest.mark.parametrize(
    ("prepare", "code", "exit_code"),
    [
        (lambda _: None, "RERUN-UNKNOWN", 4),
        (lambda folder: made(folder, case("transport.a", Verdict.PASS)), "RERUN-NOTHING", 5),
        (lambda folder: (made(folder) / ORDER).unlink(), "RERUN-ORDER", 4),
        (lambda folder: (made(folder) / "result.json").write_text("{"), "RESULT-CUT", 4),
    ],
)
def test_what_cannot_be_repeated(tmp_path: Path, prepare: object, code: str, exit_code: int) -> None:
    assert callable(prepare)
    prepare(tmp_path / "r")
    with pytest.raises(BangoError) as refused:
        request(str(tmp_path / "r"), tmp_path, failed=True)
    assert (refused.value.code, refused.value.exit_code) == (code, exit_code)


def test_the_command_says_where_it_looked(bango: Bango) -> None:
    said = bango.here("rerun", "yesterday", "--failed")
    assert said.code == 4
    assert "runs/yesterday" in said.err
