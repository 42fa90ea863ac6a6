"""Provisions (情報提供): from the request with its permit to the answer (IS-PRV)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from bango_mocks.clock import moment, stamp
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Call, Problem, Reply


class Provisions(Part):
    """The order of the steps: key, permit, once, table, person, replica, staff, content, record."""

    answers: ClassVar = {"requestProvision": "provide"}

    async def provide(self, call: Call) -> Reply:
        """Answer a request under a permit."""
        request = call.body
        self.period_in_order(request)
        self.server.contents.usable(request["encryption_key"])
        claims = await self.server.permits.verified(request)
        permit_id = claims["permit_id"]
        permitted = await self.permitted(request)
        before = self.server.permits.used(permit_id, request)
        if before is not None:
            return self.again(before)
        if not permitted:
            refusal = await self.refusal(request)
            self.refuse(permit_id, call, refusal)
            raise refusal
        return self.answered(permit_id, call)

    def again(self, before: dict[str, Any]) -> Reply:
        """What was answered to the same request before."""
        if "problem" in before:
            told = before["problem"]
            raise Problem(told["code"], told["detail"], origin=told["origin"], **told["members"])
        return Reply(before["status"], before["body"])

    def period_in_order(self, request: dict[str, Any]) -> None:
        """A period must not end before it begins."""
        period = request.get("period")
        if period is not None and period["from"] > period["to"]:
            raise Problem("period-reversed")

    async def permitted(self, request: dict[str, Any]) -> bool:
        """Whether the own table permits the request, whatever the permit says."""
        asker = await self.server.directory.kinds(request["asker"])
        return await self.server.allow_list.permitted(asker, self.config.parties, request)

    async def refusal(self, request: dict[str, Any]) -> Problem:
        """The refusal of what no line allows."""
        asker = await self.server.directory.kinds(request["asker"])
        problem = await self.server.allow_list.refusal(asker, self.config.parties, request)
        problem.origin = "provider"
        return problem

    def refuse(self, permit_id: str, call: Call, refusal: Problem) -> None:
        """Use the permit up and record the refusal."""
        told = {"code": refusal.code, "detail": refusal.detail, "origin": refusal.origin, "members": refusal.members}
        self.server.permits.use(permit_id, call.body, {"problem": told})
        person = self.server.linkage.person_of(call.body["linkage_code"])
        self.record(permit_id, call.body, person, correlation=call.correlation_id, outcome=refusal.code)

    def answered(self, permit_id: str, call: Call) -> Reply:
        """The answer to a permitted request; everything it writes is written together."""
        request = call.body
        person = self.server.linkage.person_of(request["linkage_code"])
        if person is None:
            return self.finished(call, None, self.empty(permit_id, "no-person"))
        found = self.replica(person, request)
        if found is None:
            return self.finished(call, person, self.empty(permit_id, "no-record"))
        _, replica = found
        if self.needs_staff(replica):
            waiting = self.server.approvals.open(permit_id, call, person)
            self.server.permits.use(permit_id, request, {"status": 202, "body": waiting})
            self.record(permit_id, request, person, correlation=call.correlation_id)
            return Reply(202, waiting)
        return self.finished(call, person, self.answer(permit_id, request, person))

    def replica(self, person: str, request: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """The replica that is asked for, in its present generation: the newest that fits the condition."""
        fitting = [
            (moment(replica["updated_at"]), replica["generation"], key, replica)
            for key, replica in self.held(person, request["information"])
            if self.fits(replica, request)
        ]
        if not fitting:
            return None
        *_, key, replica = max(fitting, key=lambda one: one[:3])
        return key, replica

    def held(self, person: str, information: str) -> Iterable[tuple[str, dict[str, Any]]]:
        """The replicas that there are of an information about a person; deleted ones are not."""
        return self.server.replicas.shelf.present(person, information)

    def fits(self, replica: dict[str, Any], request: dict[str, Any]) -> bool:
        """Whether a replica is of the fiscal year or lies in the period asked for."""
        if "fiscal_year" in request:
            return bool(replica.get("fiscal_year") == request["fiscal_year"])
        if "period" in request:
            start, end = span(replica)
            return bool(request["period"]["from"] <= start and end <= request["period"]["to"])
        return True

    def needs_staff(self, replica: dict[str, Any]) -> bool:
        """Whether a replica is not to be answered automatically, as it is marked now."""
        return not replica["automatic_answer"]

    def answer(self, permit_id: str, request: dict[str, Any], person: str) -> dict[str, Any]:
        """The answer from the replica that is there now, sealed to the asker; without one it says so."""
        found = self.replica(person, request)
        if found is None:
            return self.empty(permit_id, "no-record")
        key, replica = found
        content = self.server.contents.content(replica, request, permit_id)
        if not content["items"]:
            return self.empty(permit_id, "no-record")
        answered_at = stamp(self.clock())
        self.server.replicas.shelf.given(key, replica["generation"], permit_id, request["asker"], answered_at)
        return {
            "permit_id": permit_id,
            "outcome": "provided",
            "answered_at": answered_at,
            "layout_version": replica["layout_version"],
            "content": self.server.contents.sealed(content, self.server.contents.usable(request["encryption_key"])),
            "withheld": self.withheld(replica),
        }

    def withheld(self, replica: dict[str, Any]) -> bool:
        """Whether the fact of the provision is withheld from the person's own view."""
        marked: bool = replica["withheld"]
        return marked

    def empty(self, permit_id: str, outcome: str) -> dict[str, Any]:
        """An answer without content."""
        reason = {"no-person": "no-linkage-code-provider", "no-record": "no-replica"}.get(outcome, outcome)
        answered_at = stamp(self.clock())
        return {
            "permit_id": permit_id,
            "outcome": outcome,
            "answered_at": answered_at,
            "reason": reason,
            "withheld": False,
        }

    def finished(self, call: Call, person: str | None, answer: dict[str, Any]) -> Reply:
        """Use the permit up, record what was answered, and answer it."""
        self.server.permits.use(answer["permit_id"], call.body, {"status": 200, "body": answer})
        self.recorded(call.body, person, answer, call.correlation_id)
        return Reply(200, answer)

    def recorded(self, request: dict[str, Any], person: str | None, answer: dict[str, Any], correlation: str) -> None:
        """Record an answer."""
        self.record(
            answer["permit_id"],
            request,
            person,
            correlation=correlation,
            outcome=answer["outcome"],
            provided_at=answer["answered_at"],
            withheld=answer["withheld"],
        )

    def record(self, permit_id: str, request: dict[str, Any], person: str | None, **facts: Any) -> None:
        """Write a provider's record of a request; without an outcome while staff have yet to decide."""
        facts["withheld"] = request["asker_withheld"] or facts.get("withheld", False)
        self.server.records.write("provider", request | {"permit_id": permit_id}, person, **facts)
        if "outcome" in facts:
            self.server.metrics.provision_ended(facts["outcome"])


def span(replica: dict[str, Any]) -> tuple[str, str]:
    """First and last day that a replica is about; one without year and period is about the day of its update."""
    if "period" in replica:
        return replica["period"]["from"], replica["period"]["to"]
    if "fiscal_year" in replica:
        year = int(replica["fiscal_year"])
        return f"{year:04d}-04-01", f"{year + 1:04d}-03-31"
    day = replica["updated_at"][:10]
    return day, day
