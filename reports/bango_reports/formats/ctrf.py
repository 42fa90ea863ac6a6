"""CTRF (Common Test Report Format): one JSON that dashboards of many tools read."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import msgspec

from bango_reports import safe
from bango_reports.model import CaseResult, Run, Verdict

if TYPE_CHECKING:
    from bango_reports.formats.saying import Saying

FILE = "ctrf.json"
SPEC = "0.0.0"
_STATUS = {
    Verdict.PASS: "passed",
    Verdict.FAIL: "failed",
    Verdict.WARN: "passed",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.INCONCLUSIVE: "other",
    Verdict.HARNESS_ERROR: "other",
}
"""A warning fails nothing; what was not decided is neither passed nor failed."""


def render(run: Run, saying: Saying) -> bytes:
    """The run as CTRF."""
    tests = [_test(case, saying) for case in run.cases]
    counted = [test["status"] for test in tests]
    told = {
        "reportFormat": "CTRF",
        "specVersion": SPEC,
        "reportId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:bango:run:{run.run}:{run.digest}")),
        "timestamp": run.ended,
        "generatedBy": f"bango-testbed {run.tool}",
        "results": {
            "tool": {"name": "bango-testbed", "version": run.tool},
            "summary": {
                "tests": len(tests),
                **{status: counted.count(status) for status in ("passed", "failed", "pending", "skipped", "other")},
                "start": _epoch(run.started),
                "stop": _epoch(run.ended),
            },
            "tests": tests,
            "environment": {
                "appName": safe.line(run.target.product),
                "appVersion": safe.line(run.target.version),
                "testEnvironment": run.target.profile,
                "extra": {
                    "artefact": run.target.artefact_digest,
                    "edition": run.edition,
                    "spec": run.spec.digest,
                    "suite": run.suite.digest,
                    "seed": run.seed,
                    "grade": run.grade,
                    "complete": run.selection.complete,
                    "exitCode": run.exit_code,
                },
            },
        },
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def _test(case: CaseResult, saying: Saying) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": case.obligation,
        "status": _STATUS[case.verdict],
        "duration": round(case.duration_ms),
        "suite": ["bango", case.kind],
        "rawStatus": case.verdict.value,
        "type": "conformance",
        "tags": [case.kind, *case.clauses],
        "extra": {"title": saying.one(case.title), "element": case.element, "seed": case.seed, "waived": case.waived},
    }
    if case.failure is not None:
        failure = case.failure
        test["message"] = f"{failure.clause} {failure.code}: {saying.one(case.title)}"
        test["trace"] = saying.failure(failure)
        test["extra"] |= {"rerun": safe.text(failure.rerun), "atFault": failure.at_fault}
    elif case.note is not None:
        test["message"] = saying.one(case.note)
    if case.evidence:
        path = f"evidence/{case.evidence}"
        test["attachments"] = [{"name": "evidence", "contentType": "application/json", "path": path}]
    return test


def _epoch(moment: str) -> int:
    return round(dt.datetime.fromisoformat(moment).timestamp() * 1000)
