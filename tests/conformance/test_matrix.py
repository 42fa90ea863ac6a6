"""What counts as a kill, and what a matrix proves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from bango_conformance import matrix, mutants
from bango_reports.catalogue import Catalogue, Kill, Matrix, Mutant, Obligation, unproven
from bango_reports.model import Named, Verdict
from bango_spec.clauses import of_system
from bango_spec.errors import UsageError
from bango_spec.reading import Text

TEXT = Text(ja="題", en="title")
NAMED = Named(version="1", digest=f"sha256:{'0' * 64}")


def mutant(**changed: Any) -> Mutant:
    made = Mutant(id="is-x-001", clause="IS-X-001", title=TEXT, expected="REASON", profile="intermediate-server")
    return msgspec.structs.replace(made, **changed)


def case(identity: str, verdict: Verdict, code: str | None = None, clause: str = "IS-X-001") -> Any:
    failure = None if code is None else SimpleNamespace(code=code)
    return SimpleNamespace(obligation=identity, verdict=verdict, failure=failure, clauses=(clause,))


def judged(*cases: Any, one: Mutant | None = None, crashed: bool = False) -> Kill:
    return matrix.verdict(one or mutant(), SimpleNamespace(cases=cases), lambda _: crashed)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def smoke(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "smoke_ids", lambda _: frozenset({"smoke.a"}))


def test_a_kill_is_a_failure_of_the_clause_for_the_reason_that_was_told() -> None:
    kill = judged(case("a", Verdict.FAIL, "REASON"), case("b", Verdict.PASS), case("smoke.a", Verdict.PASS, clause="Y"))
    assert (kill.killed, kill.by, kill.others, kill.smoke) == (True, ("a",), (), True)


@pytest.mark.parametrize(
    "cases",
    [
        (case("a", Verdict.PASS),),
        (case("a", Verdict.FAIL, "OTHER"),),
        (case("a", Verdict.INCONCLUSIVE),),
        (case("a", Verdict.FAIL, "REASON", clause="IS-Y-001"),),
        (case("a", Verdict.FAIL, "REASON"), case("smoke.a", Verdict.FAIL, "REASON", clause="IS-Y-001")),
        (case("a", Verdict.FAIL, "REASON"), case("smoke.a", Verdict.INCONCLUSIVE, clause="IS-Y-001")),
    ],
)
def test_nothing_else_is_one(cases: tuple[Any, ...]) -> None:
    assert not judged(*cases).killed


def test_a_mutant_that_falls_over_is_not_killed() -> None:
    assert not judged(case("a", Verdict.FAIL, "REASON"), crashed=True).killed


def test_a_broad_mutant_takes_the_smoke_set_with_it() -> None:
    cases = (case("a", Verdict.FAIL, "REASON"), case("smoke.a", Verdict.FAIL, "REASON", clause="IS-Y-001"))
    kill = judged(*cases, one=mutant(breaks=("smoke",)))
    assert (kill.killed, kill.others) == (True, ("smoke.a",))


def test_a_failure_for_another_reason_is_told() -> None:
    kill = judged(case("a", Verdict.FAIL, "OTHER"))
    assert kill.note == "failed, but for OTHER"
    assert kill.others == ("a",)


def test_what_no_mutant_fails_is_unproven() -> None:
    obligations = tuple(
        Obligation(id=name, kind="shape", profile="p", clauses=("IS-X-001",), element="e", title=TEXT)
        for name in ("by", "other", "fallen", "never")
    )
    kills = (
        Kill(mutant="m", killed=True, by=("by",), others=("other",)),
        Kill(mutant="n", killed=False, crashed=True, by=("fallen",)),
    )
    kept = Matrix(digest=NAMED.digest, kills=kills)
    made = Catalogue(tool="1", spec=NAMED, suite=NAMED, reference=NAMED, obligations=obligations, matrix=kept)
    assert unproven(made) == ("fallen", "never")


def test_a_slice_is_the_same_for_the_same_state_and_a_name_must_be_known() -> None:
    assert mutants.chosen((), 5) == mutants.chosen((), 5)
    assert len(mutants.chosen((), 5)) == 5
    assert [one.id for one in mutants.chosen(("IS-PRV-012",), None)] == ["is-prv-012", "is-prv-012-late"]
    with pytest.raises(UsageError, match="no mutant is called"):
        mutants.chosen(("is-nothing",), None)


def test_every_binding_clause_has_a_mutant_of_its_own() -> None:
    own = {one.clause for one in matrix.mutants() if not one.breaks}
    binding = {one.id for one in of_system("intermediate-server") if one.binding and one.testable and not one.by_load}
    assert binding <= own


def test_one_real_mutant_is_killed_in_a_process_of_its_own() -> None:
    told: list[Kill] = []
    (kill,) = mutants.trials(mutants.chosen(("is-lnk-007",), None), 1, 4, told.append)
    assert kill.killed
    assert told == [kill]
    assert kill.by == ("lifecycle.linkage-code.requested.deliver-in-reverse",)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_mutants_that_are_told_to_end_leave_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    words = (sys.executable, "-m", "bango_conformance", "mutants", "--only", "is-prv-005", "--only", "is-lnk-007")
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        (*words, "--workers", "2"), env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL
    ) as process:
        # The server of a mutant says so when it answers.
        while not list(tmp_path.glob("bango-reference-*/ready.json")):
            assert process.poll() is None
        process.send_signal(number)
        assert process.wait(60) != 0
    assert list(tmp_path.iterdir()) == []
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not [one for one in commands if str(tmp_path).encode() in one]
