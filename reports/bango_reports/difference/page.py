"""The comparison as one static page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bango_reports import words
from bango_reports.difference.text import grouped, moved, sections, verdict_of, what_changed
from bango_reports.page import environment

if TYPE_CHECKING:
    from bango_reports.difference.compare import Difference
    from bango_reports.formats.saying import Saying

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
            grouped=grouped,
            moved=lambda clause: moved(clause, saying),
            what_changed=lambda clause: what_changed(clause, saying),
            say=saying.pick,
            one=saying.one,
            saying=saying,
            words=words,
            style=_STYLE.read_text(encoding="utf-8"),
        )
    )
