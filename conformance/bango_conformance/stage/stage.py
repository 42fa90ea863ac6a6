"""The stage of a run: the played network on its listeners, the ways into the target, and the people of each case."""

from __future__ import annotations

import datetime as dt
import secrets
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bango_conformance.stage.client import Channel
from bango_conformance.stage.clock import StageClock
from bango_conformance.stage.impostor import Impostor
from bango_conformance.stage.inbox import Inbox
from bango_conformance.stage.peers import peer_directory
from bango_conformance.stage.played import PlayedCore, played_interface_system
from bango_conformance.stage.staff import StaffDesk
from bango_conformance.stage.tap import Tap
from bango_mocks.authority import Authority, Credential
from bango_mocks.core.codes import LinkageCodes
from bango_mocks.core.core import Core, Lifetimes
from bango_mocks.core.permits import PermitSigner
from bango_mocks.hooks import environment
from bango_mocks.hosting import Host
from bango_mocks.population import Population
from bango_mocks.store import Store
from bango_mocks.table import Table
from bango_mocks.tls import client_context
from bango_reports.masking import Masker
from bango_spec.allow_list import allow_list
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_conformance.subject import Subject
    from bango_mocks.hooks import Hooks
    from bango_mocks.population import Person
    from bango_spec.target import Target


class Stage:
    """Everything around one target; use as a context manager, share between the threads of a run."""

    def __init__(self, target: Target, table: Table, seed: int) -> None:
        self.target = target
        self.table = table
        self.seed = seed
        self.inbox = Inbox()
        self.population = Population(seed)
        self.clock = StageClock()
        self.authority = Authority(target.network.credentials)
        self._exit = ExitStack()
        self.hooks: Hooks | None = None
        self.exports: dict[str, bytes] = {}
        """The last output of each export hook, to tell what came since."""
        self.revoked: dict[str, Credential] = {}
        self._handed: list[Credential] = []
        self._issuing = threading.Lock()
        self._channels: dict[str, Channel] = {}
        self._masker = Masker()
        self._masking = threading.Lock()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._open(opened)
            self._exit = opened.pop_all()
        return self

    def _open(self, opened: ExitStack) -> None:
        folder = tempfile.TemporaryDirectory(prefix="bango-stage-", ignore_cleanup_errors=True)
        self.folder = Path(opened.enter_context(folder))
        self.directory = peer_directory(self.target)
        self.core = Core(
            Store(),
            self.table,
            self.directory,
            LinkageCodes(secrets.token_bytes(32)),
            PermitSigner(),
            self.clock,
            Lifetimes(
                acquisition=dt.timedelta(seconds=number("acquisition-number-lifetime-seconds")),
                permit=dt.timedelta(seconds=number("permit-lifetime-seconds")),
            ),
        )
        self.played = PlayedCore(self.core)
        interface_system = played_interface_system(self.played, self.clock)
        self.tap = Tap(interface_system.application(), self.inbox, "interface-system")
        self._host = opened.enter_context(Host())
        self._serve_interface_system(self.target.network.interface_system_port)

    def _serve_interface_system(self, port: int) -> None:
        network = self.target.network
        credential = self.credential("interface-system", hosts=self.hosts())
        self.interface_system = self._host.serve(self.tap, credential, network.bind, port, network.advertise)

    def __exit__(self, *exc: object) -> None:
        with self._exit:
            for channel in self._channels.values():
                channel.close()

    def credential(self, role: str, body: str | None = None, **wrong: Any) -> Credential:
        """A fresh certificate of the network's authority; `wrong` keywords make it wrong on purpose (see Authority.issue)."""
        folder = self.folder / f"{role}-{secrets.token_hex(4)}"
        with self._issuing:
            return self.authority.issue(folder, role, body, **wrong)

    def hosts(self) -> tuple[str, ...]:
        """The names under which the target reaches the played network."""
        network = self.target.network
        return (network.advertise, network.bind, "localhost")

    def revoke(self, credential: Credential) -> None:
        """Revoke a certificate and publish the list, also to the credentials that the target was given."""
        with self._issuing:
            self.authority.revoke(credential)
            data = (self.authority.folder / "revoked.pem").read_bytes()
            for handed in self._handed:
                part = handed.folder / "revoked.part"
                part.write_bytes(data)
                part.replace(handed.revoked)

    @contextmanager
    def impostor(self, context: ssl.SSLContext) -> Iterator[Impostor]:
        """While it lasts, somebody else answers at the interface system's address; only for cases that run alone."""
        host, bind = self._host, self.target.network.bind
        port = int(self.interface_system.url.rpartition(":")[2])
        host.stop(self.interface_system)
        try:
            with Impostor(bind, port, context) as impostor:
                yield impostor
        finally:
            self._serve_interface_system(port)

    def context(self, role: str) -> ssl.SSLContext:
        """The client side of a part that the harness plays; in-house systems are the target's own body's."""
        return client_context(self.credential(role, self.target.body.code if role == "in-house" else None))

    def channel(self, player: str) -> Channel:
        """The way into the target as `in-house`, `interface-system`, `portal`, `operator`, `core` or `jlis`."""
        return self._channels[player]

    def connect(self) -> None:
        """Open the ways into the target (before the threads of a run start)."""
        endpoints = self.target.endpoints
        for player in ("in-house", "interface-system", "portal", "operator", "core", "jlis"):
            origin = endpoints.in_house if player == "in-house" else endpoints.network
            self._channels[player] = Channel(origin, self.context(player), player)
        self.staff = StaffDesk(self.channel("in-house"), self.target.staff, tasks_of(self.table.edition))

    def environment(self) -> dict[str, str]:
        """What a start hook learns of the network: where it is, and a folder with the target's own credentials."""
        # Revoked before the target reads the list for the first time.
        for role in ("in-house", "interface-system"):
            body = self.target.body.code if role == "in-house" else None
            self.revoked[role] = self.credential(role, body, hosts=self.hosts(), revoked=True)
        credential = self.credential("intermediate-server", self.target.body.code)
        self._handed.append(credential)
        return environment(self.target, self.interface_system.url, credential, self.table.edition)

    def hide(self, subject: Subject) -> None:
        """A case took a person: nothing that is kept of the run, by whatever case, shows them."""
        with self._masking:
            subject.hide(self._masker)

    def hide_value(self, kind: str, value: str) -> None:
        """One more personal value that came up."""
        with self._masking:
            self._masker.add(kind, value)

    @contextmanager
    def masker(self) -> Iterator[Masker]:
        """The run's masker, which knows every personal value that came up so far; one thread at a time."""
        with self._masking:
            self._masker.add("passphrase", *self.staff.secrets())
            yield self._masker

    def person(self, n: int) -> Person:
        """The n-th resident that the target's body knows."""
        return self.population.person(self.target.body.code, n)

    def integrated_address_number(self, person: Person) -> str:
        """The number under which the target's body knows a person."""
        return self.population.integrated_address_number(self.target.body.code, person)


def tasks_of(edition: str) -> list[str]:
    """Every task of an edition's table, for staff who may deal with all of them."""
    return sorted({entry.task for entry in allow_list(edition)})
