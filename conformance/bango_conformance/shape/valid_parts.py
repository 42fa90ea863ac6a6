"""What valid requests are made of: a case's own person, what the target knows of them, and the lines of its body."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from bango_conformance.choices import asking, providing
from bango_conformance.findings import NotApplicable
from bango_conformance.shape.request import Request, send
from bango_conformance.times import stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from bango_conformance.case import Case
    from bango_conformance.subject import AllowedLine, Subject
    from bango_conformance.suite import Scope


class ValidParts:
    """A case's own person and what requests are made of; the requests themselves are made by the classes over it."""

    def __init__(self, case: Case, scope: Scope) -> None:
        self.case = case
        self.scope = scope
        self._person: Subject | None = None
        self._linked = False
        self._generation = 0

    def request(self, operation_id: str) -> Request:
        """A valid request of an operation; what it needs beforehand has been done."""
        maker: Callable[[], Request] = getattr(self, f"_{operation_id}")
        return maker()

    @property
    def person(self) -> Subject:
        """The case's person."""
        if self._person is None:
            self._person = self.case.subject()
        return self._person

    def linked(self) -> Subject:
        """The case's person, known to the network."""
        if not self._linked:
            self.person.link()
            self._linked = True
        return self.person

    def fresh(self) -> Subject:
        """A person of whom the target knows nothing."""
        self._person, self._linked, self._generation = self.case.subject(), False, 0
        return self._person

    @property
    def provided(self) -> AllowedLine:
        """A line on which the body provides; one of information by fiscal year if there is any."""
        return _there(_providing(self.scope))

    @property
    def asked(self) -> AllowedLine:
        """A line on which the body asks."""
        return _there(_asking(self.scope))

    @property
    def now(self) -> str:
        """The present as the wire writes it."""
        return stamp(self.case.stage.clock())

    def content(self, **changed: Any) -> dict[str, Any]:
        """The next generation of the person's replica."""
        self._generation += 1
        return self.person.content(self.provided.information, generation=self._generation, **changed)

    def replica(self, **changed: Any) -> dict[str, str]:
        """The path of a registered replica."""
        path = self.replica_path
        content = self.content(**changed)
        self.case.need(self.case.ask("putReplica", path=path, body=content, staff="register"), 200, 201)
        return path

    @property
    def replica_path(self) -> dict[str, str]:
        """The path of the person's replica."""
        number = self.person.integrated_address_number
        return {"integrated_address_number": number, "information": self.provided.information}

    @property
    def year(self) -> tuple[tuple[str, str], ...]:
        """The query that names the replica's fiscal year, where it has one."""
        found = self.person.content(self.provided.information)
        return (("fiscal_year", found["fiscal_year"]),) if "fiscal_year" in found else ()

    def _accepted(self, operation_id: str, member: str) -> str:
        answer = self.case.need(send(self.case, self.request(operation_id)), 200, 201, 202)
        return str(answer.json[member])


@cache
def _providing(scope: Scope) -> AllowedLine | None:
    return providing(scope)


@cache
def _asking(scope: Scope) -> AllowedLine | None:
    return asking(scope)


def _there(line: AllowedLine | None) -> AllowedLine:
    if line is None:
        raise NotApplicable(
            "対象の機関は、この版の表では、この側の当事者になりません。",
            "the target's body is no party on this side in any line of this edition",
        )
    return line
