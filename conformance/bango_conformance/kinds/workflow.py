"""Workflow: the steps of each workflow in order, every criterion judged, and duties that only a course of events shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.choices import asking, by_year, providing
from bango_conformance.kinds import (
    workflow_asking,
    workflow_batches,
    workflow_failures,
    workflow_linkage,
    workflow_places,
    workflow_providing,
    workflow_replicas,
    workflow_running,
    workflow_spans,
)
from bango_conformance.kinds.workflow_inputs import inputs
from bango_conformance.kinds.workflow_roles import PlayedAsker, PlayedProvider
from bango_conformance.kinds.workflow_run import Course
from bango_conformance.obligation import Obligation
from bango_spec.clauses import clause
from bango_spec.reading import Text
from bango_spec.workflows import Document, Step, documents

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.kinds.workflow_run import Other
    from bango_conformance.subject import AllowedLine, Subject
    from bango_conformance.suite import Scope

BY_HAND = (
    workflow_asking,
    workflow_places,
    workflow_providing,
    workflow_replicas,
    workflow_spans,
    workflow_batches,
    workflow_running,
    workflow_failures,
    workflow_linkage,
)
ROLES: dict[str, Callable[..., Other]] = {"asker": PlayedProvider, "provider": PlayedAsker}


def obligations(scope: Scope) -> Iterator[Obligation]:
    """The Arazzo workflows, then what is written by hand."""
    for document in documents():
        yield from _of_document(document, scope)
    for module in BY_HAND:
        yield from module.obligations(scope)


def _of_document(document: Document, scope: Scope) -> Iterator[Obligation]:
    sources = {source.name for source in document.source_descriptions}
    both = frozenset(document.workflow.judges) or sources & ROLES.keys()
    for role in sorted(both) or ["provider"]:
        line = asking(scope) if role == "asker" else providing(scope)
        if line is not None and by_year(line):
            own = frozenset({role}) if both else frozenset(sources - {"jlis"})
            yield from _in_role(document, line, own, role, f".{role}" if len(both) > 1 else "")


def _in_role(document: Document, line: AllowedLine, own: frozenset[str], role: str, part: str) -> Iterator[Obligation]:
    workflow = document.workflow
    clauses = tuple(one for one in workflow.clauses if _concerns(one, role, own))
    if not clauses:
        return
    played = ROLES.get(role) if own & ROLES.keys() else None
    element = f"workflows/{workflow.workflow_id}"
    for step in workflow.steps:
        cited = tuple(one for one in clauses if one in step.operation.clauses)
        if step.source in own and cited:
            yield Obligation(
                id=f"workflow.{workflow.workflow_id}{part}.{step.step_id}",
                kind="workflow",
                clauses=cited,
                element=f"{element}/{step.step_id}",
                title=_title(workflow.title, step),
                check=_check(document, line, own, played, step.step_id),
            )
    yield Obligation(
        id=f"workflow.{workflow.workflow_id}{part}.whole",
        kind="workflow",
        clauses=clauses,
        element=element,
        title=Text(ja=f"{workflow.title.ja}：最後まで成り立つ", en=f"{workflow.title.en}: holds to its end"),
        check=_check(document, line, own, played, None),
        smoke=workflow.workflow_id in ("acquire-linkage-code", "inquiry-answered-automatically"),
    )


def _concerns(clause_id: str, role: str, own: frozenset[str]) -> bool:
    found = clause(clause_id)
    alone = not own & ROLES.keys()
    return found.system == "intermediate-server" and (alone or found.party in ("both", role))


def _title(workflow: Text, step: Step) -> Text:
    ja, _, en = step.description.partition(" / ")
    return Text(ja=f"{workflow.ja}：{ja}", en=f"{workflow.en}: {en or ja}")


def _check(
    document: Document,
    line: AllowedLine,
    own: frozenset[str],
    played: Callable[..., Other] | None,
    judged: str | None,
) -> Callable[[Case], None]:
    workflow = document.workflow

    def check(case: Case) -> None:
        subject: Subject = case.subject()
        if played is PlayedAsker and "asker-code" in workflow.given:
            given = inputs(case, workflow, line, case.subject())
        else:
            given = inputs(case, workflow, line, subject)
        other = played(case, workflow, subject, line) if played else None
        try:
            Course(case, document, own, given).go(subject, other, judged)
        finally:
            if other:
                other.close()

    return check
