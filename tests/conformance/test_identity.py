"""What a matrix speaks of: all that a run of the suite against the reference executes, and nothing of load campaigns."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bango_conformance.identity import judging

LOADED = """
import sys
import bango_conformance.run, bango_conformance.matrix, bango_mocks.reference.intermediate_server.__main__
from bango_conformance.suite import Scope, suite
from bango_mocks.parties import parties_of
from bango_mocks.standing import choose
from bango_spec.law import default_edition
body = choose(1)[0]
suite(Scope(default_edition().id, body.code, tuple(parties_of(body)), 1))
for name, module in sorted(sys.modules.items()):
    if name.startswith(("bango_spec", "bango_mocks", "bango_conformance")) and not name.endswith(("__main__", "__init__")):
        print(module.__file__)
"""


def test_whatever_a_run_loads_is_part_of_the_state_that_a_matrix_speaks_of() -> None:
    told = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, check=True, text=True, timeout=60).stdout
    covered = {path for files in judging().values() for path in files}
    missing = [line for line in told.split() if Path(line).resolve() not in covered]
    assert [path for path in missing if not path.endswith("bango_spec/__init__.py")] == []


def test_what_only_load_campaigns_read_is_none_of_it() -> None:
    names = [path.as_posix() for files in judging().values() for path in files]
    assert len(names) > 200
    assert not [name for name in names if "/load" in name.rpartition("bango_")[2] or "under_load" in name]
