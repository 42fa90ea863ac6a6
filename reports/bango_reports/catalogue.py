"""`catalogue.json`: the obligations, mutants and matrix that the harness has, for readers that know no harness."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from bango_reports.model import AsciiId, Digest, Named
from bango_spec.errors import BangoError
from bango_spec.reading import Element, Text

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_VERSION = 1


class Obligation(Element, frozen=True, kw_only=True):
    """One thing that a system must be seen to do."""

    id: AsciiId
    kind: AsciiId
    profile: AsciiId
    clauses: tuple[str, ...]
    element: str
    title: Text
    needs: tuple[str, ...] = ()
    """Hooks and claims that it needs from the target."""
    alone: bool = False
    """It restarts, shifts clocks or breaks peers, so nothing runs beside it."""


class Mutant(Element, frozen=True, kw_only=True):
    """A reference implementation with exactly one clause broken."""

    id: AsciiId
    clause: str
    title: Text
    expected: AsciiId
    """The reason code with which the clause's obligations must fail it."""
    profile: AsciiId
    breaks: tuple[str, ...] = ()
    """A broad mutant: the families of obligations (beginnings of ids) that it is made to fail. It proves no clause."""


class Kill(Element, frozen=True, kw_only=True):
    """What the matrix saw of one mutant."""

    mutant: AsciiId
    killed: bool
    by: tuple[str, ...] = ()
    """Obligations of its clause that failed with the expected reason."""
    others: tuple[str, ...] = ()
    """Obligations that failed too: of other clauses, or for another reason."""
    smoke: bool = True
    """The smoke set passed."""
    crashed: bool = False
    note: str = ""


class Matrix(Element, frozen=True, kw_only=True):
    """A run of all mutants; `digest` covers spec, suite and reference."""

    digest: Digest
    kills: tuple[Kill, ...]


class Catalogue(Element, frozen=True, kw_only=True):
    """The content of `catalogue.json`."""

    schema_version: int = SCHEMA_VERSION
    tool: str
    spec: Named
    suite: Named
    reference: Named
    obligations: tuple[Obligation, ...]
    mutants: tuple[Mutant, ...] = ()
    matrix: Matrix | None = None


def caught(catalogue: Catalogue) -> dict[str, list[Mutant]]:
    """Clause → the mutants that break it and nothing else, and that its own obligations were seen to fail."""
    kills = catalogue.matrix.kills if catalogue.matrix else ()
    seen = {kill.mutant for kill in kills if kill.killed and kill.by and not kill.crashed}
    found: dict[str, list[Mutant]] = {}
    for one in catalogue.mutants:
        if not one.breaks and one.id in seen:
            found.setdefault(one.clause, []).append(one)
    return found


def unproven(catalogue: Catalogue) -> tuple[str, ...]:
    """The obligations that no mutant was seen to fail: what they say is not proven to be able to say no."""
    kills = catalogue.matrix.kills if catalogue.matrix else ()
    failed = {name for kill in kills if not kill.crashed for name in (*kill.by, *kill.others)}
    return tuple(one.id for one in catalogue.obligations if one.id not in failed)


def write(path: Path, catalogue: Catalogue) -> None:
    """The catalogue as a file, one record per line, so that differences read."""
    path.write_text(_laid_out(msgspec.json.decode(msgspec.json.encode(catalogue))) + "\n", encoding="utf-8")


def _laid_out(value: Any, depth: int = 0) -> str:
    if isinstance(value, dict) and depth < 2 and any(isinstance(item, list) and item for item in value.values()):
        members = (f'"{key}": {_laid_out(item, depth + 1)}' for key, item in value.items())
        return "{\n" + ",\n".join(members) + "\n}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(msgspec.json.encode(item).decode() for item in value) + "\n]"
    return msgspec.json.encode(value).decode()


def read(path: Path) -> Catalogue:
    """The catalogue in a file; CATALOGUE-… errors say what is wrong with it."""
    try:
        data = msgspec.json.decode(path.read_bytes())
        version = data.get("schema_version", 1) if isinstance(data, dict) else 1
        if isinstance(version, int) and version > SCHEMA_VERSION:
            raise BangoError(
                "CATALOGUE-FUTURE",
                f"{path}: より新しい版の試験台が書いた一覧です / a newer testbed wrote this catalogue",
                step="試験台を新しくしてください / update the testbed",
            )
        catalogue = msgspec.convert(data, Catalogue, strict=True)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BangoError(
            "CATALOGUE-FORM", f"{path}: 一覧を読めません / the catalogue cannot be read", cause=str(error)
        ) from error
    wrong = _contradictions(catalogue)
    if wrong:
        raise BangoError(
            "CATALOGUE-WRONG",
            f"{path}: 一覧の中身が合いません / the catalogue contradicts itself",
            cause="; ".join(wrong),
        )
    return catalogue


def _contradictions(catalogue: Catalogue) -> list[str]:
    named = {
        "obligation": [o.id for o in catalogue.obligations],
        "mutant": [m.id for m in catalogue.mutants],
        "kill": [k.mutant for k in catalogue.matrix.kills] if catalogue.matrix else [],
    }
    wrong = [f"{name} twice: {i}" for name, ids in named.items() for i, times in Counter(ids).items() if times > 1]
    return wrong + [f"kill of no mutant: {kill}" for kill in named["kill"] if kill not in named["mutant"]]


def find() -> Path | None:
    """The catalogue of the installed harness, found without importing it; None where there is none."""
    from importlib.util import find_spec  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    harness = find_spec("bango_conformance")
    folders = harness.submodule_search_locations if harness else None
    return next((file for folder in folders or () if (file := Path(folder) / "catalogue.json").is_file()), None)
