"""A network that stands until it is told to end: the national components, bodies with reference servers, admitted bodies."""

from __future__ import annotations

import os
import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec

from bango_mocks import admission
from bango_mocks.credentials import authority_in
from bango_mocks.directory import Directory, Entry
from bango_mocks.network import Network, Plan
from bango_mocks.parties import parties_of
from bango_mocks.population import bodies
from bango_mocks.reference_process import ReferenceProcess, Setting
from bango_spec.allow_list import party_kinds
from bango_spec.errors import UsageError
from bango_spec.population import population_parts

if TYPE_CHECKING:
    from bango_mocks.admission import Admission
    from bango_mocks.population import Body

MOST_BODIES = 50
ADMINISTRATOR = "administrator"
FURTHER = "city"


@dataclass(frozen=True)
class Order:
    """What a network is to be; `folder` keeps its stores and logs, `credentials` its authority and admissions."""

    bodies: int
    seed: int
    edition: str
    folder: Path
    credentials: Path
    bind: str = "127.0.0.1"
    advertise: str = "127.0.0.1"
    ports: tuple[tuple[str, int], ...] = ()


class Standing:
    """A running network with its bodies; use as a context manager."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.processes: list[ReferenceProcess] = []
        self.admitted: list[Admission] = []
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._exit.close()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self._exit.close()

    def _start(self) -> None:
        order = self.order
        own = choose(order.bodies)
        directory = Directory([_entry(one) for one in own])
        self.admitted = admission.enter(directory, order.credentials)
        self.network = self._exit.enter_context(
            Network(
                Plan(
                    bodies=directory,
                    seed=order.seed,
                    edition=order.edition,
                    folder=order.folder,
                    bind=order.bind,
                    advertise=order.advertise,
                    ports=dict(order.ports),
                ),
                authority_in(order.credentials),
            )
        )
        taken = {one.body for one in self.admitted}
        self._exit.callback(self._stop)
        for one in own:
            if one.code not in taken:
                process = ReferenceProcess(self._setting(one))
                self.processes.append(process)
                process.start()
        for process in self.processes:
            process.wait()
            self.network.connect(process.setting.body, process.network)

    def _stop(self) -> None:
        for process in self.processes:
            process.end()
        for process in self.processes:
            process.stop()

    def _setting(self, body: Body) -> Setting:
        return Setting(
            body=body.code,
            parties=parties_of(body),
            credential=self.network.credential("intermediate-server", body.code).folder,
            interface_system=self.network.urls["interface-system"],
            staff_id=ADMINISTRATOR,
            passphrase=secrets.token_urlsafe(18),
            edition=self.order.edition,
            folder=self.order.folder / "bodies" / body.code,
            bind=self.order.bind,
            advertise=self.order.advertise,
        )

    def told(self) -> dict[str, Any]:
        """What the ready file says."""
        return {
            "pid": os.getpid(),
            "seed": self.order.seed,
            "edition": self.order.edition,
            "credentials": str(self.order.credentials),
            "urls": self.network.urls,
            "bodies": [
                {
                    "body": one.setting.body,
                    "name": next(entry.name for entry in self.network.plan.bodies if entry.body == one.setting.body),
                    "parties": one.setting.parties,
                    "in_house": one.in_house,
                    "network": one.network,
                    "administrator": {"id": ADMINISTRATOR, "passphrase": one.setting.passphrase},
                    "in_house_credentials": str(self.network.credential("in-house", one.setting.body).folder),
                }
                for one in self.processes
            ],
            "admitted": [msgspec.to_builtins(one) for one in self.admitted],
        }


def choose(number: int) -> tuple[Body, ...]:
    """The first bodies of a network of `number`; the same ones every time. NETWORK-BODIES for too many."""
    if not 0 <= number <= MOST_BODIES:
        raise UsageError(
            "NETWORK-BODIES",
            f"機関の数は 0 から {MOST_BODIES} までです（{number} は不可）"
            f" / a network here has 0 to {MOST_BODIES} bodies, not {number}",
            step="--bodies 3",
        )
    found: list[Body] = []
    for kind, _ in zip_longest(population_parts().network[:number], range(number), fillvalue=FURTHER):
        found.append(next(one for one in bodies(str(kind)) if one not in found))
    return tuple(islice(found, number))


def _entry(body: Body) -> Entry:
    return Entry(
        body=body.code,
        name=body.full_name,
        kinds=party_kinds(parties_of(body)),
        municipality=body.municipality_code or None,
    )
