"""Redocly's Arazzo runner plays workflows against the reference server of a standing network: eyes that nobody here made."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from bango_mocks.authority import Credential
from bango_mocks.clock import stamp
from bango_mocks.standing import Order, Standing
from bango_mocks.tls import client_context
from bango_spec.items import layouts, sample
from bango_spec.reading import root
from bango_spec.vocabulary import information

KIND = "local-tax"
PASSPHRASE = "correct horse battery staple"
PLAYED = (
    "register-replica",
    "update-replica",
    "correct-replica",
    "delete-replica",
    "register-replicas-in-bulk",
)
PROGRAM = pytest.mark.program("redocly", "npm install --global @redocly/cli@2.77.0")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("network")
    order = Order(1, 1, "2020-09-06", folder, folder / "credentials")
    with Standing(order) as standing:
        (body,) = standing.told()["bodies"]
        _add_registrar(body)
        yield body


def _add_registrar(body: dict[str, Any]) -> None:
    """A member of staff who may register, as the administrator makes them."""
    context = client_context(Credential(Path(body["in_house_credentials"])))
    with httpx.Client(base_url=body["in_house"], verify=context, trust_env=False) as client:
        headers = {"Bango-Correlation-Id": str(uuid.uuid4())}
        staff = {"staff_id": body["administrator"]["id"], "passphrase": body["administrator"]["passphrase"]}
        session = client.post("/in-house/v1/staff-sessions", json=staff, headers=headers).raise_for_status().json()
        headers |= {"Authorization": f"Bearer {session['token']}", "Idempotency-Key": uuid.uuid4().hex}
        member = {"name": "試験", "department_code": "BANGO", "authorities": ["register"], "tasks": []}
        made = client.put("/in-house/v1/staff/registrar", json=member | {"passphrase": PASSPHRASE}, headers=headers)
        made.raise_for_status()


def given(workflow: str, number: str) -> dict[str, Any]:
    """Inputs for whatever a workflow asks for."""
    now, layout = dt.datetime.now(dt.UTC), layouts(KIND)[-1].version
    known = {
        "run": str(uuid.uuid4()),
        "staff_id": "registrar",
        "passphrase": PASSPHRASE,
        "integrated_address_number": number,
        "other_number": number[:-1] + "9",
        "information": information()[KIND].code,
        "fiscal_year": "2020",
        "layout_version": layout,
        "unknown_layout_version": "1999.9",
        "items": sample(KIND, layout, 1, full=True, fiscal_year="2020"),
        "later_items": sample(KIND, layout, 2, full=True, fiscal_year="2020"),
        "corrected_items": sample(KIND, layout, 3, full=True, fiscal_year="2020"),
        "updated_at": stamp(now - dt.timedelta(days=2)),
        "later_updated_at": stamp(now - dt.timedelta(days=1)),
    }
    text = (root() / f"workflows/{workflow}.arazzo.yaml").read_text(encoding="utf-8")
    return {name: value for name, value in known.items() if f"$inputs.{name}" in text}


def played(workflow: str, body: dict[str, Any], inputs: dict[str, Any], folder: Path) -> tuple[int, str]:
    """Exit code and words of the runner."""
    credential = Credential(Path(body["in_house_credentials"]))
    mutual = {"clientCert": credential.certificate, "clientKey": credential.key, "caCert": credential.authority}
    asked = ["redocly", "respect", str(root() / f"workflows/{workflow}.arazzo.yaml"), "--verbose"]
    asked += ["--input", msgspec.json.encode(inputs).decode(), "--server", f"inHouse={body['in_house']}"]
    asked += ["--mtls", msgspec.json.encode({body["in_house"]: {k: str(v) for k, v in mutual.items()}}).decode()]
    quiet = os.environ | {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    done = subprocess.run(asked, capture_output=True, text=True, timeout=100, check=False, env=quiet, cwd=folder)
    return done.returncode, (done.stderr[-1500:] + done.stdout)[-3500:]


@PROGRAM
@pytest.mark.parametrize("workflow", PLAYED)
def test_the_workflow_holds(workflow: str, told: dict[str, Any], tmp_path: Path) -> None:
    number = f"{PLAYED.index(workflow) + 1:014d}0"
    code, said = played(workflow, told, given(workflow, number), tmp_path)
    assert code == 0, said


@PROGRAM
def test_the_runner_notices_a_step_that_does_not_hold(told: dict[str, Any], tmp_path: Path) -> None:
    inputs = given("register-replica", "000000000000990") | {"layout_version": "1999.9"}
    code, said = played("register-replica", told, inputs, tmp_path)
    assert code != 0, said
