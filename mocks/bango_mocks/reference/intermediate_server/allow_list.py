"""The server's own table check (IS-INQ-001 to 003, IS-PRV-005): the allow list of the edition in force on the day."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.reference.intermediate_server.tables import Table
from bango_mocks.serving.call import Problem

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

AGAIN_SECONDS = 5.0


class AllowList(Part):
    """Tables by edition; each is read once and stands, since an edition never changes."""

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self._tables: dict[str, Table] = {}
        self._refused_until = 0.0

    def edition(self) -> str:
        """The edition in force today: the newest that has begun, or the oldest known."""
        today = self.clock().date().isoformat()
        known = self.config.known_editions()
        return max((one for one in known if one <= today), default=known[0])

    async def table(self, edition: str | None = None) -> Table:
        """The table of an edition, by default of the one in force; network-down or the like if it cannot be had."""
        name = edition or self.edition()
        if name not in self._tables:
            rows = self.server.lists.kept(f"allow-list/{name}")
            if rows is None:
                rows = await self._fetched(name)
            self._tables[name] = self.arranged(name, rows)
        return self._tables[name]

    def arranged(self, edition: str, rows: list[dict[str, Any]]) -> Table:
        """The rows of an edition, all of them, as a table."""
        return Table(edition, rows)

    async def table_or_none(self) -> Table | None:
        """The table in force, or None as long as it could never be read."""
        try:
            return await self.table()
        except Problem:
            return None

    async def _fetched(self, name: str) -> list[dict[str, Any]]:
        now = asyncio.get_running_loop().time()
        if now < self._refused_until:
            raise Problem("network-down", "the allow list cannot be read at present")
        try:
            return await self.server.lists.fetched(f"allow-list/{name}", "/v1/allow-list", "entries", {"edition": name})
        except Problem:
            self._refused_until = now + AGAIN_SECONDS
            raise

    async def permitted(self, asker: Iterable[str], provider: Iterable[str], inquiry: Mapping[str, Any]) -> bool:
        """Whether some line of the edition in force has all five coordinates together."""
        return (await self.table()).permits(asker, provider, inquiry)

    async def refusal(self, asker: Iterable[str], provider: Iterable[str], inquiry: Mapping[str, Any]) -> Problem:
        """The refusal of what no line allows, with the nearest lines and what differs."""
        nearest = (await self.table()).nearest(asker, provider, inquiry)
        members: dict[str, Any] = {"nearest": nearest} if nearest else {}
        return Problem("not-permitted", "no line of the table permits this", **members)

    async def knows(self, coordinate: str, code: str) -> bool:
        """Whether a code stands in any edition that can be read; nothing is judged unknown without a table."""
        judged = False
        for edition in self.config.known_editions():
            with contextlib.suppress(Problem):
                if (await self.table(edition)).knows(coordinate, code):
                    return True
                judged = True
        return not judged
