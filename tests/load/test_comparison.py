"""Two runs: only what lies outside the other's own variation is a change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bango_loadtests.judge.comparison import compared
from bango_loadtests.judge.record import Figures
from bango_spec.errors import BangoError


def figures(noise: dict[str, list[float]], **more: Any) -> Figures:
    bare: dict[str, Any] = {
        "campaign": "counter-day",
        "seed": 1,
        "scale": 1.0,
        "seconds": 90.0,
        "warm_up_seconds": 10.0,
    }
    empty: dict[str, Any] = {"operations": [], "lines": [], "tasks": [], "items": [], "over_time": {}, "generators": {}}
    return Figures(
        **bare | empty | {"disturbed": None, "processors": 2, "watched": [], "inquiries": {}, "noise": noise} | more
    )


TENTHS = [10.0, 11.0, 9.5, 10.5, 10.0, 12.0, 9.0, 10.2, 10.1, 10.9]


@pytest.mark.parametrize(
    ("after", "change"),
    [
        (TENTHS, "alike"),
        ([value * 1.1 for value in TENTHS], "alike"),
        ([value * 1.5 for value in TENTHS], "slower"),
        ([value / 2 for value in TENTHS], "faster"),
        ([*TENTHS[:9], 500.0], "alike"),
        (TENTHS[:3], "unmeasured"),
    ],
)
def test_a_change_is_one_beyond_noise(after: list[float], change: str) -> None:
    (found,) = compared(figures({"submitInquiry": TENTHS}), figures({"submitInquiry": after}))
    assert found.change == change


def test_unlike_runs_are_not_compared() -> None:
    with pytest.raises(BangoError) as told:
        compared(figures({}), figures({}, campaign="june-peak"))
    assert told.value.code == "LOAD-UNLIKE"


def test_the_command(tmp_path: Path) -> None:
    for name, factor in (("before", 1.0), ("after", 3.0)):
        (tmp_path / name).mkdir()
        made = figures({"submitInquiry": [value * factor for value in TENTHS], "readInquiry": TENTHS})
        (tmp_path / name / "load.json").write_bytes(msgspec.json.encode(made))

    def bango(*words: str) -> subprocess.CompletedProcess[str]:
        whole = [sys.executable, "-m", "bango_conformance", "load", "compare", *words]
        return subprocess.run(whole, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    said = bango("before", "after")
    assert said.returncode == 1
    assert said.stdout.splitlines()[0].startswith("× submitInquiry")
    assert bango("before", "before").returncode == 0
    (tmp_path / "after" / "load.json").write_text("{", encoding="ascii")
    for words in (("before", "after"), ("before", "nowhere")):
        said = bango(*words)
        assert (said.returncode, said.stderr.partition(":")[0]) == (12, "LOAD-FIGURES")
