"""A reference intermediate server as a process of its own, in its own process group."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import msgspec
import tomlkit

from bango_spec.errors import BangoError

MODULE = "bango_mocks.reference.intermediate_server"
STARTING_SECONDS = 30.0
ENDING_SECONDS = 10.0
PAUSE = 0.05


@dataclass(frozen=True)
class Setting:
    """What a reference server is told: see the reference's own configuration for the meaning of each."""

    body: str
    parties: tuple[str, ...]
    credential: Path
    interface_system: str
    staff_id: str
    passphrase: str
    edition: str
    folder: Path
    bind: str = "127.0.0.1"
    advertise: str = "127.0.0.1"
    in_house_port: int = 0
    network_port: int = 0
    relay_first_pause_seconds: float | None = None
    editions: tuple[str, ...] = ()

    def written(self) -> str:
        """The configuration file's content (TOML)."""
        side = {"host": self.bind, "advertise": self.advertise}
        pause = self.relay_first_pause_seconds
        return tomlkit.dumps(
            ({} if pause is None else {"relay_first_pause_seconds": pause})
            | {
                "body": self.body,
                "parties": list(self.parties),
                "credential": str(self.credential),
                "interface_system": self.interface_system,
                "edition": self.edition,
                "editions": list(self.editions),
                "store": str(self.folder / "store.db"),
                "ready_file": str(self.folder / "ready.json"),
                "log_file": str(self.folder / "server.log"),
                "clock_file": str(self.folder / "clock"),
                "administrator": {"staff_id": self.staff_id, "passphrase": self.passphrase},
                "in_house": side | {"port": self.in_house_port},
                "network": side | {"port": self.network_port},
            }
        )


def configured(setting: Setting) -> Path:
    """The configuration file of a setting, written where only its owner can read it."""
    setting.folder.mkdir(parents=True, exist_ok=True)
    path = setting.folder / "config.toml"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(setting.written().encode())
    return path


def command(config: Path, mutant: str = "") -> list[str]:
    """The command that serves a configuration, with a mutant laid over it if one is named."""
    return [sys.executable, "-m", MODULE, "--config", str(config), *(["--overlay", mutant] if mutant else [])]


class ReferenceProcess:
    """One running reference server; use as a context manager. `in_house` and `network` are its origins."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.in_house = ""
        self.network = ""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        self.wait()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process without waiting for it."""
        config = configured(self.setting)
        self._ready.unlink(missing_ok=True)
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command(config), stdout=output, stderr=output, start_new_session=True
            )

    @property
    def _log(self) -> Path:
        return self.setting.folder / "output.log"

    @property
    def _ready(self) -> Path:
        return self.setting.folder / "ready.json"

    def wait(self) -> None:
        """Return when the server answers; REFERENCE-ENDED or REFERENCE-SLOW otherwise."""
        limit = time.monotonic() + STARTING_SECONDS
        while not self._ready.exists():
            if (code := self.ended()) is not None:
                raise BangoError(
                    "REFERENCE-ENDED",
                    f"{self.setting.body}: 参照実装が始まる前に終わりました（{code}） / the reference server ended"
                    f" with {code}: {self.said()}",
                )
            if time.monotonic() > limit:
                raise BangoError(
                    "REFERENCE-SLOW",
                    f"{self.setting.body}: 参照実装の用意ができません / the reference server does not get ready",
                    cause=self.said(),
                )
            time.sleep(PAUSE)
        told: dict[str, Any] = msgspec.json.decode(self._ready.read_bytes())
        self.in_house, self.network = told["in_house"], told["network"]

    def ended(self) -> int | None:
        """The exit code of a server that is no longer there."""
        return None if self._process is None else self._process.poll()

    def end(self) -> None:
        """Tell the process to end, without waiting for it."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)

    def stop(self) -> None:
        """End the process and everything that it started."""
        self.end()
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def said(self) -> str:
        """The end of what the server printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-300:].strip()
