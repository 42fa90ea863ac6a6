"""Credentials and admission: who gets in with what, and that nobody else does."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from bango_mocks import admission
from bango_mocks.authority import Credential
from bango_mocks.credentials import README, make
from bango_mocks.directory import Directory
from bango_mocks.parties import parties_of
from bango_mocks.ready import ReadyFile
from bango_mocks.standing import Order, Standing, choose
from bango_mocks.tls import client_context, server_context
from bango_spec.errors import BangoError
from bango_spec.vocabulary import parties

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
OWN = choose(1)[0].code
COMMAND = (sys.executable, "-m", "bango_conformance", "network")


def test_credentials_for_a_server_its_own_systems_and_the_network(tmp_path: Path) -> None:
    made = make(tmp_path / "c", (OWN,), ("is.example.invalid",))
    assert set(made.credentials) == {f"intermediate-server-{OWN}", f"in-house-{OWN}", "interface-system"}
    for one in made.credentials.values():
        server_context(one)
        client_context(one)
        assert one.key.stat().st_mode & 0o077 == 0
    text = (tmp_path / "c" / README).read_text(encoding="utf-8")
    assert "is.example.invalid" in text
    assert OWN in text
    assert "認証局" in text
    assert "authority" in text


def test_the_authority_stays_when_more_is_made(tmp_path: Path) -> None:
    first = make(tmp_path, (OWN,)).authority.certificate
    other = choose(2)[1].code
    assert make(tmp_path, (other,)).authority.certificate == first
    assert (tmp_path / f"in-house-{OWN}" / "key.pem").exists()
    assert (tmp_path / f"in-house-{other}" / "key.pem").exists()


def test_what_is_there_and_still_does_stays_and_what_is_replaced_is_told(tmp_path: Path) -> None:
    server, own = f"intermediate-server-{OWN}", f"in-house-{OWN}"
    first = make(tmp_path, (OWN,))
    assert (first.kept, first.renewed) == ((), ())
    keys = {name: one.key.read_bytes() for name, one in first.credentials.items()}
    again = make(tmp_path, (OWN,))
    assert (set(again.kept), again.renewed) == (set(keys), ())
    assert {name: one.key.read_bytes() for name, one in again.credentials.items()} == keys
    wider = make(tmp_path, (OWN,), ("例え.jp",))
    assert wider.renewed == (server,)
    assert own in wider.kept
    assert make(tmp_path, (OWN,)).renewed == ()
    assert "xn--r8jz45g.jp" in (tmp_path / README).read_text(encoding="utf-8")
    first.authority.revoke(wider.credentials[own])
    (tmp_path / "interface-system" / "key.pem").write_text("torn")
    mended = make(tmp_path, (OWN,))
    assert (mended.kept, set(mended.renewed)) == ((server,), {own, "interface-system"})
    assert (tmp_path / server / "revoked.pem").read_bytes() == (tmp_path / "revoked.pem").read_bytes()


def test_what_is_told_of_the_credentials_keeps_to_one_language(tmp_path: Path) -> None:
    words = (*COMMAND, "credentials", "--out", tmp_path / "c")
    said = [
        subprocess.run((*words, "--lang", lang), capture_output=True, text=True, check=True) for lang in ("ja", "en")
    ]
    assert "作りました" in said[0].stdout
    assert "kept" in said[1].stdout
    assert said[1].stdout.isascii()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--format", "yaml"), "USAGE"),
        (("--lang", "fr"), "USAGE"),
        (("--host", "a b"), "HOST-NAME"),
        (("--host", "https://a.invalid"), "HOST-NAME"),
        (("--out", "/dev/null"), "CREDENTIALS-FOLDER"),
        (("--out", "/dev/null/c"), "CREDENTIALS-FOLDER"),
        (("--body", "12"), "POP-BODY"),
    ],
)
def test_credentials_that_cannot_be_are_refused(tmp_path: Path, words: tuple[str, ...], code: str) -> None:
    done = subprocess.run(
        (*COMMAND, "credentials", "--out", "c", *words), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.split(":")[0]) == (4, code)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("occupant", ["file", "folder"])
def test_what_lies_there_is_never_written_over(tmp_path: Path, occupant: str) -> None:
    place = tmp_path / "c"
    if occupant == "file":
        place.write_text("mine")
    else:
        place.mkdir()
        (place / "mine").write_text("mine")
    with pytest.raises(BangoError) as refused:
        make(place, (OWN,))
    assert refused.value.code == "CREDENTIALS-FOLDER"


def test_a_body_that_nobody_knows_gets_nothing(tmp_path: Path) -> None:
    with pytest.raises(BangoError) as refused:
        make(tmp_path / "c", ("1" * 16,))
    assert refused.value.code == "POP-BODY"
    assert not (tmp_path / "c").exists()


def test_the_first_bodies_are_the_same_every_time_and_of_several_kinds() -> None:
    four = choose(4)
    assert choose(2) == four[:2]
    assert len({one.code for one in choose(20)}) == 20
    assert len({one.kind for one in four}) == 3
    assert all(party in parties() for one in four for party in parties_of(one))


def admitted(code: str, **changed: Any) -> admission.Admission:
    made: dict[str, Any] = {
        "body": code, "parties": ("mayor",), "url": "https://127.0.0.1:1", "product": "p", "version": "1",
        "artefact": "sha256:" + "0" * 64, "profile": "intermediate-server", "issuer": "0" * 64,
        "certificate": "sha256:" + "0" * 64, "admitted": "2026-11-01T00:00:00+00:00", "expires": "2027-11-01T00:00:00+00:00",
    }  # fmt: skip
    return admission.Admission(**made | changed)


def test_an_admission_enters_the_directory_until_its_certificate_ends(tmp_path: Path) -> None:
    other = choose(2)[1].code
    admission.write(tmp_path, admitted(OWN))
    admission.write(tmp_path, admitted(other, expires="2026-11-22T23:59:59+00:00"))
    directory = Directory([])
    admission.enter(directory, tmp_path)
    entries = {entry.body: entry for entry in directory}
    assert (entries[OWN].stands(NOW), entries[OWN].url) == (True, "https://127.0.0.1:1")
    assert "mayor" in entries[OWN].kinds
    assert not entries[other].stands(NOW)


def test_a_file_that_is_no_admission_is_named(tmp_path: Path) -> None:
    path = admission.write(tmp_path, admitted(OWN))
    path.write_text('{"body": 1}')
    with pytest.raises(BangoError) as refused:
        list(admission.admissions(tmp_path))
    assert refused.value.code == "ADMISSION-SHAPE"
    assert str(path) in refused.value.what


def test_a_body_without_admission_cannot_reach_the_core(tmp_path: Path) -> None:
    in_force, ended, unknown = (one.code for one in choose(3))
    folder = tmp_path / "network"
    made = make(folder, (in_force, ended, unknown))
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    admission.write(folder, admitted(in_force, expires=soon.isoformat()))
    admission.write(folder, admitted(ended, expires="2020-01-01T00:00:00+00:00"))
    with Standing(Order(0, 1, "2020-09-06", tmp_path / "store", folder)) as standing:
        got = {}
        for code in (in_force, ended, unknown):
            # All three hold a certificate of the network's own authority: only the admission differs.
            context = client_context(made.credentials[f"intermediate-server-{code}"])
            headers = {"Bango-Correlation-Id": str(uuid.uuid4()), "Idempotency-Key": uuid.uuid4().hex}
            with httpx.Client(verify=context, trust_env=False) as client:
                url = standing.network.urls["interface-system"] + "/v1/acquisitions"
                answer = client.post(url, json={"body": code}, headers=headers)
            got[code] = (answer.status_code, answer.json().get("code"))
        issued = list(standing.network.plan.folder.glob("core.db"))
    assert got == {in_force: (201, None), ended: (403, "not-admitted"), unknown: (403, "not-admitted")}
    assert issued


def test_the_command_makes_credentials_for_machines_to_read(tmp_path: Path) -> None:
    out = tmp_path / "c"
    words = (*COMMAND, "credentials", "--out", out, "--host", "a.invalid", "--format", "json")
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["bodies"] == [OWN]
    assert Path(told["credentials"][f"in-house-{OWN}"], "certificate.pem").exists()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_network_tells_when_it_is_ready_and_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    ready, scratch = tmp_path / "ready.json", tmp_path / "scratch"
    scratch.mkdir()
    bodies = "1" if number is signal.SIGTERM else "0"
    words = (*COMMAND, "up", "--bodies", bodies, "--ready", ready, "--seed", "3", "--port", "core=0")
    environment = {**os.environ, "TMPDIR": str(scratch)}
    with (
        subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as process,
        contextlib.ExitStack() as failing,
    ):
        failing.callback(process.terminate)
        assert process.stdout is not None
        for line in process.stdout:
            if "Ctrl+C" in line:
                break
        told = json.loads(ready.read_bytes())
        assert ready.stat().st_mode & 0o077 == 0
        assert (told["pid"], told["seed"], told["edition"]) == (process.pid, 3, "2020-09-06")
        assert set(told["urls"]) == {"core", "interface-system", "jlis"}
        for one in told["bodies"]:
            credential = Credential(Path(one["in_house_credentials"]))
            headers = {"Bango-Correlation-Id": str(uuid.uuid4())}
            with httpx.Client(verify=client_context(credential), trust_env=False, headers=headers) as client:
                assert client.get(one["in_house"] + "/in-house/v1/health").json()["status"] == "up"
        process.send_signal(number)
        assert process.wait(30) == 0
    assert len(told["bodies"]) == int(bodies)
    assert not ready.exists()
    assert list(scratch.iterdir()) == []
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not [one for one in commands if str(scratch).encode() in one]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--bodies", "51"), "NETWORK-BODIES"),
        (("--port", "jlis=70000"), "NETWORK-PORT"),
        (("--port", "telephone=1"), "NETWORK-PORT"),
        (("--port", f"core={'9' * 5000}"), "NETWORK-PORT"),
        (("--port", "core=9001", "--port", "jlis=9001"), "NETWORK-PORT"),
        (("--edition", "1999-01-01"), "LAW-EDITION"),
        (("--bodies", "0", "--bind", "192.0.2.1"), "LISTEN-REFUSED"),
        (("--bodies", "0", "--bind", "a b"), "HOST-NAME"),
        (("--bodies", "0", "--advertise", "https://a.invalid"), "HOST-NAME"),
        (("--bodies", "0", "--ready", "mine"), "NETWORK-READY"),
        (("--bodies", "0", "--ready", "mine/ready.json"), "NETWORK-READY"),
        (("--bodies", "0", "--ready", "/dev/null"), "NETWORK-READY"),
        (("--bodies", "0", "--store", "mine"), "CREDENTIALS-FOLDER"),
        (("--bodies", "0", "--store", "mine", "--credentials", "c"), "NETWORK-STORE"),
        (("--bodies", "0", "--store", "torn"), "NETWORK-STORE"),
    ],
)
def test_a_network_that_cannot_be_is_refused_and_leaves_nothing(
    tmp_path: Path, words: tuple[str, ...], code: str
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "core.db").write_text("no database at all")
    done = subprocess.run(
        (*COMMAND, "up", *words),
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.split(":")[0]) == (4, code)
    assert (tmp_path / "mine").read_text() == "mine"
    assert list(scratch.iterdir()) == []


def test_a_port_that_somebody_has_is_told_as_such(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = ("up", "--bodies", "0", "--port", f"core={taken.getsockname()[1]}")
        done = subprocess.run((*COMMAND, *words), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.split(":")[0]) == (4, "LISTEN-REFUSED")
    assert "another program" in done.stderr


def test_a_ready_file_stands_where_its_folder_is_new_and_another_networks_is_left(tmp_path: Path) -> None:
    path = tmp_path / "new" / "ready.json"
    first = ReadyFile(path)
    first.write({"pid": 1, "urls": {}, "bodies": []})
    second = ReadyFile(path)
    second.remove()
    assert json.loads(path.read_bytes())["pid"] == 1
    first.remove()
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "torn", [{"parties": ["nobody"]}, {"expires": "soon"}, {"expires": "2027-11-01"}, {"body": "1" * 16}]
)
def test_an_admission_that_says_what_cannot_be_is_named(tmp_path: Path, torn: dict[str, Any]) -> None:
    path = admission.write(tmp_path, admitted(OWN))
    path.write_text(json.dumps(json.loads(path.read_bytes()) | torn))
    with pytest.raises(BangoError) as refused:
        admission.enter(Directory([]), tmp_path)
    assert refused.value.code == "ADMISSION-SHAPE"
