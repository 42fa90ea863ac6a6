"""The workflows: complete, bound to operations, and judged by expressions that mean what Arazzo says."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bango_spec import expressions, interfaces, workflow_rules, workflows
from bango_spec.errors import SpecError
from bango_spec.expressions import ABSENT, Exchange
from bango_spec.reading import load
from bango_spec.workflows import Criterion, Document, Parameter

ASKED_FOR = {
    "acquire-linkage-code",
    "register-replica",
    "update-replica",
    "correct-replica",
    "delete-replica",
    "inquiry-answered-automatically",
    "inquiry-answered-by-staff",
    "inquiry-refused-by-table",
    "inquiry-no-such-person",
    "inquiry-no-replica",
    "inquiry-withheld",
    "disclose-records",
    "withdraw-inquiry",
}


def test_the_workflows_are_sound() -> None:
    assert workflow_rules.problems() == []


def test_the_workflows_of_the_network_are_there() -> None:
    assert {found.workflow.workflow_id for found in workflows.documents()} >= ASKED_FOR
    with pytest.raises(SpecError, match="SPEC-WORKFLOW"):
        workflows.document("no-such-workflow")


def test_steps_lead_to_operations_and_their_documents() -> None:
    document = workflows.document("inquiry-answered-by-staff")
    steps = {step.step_id: step for step in document.workflow.steps}
    assert steps["decide"].operation.operation_id == "decideApproval"
    assert document.source(steps["decide"].source).document == "intermediate-server.in-house"
    assert [found.name for found in document.parameters(steps["ask-session"])] == ["Bango-Correlation-Id"]


@pytest.mark.parametrize("document", workflows.documents(), ids=lambda found: found.workflow.workflow_id)
def test_payloads_keep_the_shape_of_the_request(document: Document) -> None:
    """What the steps send themselves, apart from inputs, is what the interface document allows."""
    for step in document.workflow.steps:
        schema = step.operation.request_schema
        if step.request_body is None or schema is None:
            continue
        known = interfaces.resolve(step.operation.document, schema)
        for name, part in step.request_body.payload.items():
            member = known.get("properties", {}).get(name)
            if member is None or not isinstance(part, str) or part.startswith("$"):
                continue
            rule = interfaces.resolve(step.operation.document, member)
            assert part in rule.get("enum", [part])
            assert rule.get("minLength", 0) <= len(part) <= rule.get("maxLength", 10_000)


def _broken(change: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    document = workflows.document("register-replica")
    steps = list(document.workflow.steps)
    steps[2] = msgspec.structs.replace(steps[2], **change)
    workflow = msgspec.structs.replace(document.workflow, steps=tuple(steps))
    changed = msgspec.structs.replace(document, workflows=(workflow,))
    monkeypatch.setattr(workflow_rules, "documents", lambda: (changed,))
    return workflow_rules.problems()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"operation_id": "$sourceDescriptions.inHouse.noSuchOperation"}, "noSuchOperation"),
        ({"parameters": ()}, "the path parameter information is missing"),
        ({"by": "jlis"}, "jlis may not call readReplica"),
        ({"success_criteria": (Criterion(condition="$statusCode == 204"),)}, "exactly one documented status"),
        ({"success_criteria": (Criterion(condition="$statusCode is 200"),)}, "exactly one documented status"),
    ],
)
def test_a_broken_step_is_found(change: dict[str, Any], found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert any(found in problem for problem in _broken(change, monkeypatch))


def test_an_output_that_no_step_gives_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Parameter(name="fiscal_year", in_="query", value="$steps.register.outputs.year")
    step = workflows.document("register-replica").workflow.steps[2]
    problems = _broken({"parameters": (*step.parameters, wrong)}, monkeypatch)
    assert "register-replica: read: $steps.register.outputs.year is no output of an earlier step" in problems


EXCHANGE = Exchange(
    inputs={"run": "r-1", "year": "2020"},
    outputs={"ask": {"id": "i-1"}},
    status=200,
    headers={"ETag": '"g1"'},
    body={
        "state": "answered",
        "n": 1,
        "flag": True,
        "rows": [{"k": "a", "n": 1}, {"k": "b", "n": 2, "deep": {"x": 0}}],
    },
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$statusCode", 200),
        ("$inputs.year", "2020"),
        ("$inputs.nothing", ABSENT),
        ("$steps.ask.outputs.id", "i-1"),
        ("$response.header.etag", '"g1"'),
        ("$response.body#/rows/1/k", "b"),
        ("$response.body#/rows/9/k", ABSENT),
    ],
)
def test_expressions(expression: str, expected: object) -> None:
    assert expressions.value(expression, EXCHANGE) == expected


def test_unknown_expressions_are_told() -> None:
    with pytest.raises(SpecError, match="SPEC-EXPRESSION"):
        expressions.value("$url", EXCHANGE)
    with pytest.raises(SpecError, match="SPEC-EXPRESSION"):
        expressions.selected("$..rows", {})


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (Criterion(condition="$statusCode == 200"), True),
        (Criterion(condition="$statusCode == 202"), False),
        (Criterion(condition="$response.body#/state == 'answered'"), True),
        (Criterion(condition="$response.body#/missing == 'answered'"), False),
        (Criterion(condition="$response.body#/missing != ''"), True),
        (Criterion(condition="$response.body#/flag == true"), True),
        (Criterion(condition="$response.body#/n == true"), False),
        (Criterion(condition="$response.body#/state > 1"), False),
        (Criterion(condition="$response.body#/rows/0/k == $inputs.year"), False),
        (Criterion(condition="^ans", context="$response.body#/state", type="regex"), True),
        (Criterion(condition="^wait", context="$response.body#/state", type="regex"), False),
        (Criterion(condition="$..rows[?(@.k == 'b' && @.n == 2)]", context="$response.body", type="jsonpath"), True),
        (Criterion(condition="$..rows[?(@.k == 'a' && @.n == 2)]", context="$response.body", type="jsonpath"), False),
        (Criterion(condition="$..rows[?(@.deep.x)]", context="$response.body", type="jsonpath"), True),
        (Criterion(condition="$..rows[?(@.other)]", context="$response.body", type="jsonpath"), False),
        (Criterion(condition="$..none[?(@.k == 'a')]", context="$response.body", type="jsonpath"), False),
    ],
)
def test_criteria(criterion: Criterion, expected: bool) -> None:
    assert expressions.met(criterion, EXCHANGE) is expected


def test_payloads_are_filled_in() -> None:
    template = {
        "year": "$inputs.year",
        "key": "{$inputs.run}-x",
        "list": ["$steps.ask.outputs.id"],
        "gone": "$inputs.no",
    }
    assert expressions.filled(template, EXCHANGE) == {"year": "2020", "key": "r-1-x", "list": ["i-1"]}


def test_files_are_named_after_their_workflow() -> None:
    from bango_spec.reading import files

    for file in files("workflows", workflows.SUFFIX):
        assert load(file)["workflows"][0]["workflowId"] == file.name.removesuffix(workflows.SUFFIX)
