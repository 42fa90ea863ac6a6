"""Programs that a machine may lack: their tests skip with the line that installs them, and in CI they fail."""

from __future__ import annotations

import os
import shutil

import pytest


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("program"):
        name, install = mark.args
        if shutil.which(name) is None:
            told = f"the program {name} is not installed: {install}"
            if os.environ.get("CI"):
                pytest.fail(told, pytrace=False)
            pytest.skip(told)
