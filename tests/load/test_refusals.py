"""What cannot be run is refused with its reason and exit code, before anything has gone up, and nothing stays behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bango_spec.reading import root

OWN = (root() / "load" / "campaigns" / "counter-day.yaml").read_text(encoding="utf-8")


def bango(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bango_conformance", "load", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("nosuch", "reference"), 4, "LOAD-CAMPAIGN"),
        (("counter-day", "reference", "--seconds", "0"), 12, "LOAD-CONTRADICTION"),
        (("counter-day", "reference", "--seconds", "nan"), 12, "LOAD-CONTRADICTION"),
        (("counter-day", "reference", "--scale", "0"), 12, "LOAD-CONTRADICTION"),
        (("counter-day", "nosuch.toml"), 10, "TARGET-UNREADABLE"),
        (("counter-day", "reference@nosuch"), 12, "REFERENCE-MUTANT"),
        (("counter-day", "reference", "--as-of", "1999-01-01"), 12, "LAW-EDITION"),
    ],
)
def test_a_command_that_makes_no_sense(tmp_path: Path, words: tuple[str, ...], code: int, says: str) -> None:
    said = bango(tmp_path, *words)
    assert (said.returncode, said.stderr.partition(":")[0]) == (code, says), said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("mix: counter", "mix: nosuch", "no nosuch"),
        ("behaviour: counter-clerk", "behaviour: wizard", "wizard"),
        ("of: [submitInquiry]", "of: [flyAway]", "flyAway"),
        ("clause: IS-LOD-001", "clause: IS-LOD-999", "IS-LOD-999"),
        ("at_most: counter-answer-milliseconds", "at_most: nosuch", "nosuch"),
        ("seconds: 90", "seconds: -1", "seconds"),
        ("title:", "title: [", "YAML"),
    ],
)
def test_a_campaign_of_ones_own_that_does_not_hold_together(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in OWN
    (tmp_path / "own.yaml").write_text(OWN.replace(old, new, 1), encoding="utf-8")
    said = bango(tmp_path, "own.yaml", "reference")
    assert said.returncode == 12, said.stderr
    assert said.stderr.startswith("LOAD-CAMPAIGN-FILE"), said.stderr
    assert "Traceback" not in said.stderr
    if says != "YAML":
        assert says in said.stderr
    assert not list(tmp_path.glob("runs/*/scene.json"))
