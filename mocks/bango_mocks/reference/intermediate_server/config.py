"""What a reference server is told when it starts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec

from bango_spec.errors import UsageError
from bango_spec.reading import Element


class Listen(Element, frozen=True):
    """Where one side of the server listens; port 0 takes a free one, `advertise` is the name that others reach it by."""

    host: str = "127.0.0.1"
    port: int = 0
    advertise: str = ""


class Administrator(Element, frozen=True):
    """The first staff member, who can add the others."""

    staff_id: str
    passphrase: str


class Config(Element, frozen=True):
    """The whole configuration, read from one TOML file; paths are taken from the working directory."""

    body: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{16}$")]
    parties: tuple[str, ...]
    credential: Path
    interface_system: str
    administrator: Administrator
    edition: str = "2020-09-06"
    editions: tuple[str, ...] = ()
    """Further editions that the server decides by; the one in force on the day is the newest of all that has begun."""
    in_house: Listen = Listen()
    network: Listen = Listen()
    store: Path | None = None
    ready_file: Path | None = None
    log_file: Path | None = None
    """Where the log goes; standard error without it."""
    clock_file: Path | None = None
    """A file with a number of seconds by which the server's clock is ahead of the system's, read again when it changes."""
    relay_first_pause_seconds: float | None = None
    """The first pause before an undelivered message is sent again; the assumption of that name without it."""

    def known_editions(self) -> tuple[str, ...]:
        """Every edition that the server decides by, oldest first."""
        return tuple(sorted({self.edition, *self.editions}))


def read_config(path: Path) -> Config:
    """The configuration in a TOML file; REFERENCE-CONFIG says what is wrong with it."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Config, dec_hook=_path)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError("REFERENCE-CONFIG", f"{path}: {error}", step="correct the file at the place named") from error


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError
