"""Every exit code, by the command that a build server would run; each run is a real one against the reference."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit

from bango_conformance.run import Order, run
from bango_conformance.suite import Filters
from bango_mocks.reference_target import write
from bango_reports.events import Bus, Writer
from bango_reports.store import ResultWriter, load
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from tests.conformance.conftest import Bango

pytestmark = pytest.mark.slow
ONE = "transport.network.no-certificate"
BROKEN = """
import sys
from bango_conformance import cli
from bango_conformance.kinds import transport_connections

def fails(*_):
    raise ZeroDivisionError("by accident")

transport_connections.probe = transport_connections.must_answer = fails
cli.main(sys.argv[1:])
"""


def changed(folder: Path, **changes: Any) -> Path:
    """The reference's target file with other keys; its hooks go on reading the one that they were made with."""
    made = tomllib.loads(write(folder / "reference").read_text(encoding="utf-8"))
    other = folder / "reference" / "changed.toml"
    other.write_text(tomlkit.dumps(made | changes), encoding="utf-8")
    return other


def test_0_passed_but_partial(bango: Bango) -> None:
    said = bango("certify", "reference", "--only", ONE, "--seed", "7", "--format", "json", "--lang", "en")
    assert said.code == 0, said.err
    told = said.data
    assert (told["exit_code"], told["complete"], told["certifies"]) == (0, False, False)
    assert told["obstacles"] == ["PARTIAL"]
    assert "certifies nothing" in said.err
    for path in told["files"].values():
        assert (bango.folder / path).stat().st_size > 0
    assert load(bango.folder / told["folder"]).seed == 7
    again = bango.here("rerun", told["folder"], "--failed")
    assert again.code == 5
    assert "RERUN-NOTHING" in again.err


def test_1_failed_and_again_only_what_failed(bango: Bango) -> None:
    chosen = ("--clause", "IS-PRV-005", "--smoke", "--only", ONE, "--only", "permission")
    said = bango("certify", "reference@is-prv-005", *chosen, "--seed", "7", "--format", "json")
    assert said.code == 1, said.err
    failed = [one["obligation"] for one in said.data["failures"]]
    assert {one["clause"] for one in said.data["failures"]} == {"IS-PRV-005"}
    assert all(one["rerun"].startswith("bango certify reference@is-prv-005 --seed 7") for one in said.data["failures"])
    again = bango("rerun", Path(said.data["folder"]).name, "--failed", "--format", "json")
    assert again.code == 1, again.err
    assert again.data["seed"] == 7
    assert again.data["counts"]["cases"] == len(failed)
    assert [one["obligation"] for one in again.data["failures"]] == failed


def test_2_interrupted_with_a_result_and_nothing_left_behind(bango: Bango) -> None:
    words = bango.command("certify", "reference", "--kind", "permission", "--jobs", "1", "--lang", "en")
    scratch = bango.folder / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        words, cwd=bango.folder, env={**os.environ, "TMPDIR": str(scratch)}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("… ") and "/" in line:
                break
        assert running_in(scratch)
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
        assert process.wait(60) == 2
    assert "interrupted" in rest
    (folder,) = (bango.folder / "runs").iterdir()
    assert load(folder).interrupted
    assert running_in(scratch) == []
    assert list(scratch.iterdir()) == []


def test_2_interrupted_before_the_first_case(bango: Bango) -> None:
    scratch = bango.folder / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        bango.command("certify", "reference", "--smoke"),
        cwd=bango.folder,
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        # The folder is in its owner's hands once there is something in it.
        while not list(scratch.glob("bango-stage-*/*")) and process.poll() is None:
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 2
        assert process.stderr is not None
        assert "中断しました" in process.stderr.read()
    assert running_in(scratch) == []
    assert list(scratch.iterdir()) == []


def test_13_evidence_that_cannot_be_kept_ends_the_run_and_says_why(tmp_path: Path) -> None:
    def writers(folder: Path) -> list[Writer]:
        (folder / "evidence").write_text("not a folder", encoding="ascii")
        return [ResultWriter(folder)]

    filters = Filters(only=("shape",))
    order = Order(write(tmp_path / "reference"), tmp_path / "runs", filters=filters, seed=7, writers=writers)
    with pytest.raises(BangoError, match="evidence") as told:
        run(order, Bus())
    assert (told.value.code, told.value.exit_code) == ("RUN-UNKEPT", 13)
    (folder,) = (tmp_path / "runs").iterdir()
    kept = load(folder)
    assert kept.interrupted
    assert kept.cases == ()


