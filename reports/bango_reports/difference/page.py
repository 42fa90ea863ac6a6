"""The comparison as one static page, and as JSON for machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bango_reports import words
from bango_reports.difference.text import sections, verdict_of, what_changed
from bango_reports.page import environment

if TYPE_CHECKING:
    from bango_reports.difference.compare import CaseChange, ClauseChange, Difference
    from bango_reports.formats.saying import Saying
    from bango_reports.model import Run

_STYLE = Path(__file__).parent.parent / "assets" / "report.css"


def html(found: Difference, saying: Saying) -> str:
    """The page, Japanese or English; it needs no script and asks nobody for anything."""
    return (
        environment()
        .get_template("difference.html.j2")
        .render(
            found=found,
            sections=sections(found, saying),
            verdict_of=lambda case: verdict_of(case, saying),
            what_changed=lambda clause: what_changed(clause, saying),
            say=saying.pick,
            one=saying.one,
            saying=saying,
            words=words,
            style=_STYLE.read_text(encoding="utf-8"),
        )
    )


def json(found: Difference) -> bytes:
    """The comparison for machines: `regressed`, both runs, the five lists of cases, clauses and cautions."""
    told = {
        "schema_version": 1,
        "regressed": found.worse,
        "old": _run(found.old),
        "new": _run(found.new),
        "cautions": [msgspec.to_builtins(one) for one in found.cautions],
        "regressions": [_case(one) for one in found.regressions],
        "fixed": [_case(one) for one in found.fixed],
        "added": [_case(one) for one in found.added],
        "gone": [_case(one) for one in found.gone],
        "still": [_case(one) for one in found.still],
        "clauses": [_clause(one) for one in found.clauses],
        "spec": [_clause(one) | {"wording": one.wording, "level": one.level} for one in found.spec],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def _run(run: Run) -> dict[str, Any]:
    return {
        "run": run.run,
        "product": run.target.product,
        "version": run.target.version,
        "started": run.started,
        "edition": run.edition,
        "spec": run.spec.digest,
        "suite": run.suite.digest,
        "seed": run.seed,
        "complete": run.selection.complete,
        "digest": run.digest,
    }


def _case(one: CaseChange) -> dict[str, Any]:
    failure = one.new.failure if one.new else None
    return {
        "obligation": one.obligation,
        "clauses": one.shown.clauses,
        "old": one.old.verdict if one.old else None,
        "new": one.new.verdict if one.new else None,
        "code": failure.code if failure else None,
        "rerun": failure.rerun if failure else None,
    }


def _clause(one: ClauseChange) -> dict[str, Any]:
    return {"clause": one.clause, "old": one.old.state if one.old else None, "new": one.new.state if one.new else None}
