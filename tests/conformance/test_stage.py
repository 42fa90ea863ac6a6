"""A stage that cannot be set up leaves nothing behind."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import msgspec
import pytest

from bango_conformance.stage import Stage
from bango_mocks.law_table import law_table
from bango_mocks.reference_target import write
from bango_spec.errors import BangoError
from bango_spec.target import read_target


def test_a_port_that_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reference").mkdir()
    target = read_target(write(tmp_path / "reference"))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        network = msgspec.structs.replace(target.network, interface_system_port=taken.getsockname()[1])
        stage = Stage(msgspec.structs.replace(target, network=network), law_table("2020-09-06"), 1)
        with pytest.raises(BangoError) as refused, stage:
            pass
    assert refused.value.code == "LISTEN-REFUSED"
    assert list(scratch.iterdir()) == []
    assert set(threading.enumerate()) == before
