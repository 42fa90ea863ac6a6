"""GitHub step summary: Markdown under 1 MiB that leads with the verdict and what failed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bango_reports import safe, words
from bango_reports.page import faults
from bango_reports.verdicts import run_verdict

if TYPE_CHECKING:
    from bango_reports.formats.saying import Saying
    from bango_reports.model import Run
    from bango_reports.page import Fault

FILE = "summary.md"
LIMIT = 1024 * 1024
"""Bytes that GitHub takes for one step."""
_ROOM = 2048
# What GitHub's Markdown would make something of: marks, tags, mentions, and addresses that it links by itself.
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~@&$]|(?<=www)\.|:(?=/))")
_SHOWN = 600


def render(run: Run, saying: Saying) -> bytes:
    """The summary; what does not fit is counted in its last line."""
    lines = [*_head(run, saying), ""]
    size = len("\n".join(lines).encode())
    found = faults(run)
    left = 0
    for fault in found:
        told = _fault(fault, saying)
        more = len("\n".join(told).encode()) + 1
        if left or size + more > LIMIT - _ROOM:
            left += 1
            continue
        lines += told
        size += more
    if left:
        lines += [
            "",
            saying.pick(
                f"ほかに {left} 種類の不合格があります（report.html）",
                f"{left} more reasons of failure: see report.html",
            ),
        ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _head(run: Run, saying: Saying) -> list[str]:
    outcome = words.OUTCOMES[run_verdict(run).verdict]
    partial = (
        ""
        if run.selection.complete
        else saying.pick("（一部だけの実行。何も証明しません）", " (partial: certifies nothing)")
    )
    states = " ・ ".join(
        f"{words.SIGNS[s]} {saying.one(words.VERDICTS[s])} {n}" for s, n in run.counts.states.items() if n
    )
    cases = " ・ ".join(
        f"{words.SIGNS[v]} {saying.one(words.VERDICTS[v])} {n}" for v, n in run.counts.verdicts.items() if n
    )
    product = code(f"{run.target.product} {run.target.version}")
    profile = f"{saying.pick('プロファイル', 'Profile')}: {code(run.target.profile)}"
    edition = f"{saying.pick('法令の版', 'Edition')}: {saying.day(run.edition)}"
    return [
        f"## {saying.one(outcome)}{partial}: {product}",
        "",
        f"- {profile} ・ {edition} ・ {saying.one(words.GRADES[run.grade])}",
        f"- {saying.pick('条項', 'Clauses')} {run.counts.clauses}: {states}",
        f"- {saying.pick('試験', 'Tests')} {run.counts.cases}: {cases}",
        f"- {saying.pick('次に', 'Next')}: " + " ".join(quoted(saying.one(step)) for step in run.next_steps),
    ]


def _fault(fault: Fault, saying: Saying) -> list[str]:
    failure = fault.first.failure
    if failure is None:
        return []
    rows = [
        (saying.pick("送ったもの", "Sent"), code(failure.sent)),
        (saying.pick("期待したもの", "Expected"), code(failure.expected)),
        (saying.pick("返ったもの", "Came"), code(failure.came)),
        (saying.pick("住民にとって", "For residents"), quoted(saying.one(failure.why))),
        (
            saying.pick("次に動く人", "Whose move"),
            quoted(f"{saying.one(words.SIDES[failure.at_fault])} {saying.one(failure.move)}"),
        ),
        (saying.pick("もう一度", "Run it again"), code(failure.rerun)),
    ]
    sign = words.SIGNS[fault.first.verdict.value]
    head = f"### {sign} {code(fault.clause)} {quoted(saying.one(fault.first.title))} ({len(fault.cases)})"
    return [head, "", *(f"- {name}: {value}" for name, value in rows), ""]


def quoted(value: str) -> str:
    """A text in one line of Markdown, where nothing in it means anything."""
    return _SPECIAL.sub(r"\\\1", _short(value))


def code(value: str) -> str:
    """A value as a code span, whatever backticks it holds."""
    shown = _short(value)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    return f"{fence} {shown} {fence}" if "`" in shown else f"{fence}{shown or ' '}{fence}"


def _short(value: str) -> str:
    shown = safe.line(value)
    return shown[:_SHOWN] + ("…" if len(shown) > _SHOWN else "")
