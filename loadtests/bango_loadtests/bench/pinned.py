"""Processes of the bench, each kept on one core: what is measured on the first, who measures on the second."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psutil

from bango_loadtests.errors import IncompleteError

STARTING_SECONDS = 60.0
ENDING_SECONDS = 10.0


def cores() -> tuple[int, int]:
    """The core of what is measured and the core of who measures; BENCH-CORES with fewer than two."""
    mine = sorted(os.sched_getaffinity(0))
    if len(mine) < 2:
        raise IncompleteError(
            "BENCH-CORES",
            "コアが一つしかありません / there is only one core",
            cause="対象と発生側が同じコアを取り合う数値に意味はありません / figures of two that share a core mean nothing",
            step="二つ以上のコアで実行してください / run it on two cores or more",
        )
    return mine[0], mine[1]


@contextlib.contextmanager
def running(
    words: Sequence[str],
    core: int | None,
    log: Path,
    *,
    stdout: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A program on one core (or wherever it likes), with all that it starts; it is ended on the way out."""
    with log.open("ab") as sink:
        process = subprocess.Popen(  # noqa: S603 - our own words
            words,
            stdout=sink if stdout is None else stdout,
            stderr=sink,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
        with process:
            try:
                with contextlib.suppress(ProcessLookupError):
                    if core is not None:
                        os.sched_setaffinity(process.pid, {core})
                yield process
            finally:
                end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program and whatever it started."""
    family = []
    with contextlib.suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid).children(recursive=True)
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
    for one in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()


def family(pid: int) -> list[int]:
    """A process and all below it."""
    top = psutil.Process(pid)
    return [pid, *(one.pid for one in top.children(recursive=True))]


def output(words: Sequence[str], core: int, log: Path, environment: Mapping[str, str] | None = None) -> bytes:
    """What a program on one core writes; BENCH-ENDED when it fails."""
    with running(words, core, log, stdout=subprocess.PIPE, environment=environment) as process:
        told = process.communicate()[0]
    if process.returncode:
        raise failed(words, log)
    return told


def failed(words: Sequence[str], log: Path) -> IncompleteError:
    """A program of the bench that did not do its part, with the end of what it said."""
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:] if log.exists() else []
    return IncompleteError(
        "BENCH-ENDED",
        f"{' '.join(words[:4])}: 測定の途中で終わりました / it ended in the middle of the measurement",
        cause=" ".join(said)[:400],
        step="--only で一つずつ実行してください / run the figures one at a time with --only",
    )


def free_port() -> int:
    """A port that nobody had a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], words: Sequence[str], log: Path) -> None:
    """Wait until somebody listens; BENCH-ENDED when the program ends before, or never does."""
    limit = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise failed(words, log)
