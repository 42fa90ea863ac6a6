"""The demo shows what is really so: it exits 0 only while the network, the reference and the mutant behave as told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bango_conformance import demo
from bango_conformance.demo_inquiry import UnexpectedError
from bango_reports.store import load

if TYPE_CHECKING:
    from tests.conformance.conftest import Bango


@pytest.mark.slow
def test_the_whole_tour(bango: Bango) -> None:
    said = bango("demo", "--lang", "en")
    assert said.code == 0, said.out + said.err
    assert said.err == ""
    assert "the answer came: 33 items" in said.out
    reports = [Path(line) for line in re.findall(r"report +(\S+)", said.out)]
    assert len(reports) == 2
    first, second = (load((bango.folder / report).parent) for report in reports)
    assert first.exit_code == 0
    assert not first.selection.complete
    assert "certifies nothing" in said.out
    assert {case.failure.clause for case in second.cases if case.failure} == {demo.CLAUSE}
    for report in reports:
        assert (bango.folder / report).stat().st_size > 0


class Played:
    """A run that came to something else than it should."""

    def __init__(self, exit_code: int) -> None:
        self.folder = Path("nowhere")
        self.run = type("Run", (), {"exit_code": exit_code, "cases": ()})


@pytest.mark.parametrize("exit_code", [1, 5, 12, 13])
def test_a_reference_that_fails_spoils_it(monkeypatch: pytest.MonkeyPatch, exit_code: int) -> None:
    monkeypatch.setattr(demo, "certify", lambda _: Played(exit_code))
    assert not demo._reference(demo.Guide("ja"), Path("runs"), [])


@pytest.mark.parametrize("exit_code", [0, 1, 13])
def test_a_mutant_that_survives_or_dies_of_something_else_spoils_it(
    monkeypatch: pytest.MonkeyPatch, exit_code: int
) -> None:
    monkeypatch.setattr(demo, "certify", lambda _: Played(exit_code))
    assert not demo._mutant(demo.Guide("ja"), Path("runs"), [])


def test_what_went_wrong_is_told_and_the_tour_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = []

    def broken(_: Any) -> bool:
        raise UnexpectedError("DEMO-OUTCOME", "no-person")

    def fine(*_: Any) -> bool:
        seen.append(True)
        return True

    monkeypatch.setattr(demo, "_network", broken)
    monkeypatch.setattr(demo, "_reference", fine)
    monkeypatch.setattr(demo, "_mutant", fine)
    assert demo.demo("ja") == 1
    assert len(seen) == 2
    assert "DEMO-OUTCOME" in capsys.readouterr().err
