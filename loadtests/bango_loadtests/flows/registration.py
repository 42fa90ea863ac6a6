"""The body's business system registers a new generation of a resident's replica and reads it back."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import quote

import msgspec

from bango_loadtests.flows.flow import StaffFlow
from bango_loadtests.scene import digest_of
from bango_mocks.clock import stamp, system_clock

NOT_THERE = 404


class Registration(StaffFlow):
    """putReplica with the next generation, then readReplica."""

    def go(self, due: float) -> None:
        """One update."""
        resident = self.draw.choice(self.part.mine)
        information = self.draw.choice(self.part.scene.registered)
        name = f"{resident.number}/{information}"
        place = {"integrated_address_number": resident.number, "information": information}
        if name not in self.part.generations and not self._learn(name, place, resident.index):
            self.done(due, "no-replica")
            return
        # Two updates of one replica at a time would race for the generation: the next number is taken before it is sent.
        self.part.generations[name] += 1
        generation = self.part.generations[name]
        content = self._content(information, resident.index, generation)
        heard = self.ask("putReplica", due=due, body=msgspec.json.encode(content), path=place)
        if heard.good:
            self.part.tally.replicas[name] = max(generation, self.part.tally.replicas.get(name, 0))
        read = self.ask("readReplica", query=self._span(content), path=place)
        told = read.json() if read.good else None
        if heard.good and told is not None:
            self.part.tally.looked("nothing-lost", self._wrong(name, told, generation))
        self.done(due, heard.end if not heard.good else read.end)

    def _learn(self, name: str, place: dict[str, str], index: int) -> bool:
        """Which generation the target has now; the first one is the ground's."""
        content = self._content(place["information"], index, 1)
        read = self.ask("readReplica", query=self._span(content), path=place)
        told = read.json() if read.good else None
        if told is None:
            return False
        self.part.generations.setdefault(name, told["generation"])
        return True

    @staticmethod
    @cache
    def _items(information: str, index: int) -> dict[str, Any]:
        from bango_loadtests.ground.contents import OWN_DRAW, content_of  # noqa: PLC0415 - reads the items

        return content_of(information, OWN_DRAW + index)

    def _content(self, information: str, index: int, generation: int) -> dict[str, Any]:
        return self._items(information, index) | {"generation": generation, "updated_at": stamp(system_clock())}

    @staticmethod
    def _span(content: dict[str, Any]) -> str:
        if "fiscal_year" in content:
            return f"?fiscal_year={content['fiscal_year']}"
        if "period" in content:
            return "?period=" + quote(f"{content['period']['from']}/{content['period']['to']}", safe="")
        return ""

    def _wrong(self, name: str, told: dict[str, Any], generation: int) -> str | None:
        if told["generation"] < generation:
            return f"replica: generation {generation} was acknowledged, {told['generation']} is read"
        if digest_of(told["items"]) != self.part.scene.replicas[name]:
            return "replica: what is read is not what was registered"
        return None
