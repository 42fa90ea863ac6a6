"""What a reference server is told when it starts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec

from bango_spec.errors import UsageError
from bango_spec.reading import Element


class Listen(Element, frozen=True):
    """Where one side of the server listens; port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 0


class Administrator(Element, frozen=True):
    """The first staff member, who can add the others."""

    staff_id: str
    passphrase: str


class Config(Element, frozen=True):
    """The whole configuration, read from one TOML file."""

    body: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{16}$")]
    parties: tuple[str, ...]
    credential: Path
    interface_system: str
    administrator: Administrator
    edition: str = "2020-09-06"
    in_house: Listen = Listen()
    network: Listen = Listen()
    store: Path | None = None
    ready_file: Path | None = None


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
