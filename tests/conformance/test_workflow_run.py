"""The interpreter runs steps in order, asks again where the workflow says so, and blames the step that went wrong."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from bango_conformance.findings import Broken, Unmet
from bango_conformance.kinds import workflow
from bango_conformance.kinds.workflow_run import Course
from bango_conformance.stage.client import Answer
from bango_conformance.suite import Scope
from bango_spec.clauses import clause
from bango_spec.workflows import document, documents

SCOPE = Scope("2020-09-06", "9000151100500001", ("mayor",), 7)
OWN = frozenset({"inHouse"})


class PaperCase:
    """Answers each operation from a list, the last one for ever."""

    def __init__(self, **answers: list[tuple[int, Any]]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, Any]] = []

    def ask(self, operation_id: str, **sent: Any) -> Answer:
        self.asked.append((operation_id, sent))
        rows = self.answers[operation_id]
        status, body = rows.pop(0) if len(rows) > 1 else rows[0]
        return Answer(status, {}, b"", body)

    def fail(self, code: str, **said: Any) -> NoReturn:
        raise Broken(code, **said)


def right(**changed: list[tuple[int, Any]]) -> PaperCase:
    replica = {"state": "current", "generation": 1, "updated_at": "2020-01-01T00:00:00.000+09:00"}
    answers: dict[str, list[tuple[int, Any]]] = {
        "openStaffSession": [(201, {"token": "T"})],
        "putReplica": [(201, replica)],
        "readReplica": [(200, replica)],
    }
    return PaperCase(**answers | changed)


def course(case: PaperCase, judged: str | None = None) -> None:
    found = document("register-replica")
    given = dict.fromkeys(found.workflow.inputs["properties"], "x") | {"updated_at": "2020-01-01T00:00:00.000+09:00"}
    subject: Any = SimpleNamespace()
    Course(case, found, OWN, given).go(subject, None, judged)  # type: ignore[arg-type]


def test_a_right_course_passes_and_hands_values_on() -> None:
    case = right()
    course(case)
    assert [one for one, _ in case.asked] == ["openStaffSession", "putReplica", "readReplica"]
    assert case.asked[1][1]["headers"]["Authorization"] == "Bearer T"
    assert case.asked[1][1]["body"]["generation"] == 1


def test_the_judged_step_is_the_last_and_is_blamed() -> None:
    case = right(putReplica=[(200, {"state": "current", "generation": 1})])
    with pytest.raises(Broken) as found:
        course(case, "register")
    assert found.value.expected == "$statusCode == 201"
    assert len(case.asked) == 2


def test_an_earlier_step_that_fails_leaves_nothing_to_judge() -> None:
    with pytest.raises(Unmet, match="register"):
        course(right(putReplica=[(500, {})]), "read")


def test_the_whole_blames_whatever_step_goes_wrong() -> None:
    with pytest.raises(Broken) as found:
        course(right(readReplica=[(200, {"generation": 2})]))
    assert "read" in found.value.sent


def test_a_step_is_asked_again_while_its_retry_holds() -> None:
    found = document("register-replicas-in-bulk")
    running = (200, {"batch": {"state": "running"}})
    batch = {"state": "finished", "succeeded": 1, "failed": 1}
    done = (200, {"batch": batch, "failures": [{"index": 1, "problem": {"code": "layout-mismatch"}}]})
    case = right(
        submitReplicaBatch=[(202, {"total": 2, "id": "B"})],
        readReplicaBatch=[running, running, done],
    )
    given = dict.fromkeys(found.workflow.inputs["properties"], "x")
    Course(case, found, OWN, given).go(SimpleNamespace(), None, None)  # type: ignore[arg-type]
    assert [one for one, _ in case.asked].count("readReplicaBatch") == 3


def test_every_workflow_has_its_whole_and_cites_only_clauses_of_the_target() -> None:
    made = list(workflow.obligations(SCOPE))
    assert len({one.id for one in made}) == len(made)
    for found in documents():
        own = [one for one in made if one.id.startswith(f"workflow.{found.workflow.workflow_id}.")]
        assert any(one.id.endswith(".whole") for one in own), found.workflow.workflow_id
    for one in made:
        assert all(clause(name).system == "intermediate-server" for name in one.clauses)
