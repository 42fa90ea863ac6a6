"""One body's reference server over real mutual TLS, and around it a tiny network that the tests play."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from joserfc import jwe, jws
from joserfc.jwk import ECKey

from bango_mocks.authority import Authority, Credential
from bango_mocks.clock import stamp, system_clock
from bango_mocks.hosting import Host
from bango_mocks.reference.intermediate_server.blueprint import blueprint
from bango_mocks.reference.intermediate_server.config import Administrator, Config
from bango_mocks.reference.intermediate_server.server import IntermediateServer, Running
from bango_mocks.serving import Application, Call, Handler, Problem, Reply
from bango_mocks.tls import client_context
from bango_spec import items
from bango_spec.interfaces import operations

OWN, PEER = "9000163101900001", "9000163102700001"
OTHER_BODY = "9000163103500001"
TAX, MEDICAL = "TM00000000000002", "medical-insurance"
LINE = {"task": "JM01000000121000", "procedure": "JT01010000000214", "information": TAX}
FORBIDDEN = {"task": "JM01000000121000", "procedure": "JT01010000000999", "information": TAX}
EDITION = "2020-09-06"
PASSPHRASE = "a passphrase of the tests"
LAYOUT = items.layouts("local-tax")[-1].version
FIRST_LAYOUT = items.layouts("local-tax")[0].version
SEALING = jwe.JWERegistry(algorithms=["ECDH-ES+A256KW", "A256GCM"], strict_check_header=False)
_numbers = itertools.count(1)


def tax_items(seed: int = 1, layout: str = LAYOUT) -> dict[str, Any]:
    """Right items of the tax information."""
    return items.sample("local-tax", layout, seed)


def new_person() -> str:
    """An integrated address number that no other test has."""
    return f"000009{next(_numbers):09d}"


def new_code() -> str:
    """A linkage code that nobody has."""
    return secrets.token_urlsafe(32)[:42] + "A"


class MovedClock:
    """Now, moved by the tests."""

    def __init__(self) -> None:
        self.ahead = dt.timedelta(0)

    def __call__(self) -> dt.datetime:
        return system_clock() + self.ahead


class Network:
    """The interface system as the tests play it: it keeps what it is sent and answers what the test says."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"})
        self.key.ensure_kid()
        self.seen: list[Call] = []
        self.inquiry: Callable[[Call], Reply] = self.answered
        self.answer: Callable[[Call], Reply] = lambda call: Reply(
            200, {"permit_id": call.body["permit_id"], "state": "answered"}
        )
        self.down = False
        self.changed = threading.Condition()
        self.lines = [
            {"edition": EDITION, "item": "74", "line": 1, "asker": "municipal-mayor", "provider": "municipal-mayor"}
            | LINE
        ]

    def application(self) -> Application:
        made: dict[str, Handler] = {one.operation_id: self.other for one in operations("interface-system")}
        made |= {
            "obtainAcquisitionNumber": self.acquisition,
            "relayInquiry": self.relay,
            "relayAnswer": self.late,
            "relayWithdrawal": self.withdrawal,
            "forwardLinkageRevocation": self.revocation,
            "readAllowList": self.allow_list,
            "readDirectory": self.directory,
            "readKeys": self.keys,
        }
        return Application("interface-system", made)

    def note(self, call: Call) -> None:
        if self.down:
            raise Problem("core-down")
        with self.changed:
            self.seen.append(call)
            self.changed.notify_all()

    def sent(self, operation: str, **members: Any) -> list[Call]:
        return [
            call
            for call in list(self.seen)
            if call.operation == operation and all(call.body.get(name) == value for name, value in members.items())
        ]

    def wait(self, operation: str, count: int = 1, **members: Any) -> list[Call]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.sent(operation, **members)) >= count, 10)
        return self.sent(operation, **members)

    async def other(self, call: Call) -> Reply:
        self.note(call)
        if call.operation == "readInterfaceHealth":
            return Reply(200, {"status": "up", "time": stamp(system_clock()), "checks": []})
        raise Problem("internal-error")

    async def acquisition(self, call: Call) -> Reply:
        self.note(call)
        now = system_clock()
        number = f"{secrets.randbelow(10**20):020d}"
        return Reply(
            201,
            {
                "acquisition_number": number,
                "issued_at": stamp(now),
                "expires_at": stamp(now + dt.timedelta(days=1)),
            },
        )

    async def relay(self, call: Call) -> Reply:
        self.note(call)
        return self.inquiry(call)

    async def late(self, call: Call) -> Reply:
        self.note(call)
        return self.answer(call)

    async def withdrawal(self, call: Call) -> Reply:
        self.note(call)
        return Reply(200, {"permit_id": call.body["permit_id"], "state": "withdrawn"})

    async def revocation(self, call: Call) -> Reply:
        self.note(call)
        return Reply(200, {"state": "revoked", "revoked_at": stamp(system_clock())})

    async def allow_list(self, call: Call) -> Reply:
        return Reply(200, {"edition": call.query.get("edition", EDITION), "entries": self.lines})

    async def directory(self, _call: Call) -> Reply:
        one = {"name": "試験市", "kinds": ["municipal-mayor"], "admitted": True}
        bodies = [
            one | {"body": OWN, "municipality": "631019"},
            one
            | {
                "body": PEER,
                "municipality": "631027",
                "wards": ["631116"],
                "predecessors": [{"municipality": "632015", "until": "2015-03-31"}],
            },
            one | {"body": OTHER_BODY, "municipality": "632015", "replaced_by": PEER, "admitted": False},
        ]
        return Reply(200, {"bodies": bodies})

    async def keys(self, _call: Call) -> Reply:
        return Reply(200, {"keys": [self.key.as_dict(private=False)]})

    @staticmethod
    def content(call: Call, permit_id: str, /, **changes: Any) -> dict[str, Any]:
        return {
            "permit_id": permit_id,
            "information": call.body["information"],
            "layout_version": LAYOUT,
            "generation": 1,
            "updated_at": "2020-06-10T18:00:00+09:00",
            "items": {"TK90000000200001": 120000},
        } | changes

    def sealed(self, call: Call, permit_id: str, /, **changes: Any) -> dict[str, Any]:
        key = ECKey.import_key(call.body["encryption_key"])
        header = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "permit_id": permit_id}
        token = jwe.encrypt_compact(
            header, msgspec.json.encode(self.content(call, permit_id, **changes)), key, registry=SEALING
        )
        return {
            "permit_id": permit_id,
            "outcome": "provided",
            "answered_at": stamp(system_clock()),
            "layout_version": LAYOUT,
            "content": token,
            "withheld": False,
        }

    def answered(self, call: Call) -> Reply:
        return Reply(200, self.sealed(call, str(uuid.uuid4())))

    def refused(self, _call: Call) -> Reply:
        raise Problem("not-permitted")

    def waits(self, _call: Call, permit_id: str | None = None) -> Reply:
        expires = stamp(system_clock() + dt.timedelta(days=15))
        return Reply(202, {"permit_id": permit_id or str(uuid.uuid4()), "state": "waiting", "expires_at": expires})

    def permit(self, signer: ECKey | None = None, **claims: Any) -> str:
        now = system_clock()
        made = {
            "permit_id": str(uuid.uuid4()),
            "edition": EDITION,
            "asker": PEER,
            "provider": OWN,
            **LINE,
            "requested_at": "2020-09-07T09:30:00+09:00",
            "issued_at": stamp(now),
            "expires_at": stamp(now + dt.timedelta(minutes=5)),
            "asker_withheld": False,
        } | claims
        header = {"alg": "ES256", "kid": self.key.kid}
        return jws.serialize_compact(header, msgspec.json.encode(made), signer or self.key, algorithms=["ES256"])


