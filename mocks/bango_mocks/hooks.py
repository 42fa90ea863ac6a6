"""The vendor's hooks: commands that start, stop or inspect the target; run only when the run allows them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from bango_mocks.authority import Credential
from bango_spec.allow_list import editions_before, party_kinds
from bango_spec.target import Hook, Target, TargetError

STOPPING_SECONDS = 10.0


def environment(target: Target, interface_system: str, credential: Credential, edition: str) -> dict[str, str]:
    """What a start hook learns of the network: where it is, the editions, and a folder with the target's own credentials."""
    return {
        "BANGO_INTERFACE_SYSTEM": interface_system,
        "BANGO_CREDENTIALS": str(credential.folder),
        "BANGO_BODY": target.body.code,
        "BANGO_PARTIES": ",".join(sorted(party_kinds(target.body.parties))),
        "BANGO_EDITION": edition,
        "BANGO_EDITIONS": ",".join((*editions_before(edition), edition)),
        "BANGO_IN_HOUSE": target.endpoints.in_house,
        "BANGO_NETWORK": target.endpoints.network,
    }


class Hooks:
    """The hooks of one target. What `start` started is ended when the run ends, by its own process group."""

    def __init__(self, target: Target, environment: Mapping[str, str], folder: Path) -> None:
        self._hooks = target.hooks
        self._endpoints = target.endpoints
        self._environment = {**os.environ, **environment}
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def has(self, name: str) -> bool:
        """Whether the target file gives this hook."""
        return name in self._hooks

    def start(self) -> None:
        """Start the target; its output goes to `target.log` in the run's folder. TARGET-OCCUPIED: something answers already."""
        hook = self._hooks["start"]
        for origin in (self._endpoints.in_house, self._endpoints.network):
            _vacant(origin)
        log = (self._folder / "target.log").open("ab")
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the vendor's own command, from the vendor's own file
                self._command(hook), env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        except OSError as error:
            raise TargetError(
                "TARGET-START",
                f"the start hook cannot be run: {error}",
                step="correct [hooks.start] of the target file",
            ) from error
        finally:
            log.close()

    def ended(self) -> int | None:
        """The exit code of a started target that is no longer there."""
        return None if self._process is None else self._process.poll()

    def run(self, name: str, **more: str) -> bytes:
        """Run a hook to its end; what it wrote to standard output. TARGET-HOOK when it fails."""
        hook = self._hooks[name]
        try:
            done = subprocess.run(  # noqa: S603 - as in start
                self._command(hook),
                env={**self._environment, **more},
                capture_output=True,
                timeout=hook.seconds,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise TargetError("TARGET-HOOK", f"the hook {name} failed: {error}") from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace")[-300:]
            raise TargetError("TARGET-HOOK", f"the hook {name} ended with {done.returncode}: {said}")
        return done.stdout

    def kill(self) -> None:
        """End the target without warning: by the kill hook if there is one, else what `start` started by SIGKILL."""
        process, self._process = self._process, None
        if "kill" in self._hooks:
            self.run("kill")
        elif process is not None:
            os.killpg(process.pid, signal.SIGKILL)
        if process is not None:
            process.wait(STOPPING_SECONDS)

    @staticmethod
    def _command(hook: Hook) -> list[str]:
        return [sys.executable if word == "{python}" else word for word in hook.command]

    def stop(self) -> None:
        """End what `start` started: by the stop hook if there is one, then by SIGTERM, at last by SIGKILL."""
        process, self._process = self._process, None
        if process is None:
            return
        self._end(process)
        limit = time.monotonic() + STOPPING_SECONDS
        while process.poll() is None and time.monotonic() < limit:
            time.sleep(0.02)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(STOPPING_SECONDS)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if "stop" in self._hooks:
            # A stop hook that fails must not cost a run its result: the process is ended all the same.
            with contextlib.suppress(TargetError):
                self.run("stop")
                return
        # A target that has ended by itself may have left its group behind, or nothing at all.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)


def _vacant(origin: str) -> None:
    # A server left over from another run would be judged in place of the one that is started now.
    place = urlsplit(origin)
    try:
        socket.create_connection((place.hostname or "", place.port or 443), timeout=1.0).close()
    except OSError:
        return
    raise TargetError(
        "TARGET-OCCUPIED",
        f"something listens at {origin} before the target is started",
        cause="a server of an earlier run is still there, or another program has the port",
        step="end it, or give the target another port",
    )
