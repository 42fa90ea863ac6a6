"""Which replicas may be held: every rule that a registration must pass, before anything is written (IS-RPL, IS-PRI)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bango_mocks.clock import moment
from bango_mocks.reference.intermediate_server import layouts
from bango_mocks.reference.intermediate_server.forbidden import individual_number_in, texts
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Problem
from bango_spec import characters
from bango_spec.assumptions import number


class Admission(Part):
    """The checks of one registration; each refuses by one code."""

    async def check(self, information: str, content: dict[str, Any]) -> None:
        """Refuse what may not be registered."""
        self.period_in_order(content)
        self.known(information)
        await self.provided_here(information)
        self.layout_known(information, content["layout_version"])
        self.nothing_forbidden(content["items"])
        self.characters_allowed(content["items"])
        self.items_fit(information, content)
        self.not_in_future(content["updated_at"])

    def period_in_order(self, content: dict[str, Any]) -> None:
        """A period must not end before it begins."""
        period = content.get("period")
        if period is not None and period["from"] > period["to"]:
            raise Problem("period-reversed")

    def known(self, information: str) -> None:
        """The code must name a kind of information."""
        if layouts.kind_of(information) is None:
            raise Problem("unknown-code", "no kind of information has this code")

    async def provided_here(self, information: str) -> None:
        """The body must be a provider of the information in some line; not judged as long as no list was ever read."""
        table = await self.server.allow_list.table_or_none()
        if table is not None and not table.provides(self.config.parties, information):
            raise Problem("information-not-provided")

    def layout_known(self, information: str, version: str) -> None:
        """The layout version must be one of the information's."""
        if version not in layouts.versions(information):
            raise Problem("layout-mismatch", "the information has no such layout version")

    def nothing_forbidden(self, values: dict[str, Any]) -> None:
        """No text may be an individual number."""
        for place, text in texts(values, "/items"):
            if individual_number_in(text):
                raise Problem("forbidden-content", errors=[{"in": "body", "place": place, "code": "forbidden-content"}])

    def characters_allowed(self, values: dict[str, Any]) -> None:
        """Texts hold only characters that may travel."""
        for place, text in texts(values, "/items"):
            fault = characters.check(text)
            if fault is not None:
                where = {"in": "body", "place": place, "code": "format-characters", "malformation": fault.code}
                raise Problem("format-characters", errors=[where])

    def items_fit(self, information: str, content: dict[str, Any]) -> None:
        """The items must fit their layout, all of them."""
        places = layouts.wrong_places(information, content["layout_version"], content["items"])
        if places:
            errors = [{"in": "body", "place": f"/items{place}", "code": "content-invalid"} for place in places]
            raise Problem("content-invalid", f"{len(places)} place(s) break the layout", errors=errors)

    def not_in_future(self, updated_at: str) -> None:
        """The source's update time must not lie ahead of the clock."""
        if moment(updated_at) > self.clock() + dt.timedelta(seconds=number("clock-skew-seconds")):
            raise Problem("future-update")
