"""Text that wants to do harm, a run full of it, and what must be left of it nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from tests.reports.conftest import make_case, make_clause, make_failure, make_run

from bango_reports.model import Difficulty, Selection, Waiver
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.model import Run

EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;]]>"
    "\x1b[2J\x1b]0;owned\x07\x00\x08\u202eevil\u2066\u200b\ufffe\U000e0041[red]x[/red]"
)
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufffe\ud800-\udfff\U000e0000-\U000e007f]"
)


def hostile() -> Run:
    text = Text(ja=EVIL, en=EVIL)
    failure = make_failure(
        "IS-EVL-001", sent=EVIL, expected=EVIL, came=EVIL, why=text, move=text, rerun=EVIL, code="CODE"
    )
    base = make_run(
        [
            make_case("shape.evil.0001", "fail", "IS-EVL-001", title=text, note=text, failure=failure),
            make_case("shape.evil.0002", "inconclusive", "IS-EVL-001", title=text, note=text),
            make_case("shape.evil.0003", "harness-error", title=text, note=text),
            make_case("shape.evil.0004", "warn", "IS-EVL-002", title=text, note=text, failure=failure),
            make_case("shape.evil.0005", "not-applicable", "IS-EVL-002", title=text, note=text),
        ],
        [
            make_clause("IS-EVL-001", text=text, why=text, sources=(EVIL,)),
            make_clause("IS-EVL-002", "should", text=text),
            make_clause("IS-EVL-003", not_tested=text),
        ],
        selection=Selection(complete=False, filters=(EVIL,)),
        waivers=(Waiver(obligation="shape.evil.0001", reason=EVIL, owner=EVIL, expires="2026-12-31"),),
        difficulties=(Difficulty(code="X", what=text, cause=EVIL, step=text),),
    )
    target = msgspec.structs.replace(base.target, product=EVIL, vendor=EVIL, version=EVIL, body_kinds=(EVIL,))
    return msgspec.structs.replace(base, target=target)
