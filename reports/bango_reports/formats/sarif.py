"""SARIF 2.1.0: failures as findings, clauses as rules, for code-scanning pages and editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bango_reports import safe
from bango_reports.model import CaseResult, ClauseResult, Run, Verdict

if TYPE_CHECKING:
    from bango_reports.formats.saying import Saying

FILE = "result.sarif"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {
    Verdict.FAIL: "error",
    Verdict.WARN: "warning",
    Verdict.INCONCLUSIVE: "note",
    Verdict.HARNESS_ERROR: "note",
}


def render(run: Run, saying: Saying) -> bytes:
    """The run as SARIF: only what is not green is a finding."""
    numbers = {clause.clause: place for place, clause in enumerate(run.clauses)}
    told = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "bango-testbed",
                        "semanticVersion": run.tool,
                        "language": saying.pick("ja", "en"),
                        "rules": [_rule(clause, saying) for clause in run.clauses],
                    }
                },
                "automationDetails": {"id": f"bango/{run.target.profile}/{run.run}"},
                "invocations": [
                    {
                        "executionSuccessful": not run.interrupted,
                        "exitCode": run.exit_code,
                        "startTimeUtc": run.started,
                        "endTimeUtc": run.ended,
                    }
                ],
                "columnKind": "unicodeCodePoints",
                "results": [_result(case, numbers, saying) for case in run.cases if case.verdict in _LEVELS],
                "properties": {
                    "product": safe.line(f"{run.target.product} {run.target.version}"),
                    "artefact": run.target.artefact_digest,
                    "edition": run.edition,
                    "seed": run.seed,
                },
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def _rule(clause: ClauseResult, saying: Saying) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": clause.clause,
        "shortDescription": {"text": saying.one(clause.text) or clause.clause},
        "defaultConfiguration": {"level": "error" if clause.binding else "warning"},
        "properties": {"level": clause.level, "sources": [safe.line(source) for source in clause.sources]},
    }
    if clause.why is not None:
        rule["help"] = {"text": saying.one(clause.why)}
    return rule


def _result(case: CaseResult, numbers: dict[str, int], saying: Saying) -> dict[str, Any]:
    failure = case.failure
    clause = failure.clause if failure is not None else next(iter(case.clauses), "")
    told = saying.failure(failure) if failure is not None else saying.one(case.note)
    result: dict[str, Any] = {
        "level": _LEVELS[case.verdict],
        "message": {"text": f"{saying.one(case.title)}\n{told}".strip()},
        "locations": [
            {
                # Code-scanning pages want a file: the evidence of the case, beside the result.
                "physicalLocation": {
                    "artifactLocation": {"uri": f"evidence/{case.evidence or case.obligation + '.json'}"},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"fullyQualifiedName": case.obligation, "kind": "module"}],
            }
        ],
        "partialFingerprints": {"bangoObligation/v1": f"{case.obligation}:{failure.code if failure else case.verdict}"},
        "properties": {
            "verdict": case.verdict.value,
            "element": safe.line(case.element),
            "clauses": list(case.clauses),
        },
    }
    if clause:
        result["ruleId"] = clause
    if clause in numbers:
        result["ruleIndex"] = numbers[clause]
    return result