class World:
    """The server, the network, and clients of both sides."""

    OWN, PEER, OTHER_BODY, TAX, LAYOUT, FIRST_LAYOUT = OWN, PEER, OTHER_BODY, TAX, LAYOUT, FIRST_LAYOUT
    LINE, FORBIDDEN, PASSPHRASE = LINE, FORBIDDEN, PASSPHRASE
    tax_items = staticmethod(tax_items)
    new_person = staticmethod(new_person)
    new_code = staticmethod(new_code)

    @staticmethod
    def network_id() -> str:
        """An id as the core gives them."""
        return str(uuid.uuid4())

    def __init__(self, host: Host, folder: Path, network: Network, overlays: tuple[type, ...] = ()) -> None:
        self.host, self.folder, self.network = host, folder, network
        self.clock = MovedClock()
        self.authority = Authority.create(folder / "authority")
        self.served = host.serve(network.application(), self.credential("interface-system"))
        self.config = Config(
            body=OWN,
            parties=("municipal-mayor",),
            credential=self.credential("intermediate-server", OWN).folder,
            interface_system=self.served.url,
            administrator=Administrator(staff_id="root", passphrase=PASSPHRASE),
            store=folder / "store.sqlite",
            log_file=folder / "log.jsonl",
            relay_first_pause_seconds=0.01,
        )
        self.plan = blueprint(*overlays)
        self.tokens: dict[str, str] = {}
        self.contexts = {
            "in-house": client_context(self.credential("in-house", OWN)),
            "interface-system": client_context(self.credential("interface-system")),
        }
        self.start()
        self.staff("clerk", ["inquire", "approve", "register", "audit"], [LINE["task"]])

    def start(self) -> None:
        server = IntermediateServer(self.config, clock=self.clock, plan=self.plan)
        self.running = Running(server, self.host)
        self.clients = {
            side: httpx.Client(verify=context, trust_env=False, timeout=20) for side, context in self.contexts.items()
        }

    def stop(self) -> None:
        # Clients first: a server that ends waits for its connections to be closed by both sides.
        for client in self.clients.values():
            client.close()
        self.running.stop()

    def restart(self) -> None:
        self.stop()
        self.start()

    def credential(self, role: str, body: str | None = None, **wrong: Any) -> Credential:
        return self.authority.issue(self.folder / f"{role}-{uuid.uuid4().hex[:8]}", role, body, **wrong)

    def client(self, role: str, body: str | None = None) -> httpx.Client:
        return httpx.Client(verify=client_context(self.credential(role, body)), trust_env=False, timeout=20)

    def request(
        self, side: str, method: str, path: str, body: Any = None, *, staff: str | None = None, **more: Any
    ) -> httpx.Response:
        url = (self.running.in_house if path.startswith("/in-house") else self.running.network).url + path
        headers = {"Bango-Correlation-Id": str(uuid.uuid4())} | more.pop("headers", {})
        if method in ("POST", "PUT"):
            headers.setdefault("Idempotency-Key", uuid.uuid4().hex)
        if staff:
            headers["Authorization"] = f"Bearer {self.tokens[staff]}"
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        if content is not None:
            headers.setdefault("Content-Type", "application/json")
        return self.clients[side].request(method, url, content=more.pop("content", content), headers=headers, **more)

    def call(self, method: str, path: str, body: Any = None, staff: str = "clerk", **more: Any) -> httpx.Response:
        """A request of the in-house side."""
        return self.request("in-house", method, f"/in-house/v1/{path}", body, staff=staff, **more)

    def net(self, path: str, body: Any, **more: Any) -> httpx.Response:
        """A request of the network."""
        return self.request("interface-system", "POST", f"/network/v1/{path}", body, **more)

    def login(self, staff_id: str, passphrase: str = PASSPHRASE) -> httpx.Response:
        body = {"staff_id": staff_id, "passphrase": passphrase}
        found = self.request("in-house", "POST", "/in-house/v1/staff-sessions", body)
        if found.status_code == 201:
            self.tokens[staff_id] = found.json()["token"]
        return found

    def staff(self, staff_id: str, authorities: list[str], tasks: list[str] | None = None) -> None:
        assert self.login("root").status_code == 201
        body = {"name": "試験 職員", "department_code": "0120", "authorities": authorities, "passphrase": PASSPHRASE}
        found = self.call("PUT", f"staff/{staff_id}", body | {"tasks": tasks or []}, staff="root")
        assert found.status_code in (200, 201), found.text
        assert self.login(staff_id).status_code == 201

    def bound(self, person: str | None = None) -> tuple[str, str]:
        """A person with a linkage code: number and code."""
        person, code = person or new_person(), new_code()
        issued = self.call("POST", "acquisitions", {"integrated_address_number": person})
        assert issued.status_code == 201, issued.text
        delivery = {"acquisition_number": issued.json()["acquisition_number"], "linkage_code": code}
        assert self.net("linkage-codes", delivery).status_code == 200
        return person, code

    def replica(self, person: str, generation: int = 1, **changes: Any) -> httpx.Response:
        """Register tax information of a fiscal year."""
        body = {
            "layout_version": LAYOUT,
            "fiscal_year": "2020",
            "generation": generation,
            "updated_at": f"2020-06-{9 + generation:02d}T18:00:00+09:00",
            "automatic_answer": True,
            "withheld": False,
            "items": tax_items(generation),
        } | changes
        return self.call("PUT", f"replicas/{person}/{TAX}", body)

    def inquiry(self, person: str, **changes: Any) -> dict[str, Any]:
        """An inquiry that the table allows."""
        return {
            "record_id": uuid.uuid4().hex,
            "integrated_address_number": person,
            "requested_at": "2020-09-07T09:30:00+09:00",
            "department_code": "0120",
            "asker": OWN,
            "asker_withheld": False,
            "provider": PEER,
            "fiscal_year": "2020",
            **LINE,
        } | changes

    def ask(self, person: str, **changes: Any) -> str:
        """Submit an inquiry; gives its place."""
        found = self.call("POST", "inquiries", self.inquiry(person, **changes))
        assert found.status_code == 202, found.text
        return found.headers["location"].removeprefix("/in-house/v1/")

    def ended(self, place: str, states: tuple[str, ...] = ("answered", "failed", "withdrawn")) -> dict[str, Any]:
        """The inquiry at a place, once it is in one of the states."""
        for _ in range(2000):
            found: dict[str, Any] = self.call("GET", place).json()
            if found["state"] in states:
                return found
        raise AssertionError(found)

    def provision(self, code: str, **changes: Any) -> tuple[dict[str, Any], ECKey]:
        """A request for a provision with a right permit, and the key that opens its answer."""
        key = ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES+A256KW"})
        key.ensure_kid()
        body = {
            "linkage_code": code,
            "asker": PEER,
            "department_code": "0120",
            "provider": OWN,
            "requested_at": "2020-09-07T09:30:00+09:00",
            "encryption_key": key.as_dict(private=False),
            "asker_withheld": False,
            "fiscal_year": "2020",
            **LINE,
        } | changes
        claims = {name: changes[name] for name in ("items", "asker_withheld") if name in changes}
        return {"permit": self.network.permit(**claims)} | body, key

    def opened(self, answer: dict[str, Any], key: ECKey) -> tuple[dict[str, Any], dict[str, Any]]:
        """Protected header and content of an answer."""
        found = jwe.decrypt_compact(answer["content"], key, registry=SEALING)
        content: dict[str, Any] = msgspec.json.decode(found.plaintext or b"")
        return dict(found.protected), content

    def records(self, **query: str) -> list[dict[str, Any]]:
        """Provision records."""
        found = self.call("GET", "records", params=query | {"limit": "1000"})
        assert found.status_code == 200, found.text
        rows: list[dict[str, Any]] = found.json()["records"]
        return rows

    def close(self) -> None:
        self.stop()
        self.host.stop(self.served)


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
