"""The whole site, built once for the tests that read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.browsing import _page, browser, still, tab

from bango_reports.site.build import build

__all__ = ["_page", "browser", "still", "tab"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site in both languages with the examples."""
    return build(tmp_path_factory.mktemp("built") / "site", langs=("ja", "en")).folder
