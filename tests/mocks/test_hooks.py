"""What hooks start is ended with everything that it started, whatever becomes of the hooks."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from bango_mocks import hooks as module
from bango_mocks.hooks import Hooks
from bango_mocks.reference_target import write
from bango_spec.target import Hook, TargetError, read_target

STUBBORN = """
import os, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    open(sys.argv[1] + ".part", "w").write(f"{os.getpid()} {child}")
    os.rename(sys.argv[1] + ".part", sys.argv[1])
while True:
    signal.pause()
"""


class Vendor:
    """Hooks of a vendor whose processes tell their ids in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = folder / "told"
        (folder / "reference").mkdir()
        self.target = read_target(write(folder / "reference"))

    def hooks(self, **commands: Any) -> Hooks:
        made = {name: Hook(command=(sys.executable, "-c", *words), seconds=2.0) for name, words in commands.items()}
        return Hooks(msgspec.structs.replace(self.target, hooks=made), {}, self.folder)

    def started(self, **commands: Any) -> tuple[Hooks, list[int]]:
        hooks = self.hooks(start=(STUBBORN, str(self.told)), **commands)
        hooks.start()
        return hooks, self.processes()

    def processes(self) -> list[int]:
        while not self.told.exists():
            os.sched_yield()
        return [int(word) for word in self.told.read_text(encoding="ascii").split()]


def alive(processes: list[int], seconds: float = 0.0) -> list[int]:
    """Which of them still live; those that are about to end get so long for it."""
    limit = time.monotonic() + seconds
    while found := [one for one in processes if _lives(one)]:
        if time.monotonic() >= limit:
            break
        time.sleep(0.01)
    return found


def _lives(process: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(process).status() != psutil.STATUS_ZOMBIE)
    return False


@pytest.fixture
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vendor:
    monkeypatch.setattr(module, "STOPPING_SECONDS", 0.3)
    return Vendor(tmp_path)


@pytest.mark.parametrize("stop", [{}, {"stop": ("",)}, {"stop": ("raise SystemExit(1)",)}])
def test_stop_ends_the_whole_group_that_does_not_listen(vendor: Vendor, stop: dict[str, Any]) -> None:
    hooks, processes = vendor.started(**stop)
    hooks.stop()
    assert alive(processes, 5) == []


@pytest.mark.parametrize("kill", [{}, {"kill": ("",)}])
def test_kill_ends_it_also_when_the_kill_hook_does_nothing(vendor: Vendor, kill: dict[str, Any]) -> None:
    hooks, processes = vendor.started(**kill)
    hooks.kill()
    assert alive(processes, 5) == []


def test_a_kill_hook_that_fails_leaves_it_to_stop(vendor: Vendor) -> None:
    hooks, processes = vendor.started(kill=("raise SystemExit('no docker')",))
    with pytest.raises(TargetError, match="no docker") as failed:
        hooks.kill()
    assert failed.value.code == "TARGET-HOOK"
    assert len(alive(processes)) == 2
    hooks.stop()
    assert alive(processes, 5) == []


def test_a_hook_that_takes_too_long_is_ended_with_what_it_started(vendor: Vendor) -> None:
    hooks = vendor.hooks(reset=(STUBBORN, str(vendor.told)))
    with pytest.raises(TargetError, match="2 s"):
        hooks.run("reset")
    assert alive(vendor.processes()) == []


def test_a_command_that_is_not_there(vendor: Vendor) -> None:
    made = {name: Hook(command=("/nowhere/at-all",)) for name in ("start", "reset")}
    hooks = Hooks(msgspec.structs.replace(vendor.target, hooks=made), {}, vendor.folder)
    for call, code in ((hooks.start, "TARGET-START"), (lambda: hooks.run("reset"), "TARGET-HOOK")):
        with pytest.raises(TargetError, match="/nowhere/at-all") as failed:
            call()
        assert failed.value.code == code
