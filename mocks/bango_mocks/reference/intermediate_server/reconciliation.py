"""Comparing with the originals: the export of every live replica, and how fresh each kind is (IS-OPS-004, IS-RPL-012)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from bango_mocks.clock import moment
from bango_mocks.reference.intermediate_server import layouts
from bango_mocks.reference.intermediate_server.cursors import chunked
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.reference.intermediate_server.shelf import HEAD
from bango_mocks.serving.call import Call, Reply
from bango_spec.assumptions import value

FRESHNESS = "freshness"
NDJSON = "application/x-ndjson"
LINE = (
    "integrated_address_number",
    "information",
    "fiscal_year",
    "period",
    "generation",
    "layout_version",
    "updated_at",
    "content_digest",
)
USUAL = "monthly"
DAYS = {"daily": 1, "weekly": 7, "monthly": 31, "yearly": 366}


class Reconciliation(Part):
    """What in-house systems compare their originals with."""

    answers: ClassVar = {"exportReplicas": "export", "listFreshness": "freshness"}

    async def export(self, call: Call) -> Reply:
        """One line for each live replica; the last states their number and digest."""
        lines = [msgspec.json.encode(line) + b"\n" for line in self.lines(call)]
        body = b"".join(lines)
        end = {"count": len(lines), "digest": hashlib.sha256(body).hexdigest()}
        return Reply(200, body + msgspec.json.encode(end) + b"\n", media_type=NDJSON)

    def lines(self, call: Call) -> Iterator[dict[str, Any]]:
        """The lines that the filters leave."""
        information, since = call.query.get("information"), call.query.get("changed_since")
        for replica in self.live():
            if information in (None, replica["information"]) and (
                since is None or moment(replica["registered_at"]) >= moment(since)
            ):
                yield {name: replica[name] for name in LINE if name in replica}

    def live(self) -> Iterator[dict[str, Any]]:
        """Every replica that is not deleted, whether or not its person has a linkage code yet."""
        shelf = self.server.replicas.shelf
        for key, head in chunked(lambda last, limit: self.store.scan(HEAD, "", last, limit), ""):
            if head["current"] is not None:
                found = shelf.generation(key, head["current"])
                if found is not None:
                    yield found

    def noted(self, information: str, updated_at: str) -> None:
        """Note the update time of an original that came in."""
        before = self.store.get(FRESHNESS, information)
        if before is None or moment(before["latest_update"]) < moment(updated_at):
            self.store.put(FRESHNESS, information, {"latest_update": updated_at})

    async def freshness(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """Interval, latest update and whether it is overdue, for each kind that was ever registered."""
        rows = [self.state(information, row["latest_update"]) for information, row in self.store.scan(FRESHNESS)]
        return Reply(200, {"information": rows})

    def state(self, information: str, latest: str) -> dict[str, Any]:
        """The freshness of one kind."""
        interval = value("replica-update-frequency").get(layouts.kind_of(information), USUAL)
        told = {"information": information, "interval": interval, "latest_update": latest}
        return told | {"overdue": self.overdue(interval, latest)}

    def overdue(self, interval: str, latest: str) -> bool:
        """Whether the interval has passed since the original's latest update."""
        return self.clock() - moment(latest) > dt.timedelta(days=DAYS[interval])
