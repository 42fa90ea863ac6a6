"""Lists read page by page from the interface system: kept in the store, so that they outlive outages and restarts."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Problem

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

KIND = "list"
PATIENCE_SECONDS = 3.0
PAGE = "1000"


class Lists(Part):
    """Reads a list once even if many ask for it at the same time, and gives up soon when the network is silent."""

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self._reading: dict[str, asyncio.Task[list[dict[str, Any]]]] = {}

    def kept(self, name: str) -> list[dict[str, Any]] | None:
        """The rows of a list as they were last read, or None."""
        found = self.store.get(KIND, name)
        return None if found is None else found["rows"]

    async def fetched(self, name: str, path: str, member: str, query: dict[str, str]) -> list[dict[str, Any]]:
        """The rows of a list, read anew and kept; the reason of the failure as a problem."""
        task = self._reading.get(name)
        if task is None:
            task = self.server.spawn(self._read(name, path, member, query))
            self._reading[name] = task
            task.add_done_callback(lambda _: self._reading.pop(name, None))
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        if not done:
            raise Problem("timeout", "the interface system did not give its list in time")
        return task.result()

    async def _read(self, name: str, path: str, member: str, query: dict[str, str]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        asked = query | {"limit": PAGE}
        while True:
            _, page = await self.server.upstream.call("GET", path, correlation=str(uuid.uuid4()), query=asked)
            rows += page[member]
            if "next_cursor" not in page:
                self.store.put(KIND, name, {"rows": rows})
                return rows
            asked = asked | {"cursor": page["next_cursor"]}
