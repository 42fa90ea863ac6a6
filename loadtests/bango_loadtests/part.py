"""One process's part in a campaign: the scene, the campaign's clock, its tally, its draws, and the staff session it works with."""

from __future__ import annotations

import random
import time
from bisect import bisect
from dataclasses import dataclass, field
from itertools import accumulate, count

import gevent
from gevent.event import Event

from bango_loadtests.histogram import bucket
from bango_loadtests.scene import Question, Resident, Scene
from bango_loadtests.tally import Sample, Tally
from bango_loadtests.watch import watch
from bango_spec.load import Campaign


class Weighted:
    """Questions drawn by their weights."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        self.questions = questions
        self._sums = list(accumulate(one.weight for one in questions))

    def draw(self, draw: random.Random) -> tuple[int, Question]:
        """One of them, and its place among all."""
        place = min(bisect(self._sums, draw.random() * self._sums[-1]), len(self._sums) - 1)
        return place, self.questions[place]


@dataclass
class Part:
    """The state that all users of one process share."""

    scene: Scene
    campaign: Campaign
    place: int = 0
    """Which of the processes this is."""
    of: int = 1
    """How many there are."""
    began: float = 0.0
    """The campaign's beginning on this process's monotonic clock."""
    in_flight: int = 0
    tally: Tally = field(default_factory=Tally)
    begin: Event = field(default_factory=Event)
    ordinals: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.asked = Weighted(self.scene.asked)
        self.served = Weighted(self.scene.served)
        self.generations: dict[str, int] = {}
        self.newcomers = iter(self.scene.newcomers[self.place :: self.of])
        gevent.spawn(watch, self.second, self._sample)

    @property
    def mine(self) -> tuple[Resident, ...]:
        """The residents whose replicas this process updates: nobody else updates them."""
        return self.scene.residents[self.place :: self.of]

    @property
    def credentials(self) -> dict[str, str]:
        """Folders of credentials by role."""
        return self.scene.credentials

    @property
    def warm_up_seconds(self) -> float:
        """How long the campaign warms up."""
        return self.campaign.warm_up_seconds

    @property
    def seconds(self) -> float:
        """How long the campaign lasts, warm-up included."""
        return self.scene.seconds

    def start(self, within: float) -> None:
        """The campaign begins so many seconds from now (or began so many ago)."""
        self.began = time.monotonic() + within
        self.tally = Tally()
        self.in_flight = 0
        self.newcomers = iter(self.scene.newcomers[self.place :: self.of])
        self.begin.set()

    def now(self) -> float:
        """Seconds of the campaign so far; negative before it begins."""
        return time.monotonic() - self.began

    def second(self) -> int:
        """The second of the campaign, -1 before it begins."""
        return int(self.now()) if self.begin.is_set() and self.now() >= 0 else -1

    def late(self, seconds: float) -> None:
        """The generator itself began something so late."""
        number = bucket(max(seconds, 0.0) * 1000)
        self.tally.late[number] = self.tally.late.get(number, 0) + 1

    def handed_over(self) -> Tally:
        """What was counted since the last time; a new page begins."""
        told, self.tally = self.tally, Tally()
        return told

    def draws(self, behaviour: str) -> random.Random:
        """The draws of one more user: the same for the same seed, behaviour, process and turn."""
        return random.Random(f"{self.scene.seed}/{behaviour}/{self.place}/{next(self.ordinals)}")  # noqa: S311

    def _sample(self, sample: Sample) -> None:
        if self.second() >= 0:
            self.tally.samples.append(sample)
