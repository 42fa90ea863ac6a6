"""What a campaign leaves in its folder: the run with evidence for each case, the figures as `load.json`, and the charts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from bango_loadtests.course import Course
from bango_loadtests.errors import IncompleteError
from bango_loadtests.histogram import merged, percentile
from bango_loadtests.judge.cases import Outcome
from bango_loadtests.judge.ledgers import outcomes
from bango_loadtests.judge.measures import Seen
from bango_loadtests.judge.saturation import Reading
from bango_loadtests.scene import Scene
from bango_loadtests.tally import OK, Window
from bango_reports import store
from bango_reports.model import Attachment, CaseResult, Evidence, Run

FIGURES = "load.json"
SHARES = (50, 95, 99)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one operation, task or line: counts, ends, and percentiles in milliseconds.

    `due` counts from when the exchange should have begun, `sent` from when it did: the difference is what waiting for the
    answer before (coordinated omission) would have hidden.
    """

    name: str
    count: int
    failed: int
    a_second: float
    due: dict[str, float | None]
    sent: dict[str, float | None]
    ends: dict[str, int]


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The content of `load.json`; seconds count from the campaign's beginning, durations are milliseconds."""

    schema_version: int = 1
    campaign: str
    seed: int
    scale: float
    seconds: float
    warm_up_seconds: float
    disturbed: tuple[float, float] | None
    operations: list[Row]
    lines: list[Row]
    tasks: list[Row]
    items: list[Row]
    over_time: dict[str, list[tuple[int, int, int, float | None, float | None, float | None]]]
    """Operation → per second: second, exchanges, those not in order, p50, p95, p99 from when they were due."""
    generators: dict[str, list[tuple[int, float, float]]]
    """Process → second, share of a processor, lag in milliseconds."""
    processors: int
    """How many processors the generating machine has."""
    watched: list[Reading]
    inquiries: dict[str, int]
    """How inquiries ended."""
    noise: dict[str, list[float]]
    """Operation → its 95th percentile in each tenth of the time: how much it varies by itself."""


def written(
    out: Path,
    run: Run,
    scene: Scene,
    course: Course,
    seen: Seen,
    watched: list[Reading],
    judged: list[tuple[CaseResult, Outcome]],
    told: dict[str, Any],
) -> None:
    """Write everything; LOAD-WRITE when the disk does not take it, with the verdict said all the same."""
    from bango_loadtests.judge.charts import charts  # noqa: PLC0415 - only here
    from bango_loadtests.judge.page import page  # noqa: PLC0415
    from bango_reports import junit  # noqa: PLC0415
    from bango_reports import page as report  # noqa: PLC0415

    figures = figures_of(scene, course, seen, watched)
    try:
        out.mkdir(parents=True, exist_ok=True)
        kept = tuple(store.keep(out, made, _evidence(made, outcome, told)) for made, outcome in judged)
        run = store.save(out, msgspec.structs.replace(run, cases=kept))
        (out / FIGURES).write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1))
        folder = out / "charts"
        folder.mkdir(exist_ok=True)
        drawn = charts(scene, figures)
        for name, svg in drawn.items():
            (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
        junit.write(out / junit.JUNIT, run)
        report.write(out, run)
        (out / "load.html").write_text(page(scene, run, figures, [one for _, one in judged], drawn), encoding="utf-8")
    except OSError as error:
        raise IncompleteError(
            "LOAD-WRITE",
            f"{out} に結果を書けません / the results cannot be written to {out}: {error.strerror}",
            cause="ディスクに空きがないか、書き込めません。書けた所までは残っています"
            " / the disk is full or cannot be written to; what could be written stays",
            step="空きを作り、もう一度運転してください / make room and run the campaign again",
        ) from error


def figures_of(scene: Scene, course: Course, seen: Seen, watched: list[Reading]) -> Figures:
    """All figures of a campaign."""
    begin, end = scene.campaign.warm_up_seconds, seen.seconds
    span = max(end - begin, 1e-9)
    steady = {
        name: [window for at, window in by_second.items() if begin <= at < end]
        for name, by_second in seen.windows.items()
    }
    asked, served = scene.asked, scene.served
    lines, tasks, items = {}, dict[str, list[Window]](), dict[str, list[Window]]()
    for name, window in course.tally.lines.items():
        operation, side, number = name.split("|")
        question = (asked if side == "asked" else served)[int(number)]
        lines[f"{operation} {question.item}-{question.line} {question.task} {question.information}"] = [window]
        tasks.setdefault(f"{operation} {question.task}", []).append(window)
        items.setdefault(f"{operation} {question.item}", []).append(window)
    return Figures(
        campaign=scene.campaign.id,
        seed=scene.seed,
        scale=scene.scale,
        seconds=seen.seconds,
        warm_up_seconds=begin,
        disturbed=course.disturbed,
        operations=[_row(name, windows, span) for name, windows in sorted(steady.items()) if windows],
        lines=_rows(lines, span),
        tasks=_rows(tasks, span),
        items=_rows(items, span),
        over_time={name: _over_time(by_second) for name, by_second in sorted(seen.windows.items()) if by_second},
        generators={
            **{
                name: [(one.second, one.cpu, one.lag_ms) for one in samples] for name, samples in course.workers.items()
            },
            "ground": [(one.second, one.cpu, one.lag_ms) for one in course.ground],
            "machine": [(one.second, one.cpu, one.lag_ms) for one in course.machine],
        },
        processors=os.cpu_count() or 1,
        watched=watched,
        inquiries=dict(outcomes(course.tally)),
        noise={name: _tenths(by_second, begin, end) for name, by_second in sorted(seen.windows.items()) if by_second},
    )


def _rows(groups: Mapping[str, list[Window]], span: float) -> list[Row]:
    return [_row(name, windows, span) for name, windows in sorted(groups.items())]


def _row(name: str, windows: list[Window], span: float) -> Row:
    due, sent = merged(one.due for one in windows), merged(one.sent for one in windows)
    ends: dict[str, int] = {}
    for window in windows:
        for how, count in window.ends.items():
            ends[how] = ends.get(how, 0) + count
    count = sum(ends.values())
    return Row(
        name=name,
        count=count,
        failed=count - ends.get(OK, 0),
        a_second=count / span,
        due={f"p{share}": percentile(due, share) for share in SHARES},
        sent={f"p{share}": percentile(sent, share) for share in SHARES},
        ends=ends,
    )


def _over_time(by_second: Mapping[int, Window]) -> list[tuple[int, int, int, float | None, float | None, float | None]]:
    found = []
    for at in sorted(by_second):
        window = by_second[at]
        count = sum(window.ends.values())
        p50, p95, p99 = (percentile(window.due, share) for share in SHARES)
        found.append((at, count, count - window.ends.get(OK, 0), p50, p95, p99))
    return found


def _tenths(by_second: Mapping[int, Window], begin: float, end: float) -> list[float]:
    length = (end - begin) / 10
    parts = (
        percentile(
            merged(w.due for at, w in by_second.items() if begin + n * length <= at < begin + (n + 1) * length), 95
        )
        for n in range(10)
    )
    return [one for one in parts if one is not None]


def _evidence(made: CaseResult, outcome: Outcome, told: dict[str, Any]) -> Evidence:
    texts = [Attachment(kind="load-measure", name="limit", text=f"{outcome.wanted}\n{outcome.came}")]
    if told.get("trouble"):
        texts.append(Attachment(kind="load-trouble", name="ledgers", text=str(told["trouble"])))
    return Evidence(obligation=made.obligation, attachments=tuple(texts))
