"""The national components work together over real sockets: a code is acquired, an inquiry is answered, the table holds."""

from __future__ import annotations

import base64
import json
import socket
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bango_mocks.authority import Authority
from bango_mocks.channel import Channel
from bango_mocks.directory import Directory, Entry
from bango_mocks.hosting import Receive, Scope, Send
from bango_mocks.law_table import law_table
from bango_mocks.network import Network, Plan
from bango_mocks.population import body
from bango_mocks.tls import client_context
from bango_spec.allow_list import party_kinds

ASKER, PROVIDER = body(30).code, body(31).code
EDITION = "2020-09-06"


class Peer:
    """A body's server that remembers what it was sent and answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Any]] = []
        self.status = 200
        self.answer: Any = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        import msgspec

        data = msgspec.json.decode((await receive())["body"])
        self.got.append((scope["path"], data))
        status, answer = self.status, self.answer
        if scope["path"].endswith("/linkage-codes"):
            status, answer = 200, {"acquisition_number": data["acquisition_number"], "state": "bound"}
        elif callable(answer):
            answer = answer(data)
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
        )
        await send({"type": "http.response.body", "body": msgspec.json.encode(answer)})


class Setup:
    """A network with two municipalities."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.open: list[httpx.Client] = []
        self.peers = {ASKER: Peer(), PROVIDER: Peer()}
        for code, peer in self.peers.items():
            credential = network.credential("intermediate-server", code)
            network.connect(code, network.host.serve(peer, credential).url)
        self.clients = {code: self.client("intermediate-server", code) for code in self.peers}

    def client(self, role: str, code: str | None = None) -> httpx.Client:
        credential = self.network.credential(role, code)
        made = httpx.Client(verify=client_context(credential), trust_env=False)
        self.open.append(made)
        return made

    def close(self) -> None:
        for client in self.open:
            client.close()

    def call(self, client: httpx.Client, component: str, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"Bango-Correlation-Id": str(uuid.uuid4()), "Idempotency-Key": uuid.uuid4().hex}
        return client.request(method, self.network.urls[component] + path, json=body, headers=headers)

    def linked(self, code: str, n: int) -> str:
        number = self.call(self.clients[code], "interface-system", "POST", "/v1/acquisitions", {"body": code}).json()[
            "acquisition_number"
        ]
        person = self.network.population.person(ASKER, n)
        in_house = self.client("in-house", code)
        request = {"acquisition_number": number, "individual_number": person.individual_number}
        assert self.call(in_house, "jlis", "POST", "/v1/linkage-requests", request).status_code == 202
        for _ in range(500):
            state = self.call(in_house, "jlis", "GET", f"/v1/linkage-requests/{number}").json()
            if state["state"] != "received":
                break
        assert state["state"] == "notified"
        path, delivery = self.peers[code].got[-1]
        assert path == "/network/v1/linkage-codes"
        assert delivery["acquisition_number"] == number
        return str(delivery.get("linkage_code") or delivery["failure"])


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setup]:
    folder: Path = tmp_path_factory.mktemp("network")
    kinds = party_kinds(["mayor"])
    bodies = Directory([Entry(code, f"body {code}", kinds) for code in (ASKER, PROVIDER)])
    with Network(Plan(bodies, 1, EDITION, folder), Authority.create(folder / "authority")) as network:
        made = Setup(network)
        yield made
        made.close()


