"""A campaign as a model of queues: platform, interface system and core, with times of service from a measured run."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

import simpy

from bango_loadtests.errors import IncompleteError
from bango_loadtests.histogram import Histogram, bucket
from bango_loadtests.model.calibration import Calibration
from bango_loadtests.model.stations import Station, Step, drawn
from bango_loadtests.schedule import arrivals
from bango_spec import load
from bango_spec.load import Behaviour, Campaign, Load

PLATFORM, INTERFACE_SYSTEM, CORE = "platform", "interface-system", "core"
PROVISION = "requestProvision"
MODELLED = frozenset({"inquiry", "provision", "registration", "disclosure", "linkage"})


@dataclass(frozen=True)
class Size:
    """How much comes (1.0 is the nation), how many servers each station has, and what is lost when (shares of the time)."""

    scale: float
    servers: Mapping[str, int]
    lost: Mapping[str, int] = field(default_factory=dict)
    lost_from: float = 1 / 3
    lost_until: float = 2 / 3
    others_here: bool = True
    """Whether who provides to an inquiry is on the same platform; beside one machine the mock network plays them."""


class Simulation:
    """One run of the model; the same for the same seed."""

    def __init__(self, campaign: Campaign, measured: Calibration, size: Size, seconds: float, seed: int) -> None:
        self.campaign, self.measured, self.size, self.seconds = campaign, measured, size, seconds
        self._seed = seed
        self._draw = random.Random(seed)  # noqa: S311 - a model's draws
        self.environment = simpy.Environment()
        self.stations = {name: Station(self.environment, count) for name, count in size.servers.items()}
        self.times: dict[str, Histogram] = {}
        """Operation or flow → durations from when they were due, after the warm-up."""
        self.longest_queue = dict.fromkeys(self.stations, 0)

    def run(self) -> None:
        """Let the campaign's time pass; LOAD-MODEL for a campaign whose flows the model does not have."""
        behaviours = [(one, load.behaviour(one.behaviour)) for one in self.campaign.loads]
        if strange := sorted({behaviour.flow for _, behaviour in behaviours} - MODELLED):
            raise IncompleteError(
                "LOAD-MODEL",
                f"{self.campaign.id}: この流れの模型はありません / the model does not have these flows: {', '.join(strange)}",
                step="counter-day、june-peak、april-moves、first-day、knee、soak などを選んでください / choose one of these",
            )
        for place, (plan, behaviour) in enumerate(behaviours):
            self.environment.process(self._arrive(plan, behaviour, random.Random(f"{self._seed}/{place}")))  # noqa: S311
        for name, servers in self.size.lost.items():
            self.environment.process(self._lose(self.stations[name], servers))
        self.environment.process(self._look())
        self.environment.run(until=self.seconds)

    def _arrive(self, plan: Load, behaviour: Behaviour, draw: random.Random) -> Step:
        rate = plan.rate.a_second() * self.size.scale if plan.rate else 0.0
        for due in arrivals(self.campaign, plan, rate, self.seconds, draw):
            yield self.environment.timeout(due - self.environment.now)
            self.environment.process(self._whole(behaviour))

    def _whole(self, behaviour: Behaviour) -> Step:
        due = self.environment.now
        if behaviour.flow == "provision":
            yield from self._through(PROVISION)
        else:
            yield from self._exchange(behaviour.steps[0])
            if behaviour.flow in {"inquiry", "linkage"}:
                provided = PROVISION if behaviour.flow == "inquiry" and self.size.others_here else None
                end = self.environment.process(self._through(provided))
                while not end.processed:
                    yield self.environment.timeout(behaviour.pause_seconds)
                    yield from self._exchange(behaviour.steps[1])
            else:
                for step in behaviour.steps[1:]:
                    yield from self._exchange(step)
        self._note(behaviour.flow, due)

    def _through(self, provision: str | None) -> Step:
        """From a platform through interface system and core, and to the providing server if one is asked."""
        yield from self._network(INTERFACE_SYSTEM)
        yield from self._network(CORE)
        if provision is not None:
            yield from self._exchange(provision)
        yield from self._network(INTERFACE_SYSTEM)

    def _network(self, station: str) -> Step:
        # Only the sum of what the network used is known: exponential for want of a better guess.
        mean = self.measured.ground_seconds
        yield from self.stations[station].serve(self._draw.expovariate(1 / mean) if mean else 0.0)

    def _exchange(self, operation: str) -> Step:
        due = self.environment.now
        whole = drawn(self._draw, *self.measured.service(operation)) / 1000
        served = whole * self.measured.occupied
        yield from self.stations[PLATFORM].serve(served)
        yield self.environment.timeout(whole - served)
        self._note(operation, due)

    def _note(self, name: str, due: float) -> None:
        if due >= self.campaign.warm_up_seconds:
            times = self.times.setdefault(name, {})
            number = bucket((self.environment.now - due) * 1000)
            times[number] = times.get(number, 0) + 1

    def _lose(self, station: Station, servers: int) -> Step:
        yield self.environment.timeout(self.size.lost_from * self.seconds)
        yield from station.lose(servers, (self.size.lost_until - self.size.lost_from) * self.seconds)

    def _look(self) -> Step:
        while True:
            for name, station in self.stations.items():
                self.longest_queue[name] = max(self.longest_queue[name], station.waiting)
            yield self.environment.timeout(0.05)
