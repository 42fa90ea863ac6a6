"""`llms.txt`: the site told in Markdown to programs that read for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_reports.site.pages import ROOMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bango_reports.site.pages import Page


HEAD = (
    "# Bango Testbed (番号制度 適合性試験台)",
    "",
    "> A conformance testbed for Japan's number system: the law's tables and the interface documents as data, and tests",
    "> made from them. Facts come from public sources; what the testbed fixed by itself stands under assumptions.",
    "",
    "Tables are also at `downloads/`, as CSV and xlsx.",
)


def llms(pages: Sequence[Page]) -> str:
    """Headings, then for each room its pages with their addresses."""
    lines = [*HEAD]
    for room, _, name in ROOMS:
        found = [page for page in pages if page.room == room]
        lines += ["", f"## {name.ja} / {name.en}", ""]
        lines += [f"- [{page.title.ja}]({page.path})" for page in found]
    return "\n".join(lines) + "\n"
