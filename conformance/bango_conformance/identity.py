"""Version and digest of the spec and of the suite: a result names both; and the state that a matrix speaks of."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import bango_mocks
import bango_reports
import bango_spec
from bango_reports.model import Named
from bango_spec.reading import root

DISTRIBUTION = "bango-testbed"
SPEC_SUFFIXES = frozenset({".yaml", ".json"})
LOAD = frozenset({"load", "under_load.py"})
"""What only load campaigns read: no obligation comes near it."""
DOORS = frozenset({"commands.py", "inprocess.py", "ready.py"})
"""Doors of the played network that no obligation goes through."""
SPEC_CODE = (
    "_bundle",
    "_damage",
    "_diagnosis",
    "_identifier_data",
    "_ids",
    "_item_data",
    "_item_misses",
    "_item_sample",
    "_item_schema",
    "_spans",
    "_system_data",
    "allow_list",
    "assumptions",
    "characters",
    "clauses",
    "error_catalogue",
    "errors",
    "expressions",
    "identifiers",
    "interfaces",
    "items",
    "law",
    "lifecycles",
    "orders",
    "permits",
    "population",
    "reading",
    "systems",
    "target",
    "task_codes",
    "vocabulary",
    "workflows",
)
REPORTS_CODE = ("model", "verdicts")


@cache
def spec_identity() -> Named:
    """The spec's data files."""
    top = root()
    return Named(version=version(DISTRIBUTION), digest=digest(top, _spec_files(top)))


@cache
def suite_identity() -> Named:
    """The code that makes and judges the obligations."""
    here = Path(__file__).resolve().parent
    return Named(version=version(DISTRIBUTION), digest=digest(here, list(here.rglob("*.py"))))


@cache
def reference_identity() -> Named:
    """The reference server and its mutants."""
    top = Path(bango_mocks.__file__).resolve().parent / "reference"
    return Named(version=version(DISTRIBUTION), digest=digest(top, list(top.rglob("*.py"))))


@cache
def matrix_digest() -> str:
    """One digest over all that can change a kill: a matrix is stale when it no longer agrees.

    The spec's data and the code that reads it, the suite, the network that is played, the reference with its mutants,
    and the verdicts.
    """
    parts = (digest(top, files) for top, files in judging().items())
    return f"sha256:{hashlib.sha256(' '.join(parts).encode()).hexdigest()}"


def judging() -> dict[Path, list[Path]]:
    """The files that `matrix_digest` covers, by the folder that their names are relative to."""
    top, suite = root(), Path(__file__).resolve().parent
    spec, mocks, reports = _home(bango_spec), _home(bango_mocks), _home(bango_reports)
    return {
        top: [path for path in _spec_files(top) if not LOAD.intersection(path.relative_to(top).parts)],
        spec: [spec / f"{name}.py" for name in SPEC_CODE],
        suite: list(suite.rglob("*.py")),
        mocks: [path for path in mocks.rglob("*.py") if path.name not in LOAD | DOORS],
        reports: [reports / f"{name}.py" for name in REPORTS_CODE],
    }


def digest(top: Path, files: list[Path]) -> str:
    """SHA-256 over relative name and content of the files, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(files):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{content}  {path.relative_to(top).as_posix()}\n".encode())
    return f"sha256:{total.hexdigest()}"


def _home(package: ModuleType) -> Path:
    return Path(str(package.__file__)).resolve().parent


def _spec_files(top: Path) -> list[Path]:
    return [p for p in top.rglob("*") if p.suffix in SPEC_SUFFIXES and "bango_spec" not in p.relative_to(top).parts]
