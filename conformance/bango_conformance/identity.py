"""Version and digest of the spec and of the suite: a result names both."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import bango_mocks
from bango_reports.model import Named
from bango_spec.reading import root

DISTRIBUTION = "bango-testbed"
SPEC_SUFFIXES = frozenset({".yaml", ".json"})


@cache
def spec_identity() -> Named:
    """The spec's data files."""
    top = root()
    files = [p for p in top.rglob("*") if p.suffix in SPEC_SUFFIXES and "bango_spec" not in p.relative_to(top).parts]
    return Named(version=version(DISTRIBUTION), digest=digest(top, files))


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


def matrix_digest() -> str:
    """One digest over spec, suite and reference: a matrix is stale when it no longer agrees."""
    parts = (spec_identity().digest, suite_identity().digest, reference_identity().digest)
    return f"sha256:{hashlib.sha256(' '.join(parts).encode()).hexdigest()}"


def digest(top: Path, files: list[Path]) -> str:
    """SHA-256 over relative name and content of the files, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(files):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{content}  {path.relative_to(top).as_posix()}\n".encode())
    return f"sha256:{total.hexdigest()}"
