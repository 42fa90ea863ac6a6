"""Somebody moves in: the body acquires the linkage code, J-LIS names the person, the network delivers."""

from __future__ import annotations

from time import monotonic

import msgspec

from bango_loadtests.client import Client
from bango_loadtests.flows.flow import PATIENCE_SECONDS, StaffFlow
from bango_loadtests.tally import OK

BOUND = "bound"


class Linkage(StaffFlow):
    """requestAcquisition, requestLinkage at J-LIS, then readAcquisition until the code is bound."""

    register: Client | None = None

    def go(self, due: float) -> None:
        """One newcomer; nothing once all have moved in."""
        newcomer = next(self.part.newcomers, None)
        if newcomer is None:
            return
        body = msgspec.json.encode({"integrated_address_number": newcomer.number})
        heard = self.ask("requestAcquisition", due=due, body=body)
        told = heard.json() if heard.good else None
        if told is None:
            self.done(due, heard.end)
            return
        number = told["acquisition_number"]
        self.part.tally.acquisitions[number] = told["state"]
        if self.register is None:
            self.register = self.client(self.part.scene.jlis, "in-house")
        named = {"acquisition_number": number, "individual_number": newcomer.individual_number}
        self.register.call("requestLinkage", body=msgspec.json.encode(named))
        state = self._wait(number)
        self.part.tally.acquisitions[number] = state
        self.done(due, OK if state == BOUND else state)

    def _wait(self, number: str) -> str:
        limit = monotonic() + PATIENCE_SECONDS
        while monotonic() < limit:
            self.pause()
            heard = self.ask("readAcquisition", path={"acquisition_number": number})
            told = heard.json() if heard.good else None
            if told and told["state"] in self.behaviour.ended:
                return str(told["state"])
        return "unfinished"