def inquiry(code: str, **changed: Any) -> dict[str, Any]:
    kinds = party_kinds(["mayor"])
    line = next(e for e in law_table(EDITION).entries if e["asker"] in kinds and e["provider"] in kinds)
    return {
        "asker": ASKER,
        "department_code": "0120",
        "provider": PROVIDER,
        **{name: line[name] for name in ("task", "procedure", "information")},
        "requested_at": "2026-11-23T09:00:00.000+09:00",
        "linkage_code": code,
        "encryption_key": {
            "kty": "EC", "crv": "P-256", "kid": "k" * 43, "use": "enc", "alg": "ECDH-ES+A256KW",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
        "asker_withheld": False,
    } | changed  # fmt: skip


def test_two_bodies_get_different_codes_of_one_person(setup: Setup) -> None:
    first, second = setup.linked(ASKER, 1), setup.linked(PROVIDER, 1)
    assert first != second
    assert len(first) == len(second) == 43
    assert setup.linked(ASKER, 1) == "already-acquired"


def test_an_inquiry_reaches_the_provider_with_its_own_code_and_a_permit(setup: Setup) -> None:
    asked, known = setup.linked(ASKER, 2), setup.linked(PROVIDER, 2)
    peer = setup.peers[PROVIDER]
    peer.status = 200

    def answered(provision: dict[str, Any]) -> dict[str, Any]:
        said = json.loads(base64.urlsafe_b64decode(provision["permit"].split(".")[1] + "=="))
        return {
            "permit_id": said["permit_id"], "outcome": "no-record", "reason": "no-replica", "withheld": False,
            "answered_at": "2026-11-23T09:00:01.000+09:00",
        }  # fmt: skip

    peer.answer = answered
    reply = setup.call(setup.clients[ASKER], "interface-system", "POST", "/v1/inquiries", inquiry(asked))
    assert (reply.status_code, reply.json().get("outcome")) == (200, "no-record"), reply.text
    path, provision = peer.got[-1]
    assert path == "/network/v1/provisions"
    assert provision["linkage_code"] == known
    assert asked not in str(provision)
    records = setup.call(setup.client("operator"), "core", "GET", f"/v1/records?permit_id={reply.json()['permit_id']}")
    assert [one["outcome"] for one in records.json()["records"]] == ["no-record"]


def test_a_later_answer_that_did_not_reach_its_asker_is_delivered_when_it_is_sent_again(setup: Setup) -> None:
    asked, _ = setup.linked(ASKER, 9), setup.linked(PROVIDER, 9)
    peer, asker = setup.peers[PROVIDER], setup.peers[ASKER]

    def waiting(provision: dict[str, Any]) -> dict[str, Any]:
        said = json.loads(base64.urlsafe_b64decode(provision["permit"].split(".")[1] + "=="))
        return {"permit_id": said["permit_id"], "state": "waiting", "expires_at": "2026-12-23T09:00:01.000+09:00"}

    peer.status, peer.answer = 202, waiting
    reply = setup.call(setup.clients[ASKER], "interface-system", "POST", "/v1/inquiries", inquiry(asked))
    assert reply.status_code == 202, reply.text
    answer = {
        "permit_id": reply.json()["permit_id"], "outcome": "no-record", "reason": "no-replica", "withheld": False,
        "answered_at": "2026-11-23T09:00:01.000+09:00",
    }  # fmt: skip
    entry = setup.network.plan.bodies.get(ASKER)
    assert entry is not None
    setup.network.connect(ASKER, "")
    first = setup.call(setup.clients[PROVIDER], "interface-system", "POST", "/v1/answers", answer)
    assert (first.status_code, first.json()["code"]) == (503, "peer-down")
    setup.network.connect(ASKER, entry.url)
    asker.answer = {"permit_id": answer["permit_id"], "state": "answered"}
    again = setup.call(setup.clients[PROVIDER], "interface-system", "POST", "/v1/answers", answer)
    assert again.status_code == 200, again.text
    assert asker.got[-1] == ("/network/v1/answers", answer)
    other = setup.call(setup.clients[PROVIDER], "interface-system", "POST", "/v1/answers", answer | {"withheld": True})
    assert (other.status_code, other.json()["code"]) == (409, "already-answered")
    stranger = setup.call(setup.clients[ASKER], "interface-system", "POST", "/v1/answers", answer)
    assert stranger.status_code >= 400
    records = setup.call(setup.client("operator"), "core", "GET", f"/v1/records?permit_id={answer['permit_id']}")
    assert [one["outcome"] for one in records.json()["records"]] == ["no-record"]


def test_the_cores_secret_is_nobody_elses(setup: Setup) -> None:
    assert (setup.network.plan.folder / "core-secret").stat().st_mode & 0o777 == 0o600


def test_a_network_that_cannot_start_leaves_nothing_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stuck(Channel):
        async def close(self) -> None:
            raise OSError("stuck")

    monkeypatch.setattr("bango_mocks.network.Channel", Stuck)
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    with taken:
        plan = Plan(Directory([]), 1, EDITION, tmp_path, ports={"jlis": taken.getsockname()[1]})
        before = threading.active_count()
        with pytest.raises(OSError, match="stuck"):
            Network(plan, Authority.create(tmp_path / "authority")).__enter__()
    assert threading.active_count() == before
    # The store's journal is gone: its file was closed.
    assert not (tmp_path / "core.db-wal").exists()


def test_what_no_line_permits_is_refused_with_the_nearest_line(setup: Setup) -> None:
    asked = setup.linked(ASKER, 3)
    sent = len(setup.peers[PROVIDER].got)
    request = inquiry(asked, information="TM00000000000082")
    reply = setup.call(setup.clients[ASKER], "interface-system", "POST", "/v1/inquiries", request)
    assert (reply.status_code, reply.json()["code"]) == (403, "not-permitted")
    assert reply.json()["nearest"][0]["differs"] == ["information"]
    assert len(setup.peers[PROVIDER].got) == sent


def test_nobody_asks_in_another_bodys_name(setup: Setup) -> None:
    asked = setup.linked(ASKER, 4)
    reply = setup.call(setup.clients[PROVIDER], "interface-system", "POST", "/v1/inquiries", inquiry(asked))
    assert (reply.status_code, reply.json()["code"]) == (403, "body-mismatch")


def test_a_role_that_the_document_does_not_name_is_refused(setup: Setup) -> None:
    reply = setup.call(setup.clients[ASKER], "core", "GET", "/v1/records")
    assert (reply.status_code, reply.json()["code"]) == (403, "unauthorised-role")


def test_a_code_of_another_body_is_no_code_of_the_asker(setup: Setup) -> None:
    stolen = setup.linked(PROVIDER, 5)
    reply = setup.call(setup.clients[ASKER], "interface-system", "POST", "/v1/inquiries", inquiry(stolen))
    assert reply.json()["code"] == "no-linkage-code-asker"