def test_13_a_result_that_cannot_be_written(bango: Bango) -> None:
    script = """
import sys
from bango_conformance import cli
from bango_reports import store

def full(*_):
    raise OSError(28, "No space left on device")

store.save = full
cli.main(sys.argv[1:])
"""
    words = [sys.executable, "-c", script, "certify", "reference", "--only", ONE]
    done = subprocess.run(words, cwd=bango.folder, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 13, done.stderr
    assert done.stderr.startswith("RUN-UNKEPT")
    assert "No space left" in done.stderr


def running_in(folder: Path) -> list[bytes]:
    """The processes whose command names the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            command = entry.read_bytes()
            found += [command] if str(folder).encode() in command else []
    return found


def test_4_a_key_makes_no_sense_for_a_selection(bango: Bango) -> None:
    said = bango.here("certify", "reference", "--only", ONE, "--key", "k.pem")
    assert said.code == 4
    assert said.err.startswith("CERTIFY-PARTIAL")


def test_4_the_seed_of_a_witnessed_run_is_not_chosen(bango: Bango) -> None:
    said = bango.here("certify", "reference", "--witnessed", "--seed", "1")
    assert said.code == 4
    assert said.err.startswith("CERTIFY-SEED")


def test_4_a_word_that_names_no_obligation(bango: Bango) -> None:
    said = bango.here("certify", "reference", "--only", "transport.nonsense")
    assert said.code == 4
    assert said.err.startswith("SUITE-SELECTION")


def test_5_nothing_selected(bango: Bango) -> None:
    said = bango.here("certify", "reference", "--kind", "transport", "--clause", "IS-PRV-005")
    assert said.code == 5
    assert said.err.startswith("SUITE-NOTHING")


def test_10_a_target_that_does_not_start(bango: Bango) -> None:
    start = {"start": {"command": ["{python}", "-c", "raise SystemExit('no database')"]}}
    said = bango("certify", changed(bango.folder, hooks=start), "--only", ONE)
    assert said.code == 10
    assert said.err.startswith("TARGET-ENDED")
    assert "no database" in said.err


def test_10_leaves_no_empty_folder(bango: Bango) -> None:
    start = {"start": {"command": ["{python}", "-c", ""]}}
    said = bango("certify", changed(bango.folder, hooks=start), "--only", ONE)
    assert said.code == 10
    assert list((bango.folder / "runs").iterdir()) == []


def test_11_a_waiver_that_has_ended_and_one_that_is_not_needed(bango: Bango) -> None:
    waivers = [
        {"obligation": ONE, "reason": "r", "owner": "o", "expires": "2999-01-01"},
        {"obligation": "transport.in-house.expired", "reason": "r", "owner": "o", "expires": "2020-01-01"},
    ]
    said = bango("certify", changed(bango.folder, waivers=waivers), "--only", ONE, "--format", "json")
    assert said.code == 11, said.err
    assert said.data["counts"]["verdicts"]["pass"] == 1
    states = {one.obligation: one.state for one in load(bango.folder / said.data["folder"]).waivers}
    assert states == {ONE: "stale", "transport.in-house.expired": "expired"}


def test_12_a_must_that_could_not_be_tried(bango: Bango) -> None:
    target = changed(bango.folder, staff={"id": "nobody", "passphrase": "wrong wrong wrong"})
    said = bango("certify", target, "--clause", "IS-PRV-005", "--smoke", "--format", "json")
    assert said.code == 12, said.err
    assert said.data["counts"]["verdicts"]["inconclusive"] == said.data["counts"]["cases"]


def test_13_an_error_of_the_testbed(bango: Bango) -> None:
    first = bango.command()[0]
    words = [first, "-c", BROKEN, "certify", "reference", "--only", ONE, "--format", "json"]
    done = subprocess.run(words, cwd=bango.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 13, done.stderr
    assert json.loads(done.stdout)["verdict"] == "harness-error"
