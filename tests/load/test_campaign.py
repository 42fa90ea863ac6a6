"""Campaigns against the reference and against servers that break one clause under load: real processes, real sockets.

They are shorter than a campaign that proves something; what they show is that the machinery sees what it has to see.
"""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import psutil
import pytest

from bango_mocks.reference_target import listed
from bango_reports.model import Run, Verdict
from bango_reports.store import load

pytestmark = pytest.mark.slow
MUTANTS = {one["id"]: one for one in listed() if one["campaign"]}


def words(*given: str) -> list[str]:
    return [sys.executable, "-m", "bango_conformance", "load", *given]


def bango(folder: Path, campaign: str, target: str, *more: str) -> tuple[int, Run, Path]:
    out = folder / "out"
    done = subprocess.run(
        words(campaign, target, "--out", str(out), *more), capture_output=True, text=True, timeout=120, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    made = load(out)
    assert done.returncode == made.exit_code, done.stdout
    return done.returncode, made, out


def told(made: Run) -> dict[str, Any]:
    return {case.obligation.rpartition(".")[2]: case for case in made.cases}


def test_the_reference_is_right_under_load(tmp_path: Path) -> None:
    _, made, out = bango(tmp_path, "counter-day", "reference", "--seconds", "20")
    cases = told(made)
    wrong = {name: case.failure.came for name, case in cases.items() if case.failure is not None}
    checks = (
        "right-person",
        "right-provision",
        "once-only",
        "permit-once",
        "nothing-lost",
        "records-whole",
        "chain-whole",
    )
    assert {cases[name].verdict for name in checks} == {Verdict.PASS}, wrong
    assert cases["disclosure-p95"].verdict is not Verdict.INCONCLUSIVE
    assert not made.selection.complete, "a shorter run proves nothing"
    suite = ET.parse(out / "junit.xml").getroot()
    assert len(list(suite.iter("testcase"))) == len(made.cases)
    stats = list(csv.DictReader((out / "locust_stats.csv").read_text(encoding="utf-8").splitlines()))
    asked = next(row for row in stats if row["Name"] == "submitInquiry")
    assert int(asked["Request Count"]) > 50
    record = msgspec.json.decode((out / "load.json").read_bytes())
    assert record["campaign"]
    page = (out / "load.html").read_text(encoding="utf-8")
    assert "<svg" in page
    # No passphrase, no individual number: the scene is the generators' own and stays out of what is handed on.
    assert not (out / "scene.json").exists() or (out / "scene.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("mutant", "seconds"), [("load-swapped-answer", "25"), ("load-lost-record", "25"), ("load-slow-counter", "20")]
)
def test_a_server_that_breaks_one_clause_under_load_fails_for_it(tmp_path: Path, mutant: str, seconds: str) -> None:
    one = MUTANTS[mutant]
    code, made, _ = bango(tmp_path, one["campaign"], f"reference@{mutant}", "--seconds", seconds)
    assert code == 1
    failed = {(case.failure.clause, case.failure.code) for case in made.cases if case.failure is not None}
    assert (one["clause"], one["reason"]) in failed


def test_a_campaign_that_is_told_to_stop_says_so_and_keeps_what_it_saw(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        words("counter-day", "reference", "--out", str(out)), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        seen = 0
        for line in process.stdout:
            seen += "/s  p95" in line
            if seen == 2:
                break
        children = psutil.Process(process.pid).children(recursive=True)
        os.kill(process.pid, signal.SIGTERM)
        process.stdout.read()
        assert process.wait(60) == 2
    made = load(out)
    assert made.interrupted
    assert {case.verdict for case in made.cases} <= {Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE, Verdict.FAIL}
    _, alive = psutil.wait_procs(children, 10)
    assert alive == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 2), (signal.SIGKILL, None)])
def test_whoever_is_stopped_while_preparing_leaves_nobody_behind(
    tmp_path: Path, number: signal.Signals, code: int | None
) -> None:
    with subprocess.Popen(
        words("counter-day", "reference", "--out", str(tmp_path / "out")), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        (locust,) = psutil.Process(process.pid).children()
        until = time.monotonic() + 30
        while not (children := locust.children()) and time.monotonic() < until:
            time.sleep(0.01)
        assert children, "the ground has been started"
        locust.send_signal(number)
        process.stdout.read()
        assert process.wait(60) == (code or 128 + number)
    _, alive = psutil.wait_procs(children, 30)
    assert alive == []


def test_a_target_that_dies_ends_the_campaign_and_what_was_seen_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        words("counter-day", "reference", "--out", str(out)), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        seen = 0
        for line in process.stdout:
            seen += "/s  p95" in line
            if seen == 2:
                break
        server = next(
            one
            for one in psutil.Process(process.pid).children(recursive=True)
            if "bango_mocks.reference.intermediate_server" in " ".join(one.cmdline())
        )
        os.kill(server.pid, signal.SIGKILL)
        rest = process.stdout.read()
        assert process.wait(120) == 12, rest
    assert "LOAD-TARGET-GONE" in rest
    made = load(out)
    assert not any(case.verdict is Verdict.PASS for case in made.cases if case.obligation.endswith("nothing-lost"))


def test_a_full_disk_takes_files_but_not_the_verdict(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        words("counter-day", "reference", "--seconds", "12", "--out", str(out)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if "/s  p95" in line:
                break
        # Whatever is written here finds the disk full.
        (out / "load.json").symlink_to("/dev/full")
        rest = process.stdout.read()
        assert process.wait(60) == 12, rest
        assert "Traceback" not in process.stderr.read()
    assert "判定 / verdicts" in rest
    assert "load.counter-day.records-whole" in rest
    assert "LOAD-WRITE" in rest
    # What could be written before stays.
    assert load(out).cases
