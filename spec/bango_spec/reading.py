"""Files to typed data: every file of the spec is read here, and a key that the type does not know is an error."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import msgspec
from ryaml._ryaml import InvalidYamlError, loads  # the package does not re-export them for type checkers

from bango_spec.errors import SpecError

T = TypeVar("T")
# msgspec prepares a type on its first use and crashes when two threads meet there.
_one_at_a_time = Lock()


class Element(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every typed piece of the spec: immutable, and unknown keys are refused."""


class Text(Element, frozen=True):
    """A text in both languages, Japanese first."""

    ja: str
    en: str


def root() -> Path:
    """The folder of the spec data: inside the wheel, or the checkout's `spec/`."""
    package = Path(__file__).resolve().parent
    packed = package / "_data"
    return packed if packed.is_dir() else package.parent


def load(path: Path) -> Any:
    """The plain data of one YAML or JSON file; SPEC-READ says where it is broken."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError("SPEC-READ", f"{path}: {error}", step="restore the file from the release") from error
    try:
        return msgspec.json.decode(text) if path.suffix == ".json" else loads(text)
    except (InvalidYamlError, msgspec.DecodeError) as error:
        raise SpecError("SPEC-SYNTAX", f"{path}: {error}", step="correct the file at the place named") from error


def read(path: str | Path, kind: type[T]) -> T:
    """One spec file as `kind`; a relative path is taken from the spec's root. SPEC-SHAPE names file and place."""
    where = root() / path
    try:
        data = load(where)
        with _one_at_a_time:
            return msgspec.convert(data, kind, strict=True)
    except msgspec.ValidationError as error:
        raise SpecError("SPEC-SHAPE", f"{where}: {error}", step="see the docstring of the type for its keys") from error


def files(folder: str, suffix: str = ".yaml") -> list[Path]:
    """The spec files of a folder in stable order."""
    return sorted(p for p in (root() / folder).rglob(f"*{suffix}") if p.is_file())
