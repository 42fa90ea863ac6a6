"""The ground as a process of its own: started before a campaign, asked and told during it, ended after it."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Self
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

import gevent

from bango_loadtests.errors import IncompleteError, TargetError
from bango_loadtests.scene import Scene, read

SCENE = "scene.json"
READY_SECONDS = 180.0
END_SECONDS = 20.0
ANSWER_SECONDS = 120.0


class GroundProcess:
    """`python -m bango_loadtests.ground` as a child; its words on standard error go to `ground.log` in its folder."""

    def __init__(self, folder: Path, options: list[str]) -> None:
        self.folder = folder
        self._log = (folder / "ground.log").open("w", encoding="utf-8")
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "bango_loadtests.ground", "--out", str(folder), *options],
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            # Ctrl-C in the terminal is the conductor's: it ends the ground after reading its ledgers.
            start_new_session=True,
        )

    def ready(self) -> Scene:
        """The scene, once the ground stands; its own words as an error when it does not come to that."""
        with gevent.Timeout(READY_SECONDS, exception=False):
            line = self._process.stdout.readline() if self._process.stdout else ""
            if line.strip() == "ready":
                return read(self.folder / SCENE)
        self.end()
        said = (self.folder / "ground.log").read_text(encoding="utf-8").strip()
        code = self._process.returncode
        if code == TargetError.exit_code:
            raise TargetError(*_parts(said))
        raise IncompleteError(*_parts(said))

    def end(self) -> None:
        """End it, and wait until it has gone."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.end()


def _parts(said: str) -> tuple[str, str]:
    """Code and text of the last error in a log: an error prints itself as `CODE: what …`."""
    code, _, text = said.partition(":")
    if not code or " " in code or not text:
        return "LOAD-GROUND", f"場面を用意できませんでした / the scene could not be prepared: {said[-500:]}"
    return code, text.strip()


class Control:
    """The ground's door for the conductor."""

    def __init__(self, scene: Scene) -> None:
        self._origin = scene.control
        self._token = scene.token
        self._open = build_opener(ProxyHandler({})).open

    def disturb(self, kind: str, seconds: float) -> None:
        """Begin a disturbance; an empty kind ends it."""
        self._ask("PUT", "/disturbance", {"kind": kind, "seconds": seconds})

    def load(self) -> dict[str, float] | None:
        """The processor seconds that the ground has used, and its clock; None when it does not answer."""
        with contextlib.suppress(OSError, URLError, ValueError):
            told: dict[str, float] = self._ask("GET", "/load")
            return told
        return None

    def ledgers(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """What is left behind at the network, the others and the target; `wanted` names what else to read from the target."""
        told: dict[str, Any] = self._ask("POST", "/ledgers", wanted)
        return told

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self._origin + path, data, {"Authorization": f"Bearer {self._token}"}, method=method)  # noqa: S310
        with self._open(request, timeout=ANSWER_SECONDS) as answer:
            content = answer.read()
        return json.loads(content) if content else None
