"""The ground from start to end: network, target, residents, and the scene that the generators are told."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bango_loadtests.ground import questions
from bango_loadtests.ground.contents import OWN_DRAW, content_of
from bango_loadtests.ground.control import Control
from bango_loadtests.ground.network import LoadNetwork
from bango_loadtests.ground.office import Office
from bango_loadtests.scene import Account, Judged, Newcomer, Question, Resident, Scene, digest_of
from bango_mocks.authority import Credential
from bango_mocks.credentials import authority_in
from bango_mocks.directory import Directory, Entry
from bango_mocks.hooks import Hooks, environment
from bango_mocks.hosting import Host
from bango_mocks.network import Plan
from bango_mocks.records import LEDGER
from bango_spec import load
from bango_spec.allow_list import allow_list, party_kinds
from bango_spec.errors import BangoError
from bango_spec.interfaces import operation
from bango_spec.load import Campaign
from bango_spec.target import Target

RESIDENTS = 120
NEWCOMERS_SPARE = 1.5
REGISTERED = 3


@dataclass(frozen=True)
class Order:
    """Which campaign, for which target, in which edition, how long, and at which share of the nation's volume."""

    campaign: Campaign
    target: Target
    edition: str
    seed: int
    seconds: float
    scale: float
    folder: Path


