"""Permission: as provider the target serves what a line of the table permits and refuses what none does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.lines import provider_lines
from bango_conformance.obligation import Obligation
from bango_conformance.subject import AllowedLine
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.suite import Scope


def obligations(scope: Scope) -> Iterator[Obligation]:
    """The first line that the body provides on, served and refused with another task."""
    lines = provider_lines(scope)
    line = lines[0]
    other = next(one for one in lines if one.information != line.information)
    place = f"{line.item}.{line.line}"
    yield Obligation(
        id=f"permission.provider.serves.{place}",
        kind="permission",
        clauses=("IS-PRV-006",),
        element=f"law/{scope.edition}/schedule2/{line.item}/{line.line}",
        title=Text(ja=f"別表第二の{line.item}の項の求めに提供する", en=f"Serves Schedule 2 item {line.item}"),
        check=_serves(line),
        smoke=True,
    )
    yield Obligation(
        id=f"permission.provider.refuses.{place}.information",
        kind="permission",
        clauses=("IS-PRV-005",),
        element=f"law/{scope.edition}/schedule2/{line.item}/{line.line}",
        title=Text(ja="表にない情報の求めを拒む", en="Refuses information that no line permits"),
        check=_refuses(line._replace(information=other.information)),
        smoke=True,
    )


def _serves(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        subject.put(line.information)
        answer = case.ask("requestProvision", body=subject.provision(line).body)
        if answer.status != 200 or answer.json.get("outcome") != "provided":
            case.fail(
                "NOT-SERVED", sent=f"a permitted request ({line.item})", expected="200 provided", came=answer.short()
            )

    return check


def _refuses(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        subject.put(line.information)
        answer = case.ask("requestProvision", body=subject.provision(line).body)
        case.refused(
            answer,
            "SERVED-AGAINST-TABLE",
            ("not-permitted",),
            sent="a request that no line permits, with a valid permit",
        )

    return check
