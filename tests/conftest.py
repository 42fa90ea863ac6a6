"""Programs and libraries that a machine may lack: their tests skip with the line that installs them, and in CI they fail."""

from __future__ import annotations

import os
import shutil
from ctypes.util import find_library

import pytest


def pytest_runtest_setup(item: pytest.Item) -> None:
    for kind, found in (("program", shutil.which), ("library", find_library)):
        for mark in item.iter_markers(kind):
            name, install = mark.args
            if found(name) is None:
                told = f"the {kind} {name} is not installed: {install}"
                if os.environ.get("CI"):
                    pytest.fail(told, pytrace=False)
                pytest.skip(told)
