"""The rivals that the bench starts where they are installed, each set up as its own documents say it is fastest."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bango_loadtests.bench.pinned import family, free_port, running, wait_for
from bango_spec import interfaces

Name = Literal["prism", "mockoon-cli", "wrk"]
INSTALL: dict[Name, str] = {
    "prism": "npm install --global @stoplight/prism-cli@5.12.0",
    "mockoon-cli": "npm install --global @mockoon/cli",
    "wrk": "apt-get install wrk",
}


class MissingError(Exception):
    """A rival is not installed: its figures are left out, and the reason stands in their place."""


@dataclass(frozen=True)
class Rival:
    """A rival that answers: where, and the processes that are it."""

    url: str
    processes: list[int]


def found(name: Name) -> str:
    """Where a rival's program is; MissingError with the line that installs it."""
    path = shutil.which(name)
    if path is None:
        raise MissingError(f"{name} がありません / is not installed: {INSTALL[name]}")
    return path


def version(name: Name) -> str:
    """A rival's name and version, as it tells them."""
    words = [found(name), "--version"]
    told = subprocess.run(words, capture_output=True, check=False, timeout=60, text=True)  # noqa: S603 - found on the path
    number = re.search(r"\d+\.\d+\.\d+", told.stdout + told.stderr)
    return f"{name} {number.group() if number else '?'}"


def document(folder: Path) -> Path:
    """The core's interface document in one file, as the rivals read it."""
    path = folder / "core.json"
    path.write_text(json.dumps(interfaces.document("core"), ensure_ascii=False), encoding="utf-8")
    return path


@contextlib.contextmanager
def prism(folder: Path, core: int) -> Iterator[Rival]:
    """Prism with static answers, in production mode and silent: it writes a line for each request otherwise."""
    words = [found("prism"), "mock", str(document(folder)), "--host", "127.0.0.1", "--verboseLevel", "silent"]
    with _serving([*words, "--multiprocess", "false"], folder, core) as rival:
        yield rival


@contextlib.contextmanager
def mockoon(folder: Path, core: int) -> Iterator[Rival]:
    """Mockoon without its file log."""
    words = [found("mockoon-cli"), "start", "--data", str(document(folder)), "--disable-log-to-file"]
    with _serving(words, folder, core) as rival:
        yield rival


@contextlib.contextmanager
def _serving(words: list[str], folder: Path, core: int) -> Iterator[Rival]:
    port, log = free_port(), folder / "rival.log"
    whole = [*words, "--port", str(port)]
    with running(whole, core, log, environment={"NODE_ENV": "production"}) as process:
        wait_for(port, process, whole, log)
        yield Rival(f"http://127.0.0.1:{port}", family(process.pid))
