"""JUnit XML for build servers: one test case per obligation, ASCII names, titles and clauses as properties."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from bango_reports import safe
from bango_reports.model import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from bango_reports.events import Event
    from bango_reports.model import CaseResult, Failure, Run

JUNIT = "junit.xml"


def render(run: Run) -> bytes:
    """The run as JUnit XML (xunit1, as GitHub, GitLab and Jenkins read it)."""
    bound = {clause.clause for clause in run.clauses if clause.binding}
    suite = ET.Element("testsuite", name=f"bango.{run.target.profile}", timestamp=run.started)
    _properties(
        suite,
        {
            "product": f"{run.target.product} {run.target.version}",
            "artefact": run.target.artefact_digest,
            "edition": run.edition,
            "spec": run.spec.digest,
            "suite": run.suite.digest,
            "seed": str(run.seed),
            "selection": "complete" if run.selection.complete else "partial " + " ".join(run.selection.filters),
            "exit_code": str(run.exit_code),
        },
    )
    for case in run.cases:
        _case(suite, case, binding=bool(bound.intersection(case.clauses)))
    for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(run.cases)))
    suite.set("time", f"{sum(case.duration_ms for case in run.cases) / 1000:.3f}")
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root, " ")
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def write(path: Path, run: Run) -> None:
    """Write the JUnit file."""
    path.write_bytes(render(run))


class JUnitWriter:
    """Writes the file when the run is over."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def handle(self, event: Event) -> None:
        """Take one event."""
        from bango_reports.events import RunFinished  # noqa: PLC0415 - `render` needs no events

        if isinstance(event, RunFinished):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write(self.path, event.run)

    def close(self) -> None:
        """Nothing is left open."""


def _case(suite: ET.Element, case: CaseResult, *, binding: bool) -> None:
    node = ET.SubElement(
        suite,
        "testcase",
        classname=f"bango.{case.kind}",
        name=case.obligation,
        time=f"{case.duration_ms / 1000:.3f}",
    )
    properties = {"title.ja": case.title.ja, "title.en": case.title.en, "verdict": case.verdict.value}
    properties |= {"element": case.element, "clauses": " ".join(case.clauses)}
    if case.waived:
        properties["waived"] = "true"
    _properties(node, properties)
    note = f"{case.note.ja}\n{case.note.en}" if case.note else ""
    match case.verdict:
        case Verdict.FAIL:
            _trouble(node, "failure", case, note)
        case Verdict.HARNESS_ERROR:
            _trouble(node, "error", case, note)
        case Verdict.INCONCLUSIVE:
            # A build server shows skipped tests as green; a must that could not be tried is not.
            _trouble(node, "error" if binding else "skipped", case, note)
        case Verdict.NOT_APPLICABLE:
            ET.SubElement(node, "skipped", message=safe.line(f"not applicable: {note}"))
        case Verdict.WARN:
            ET.SubElement(node, "system-out").text = safe.text(f"warning\n{note}\n{_told(case.failure)}")
        case Verdict.PASS:
            pass


def _trouble(node: ET.Element, tag: str, case: CaseResult, note: str) -> None:
    failure = case.failure
    message = f"{failure.clause} {failure.code}: {case.title.ja}" if failure else f"{case.verdict.value}: {note}"
    trouble = ET.SubElement(node, tag, message=safe.line(message))
    if tag != "skipped":
        trouble.set("type", failure.code if failure else case.verdict.value)
    trouble.text = safe.text(f"{note}\n{_told(failure)}".strip())


def _told(failure: Failure | None) -> str:
    if failure is None:
        return ""
    return (
        f"sent:     {failure.sent}\nexpected: {failure.expected}\ncame:     {failure.came}\n"
        f"at fault: {failure.at_fault}\n"
        f"{failure.why.ja}\n{failure.why.en}\n{failure.move.ja}\n{failure.move.en}\n"
        f"again:    {failure.rerun}"
    )


def _properties(node: ET.Element, values: dict[str, str]) -> None:
    parent = ET.SubElement(node, "properties")
    for name, value in values.items():
        ET.SubElement(parent, "property", name=name, value=safe.line(value))
