"""Problem details (RFC 9457) from the error catalogue: status, title, and the side where the failure arose."""

from __future__ import annotations

import uuid
from typing import Any

from bango_mocks.serving.call import Problem, Reply
from bango_mocks.serving.validation import Contract
from bango_spec.error_catalogue import error

PROBLEM = "application/problem+json"
TYPE = "urn:bango:error:"
DEFAULT_ORIGIN = {"caller": "network", "here": "network"}


def problem_body(problem: Problem, contract: Contract | None, correlation: str) -> dict[str, Any]:
    """The members of the problem, in the catalogue's words; `origin` falls to the side that the catalogue names."""
    entry = error(problem.code)
    sides = DEFAULT_ORIGIN if contract is None else contract.raw.get("x-bango-origin", DEFAULT_ORIGIN)
    body = {
        "type": TYPE + entry.code,
        "title": entry.title.ja,
        "status": entry.status,
        "code": entry.code,
        "origin": problem.origin or sides.get(entry.arises, entry.arises),
        "correlation_id": correlation or str(uuid.uuid4()),
    }
    if problem.detail:
        body["detail"] = problem.detail
    return body | {name: value for name, value in problem.members.items() if name != "allow"}


def problem_reply(problem: Problem, contract: Contract | None, correlation: str) -> Reply:
    """The problem as an answer."""
    body = problem_body(problem, contract, correlation)
    headers = {"Allow": ", ".join(problem.members["allow"])} if "allow" in problem.members else {}
    return Reply(body["status"], body, headers, PROBLEM)
