"""A terminal that stays connected and asks for the health now and then."""

from __future__ import annotations

from bango_loadtests.flows.flow import Flow


class Presence(Flow):
    """readInHouseHealth on a connection that is kept."""

    def go(self, due: float) -> None:
        """One look."""
        if not self.clients:
            self.in_house()
        self.clients[0].call("readInHouseHealth", due=due)
