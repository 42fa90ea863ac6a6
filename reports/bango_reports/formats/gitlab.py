"""GitLab: the JUnit file with the evidence of every case that is not green attached, as paths from the project's folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from bango_reports import junit
from bango_reports.model import Run, Verdict

if TYPE_CHECKING:
    from bango_reports.model import CaseResult

FILE = "gitlab-junit.xml"
_GREEN = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})


def render(run: Run, folder: Path, project: Path) -> bytes:
    """JUnit with `[[ATTACHMENT|path]]` lines; `folder` holds the run, `project` is where the job began."""
    root = ET.fromstring(junit.render(run))  # noqa: S314 - our own XML
    cases = {case.obligation: case for case in run.cases}
    for node in root.iter("testcase"):
        case = cases[node.get("name", "")]
        if case.verdict not in _GREEN and case.evidence:
            out = node.find("system-out")
            if out is None:
                out = ET.SubElement(node, "system-out")
            out.text = f"{out.text or ''}\n[[ATTACHMENT|{_path(case, folder, project)}]]\n".lstrip("\n")
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _path(case: CaseResult, folder: Path, project: Path) -> str:
    file = (folder / "evidence" / case.evidence).resolve()
    try:
        return file.relative_to(project.resolve()).as_posix()
    except ValueError:
        return file.as_posix()
