"""PDF for paper and mail: tagged (PDF/UA), every page with its number, the run's short digest and a QR code of it."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from bango_reports import safe, words
from bango_reports.page import environment, faults
from bango_reports.verdicts import run_verdict
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from bango_reports.formats.saying import Saying
    from bango_reports.model import Run

FILE = "report.pdf"
INSTALL = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-cjk"
_TOLD = 3
"""Cases of one reason that are told in full; the others are listed by name."""


def render(run: Run, saying: Saying) -> bytes:
    """The PDF's bytes; REPORT-PDF if the machine lacks the library that sets type."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - heavy, and it needs the system's Pango
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except OSError as error:
        raise BangoError(
            "REPORT-PDF",
            "PDF を組む部品（Pango）がありません / the library that sets type (Pango) is missing",
            cause=safe.line(str(error)),
            step=INSTALL,
        ) from error
    # Nothing but what the page itself carries is ever fetched.
    fetcher = URLFetcher(allowed_protocols={"data"}, fail_on_errors=True)
    page = HTML(string=page_for_print(run, saying), url_fetcher=fetcher)
    data: bytes = page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=run.digest.encode())
    return data


def page_for_print(run: Run, saying: Saying) -> str:
    """The page that becomes the PDF."""
    cases = {case.obligation: case for case in run.cases}
    return (
        environment()
        .get_template("report_print.html.j2")
        .render(
            run=run,
            outcome=run_verdict(run),
            faults=faults(run),
            clauses=[
                (one, saying.reason(one, [cases[name] for name in one.cases if name in cases])) for one in run.clauses
            ],
            told=_TOLD,
            words=words,
            saying=saying,
            say=saying.pick,
            one=saying.one,
            digest=run.digest.removeprefix("sha256:")[:16],
            code=qr_code(run),
        )
    )


def qr_code(run: Run) -> str:
    """The run's name and whole digest as a QR code, for whoever holds the paper: an image address without a network."""
    import segno  # noqa: PLC0415

    out = io.BytesIO()
    segno.make(f"bango-run:{run.run} {run.digest}", error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, border=2, scale=2
    )
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()
