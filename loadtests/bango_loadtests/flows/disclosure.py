"""A resident looks, through the portal, at the records of what was exchanged about them."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from bango_loadtests.flows.flow import Flow
from bango_mocks.clock import stamp, system_clock


class Disclosure(Flow):
    """discloseRecords on the target's network side."""

    def go(self, due: float) -> None:
        """One look."""
        scene = self.part.scene
        if not self.clients:
            self.client(scene.network, "portal")
        now = system_clock()
        body = {
            "linkage_code": self.draw.choice(scene.residents).code,
            "from": stamp(now - timedelta(days=365)),
            "to": stamp(now + timedelta(days=1)),
        }
        heard = self.clients[0].call("discloseRecords", due=due, body=msgspec.json.encode(body))
        self.done(due, heard.end)