class Ground:
    """Everything around the target; use as a context manager. `scene` is there once it has been entered."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.campaign = order.campaign
        self._exit = ExitStack()
        self._random = random.Random(order.seed)  # noqa: S311 - the same scene for the same seed

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self._exit.close()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self._exit.close()

    def _begin(self) -> None:
        target = self.order.target
        kinds = party_kinds(target.body.parties)
        others = questions.Counterparts(target.body.code)
        mixes = {one.behaviour: one.mix for one in self.campaign.loads}
        asking = mixes.get("counter-clerk") or mixes.get("night-job")
        edition = self.order.edition
        self._asked = questions.asked(target.body.code, kinds, edition, asking, others)
        self._served = questions.served(target.body.code, kinds, edition, mixes.get("asking-body"), others)
        own = Entry(body=target.body.code, name=target.product.name, kinds=kinds)
        authority = authority_in(target.network.credentials)
        network = target.network
        self.network = self._exit.enter_context(
            LoadNetwork(
                Plan(
                    bodies=Directory([*others.entries(), own]),
                    seed=self.order.seed,
                    edition=edition,
                    folder=self.order.folder,
                    bind=network.bind,
                    advertise=network.advertise,
                    ports={"interface-system": network.interface_system_port, "jlis": network.jlis_port},
                    joined=True,
                ),
                authority,
                target.body.code,
                target.endpoints.network,
            )
        )
        self._start()
        self._control()
        self.scene = self._prepared()
        self.network.watch(tuple(one.code for one in self.scene.residents), self._share("asking-body"))

    def _share(self, behaviour: str) -> float:
        return load.behaviour(behaviour).repeated

    def _start(self) -> None:
        target, folder = self.order.target, self.order.folder
        self.hooks: Hooks | None = None
        if "start" in target.hooks:
            credential = self.network.credential("intermediate-server", target.body.code)
            told = environment(target, self.network.urls["interface-system"], credential, self.order.edition)
            self.hooks = Hooks(target, told, folder)
            self._exit.callback(self.hooks.stop)
            self.hooks.start()

    def _control(self) -> None:
        self.token = secrets.token_urlsafe(24)
        host = self._exit.enter_context(Host())
        self.control = host.serve(Control(self.token, self._disturb, self.told), None).url

    def _disturb(self, kind: str, seconds: float) -> None:
        self.network.disturbed.seconds, self.network.disturbed.kind = seconds, kind

    # --- who lives here ----------------------------------------------------------------------------------------

    def _prepared(self) -> Scene:
        target, network = self.order.target, self.network
        tasks = sorted({one.task for one in allow_list(self.order.edition)})
        credential = network.credential("in-house", target.body.code)
        administrator = Account(target.staff.id, target.staff.passphrase)
        self.office = self._exit.enter_context(Office(target.endpoints.in_house, credential, administrator, tasks))
        self.office.wait(self.hooks.ended if self.hooks else lambda: None)
        staff = self.office.staff()
        people = {self._number(n): network.population.person(target.body.code, n) for n in range(RESIDENTS)}
        self.office.link(people, lambda acquisition, number: self._name(acquisition, people[number].resident_code))
        residents = tuple(self._resident(person, number) for number, person in people.items())
        registered = self._registered()
        return Scene(
            campaign=self.campaign,
            seed=self.order.seed,
            scale=self.order.scale,
            seconds=self.order.seconds,
            edition=self.order.edition,
            product=Judged(
                name=target.product.name,
                version=target.product.version,
                vendor=target.product.vendor,
                artefact=target.product.artefact,
                profile=target.profile,
                parties=target.body.parties,
            ),
            body=target.body.code,
            in_house=target.endpoints.in_house,
            network=target.endpoints.network,
            interface_system=network.urls["interface-system"],
            jlis=network.urls["jlis"],
            control=self.control,
            token=self.token,
            credentials=self._credentials(),
            staff=staff,
            asked=tuple(self._asked),
            served=tuple(self._served),
            residents=residents,
            registered=registered,
            newcomers=tuple(self._newcomers()),
            answers=self._answers(residents),
            replicas=self._replicas(residents, registered),
        )

    def _number(self, n: int) -> str:
        body = self.order.target.body.code
        return self.network.population.integrated_address_number(body, self.network.population.person(body, n))

    def _name(self, acquisition: str, resident_code: str) -> None:
        """J-LIS names the person, and the core delivers the code, as they do over the network."""
        self.network.host.call(
            self.network.to_core.call(
                "POST", "/v1/linkage-notifications", {"acquisition_number": acquisition, "resident_code": resident_code}
            )
        )

    def _resident(self, person: Any, number: str) -> Resident:
        core = self.network.core
        key = core.codes.person_key(person.resident_code)
        held = {}
        for body in {one.asker for one in self._served}:
            acquisition = core.issue_acquisition(body)["acquisition_number"]
            held[body] = core.notify(acquisition, person.resident_code)[1]["linkage_code"]
        return Resident(person.index, number, core.codes.code(self.order.target.body.code, key), held)

    def _newcomers(self) -> list[Newcomer]:
        rate = sum(one.rate.a_second() for one in self.campaign.loads if one.behaviour == "mover" and one.rate)
        wanted = int(NEWCOMERS_SPARE * rate * self.order.scale * self.order.seconds) + (20 if rate else 0)
        body, population = self.order.target.body.code, self.network.population
        people = ((n, population.person(body, n)) for n in range(RESIDENTS, RESIDENTS + wanted))
        return [Newcomer(self._number(n), person.individual_number) for n, person in people]

    def _registered(self) -> tuple[str, ...]:
        served = list(dict.fromkeys(one.information for one in self._served))
        return tuple(served[:REGISTERED])

    def _answers(self, residents: tuple[Resident, ...]) -> dict[str, str]:
        """What the other bodies have registered, put where they find it; its digests."""
        codes = self.network.core.codes
        wanted: dict[tuple[str, str], Question] = {(one.provider, one.information): one for one in self._asked}
        digests = {}
        for resident in residents:
            person_key = codes.opened(self.order.target.body.code, resident.code) or b""
            for body, information in wanted:
                content = content_of(information, resident.index)
                self.network.others.registered[(codes.code(body, person_key), information)] = content
                digests[f"{resident.number}/{information}"] = digest_of(content["items"])
        return digests

    def _replicas(self, residents: tuple[Resident, ...], registered: tuple[str, ...]) -> dict[str, str]:
        served = {one.information for one in self._served} | set(registered)
        digests, entries = {}, []
        if not any(load.behaviour(one.behaviour).role == "provider" for one in self.campaign.loads):
            return {}
        for resident in residents:
            for information in sorted(served):
                content = content_of(information, OWN_DRAW + resident.index)
                digests[f"{resident.number}/{information}"] = digest_of(content["items"])
                entries.append(
                    {
                        "operation": "put",
                        "integrated_address_number": resident.number,
                        "information": information,
                        "content": content,
                    }
                )
        self.office.register(entries)
        return digests

    def _credentials(self) -> dict[str, str]:
        body = self.order.target.body.code
        askers = sorted({one.asker for one in self._served})
        made = {"in-house": self.network.credential("in-house", body), "portal": self._portal()}
        made |= {f"intermediate-server-{one}": self.network.credential("intermediate-server", one) for one in askers}
        return {name: str(one.folder) for name, one in made.items()}

    def _portal(self) -> Credential:
        """Whoever passes the portal's question on to the target, by the interface document."""
        (role,) = operation("discloseRecords").roles
        return self.network.authority.issue(self.order.folder / "credentials" / "portal-passed-on", role)

    # --- what is left behind -----------------------------------------------------------------------------------

    def told(self, wanted: Mapping[str, list[str]]) -> dict[str, Any]:
        """The ledgers: the core's records, what the others provided, what was replayed, how the target answered.

        `wanted` names inquiries, replicas and acquisitions whose present state is read from the target.
        """
        watched = self.network.watched
        trouble = ""
        at_rest: int | None = None
        records: list[dict[str, Any]] = []
        states: dict[str, dict[str, Any]] = {}
        try:
            # What is under way ends first; what the core writes while the target is read is told apart.
            states = {kind: self.office.states(kind, ids) for kind, ids in wanted.items()}
            at_rest = len(list(self.network.core.store.entries(LEDGER)))
            records = self.office.records()
        except BangoError as error:
            # The target may have died; what the others hold is told all the same.
            trouble = error.what
        core = [entry.record for entry in self.network.core.store.entries(LEDGER)]
        return {
            "core": core[:at_rest],
            "later": [] if at_rest is None else [record["permit_id"] for record in core[at_rest:]],
            "others": self.network.others.provided,
            "target": records,
            "states": states,
            "trouble": trouble,
            "took": watched.took if watched else [],
            "replayed": watched.replayed if watched else {},
        }
