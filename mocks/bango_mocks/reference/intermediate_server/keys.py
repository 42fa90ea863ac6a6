"""The core's public keys, fetched from the interface system; no other place is ever asked (IS-PRV-001, IS-TRN-010)."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from bango_mocks.reference.intermediate_server.lists import KIND
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Problem

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

AGAIN_SECONDS = 5.0
NAME = "keys"


class Keys(Part):
    """Keys by their id; read anew for an id that is not among them, but not more often than every five seconds."""

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self._read_at = float("-inf")
        kept = self.store.get(KIND, NAME)
        self._keys = imported(kept["keys"]) if kept else {}

    async def key(self, kid: str) -> ECKey | None:
        """The key with an id, or None if the core publishes none; keys that were read once serve through an outage."""
        if kid not in self._keys and asyncio.get_running_loop().time() >= self._read_at + AGAIN_SECONDS:
            try:
                await self.fetch()
            except Problem:
                if not self._keys:
                    raise
        return self._keys.get(kid)

    async def fetch(self) -> None:
        """Read the keys; keys that the core no longer publishes are dropped."""
        _, found = await self.server.upstream.call("GET", "/v1/keys", correlation=str(uuid.uuid4()))
        self._read_at = asyncio.get_running_loop().time()
        self._keys = imported(found["keys"])
        self.store.put(KIND, NAME, found)


def imported(raw_keys: list[dict[str, Any]]) -> dict[str, ECKey]:
    """The usable keys by their id."""
    made = {}
    for raw in raw_keys:
        try:
            made[raw["kid"]] = ECKey.import_key(raw)
        except (JoseError, ValueError, KeyError):
            continue
    return made
