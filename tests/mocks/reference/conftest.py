"""The server that all tests share, and servers of their own for those that disturb it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.mocks.reference.played_network import Network
from tests.mocks.reference.world import World

from bango_mocks.hosting import Host


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    with Host() as made:
        yield made


@pytest.fixture(scope="session")
def world(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(host, tmp_path_factory.mktemp("world"), Network())
    yield made
    made.close()


@pytest.fixture
def make_world(host: Host, tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Worlds of their own, for tests that restart the server, move its clock or break it."""
    worlds: list[World] = []

    def made(*overlays: type) -> World:
        worlds.append(World(host, tmp_path / str(len(worlds)), Network(), overlays))
        return worlds[-1]

    yield made
    for one in worlds:
        one.close()
