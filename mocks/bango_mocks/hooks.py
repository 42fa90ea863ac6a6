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
from typing import IO
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
        with (self._folder / "target.log").open("ab") as log:
            self._process = self._begun("start", hook, stdout=log, stderr=log)

    def ended(self) -> int | None:
        """The exit code of a started target that is no longer there."""
        return None if self._process is None else self._process.poll()

    def run(self, name: str, **more: str) -> bytes:
        """Run a hook to its end; what it wrote to standard output. TARGET-HOOK when it fails, and nothing of it goes on then."""
        hook = self._hooks[name]
        process = self._begun(name, hook, stdout=subprocess.PIPE, stderr=subprocess.PIPE, more=more)
        try:
            output, errors = process.communicate(timeout=hook.seconds)
        except BaseException as error:
            # Over time, or cut off by a signal: what it started must not go on in the back of the run.
            end(process)
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
            if isinstance(error, subprocess.TimeoutExpired):
                raise _failed(name, f"{hook.seconds:g} s") from error
            raise
        if process.returncode:
            raise _failed(name, f"{process.returncode}: {errors.decode('utf-8', 'replace')[-300:]}")
        return output

    def kill(self) -> None:
        """End the target without warning: by the kill hook if there is one, else what `start` started by SIGKILL."""
        process = self._process
        if "kill" in self._hooks:
            self.run("kill")
            if process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(STOPPING_SECONDS)
        if process is not None:
            end(process)
            self._process = None

    def stop(self) -> None:
        """End what `start` started: by the stop hook if there is one, then by SIGTERM, at last by SIGKILL."""
        process = self._process
        if process is None:
            return
        try:
            if "stop" in self._hooks:
                # A stop hook that fails must not cost a run its result: the process is ended all the same.
                with contextlib.suppress(TargetError):
                    self.run("stop")
                    _await_end(process)
            _tell(process, signal.SIGTERM)
            _await_end(process)
        finally:
            end(process)
            self._process = None

    def _begun(
        self,
        name: str,
        hook: Hook,
        *,
        stdout: IO[bytes] | int,
        stderr: IO[bytes] | int,
        more: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        words = [sys.executable if word == "{python}" else word for word in hook.command]
        try:
            return subprocess.Popen(  # noqa: S603 - the vendor's own command, from the vendor's own file
                words, env={**self._environment, **(more or {})}, stdout=stdout, stderr=stderr, start_new_session=True
            )
        except OSError as error:
            raise TargetError(
                "TARGET-START" if name == "start" else "TARGET-HOOK",
                f"フック {name} を実行できません / the hook {name} cannot be run: {error}",
                step=f"対象ファイルの [hooks.{name}] を直してください / correct [hooks.{name}] of the target file",
            ) from error


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its whole group by SIGKILL, and take in its exit code; bounded, and no error if all are gone."""
    _tell(process, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOPPING_SECONDS)


def _tell(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # A target that has ended by itself may have left its group behind, or nothing at all.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _await_end(process: subprocess.Popen[bytes]) -> None:
    """Give a process and its group their time to end."""
    limit = time.monotonic() + STOPPING_SECONDS
    while (process.poll() is None or _group_lives(process.pid)) and time.monotonic() < limit:
        time.sleep(0.02)


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    import psutil  # noqa: PLC0415 - only where the first of a group is gone and others may be left

    for one in psutil.process_iter(["status"]):
        # A dead child that nobody has taken in yet still counts for the system, but nothing of it runs.
        with contextlib.suppress(OSError):
            if os.getpgid(one.pid) == group and one.info["status"] != psutil.STATUS_ZOMBIE:
                return True
    return False


def _failed(name: str, told: str) -> TargetError:
    return TargetError(
        "TARGET-HOOK",
        f"フック {name} が失敗しました / the hook {name} failed: {told}",
        cause="命令がエラーで終わったか、seconds の間に終わりませんでした"
        " / the command ended with an error, or not within its `seconds`",
        step=f"対象ファイルの [hooks.{name}] を確かめてください / check [hooks.{name}] of the target file",
    )


def _vacant(origin: str) -> None:
    # A server left over from another run would be judged in place of the one that is started now.
    place = urlsplit(origin)
    try:
        socket.create_connection((place.hostname or "", place.port or 443), timeout=1.0).close()
    except OSError:
        return
    raise TargetError(
        "TARGET-OCCUPIED",
        f"{origin}: 対象を始める前から誰かが答えています / something listens there before the target is started",
        cause="前の実行のものが残っているか、ほかのプログラムがその番号を使っています"
        " / a server of an earlier run is still there, or another program has the port",
        step="それを止めるか、別の番号にしてください / end it, or give the target another port",
    )
