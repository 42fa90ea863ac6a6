"""Mutants of provisions under load and alone."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from typing import ClassVar

from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.provisions import Provisions
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.reading import Text

PLACES = 7
TURN_SECONDS = 0.5


@mutant(
    clause="IS-PRV-020",
    title=Text(ja="庁内側がつながっていなければ提供しない", en="Provides nothing while nobody in-house is connected"),
    reason="NOT-PROVIDED",
)
class NeedsInHouse(Provisions):
    """Work is handed to the connections of the in-house side: without one there is nobody to do it."""

    async def provide(self, call: Call) -> Reply:
        """Only while somebody in the house is connected."""
        if not self.server.in_house.connections:
            raise Problem("connection-cap")
        return await super().provide(call)


@mutant(
    clause="IS-PRV-021",
    title=Text(ja="同時に来た求めの人を取り違える", en="Mixes up the persons of requests that arrive at the same time"),
    reason="MIXED",
)
class SevenPlaces(Provisions):
    """Whom a request is about waits in one of seven places; the eighth request takes the place of the first."""

    turns: ClassVar = itertools.count()
    places: ClassVar[dict[int, str]] = {}

    async def provide(self, call: Call) -> Reply:
        """Answers about whoever lies in the place when the turn has come."""
        place = next(self.turns) % PLACES
        self.places[place] = call.body["linkage_code"]
        await asyncio.sleep(TURN_SECONDS)
        return await super().provide(replace(call, body=call.body | {"linkage_code": self.places[place]}))
