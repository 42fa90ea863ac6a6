"""Replicas (副本): registering, updating, correcting, deleting logically, reading (IS-RPL)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from bango_mocks.clock import moment
from bango_mocks.reference.intermediate_server.cursors import after, page
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.reference.intermediate_server.shelf import STATE, Shelf, exact, key_of, tag
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

READ = (
    "integrated_address_number",
    "information",
    "layout_version",
    "fiscal_year",
    "period",
    "generation",
    "updated_at",
    "registered_at",
    "automatic_answer",
    "withheld",
    "items",
)


class Replicas(Part):
    """One replica for each person, information and fiscal year or period; each a row of generations."""

    answers: ClassVar = {
        "putReplica": "put",
        "readReplica": "read",
        "deleteReplica": "delete",
        "correctReplica": "correct",
        "listReplicaGenerations": "generations",
    }
    dates: ClassVar = {"replica-purged": "purge"}

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self.shelf = Shelf(self.store)

    async def put(self, call: Call) -> Reply:
        """Register a replica or bring a newer generation."""
        person, information = self.named(call)
        await self.server.admission.check(information, call.body)
        head = self.shelf.head(key_of(person, information, call.body))
        self.version_matches(call, head)
        state = self.register(person, information, call.body)
        fresh = head is None or head["current"] is None
        return Reply(201 if fresh else 200, state, {"ETag": tag(state["generation"])})

    def register(self, person: str, information: str, content: dict[str, Any]) -> dict[str, Any]:
        """Bring a generation in as the current one; the caller has had the content admitted."""
        key = self.key(person, information, content)
        head = self.shelf.head(key)
        if head is not None:
            self.generation_unused(head, content)
            self.not_older(self.shelf.generation(key, head["highest"]), content)
        made = {"integrated_address_number": person, "information": information, **content}
        made["items"] = self.items(content)
        kept = self.shelf.bring_in(key, made, self.clock())
        self.server.reconciliation.noted(information, content["updated_at"])
        return self.state(kept)

    def key(self, person: str, information: str, content: Mapping[str, Any]) -> str:
        """Which replica a content belongs to: fiscal years and periods stand side by side."""
        return key_of(person, information, content)

    def generation_unused(self, head: dict[str, Any], content: dict[str, Any]) -> None:
        """Generations only count up, past deletions too."""
        if content["generation"] <= head["highest"]:
            raise Problem("stale-generation", "the generation is not above the highest one used")

    def not_older(self, last: dict[str, Any] | None, content: dict[str, Any]) -> None:
        """Nothing older, and nothing different of the same moment, follows the last generation, deleted or not."""
        if last is None:
            return
        before, now = moment(last["updated_at"]), moment(content["updated_at"])
        if now < before or (now == before and last["items"] != exact(content["items"])):
            raise Problem("stale-generation", "the update time is not after that of the last generation")

    def version_matches(self, call: Call, head: dict[str, Any] | None) -> None:
        """With If-Match, only the named version may be replaced."""
        wanted = call.headers.get("if-match")
        if wanted is not None and (head is None or head["current"] is None or tag(head["current"]) != wanted):
            raise Problem("version-changed")

    async def correct(self, call: Call) -> Reply:
        """Replace a generation that was wrong; it stays in the history and is never provided again."""
        person, information = self.named(call)
        content = call.body["content"]
        await self.server.admission.check(information, content)
        key = key_of(person, information, content)
        self.present(key)
        wrong = self.shelf.generation(key, call.body["corrects"])
        if wrong is None:
            raise Problem("no-replica", "there is no such generation")
        head = self.shelf.head(key)
        self.version_matches(call, head)
        if head is not None:
            self.generation_unused(head, content)
        if moment(content["updated_at"]) < moment(wrong["updated_at"]):
            raise Problem("stale-generation", "the update time is before that of the wrong generation")
        made = {"integrated_address_number": person, "information": information, **content}
        kept = self.shelf.bring_in(key, made | {"items": self.items(content)}, self.clock())
        self.shelf.mark(key, wrong["generation"], "corrected")
        self.server.reconciliation.noted(information, content["updated_at"])
        provided_to = self.received(key, wrong["generation"])
        told = {"replica": self.state(kept), "corrected": wrong["generation"], "provided_to": provided_to}
        return Reply(201, told, {"ETag": tag(kept["generation"])})

    def items(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The items to keep: all of a content, as they came."""
        kept: dict[str, Any] = exact(content["items"])
        return kept

    def received(self, key: str, generation: int) -> list[dict[str, Any]]:
        """Everybody to whom a generation was given."""
        return self.shelf.given_to(key, generation)

    async def read(self, call: Call) -> Reply:
        """A replica in its present generation, or in the one named."""
        key = self.found(call)
        wanted = call.query.get("generation")
        if wanted is not None:
            replica = self.shelf.generation(key, int(wanted))
        else:
            self.present(key)
            replica = self.shelf.current(key)
        if replica is None:
            raise Problem("no-replica")
        return Reply(200, self.shown(replica), {"ETag": tag(replica["generation"])})

    def shown(self, replica: dict[str, Any]) -> dict[str, Any]:
        """A generation as it is read, with its contents."""
        return {name: replica[name] for name in READ if name in replica}

    async def delete(self, call: Call) -> Reply:
        """Delete a replica logically."""
        key = self.found(call)
        self.present(key)
        self.version_matches(call, self.shelf.head(key))
        state = self.remove(key, call.query["reason"])
        return Reply(200, state, {"ETag": tag(state["generation"])})

    def remove(self, key: str, reason: str) -> dict[str, Any]:
        """Take a replica out of provision; it is purged when its retention ends."""
        now = self.clock()
        last = now.date() + dt.timedelta(days=number("replica-retention-after-deletion-days"))
        kept = self.shelf.take_out(key, now, last.isoformat(), reason)
        after_that = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), now.tzinfo)
        self.server.agenda.at(after_that, "replica-purged", key)
        return self.state(kept)

    def purge(self, key: str) -> None:
        """Erase all generations of a replica whose retention has ended, unless it was registered again."""
        head = self.shelf.head(key)
        if head is not None and head["current"] is None and head["purge_after"] < self.clock().date().isoformat():
            self.shelf.erase(key)

    def present(self, key: str) -> None:
        """Refuse a replica that is not there or was deleted."""
        head = self.shelf.head(key)
        if head is None:
            raise Problem("no-replica")
        if head["current"] is None:
            raise Problem("replica-deleted")

    def named(self, call: Call) -> tuple[str, str]:
        """Person and information of the path."""
        return call.parameters["integrated_address_number"], call.parameters["information"]

    def found(self, call: Call) -> str:
        """The key of the replica that a path and its year or period name; without either the newest that has no year."""
        person, information = self.named(call)
        year, period = call.query.get("fiscal_year"), call.query.get("period")
        if year is not None:
            return key_of(person, information, {"fiscal_year": year})
        if period is not None:
            first, _, last = period.partition("/")
            return key_of(person, information, {"period": {"from": first, "to": last}})
        return self.shelf.without_year(person, information) or key_of(person, information, {})

    async def generations(self, call: Call) -> Reply:
        """The generations of a replica, newest first, without contents."""
        key = self.found(call)
        if self.shelf.head(key) is None:
            raise Problem("no-replica")
        start = after(call, "generations")
        rows = (
            (str(one["generation"]), self.state(one))
            for one in self.shelf.history(key)
            if not start or one["generation"] < int(start)
        )
        return Reply(200, page(call, "generations", "generations", rows))

    def state(self, replica: dict[str, Any]) -> dict[str, Any]:
        """A generation without its contents."""
        return {name: replica[name] for name in STATE if name in replica}
