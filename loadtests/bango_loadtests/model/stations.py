"""Stations of the model: queues with servers, whose times of service are drawn around what was measured."""

from __future__ import annotations

import math
import random
from collections.abc import Generator
from typing import Any

import simpy

from bango_loadtests.histogram import Histogram, bucket

P95_SIGMAS = 1.645
Step = Generator[Any, Any, Any]


class Station:
    """One queue, first come first served; remembers how long exchanges waited and for how long its servers were busy."""

    def __init__(self, environment: simpy.Environment, servers: int) -> None:
        self._environment = environment
        self._queue = simpy.PriorityResource(environment, servers)
        self.servers = servers
        self.waited: Histogram = {}
        self.busy_seconds = 0.0

    def serve(self, seconds: float) -> Step:
        """Wait for a server and be served for so long."""
        came = self._environment.now
        with self._queue.request(priority=0) as turn:
            yield turn
            number = bucket((self._environment.now - came) * 1000)
            self.waited[number] = self.waited.get(number, 0) + 1
            self.busy_seconds += seconds
            yield self._environment.timeout(seconds)

    def lose(self, servers: int, seconds: float) -> Step:
        """So many servers are gone for a while; what they are at, they finish."""
        held = [self._queue.request(priority=-1) for _ in range(servers)]
        yield self._environment.timeout(seconds)
        for turn in held:
            if turn.triggered:
                self._queue.release(turn)
            else:
                turn.cancel()

    @property
    def waiting(self) -> int:
        """How many wait now."""
        return len(self._queue.queue)


def drawn(draw: random.Random, middle: float, p95: float) -> float:
    """A time with this middle and this 95th percentile: log-normal, as times of service mostly are."""
    return middle * math.exp(draw.gauss(0.0, _spread(middle, p95)))


def centre(middle: float, p95: float) -> float:
    """The mean of the times that `drawn` gives."""
    return middle * math.exp(_spread(middle, p95) ** 2 / 2)


def _spread(middle: float, p95: float) -> float:
    return math.log(max(p95 / middle, 1.0)) / P95_SIGMAS if middle > 0 else 0.0
