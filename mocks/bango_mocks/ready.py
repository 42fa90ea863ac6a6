"""The file that a standing network writes when it is ready, and takes away when it ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from bango_spec.errors import UsageError


class ReadyFile:
    """A ready file at a path; it is refused before anything starts where it could not be written or would cost something."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = Path(f"{path}.part")
        self._written = False
        try:
            if (path.exists() or path.is_symlink()) and not _of_a_network(path):
                raise _refused(path, "ほかのものがあります / something else is there")
            path.parent.mkdir(parents=True, exist_ok=True)
            # To be able to write is seen by writing: rights and full disks show no other way.
            self._part.write_bytes(b"")
        except OSError as error:
            raise _refused(path, str(error.strerror)) from error

    def write(self, told: dict[str, Any]) -> None:
        """Tell it, in one step; passphrases stand in it, so only its owner may read it."""
        try:
            self._part.unlink(missing_ok=True)
            with os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n")
            self._part.replace(self.path)
        except OSError as error:
            raise _refused(self.path, str(error.strerror)) from error
        self._written = True

    def remove(self) -> None:
        """Take away what was written; the ready file of another network stays."""
        self._part.unlink(missing_ok=True)
        if self._written:
            self.path.unlink(missing_ok=True)


def _of_a_network(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    data = path.read_bytes()
    if not data:
        return True
    try:
        told = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and {"pid", "urls", "bodies"} <= told.keys()


def _refused(path: Path, told: str) -> UsageError:
    return UsageError(
        "NETWORK-READY",
        f"{path}: 用意ができたことを書けません / the ready file cannot be written: {told}",
        step="新しいファイルの名を --ready で指定してください / name a new file with --ready",
    )
