"""The directory of bodies: whom to ask, also under the codes of wards and of former municipalities (IS-INQ-018, 019)."""

from __future__ import annotations

from typing import Any

from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Problem

NAME = "directory"
MUNICIPALITY = slice(5, 11)


class Directory(Part):
    """Read once and again whenever a body is not in it."""

    _rows: list[dict[str, Any]] | None = None

    async def provider(self, code: str) -> dict[str, Any]:
        """The entry of the body that is asked under a code today; unknown-body for a code that leads nowhere."""
        found = self.reached(code, await self.rows())
        if found is None:
            found = self.reached(code, await self.fetched())
        if found is None:
            raise Problem("unknown-body", "the code leads to no body of the directory")
        return found

    async def kinds(self, code: str) -> frozenset[str]:
        """The kinds of party that a body is; none for a body that the directory does not have."""
        found = self.entry(code, await self.rows()) or self.entry(code, await self.fetched())
        return frozenset(found["kinds"]) if found else frozenset()

    async def rows(self) -> list[dict[str, Any]]:
        """The directory, as it was last read."""
        if self._rows is None:
            self._rows = self.server.lists.kept(NAME)
        return self._rows if self._rows is not None else await self.fetched()

    async def fetched(self) -> list[dict[str, Any]]:
        """The directory, read anew."""
        self._rows = await self.server.lists.fetched(NAME, "/v1/directory", "bodies", {})
        return self._rows

    def entry(self, code: str, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The entry of a body code, or None."""
        return next((row for row in rows if row["body"] == code), None)

    def reached(self, code: str, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The body behind a code: itself, the city of a ward, or the last successor."""
        found = self.entry(code, rows)
        if found is None:
            municipality = code[MUNICIPALITY]
            found = self.city_of(municipality, rows) or self.successor_of(municipality, rows)
        return None if found is None else self.last(found, rows)

    def city_of(self, ward: str, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The designated city that a ward belongs to, or None."""
        return next((row for row in rows if ward in row.get("wards", ())), None)

    def successor_of(self, municipality: str, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The body into which a municipality was merged, or None."""
        today = self.clock().date().isoformat()
        for row in rows:
            for before in row.get("predecessors", ()):
                if before["municipality"] == municipality and before["until"] < today:
                    return row
        return None

    def last(self, found: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The last body of a row of successions; None if they run in a circle or lead out of the directory."""
        seen = set()
        current: dict[str, Any] | None = found
        while current is not None:
            if current["body"] in seen:
                return None
            seen.add(current["body"])
            following = self.following(current, rows)
            if following is None:
                return current
            current = following if following["body"] != current["body"] else None
        return None

    def following(self, row: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The body that took a body's place, or None for one that still exists."""
        if "replaced_by" in row:
            return self.entry(row["replaced_by"], rows) or row
        return self.successor_of(row["municipality"], rows) if "municipality" in row else None
