"""A server that also keeps the recommendations the reference does not: the checks for them can be passed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.conformance.test_exit_codes import changed

from bango_reports.store import load

if TYPE_CHECKING:
    from tests.conformance.conftest import Bango

pytestmark = pytest.mark.slow
SERVER = Path(__file__).with_name("careful_server.py")
CLAUSES = ("IS-REC-007", "IS-PRI-009")


def test_what_warns_on_the_reference_passes_on_a_server_that_seals_and_erases(bango: Bango) -> None:
    plain = changed(bango.folder)
    hooks = tomllib.loads(plain.read_text(encoding="utf-8"))["hooks"]
    start = {"command": ["{python}", str(SERVER), str(plain.parent)]}
    target = changed(bango.folder, hooks=hooks | {"start": start})
    chosen = [word for clause in CLAUSES for word in ("--clause", clause)]
    careful = bango("certify", target, *chosen, "--seed", "7", "--format", "json")
    assert careful.code == 0, careful.err
    assert verdicts(bango.folder / careful.data["folder"]) == {"pass"}
    usual = bango("certify", "reference", *chosen, "--seed", "7", "--format", "json")
    assert usual.code == 0, usual.err
    assert verdicts(bango.folder / usual.data["folder"]) == {"warn"}


def verdicts(run: Path) -> set[str]:
    """The verdicts of the four obligations of a run."""
    cases = load(run).cases
    assert len(cases) == 4
    return {case.verdict.value for case in cases}
