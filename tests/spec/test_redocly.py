"""Eyes that nobody here made: Redocly reads the workflows and the interface documents."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from bango_spec.interfaces import NAMES
from bango_spec.reading import root
from bango_spec.workflows import documents

CONFIGURATION = """extends: [minimal]
rules:
  struct: error
  no-unresolved-refs: error
"""


PROGRAM = pytest.mark.program("redocly", "npm install --global @redocly/cli@2.77.0")


def errors(folder: Path, files: list[Path]) -> tuple[int, str]:
    """What Redocly finds wrong with documents: how much, and what it says."""
    (folder / "redocly.yaml").write_text(CONFIGURATION, encoding="utf-8")
    asked = ["redocly", "lint", "--config", str(folder / "redocly.yaml"), "--format", "json", *map(str, files)]
    quiet = os.environ | {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    told = subprocess.run(asked, capture_output=True, text=True, timeout=100, check=False, env=quiet)
    # One report after the other, a file each.
    totals = [int(one) for one in re.findall(r'"errors": (\d+)', told.stdout)]
    assert len(totals) == len(files), told.stderr[-2000:]
    return sum(totals), told.stdout[-2000:]


@PROGRAM
def test_every_workflow_and_interface_document_is_valid(tmp_path: Path) -> None:
    files = [root() / f"workflows/{one.workflow.workflow_id}.arazzo.yaml" for one in documents()]
    files += [root() / f"interfaces/{name}.yaml" for name in NAMES]
    found, said = errors(tmp_path, files)
    assert found == 0, said


@PROGRAM
def test_a_workflow_with_a_mistake_is_not(tmp_path: Path) -> None:
    right = (root() / "workflows/register-replica.arazzo.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.arazzo.yaml"
    wrong.write_text(right.replace("successCriteria:", "sucessCriteria:", 1), encoding="utf-8")
    found, _ = errors(tmp_path, [wrong])
    assert found > 0
