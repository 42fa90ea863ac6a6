"""A run with very many cases as a folder of pages: an index that leads, and each clause's cases on pages of their own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from bango_reports import page, store
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from bango_reports.model import CaseResult, ClauseResult, Evidence, Run

FOLDER = "report"
FROM = 5000
"""Cases up to which the report is one file."""
_ON_A_PAGE = 1000


class Sheet(NamedTuple):
    """One page: a clause, or a part of its cases."""

    file: str
    clause: ClauseResult
    cases: page.ClauseCases
    number: int
    of: int


def write(home: Path, where: Path, run: Run, *, lang: str) -> Path:
    """Write `report/` into a folder, replacing an earlier one; `home` holds the run. Gives the index.

    REPORT-FOLDER if what lies there is no earlier report.
    """

    def evidence(case: CaseResult) -> Evidence | None:
        return store.load_evidence(home, case) if case.evidence else None

    out = _emptied(where / FOLDER)
    sheets = list(_sheets(run, evidence))
    file_of = {one.case.obligation: sheet.file for sheet in sheets for one in sheet.cases.told}
    file_of |= {case.obligation: sheet.file for sheet in sheets for case in sheet.cases.green}
    first: dict[str, str] = {}
    for sheet in sheets:
        first.setdefault(sheet.clause.clause, sheet.file)
    environment = page.environment()
    told = page.context(run, lang, filters=True) | {
        "home": f"{Path(os.path.relpath(home, out)).as_posix()}/",
        "clause_link": lambda clause: first.get(clause, "index.html"),
        "case_link": lambda case: f"{file_of.get(case.obligation, 'index.html')}#case-{case.obligation}",
        "first": first,
    }
    index = environment.get_template("report_index.html.j2").render(told | {"script": None})
    (out / "index.html").write_text(index, encoding="utf-8")
    template = environment.get_template("report_clause.html.j2")
    files = [sheet.file for sheet in sheets]
    for place, sheet in enumerate(sheets):
        around = {
            "before": files[place - 1] if place else None,
            "after": files[place + 1] if place + 1 < len(files) else None,
        }
        (out / sheet.file).write_text(template.render(told | around | {"sheet": sheet}), encoding="utf-8")
    return out / "index.html"


def _emptied(out: Path) -> Path:
    if out.exists():
        if any(file.suffix != ".html" for file in out.iterdir()):
            raise BangoError(
                "REPORT-FOLDER",
                f"{out}: 報告ではないファイルがあります / the folder holds something else",
                step="別の --out を指定してください / name another --out",
            )
        shutil.rmtree(out)
    out.mkdir(parents=True)
    return out


def _sheets(run: Run, evidence: page.EvidenceOf) -> list[Sheet]:
    cases = {case.obligation: case for case in run.cases}
    known = {clause.clause for clause in run.clauses}
    found = []
    for clause in run.clauses:
        whole = page.shown_cases(clause, cases, known, evidence)
        parts = max(1, -(-max(len(whole.told), len(whole.elsewhere), len(whole.green)) // _ON_A_PAGE))
        for number in range(parts):
            span = slice(number * _ON_A_PAGE, (number + 1) * _ON_A_PAGE)
            name = quote(clause.clause, safe="") + (f"-{number + 1}" if number else "") + ".html"
            some = page.ClauseCases(whole.told[span], whole.elsewhere[span], whole.green[span])
            found.append(Sheet(name, clause, some, number + 1, parts))
    return found
