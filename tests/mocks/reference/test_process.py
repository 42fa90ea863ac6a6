"""The server as a process of its own: ready file, clock file, clean end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import uuid
from typing import TYPE_CHECKING

import httpx
import pytest

from bango_mocks.authority import Authority
from bango_mocks.reference.intermediate_server.config import read_config
from bango_mocks.tls import client_context
from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

BODY = "9000163101900001"
CONFIG = """
body = "{body}"
parties = ["municipal-mayor"]
credential = "{folder}/server"
interface_system = "https://127.0.0.1:9"
store = "{folder}/store.sqlite"
ready_file = "{folder}/ready.json"
log_file = "{folder}/log.jsonl"
clock_file = "{folder}/clock"
[administrator]
staff_id = "root"
passphrase = "a passphrase of the tests"
"""


def test_it_starts_serves_and_ends(tmp_path: Path) -> None:
    authority = Authority.create(tmp_path / "authority")
    authority.issue(tmp_path / "server", "intermediate-server", BODY)
    config = tmp_path / "server.toml"
    config.write_text(CONFIG.format(folder=tmp_path, body=BODY), encoding="utf-8")
    (tmp_path / "clock").write_text("86400", encoding="ascii")
    command = [sys.executable, "-m", "bango_mocks.reference.intermediate_server", "--config", str(config)]
    with subprocess.Popen([*command, "--overlay", "is-prv-005"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert told == json.loads((tmp_path / "ready.json").read_text(encoding="utf-8"))
        assert told["pid"] == process.pid
        context = client_context(authority.issue(tmp_path / "in-house", "in-house", BODY))
        with httpx.Client(verify=context, trust_env=False) as client:
            headers = {"Bango-Correlation-Id": str(uuid.uuid4())}
            body = {"staff_id": "root", "passphrase": "a passphrase of the tests"}
            opened = client.post(told["in_house"] + "/in-house/v1/staff-sessions", json=body, headers=headers)
            health = client.get(told["in_house"] + "/in-house/v1/health", headers=headers).json()
        assert opened.status_code == 201
        assert health["time"][:10] > time.strftime("%Y-%m-%d")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["operation"] for line in lines] == ["openStaffSession", "readInHouseHealth"]
    assert opened.json()["token"] not in str(lines)


def test_a_wrong_configuration_is_named(tmp_path: Path) -> None:
    config = tmp_path / "server.toml"
    config.write_text(CONFIG.format(folder=tmp_path, body="123"), encoding="utf-8")
    with pytest.raises(UsageError, match="body"):
        read_config(config)
    config.write_text(CONFIG.format(folder=tmp_path, body=BODY) + "colour = 1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="colour"):
        read_config(config)
