"""One body's reference server over real mutual TLS, and around it a tiny network that the tests play."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

import httpx
import msgspec
from joserfc import jwe
from joserfc.jwk import ECKey
from tests.mocks.reference.played_network import Network
from tests.mocks.reference.samples import (
    FIRST_LAYOUT,
    FORBIDDEN,
    LAYOUT,
    LINE,
    OTHER_BODY,
    OWN,
    PASSPHRASE,
    PEER,
    SEALING,
    TAX,
    new_code,
    new_person,
    tax_items,
)

from bango_mocks.authority import Authority, Credential
from bango_mocks.clock import system_clock
from bango_mocks.hosting import Host
from bango_mocks.reference.intermediate_server.blueprint import blueprint
from bango_mocks.reference.intermediate_server.config import Administrator, Config
from bango_mocks.reference.intermediate_server.server import IntermediateServer, Running
from bango_mocks.tls import client_context


class MovedClock:
    """Now, moved by the tests."""

    def __init__(self) -> None:
        self.ahead = dt.timedelta(0)

    def __call__(self) -> dt.datetime:
        return system_clock() + self.ahead


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
