"""The reference implementation as a target like any other: the word `reference` (or `reference@MUTANT`) for a target file.

The target file's start hook runs this module again, in processes of their own; the judge itself imports nothing of the judged.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import tomlkit

import bango_mocks
from bango_mocks.credentials import authority_in
from bango_mocks.parties import parties_of
from bango_mocks.reference_process import Setting, command, configured
from bango_mocks.standing import ADMINISTRATOR, choose
from bango_spec.errors import UsageError

WORD = "reference"
MODULE = "bango_mocks.reference_target"
LIST = (sys.executable, "-m", "bango_mocks.reference.intermediate_server", "--list-mutants")
LIGHT = "bango_mocks.reference_hooks"
LIGHT_HOOKS = ("clock", "export-store", "export-logs")
# Waiting for a peer's second chance is what most of a run's time would go to.
RELAY_PAUSE_SECONDS = 0.05
PORTS = range(20_000, 32_000)


def is_reference(target: str) -> bool:
    """Whether a target is named by the word instead of by a file."""
    return target == WORD or target.startswith(f"{WORD}@")


@contextmanager
def target_file(target: str) -> Iterator[Path]:
    """The target file for a word or a file's own name; a reference's files are gone afterwards."""
    if not is_reference(target):
        yield Path(target)
        return
    _, laid, mutant = target.partition("@")
    if laid:
        _known(mutant)
    folder = Path(tempfile.mkdtemp(prefix="bango-reference-"))
    try:
        yield write(folder, mutant)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def listed() -> list[dict[str, Any]]:
    """What may be laid over the reference, as the reference itself lists it; its code is not loaded into this process."""
    told: list[dict[str, Any]] = json.loads(subprocess.run(LIST, capture_output=True, check=True, timeout=60).stdout)  # noqa: S603 - our own module
    return told


def _known(mutant: str) -> None:
    known = [str(one["id"]) for one in listed()]
    if mutant in known:
        return
    near = difflib.get_close_matches(mutant.lower(), known, 3, 0.4)
    raise UsageError(
        "REFERENCE-MUTANT",
        f"{WORD}@{mutant}: そういう変異体はありません / there is no such mutant of the reference",
        cause="もしかして / did you mean: " + ", ".join(near) if near else "",
        step="bango mutants --list",
    )


def write(folder: Path, mutant: str = "") -> Path:
    """A target file for the reference (with a mutant laid over it) in an empty folder, with its own test authority."""
    authority_in(folder / "credentials")
    body = choose(1)[0]
    ports = free_ports(2)
    hooks = {"start": ["{python}", "-m", MODULE, str(folder), *([mutant] if mutant else [])]}
    hooks |= {name: ["{python}", "-m", LIGHT, name, str(folder)] for name in LIGHT_HOOKS}
    told = {
        "profile": "intermediate-server",
        "product": {
            "name": f"bango-testbed-{WORD}" + (f"-{mutant}" if mutant else ""),
            "version": version("bango-testbed"),
            "vendor": "Bango Testbed",
            "artefact": digest(mutant),
        },
        "endpoints": {"in_house": f"https://127.0.0.1:{ports[0]}", "network": f"https://127.0.0.1:{ports[1]}"},
        "body": {"code": body.code, "parties": list(parties_of(body))},
        "network": {"credentials": "credentials"},
        "staff": {"id": ADMINISTRATOR, "passphrase": secrets.token_urlsafe(18)},
        "hooks": {name: {"command": command} for name, command in hooks.items()},
    }
    path = folder / "target.toml"
    path.write_text(tomlkit.dumps(told), encoding="utf-8")
    path.chmod(0o600)
    return path


def digest(mutant: str = "") -> str:
    """SHA-256 over the reference's files, and over the mutant's id where one is laid over it."""
    top = Path(bango_mocks.__file__).parent
    total = hashlib.sha256(mutant.encode())
    for path in sorted((top / WORD).rglob("*.py")):
        total.update(hashlib.sha256(path.read_bytes()).digest() + path.relative_to(top).as_posix().encode())
    return f"sha256:{total.hexdigest()}"


def free_ports(number: int) -> list[int]:
    """Ports that nobody had a moment ago, from below those that the system gives to outgoing connections."""
    held: list[socket.socket] = []
    try:
        while len(held) < number:
            with contextlib.suppress(OSError):
                held.append(socket.create_server(("127.0.0.1", PORTS.start + secrets.randbelow(len(PORTS)))))
        return [int(one.getsockname()[1]) for one in held]
    finally:
        for one in held:
            one.close()


def main(arguments: list[str]) -> int:
    """The `start` hook: the folder, and the mutant where one is laid over it."""
    start(Path(arguments[0]), *arguments[1:])
    return 0


def start(folder: Path, mutant: str = "") -> None:
    """Become the reference server, told of the network by the environment."""
    told = msgspec.toml.decode((folder / "target.toml").read_bytes())
    config = configured(
        Setting(
            body=os.environ["BANGO_BODY"],
            parties=tuple(os.environ["BANGO_PARTIES"].split(",")),
            credential=Path(os.environ["BANGO_CREDENTIALS"]),
            interface_system=os.environ["BANGO_INTERFACE_SYSTEM"],
            staff_id=told["staff"]["id"],
            passphrase=told["staff"]["passphrase"],
            edition=os.environ["BANGO_EDITION"],
            editions=tuple(os.environ["BANGO_EDITIONS"].split(",")),
            folder=folder,
            bind=_host(os.environ["BANGO_IN_HOUSE"]),
            advertise=_host(os.environ["BANGO_IN_HOUSE"]),
            in_house_port=_port(os.environ["BANGO_IN_HOUSE"]),
            network_port=_port(os.environ["BANGO_NETWORK"]),
            relay_first_pause_seconds=RELAY_PAUSE_SECONDS,
        )
    )
    words = command(config, mutant)
    os.execv(words[0], words)  # noqa: S606 - our own interpreter and module


def _port(origin: str) -> int:
    return int(origin.rpartition(":")[2])


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
