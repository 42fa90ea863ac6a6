"""`report.html`: one plain page that needs no JavaScript and asks nobody for anything; it prints and can be mailed."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from bango_reports import safe, sources, store, words
from bango_reports.model import SCHEMA_VERSION, CaseResult, Evidence, Exchange, Message, Run, Verdict
from bango_reports.verdicts import run_verdict
from bango_spec.errors import BangoError
from bango_spec.reading import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

    from bango_reports.events import Event
    from bango_reports.model import ClauseResult

EvidenceOf: TypeAlias = "Callable[[CaseResult], Evidence | None]"
REPORT = "report.html"
_HERE = Path(__file__).parent
_GREEN = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})
_SHOWN_BODY = 4000
_SHOWN_EXCHANGES = 20


class Fault(NamedTuple):
    """Cases that failed the same clause for the same reason, told once."""

    clause: str
    code: str
    first: CaseResult
    cases: list[CaseResult]


class ShownCase(NamedTuple):
    """A case with the evidence that the page shows of it."""

    case: CaseResult
    evidence: Evidence | None
    trouble: str


class ClauseCases(NamedTuple):
    """The cases of a clause: told here in full, told at another clause, and green."""

    told: list[ShownCase]
    elsewhere: list[CaseResult]
    green: list[CaseResult]


def faults(run: Run) -> list[Fault]:
    """What failed, grouped by clause and reason; binding clauses first, then as they came."""
    found: dict[tuple[str, str], list[CaseResult]] = {}
    for case in run.cases:
        if case.failure is not None and case.verdict in {Verdict.FAIL, Verdict.WARN}:
            found.setdefault((case.failure.clause, case.failure.code), []).append(case)
    grouped = [Fault(clause, code, cases[0], cases) for (clause, code), cases in found.items()]
    return sorted(grouped, key=lambda fault: fault.first.verdict is not Verdict.FAIL)


class Script(NamedTuple):
    """The page's own script, and the hash by which the page lets it and no other run."""

    text: str
    hash: str


def script() -> Script:
    """The filters and the switch of views."""
    text = (_HERE / "assets" / "report.js").read_text(encoding="utf-8")
    return Script(text, f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}")


def environment() -> Environment:
    """The reports' templates; every string that reaches a page is made harmless here, so that no field can be forgotten."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - heavy

    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: safe.text(value) if type(value) is str else value,
    )


def render(
    run: Run,
    evidence: EvidenceOf | None = None,
    *,
    lang: str = "ja",
    filters: bool = False,
    home: str = "",
) -> str:
    """The page for a run; `evidence` gives what a case kept (asked only for cases that are not green).

    With `filters` it also carries a script; without one it says the same. `home` leads from the page to the run folder.
    """
    cases = {case.obligation: case for case in run.cases}
    known = {clause.clause for clause in run.clauses}
    told = context(run, lang, filters=filters) | {
        "home": home,
        "shown": lambda clause: shown_cases(clause, cases, known, evidence),
        "orphans": [_show(case, evidence) for case in run.cases if not known.intersection(case.clauses)],
    }
    return environment().get_template("report.html.j2").render(told)


def context(run: Run, lang: str, *, filters: bool) -> dict[str, Any]:
    """What the templates are told of a run, on whichever page."""
    outcome = run_verdict(run)
    head = words.OUTCOMES[outcome.verdict]
    return {
        "run": run,
        "outcome": outcome,
        "title": f"{head.en if lang == 'en' else head.ja} ・ {run.target.product} {run.target.version}",
        "faults": faults(run),
        "open_cases": [c for c in run.cases if c.verdict in {Verdict.INCONCLUSIVE, Verdict.HARNESS_ERROR}],
        "untested": [c for c in run.clauses if c.not_tested is not None and not c.cases],
        "levels": {clause.clause: clause.level for clause in run.clauses},
        "clause_link": lambda clause: f"#clause-{clause}",
        "case_link": lambda case: f"#case-{case.obligation}",
        "home": "",
        "http": _http,
        "exchanges_shown": _SHOWN_EXCHANGES,
        "words": words,
        "source_words": sources.of_ref,
        "lang": "en" if lang == "en" else "ja",
        "style": (_HERE / "assets" / "report.css").read_text(encoding="utf-8"),
        "script": script() if filters else None,
        "schema_version": SCHEMA_VERSION,
        "Text": Text,
    }


def write(folder: Path, run: Run | None = None, *, lang: str = "ja") -> Path:
    """Write `report.html` into a run folder; gives its path."""
    run = run or store.load(folder)

    def evidence(case: CaseResult) -> Evidence | None:
        return store.load_evidence(folder, case) if case.evidence else None

    path = folder / REPORT
    path.write_text(render(run, evidence, lang=lang), encoding="utf-8")
    return path


class PageWriter:
    """Writes the page when the run is over; subscribe it after the one that writes the results."""

    def __init__(self, folder: Path, lang: str = "ja") -> None:
        self.folder = folder
        self.lang = lang

    def handle(self, event: Event) -> None:
        """Take one event."""
        from bango_reports.events import RunFinished  # noqa: PLC0415 - the page needs no events

        if isinstance(event, RunFinished):
            self.folder.mkdir(parents=True, exist_ok=True)
            write(self.folder, event.run, lang=self.lang)

    def close(self) -> None:
        """Nothing is left open."""


def _told_at(case: CaseResult, known: set[str]) -> str:
    # A case of several clauses is told in full once, at the clause that it broke.
    broken = case.failure.clause if case.failure is not None else ""
    return broken if broken in known and broken in case.clauses else next((c for c in case.clauses if c in known), "")


def shown_cases(
    clause: ClauseResult,
    cases: dict[str, CaseResult],
    known: set[str],
    evidence: EvidenceOf | None,
) -> ClauseCases:
    """The cases of a clause, each told in full at one clause only."""
    found = [cases[name] for name in clause.cases if name in cases]
    open_cases = [case for case in found if case.verdict not in _GREEN]
    return ClauseCases(
        told=[_show(case, evidence) for case in open_cases if _told_at(case, known) == clause.clause],
        elsewhere=[case for case in open_cases if _told_at(case, known) != clause.clause],
        green=[case for case in found if case.verdict in _GREEN],
    )


def _show(case: CaseResult, evidence: EvidenceOf | None) -> ShownCase:
    if evidence is None or case.verdict in _GREEN:
        return ShownCase(case, None, "")
    try:
        return ShownCase(case, evidence(case), "")
    except BangoError as error:
        return ShownCase(case, None, str(error))


def _http(exchange: Exchange) -> str:
    lines = [f"{exchange.method} {exchange.url}", *_message(exchange.request), ""]
    if exchange.response is not None:
        lines += [f"→ {exchange.status}", *_message(exchange.response)]
    elif exchange.status is not None:
        lines.append(f"→ {exchange.status}")
    if exchange.error:
        lines.append(f"→ {exchange.error}")
    return "\n".join(lines)


def _message(message: Message) -> list[str]:
    lines = [f"{name}: {value}" for name, value in message.headers]
    if message.body:
        lines += ["", message.body[:_SHOWN_BODY]]
    if message.cut or len(message.body) > _SHOWN_BODY:
        lines.append(f"… ({message.size} bytes)")
    return lines
