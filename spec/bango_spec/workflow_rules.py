"""Checks of the workflows: every name in them leads somewhere, and every call is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bango_spec import expressions, interfaces
from bango_spec._interface_checks import clause_ids
from bango_spec.errors import SpecError
from bango_spec.expressions import COMPARISON, EMBEDDED, EXPRESSION, FILTER
from bango_spec.workflows import GIVEN, Criterion, Document, Step, documents

if TYPE_CHECKING:
    from collections.abc import Iterator


def problems() -> list[str]:
    """Every breach in every workflow, as `workflow: place: what`; empty when all is well."""
    known = clause_ids()
    return [
        f"{found.workflow.workflow_id}: {breach}"
        for found in documents()
        for breach in (*_head(found, known), *_inputs(found), *_steps(found))
    ]


def _head(document: Document, known: set[str]) -> Iterator[str]:
    workflow = document.workflow
    if len(document.workflows) != 1:
        yield "a file holds one workflow"
    for clause in sorted(set(workflow.clauses) - known):
        yield f"cites {clause}, which no requirement has"
    if not workflow.clauses:
        yield "cites no clause"
    for given in sorted(set(workflow.given) - GIVEN.keys()):
        yield f"given {given}, which nobody can arrange"
    for judged in sorted(set(workflow.judges) - {source.name for source in document.source_descriptions}):
        yield f"judges {judged}, which is none of its sources"
    for source in document.source_descriptions:
        if source.document not in interfaces.NAMES:
            yield f"source {source.name}: there is no interface {source.document}"
        if source.name not in {step.source for step in workflow.steps}:
            yield f"source {source.name}: no step uses it"
    if len({step.step_id for step in workflow.steps}) != len(workflow.steps):
        yield "two steps have the same id"


def _inputs(document: Document) -> Iterator[str]:
    workflow = document.workflow
    declared, required = set(workflow.inputs["properties"]), set(workflow.inputs["required"])
    used = set(_expressions(_plain(document)))
    inputs = {name.split(".")[1] for name in used if name.startswith("$inputs.")}
    for name in sorted(declared ^ inputs):
        yield f"input {name}: declared and used do not agree"
    if required != declared:
        yield "an input is not required"


def _steps(document: Document) -> Iterator[str]:
    outputs: set[str] = set()
    for step in document.workflow.steps:
        for breach in _step(document, step, outputs):
            yield f"{step.step_id}: {breach}"
        outputs |= {f"$steps.{step.step_id}.outputs.{name}" for name in step.outputs}
    for name, expression in document.workflow.outputs.items():
        if expression not in outputs:
            yield f"output {name}: {expression} is no output of a step"


def _step(document: Document, step: Step, outputs: set[str]) -> Iterator[str]:
    try:
        operation = step.operation
    except SpecError as error:
        yield error.what
        return
    if operation.document != document.source(step.source).document:
        yield f"{step.source} does not have {operation.operation_id}"
    if step.by not in operation.roles:
        yield f"{step.by} may not call {operation.operation_id}"
    given = {(found.in_, found.name) for found in document.parameters(step)}
    declared = {(found["in"], found["name"]): found.get("required", False) for found in operation.parameters}
    if operation.staff_session:
        declared["header", "Authorization"] = True
    for place, name in given - declared.keys():
        yield f"{operation.operation_id} has no {place} parameter {name}"
    for place, name in {key for key, required in declared.items() if required} - given:
        yield f"the {place} parameter {name} is missing"
    if (step.request_body is not None) != (operation.request_schema is not None):
        yield "body sent and body expected do not go together"
    yield from _body(step, operation)
    yield from _criteria(step, operation)
    for expression in _expressions(_plain(step)):
        if expression.startswith("$steps.") and expression not in outputs:
            yield f"{expression} is no output of an earlier step"


def _body(step: Step, operation: interfaces.Operation) -> Iterator[str]:
    if step.request_body is None or operation.request_schema is None:
        return
    schema = interfaces.resolve(operation.document, operation.request_schema)
    choices = [interfaces.resolve(operation.document, one) for one in schema.get("oneOf", [schema])]
    payload = step.request_body.payload
    if not any(set(one["required"]) <= set(payload) <= set(one["properties"]) for one in choices):
        yield f"the payload's members are not those of {operation.operation_id}"


def _criteria(step: Step, operation: interfaces.Operation) -> Iterator[str]:
    statuses = {f"$statusCode == {answer.status}": answer for answer in operation.responses}
    asked = [statuses[found.condition] for found in step.success_criteria if found.condition in statuses]
    if len(asked) != 1:
        yield "does not ask for exactly one documented status"
        return
    codes = [found.condition.split("'")[1] for found in step.success_criteria if "#/code ==" in found.condition]
    for code in codes:
        if code not in asked[0].errors:
            yield f"{operation.operation_id} does not answer {asked[0].status} with {code}"
    actions = [found for action in step.on_failure for found in action.criteria]
    for criterion in (*step.success_criteria, *actions):
        if not _understood(criterion):
            yield f"{criterion.condition}: not a criterion that can be judged"


def _understood(criterion: Criterion) -> bool:
    if criterion.type == "simple":
        return COMPARISON.fullmatch(criterion.condition) is not None
    if criterion.context is None:
        return False
    try:
        expressions.met(criterion, expressions.Exchange(body={}))
    except SpecError:
        return False
    return criterion.type == "regex" or FILTER.fullmatch(criterion.condition) is not None


def _plain(part: Any) -> Any:
    return msgspec.to_builtins(part)


def _expressions(node: object) -> Iterator[str]:
    """Every runtime expression in a piece of plain data."""
    if isinstance(node, dict):
        for part in node.values():
            yield from _expressions(part)
    elif isinstance(node, (list, tuple)):
        for part in node:
            yield from _expressions(part)
    elif isinstance(node, str):
        if EXPRESSION.fullmatch(node):
            yield node
        else:
            yield from EMBEDDED.findall(node)
            compared = COMPARISON.fullmatch(node)
            sides = (compared["left"], compared["right"]) if compared else ()
            yield from (side for side in sides if EXPRESSION.fullmatch(side))
