"""The mock national network in one process: core, interface system and J-LIS, each on its own mutual-TLS listener."""

from __future__ import annotations

import datetime as dt
import secrets
import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bango_mocks.authority import Authority, Credential, write_private
from bango_mocks.channel import Channel
from bango_mocks.clock import Clock, system_clock
from bango_mocks.core.application import CoreSystem
from bango_mocks.core.codes import LinkageCodes
from bango_mocks.core.core import Core, Lifetimes
from bango_mocks.core.permits import PermitSigner
from bango_mocks.direct import Direct, Way
from bango_mocks.directory import Directory
from bango_mocks.hosting import ASGI, Host
from bango_mocks.interface_system.application import InterfaceSystem, Peers
from bango_mocks.jlis.application import Jlis
from bango_mocks.law_table import law_table
from bango_mocks.population import Population
from bango_mocks.serving import Application
from bango_mocks.store import Store
from bango_spec.assumptions import number
from bango_spec.errors import UsageError

SECRET = 32


@dataclass(frozen=True)
class Plan:
    """What a network is made of: the bodies, the people's seed, the law's edition, and where it listens."""

    bodies: Directory
    seed: int
    edition: str
    folder: Path
    bind: str = "127.0.0.1"
    advertise: str = "127.0.0.1"
    ports: dict[str, int] = field(default_factory=dict)
    clock: Clock = system_clock
    joined: bool = False
    """The components call each other within the process; whoever calls from outside notices nothing of it."""


class Network:
    """A running network; use as a context manager. `urls` names where each component answers."""

    def __init__(self, plan: Plan, authority: Authority) -> None:
        self.plan = plan
        self.authority = authority
        self.population = Population(plan.seed)
        self.urls: dict[str, str] = {}
        self._exit = ExitStack()
        self._channels: list[Channel] = []

    def credential(self, role: str, body: str | None = None) -> Credential:
        """A fresh credential under the network's authority, valid for the advertised host."""
        hosts = tuple(dict.fromkeys((self.plan.advertise, self.plan.bind, "127.0.0.1", "localhost")))
        folder = self.plan.folder / "credentials" / (f"{role}-{body}" if body else role)
        return self.authority.issue(folder, role, body, hosts=hosts)

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self) -> None:
        plan = self.plan
        table = law_table(plan.edition)
        store = self._store()
        self._exit.callback(store.close)
        lifetimes = Lifetimes(
            acquisition=dt.timedelta(seconds=number("acquisition-number-lifetime-seconds")),
            permit=dt.timedelta(seconds=number("permit-lifetime-seconds")),
        )
        codes = LinkageCodes(self._secret())
        self.core = core = Core(store, table, plan.bodies, codes, PermitSigner(), plan.clock, lifetimes)
        self.host = self._exit.enter_context(Host())
        system = CoreSystem(core)
        own = {role: self.credential(role) for role in ("core", "interface-system", "jlis")}
        inner = system.application()
        core_url = self._serve("core", inner, own["core"])
        self.to_core = to_core = self._way(inner, core_url, own["interface-system"], "core-down")
        peers = self.ways_to_bodies(own["interface-system"])
        between = InterfaceSystem(to_core, table, plan.bodies, peers, plan.clock).application()
        between_url = self._serve("interface-system", between, own["interface-system"])
        system.interface_system = self._way(between, between_url, own["core"], "network-down")
        jlis = Jlis(
            self._way(inner, core_url, own["jlis"], "core-down"),
            self._resident_code_of,
            self._is_resident_code,
            plan.edition,
            plan.clock,
        )
        self._serve("jlis", jlis.application(), own["jlis"])

    def __exit__(self, *exc: object) -> None:
        # Host and store close also where a way does not.
        with self._exit:
            for channel in self._channels:
                self.host.call(channel.close())

    def connect(self, body: str, url: str) -> None:
        """Tell the network where a body's intermediate server answers."""
        self.plan.bodies.at(body, url)

    def _serve(self, name: str, app: ASGI, credential: Credential) -> str:
        plan = self.plan
        served = self.host.serve(app, credential, plan.bind, plan.ports.get(name, 0), plan.advertise)
        self.urls[name] = served.url
        return served.url

    def ways_to_bodies(self, credential: Credential) -> Peers:
        """The ways to the bodies' servers."""
        return Peers(self.plan.bodies, lambda url: self._channel(url, credential, "peer-down"))

    def _way(self, app: Application, url: str, credential: Credential, down: str) -> Way:
        return Direct(app) if self.plan.joined else self._channel(url, credential, down)

    def _channel(self, url: str, credential: Credential, down: str) -> Channel:
        made = Channel(url, credential, down=down, seconds=number("request-timeout-seconds"))
        self._channels.append(made)
        return made

    def _store(self) -> Store:
        path = self.plan.folder / "core.db"
        try:
            return Store(path)
        except (OSError, sqlite3.Error) as error:
            raise _no_store(path, getattr(error, "strerror", error)) from error

    def _secret(self) -> bytes:
        # The core's code book must survive a restart, or every body would hold codes that mean nothing.
        path = self.plan.folder / "core-secret"
        try:
            if not path.exists():
                write_private(path, secrets.token_bytes(SECRET))
            held = path.read_bytes()
        except OSError as error:
            raise _no_store(path, error.strerror) from error
        if len(held) != SECRET:
            raise _no_store(path, f"{len(held)} bytes, not {SECRET}")
        return held

    def _resident_code_of(self, individual_number: str) -> str | None:
        person = self.population.person_of_individual_number(individual_number)
        return None if person is None else person.resident_code

    def _is_resident_code(self, resident_code: str) -> bool:
        return self.population.person_of_resident_code(resident_code) is not None


def _no_store(path: Path, told: object) -> UsageError:
    return UsageError(
        "NETWORK-STORE",
        f"{path}: 網の記憶として使えません / this cannot be the network's store: {told}",
        cause="書けない場所か、ほかのもの、または壊れたものです / it cannot be written, is something else, or is damaged",
        step="網が作ったフォルダーか、空のフォルダーを --store で指定してください"
        " / name a folder of an earlier network, or an empty one, with --store",
    )
