"""The command line as its users meet it: in a process of its own, or in this one where nothing but the answer matters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bango_conformance import cli


class Said(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class Bango:
    """Runs commands in a folder."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capture = capture

    def here(self, *words: str | Path) -> Said:
        """In this process: quick, and enough for whatever starts nothing."""
        self._capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main([str(word) for word in words])
        return Said(int(ended.value.code or 0), *self._capture.readouterr())

    def __call__(self, *words: str | Path, **environment: str) -> Said:
        """In a process of its own."""
        done = subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    @staticmethod
    def command(*words: str | Path) -> list[str]:
        return [sys.executable, "-m", "bango_conformance", *map(str, words)]


@pytest.fixture
def bango(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Bango:
    monkeypatch.chdir(tmp_path)
    return Bango(tmp_path, capsys)
