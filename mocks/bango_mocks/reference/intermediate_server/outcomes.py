"""How inquiries end: states, the two-level status, and the problem that says why nothing was provided."""

from __future__ import annotations

from typing import Any, Literal

from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Problem
from bango_mocks.serving.problems import problem_body
from bango_spec.error_catalogue import Origin, by_code, error

DETAIL = {"accepted": "01", "sent": "02", "waiting": "03", "answered": "09", "failed": "90", "withdrawn": "91"}
INFORMATION = {
    None: "00",
    "provided": "01",
    "no-record": "02",
    "no-person": "03",
    "withheld": "04",
    "refused-by-staff": "05",
    "not-permitted": "06",
    "withdrawn": "07",
    "failed": "09",
}
# Refusals of the network or the provider that are outcomes of their own.
OF_PROBLEM = {
    "not-permitted": "not-permitted",
    "no-linkage-code-provider": "no-person",
    "no-replica": "no-record",
    "replica-deleted": "no-record",
    "withheld": "withheld",
    "refused-by-staff": "refused-by-staff",
}
# What an answer without content says when its reason is no code of the catalogue.
OF_OUTCOME = {
    "no-record": "no-replica",
    "no-person": "no-linkage-code-provider",
    "withheld": "withheld",
    "refused-by-staff": "refused-by-staff",
    "failed": "peer-invalid",
}
OPEN = ("accepted", "sent", "waiting")
State = Literal["answered", "failed", "withdrawn"]


class Outcomes(Part):
    """The words for the end of an inquiry."""

    def status(self, state: str, outcome: str | None) -> dict[str, str]:
        """The two levels: of the inquiry, and of the information."""
        return {"detail": DETAIL[state], "information": INFORMATION[outcome]}

    def of_problem(self, problem: Problem) -> str:
        """The outcome that a refusal means."""
        return OF_PROBLEM.get(problem.code, "failed")

    def of_answer(self, answer: dict[str, Any]) -> str:
        """The outcome of an answer: the provider's own word, never another."""
        outcome: str = answer["outcome"]
        return outcome

    def state_of(self, outcome: str) -> State:
        """Whether an outcome is an answer, or the inquiry never got one."""
        if outcome == "withdrawn":
            return "withdrawn"
        return "failed" if outcome in ("failed", "not-permitted") else "answered"

    def why_empty(self, answer: dict[str, Any]) -> Problem:
        """The problem that tells why an answer has no content."""
        code = answer["reason"] if answer["reason"] in by_code() else OF_OUTCOME[answer["outcome"]]
        return Problem(code, origin="provider")

    def member(self, problem: Problem, correlation: str, here: Origin = "asker") -> dict[str, Any]:
        """A problem as a member of a result; its origin is the side where the failure arose."""
        origin = problem.origin or error(problem.code).origin("asker", here)
        told = Problem(problem.code, problem.detail, origin=origin, **problem.members)
        return problem_body(told, None, correlation)
