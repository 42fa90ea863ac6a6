"""The end of a campaign: the ledgers are read, every limit and check gets its verdict, and all of it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bango_loadtests.course import Course, Trouble
from bango_loadtests.ground_process import Control
from bango_loadtests.judge import cases, ledgers, measures, saturation
from bango_loadtests.judge.record import written
from bango_loadtests.judge.result import run_of
from bango_loadtests.order import Order
from bango_loadtests.scene import Scene
from bango_loadtests.tally import Finding, Window
from bango_reports.model import CaseResult, Run, Verdict
from bango_spec import load
from bango_spec.reading import Text

PROVISION = "requestProvision"
Say = Callable[[str], None]


def conclude(scene: Scene, order: Order, course: Course, control: Control, out: Path, say: Say) -> int:
    """Judge, write `result.json`, `load.json` and the charts into `out`, say the verdict; the exit code of the run."""
    say("  記録を突き合わせています / reconciling the ledgers")
    told = _told(course, control)
    seen = _seen(scene, course, told)
    watched = saturation.readings(course, scene.campaign.warm_up_seconds)
    given = cases.Conditions(
        saturated=any(one.over for one in watched),
        whole=not course.ended_early,
        plays=lambda behaviour: (
            bool(scene.asked if load.behaviour(behaviour).flow in {"inquiry", "file"} else True)
            and bool(scene.served if load.behaviour(behaviour).flow == "provision" else True)
        ),
        rerun=f"bango load {order.campaign} {order.target} --seed {scene.seed}",
    )
    judged = [*_limits(scene, seen, given), *_checks(scene, course, told, given)]
    run = run_of(scene, order, course, judged, watched, out)
    try:
        written(out, run, scene, course, seen, watched, judged, told)
    finally:
        # A full disk takes the files, not the verdict.
        for line in _lines(run, judged, watched, out):
            say(line)
    return run.exit_code


def _told(course: Course, control: Control) -> dict[str, Any]:
    try:
        told = control.ledgers(ledgers.unfinished(course.tally))
    except OSError as error:
        told = {
            "core": [],
            "later": [],
            "others": {},
            "target": [],
            "states": {},
            "took": [],
            "replayed": {},
            "trouble": str(error),
        }
    if told["trouble"] and not course.ended_early:
        ja = f"運転の後、製品の記録を読めません: {told['trouble']}"
        en = f"after the campaign the target's records cannot be read: {told['trouble']}"
        course.troubles.append(Trouble("LOAD-LEDGERS", int(course.seconds), ja, en, ends=True))
    return told


def _seen(scene: Scene, course: Course, told: dict[str, Any]) -> measures.Seen:
    """The generators' windows, and with them the provisions as the network saw them at the target."""
    windows: dict[str, dict[int, Window]] = {name: dict(by_second) for name, by_second in course.tally.windows.items()}
    provided = windows.setdefault(PROVISION, {})
    for at, took, end in told["took"]:
        second = int(at - course.clock_offset)
        if second >= 0:
            provided.setdefault(second, Window()).add(took, took, _end_of(end))
    return measures.Seen(
        campaign=scene.campaign,
        seconds=min(course.seconds, scene.seconds),
        scale=scene.scale,
        windows=windows,
        rows=course.tally.rows,
        disturbed=course.disturbed,
    )


def _end_of(end: str) -> str:
    """A provision's end as an exchange's: what the target itself could not answer is silence or a problem."""
    if end in {"provided", "no-record", "no-person", "withheld", "refused-by-staff", "not-permitted", "waiting"}:
        return "ok"
    return (
        "silence" if end in {"peer-down", "peer-timeout"} else f"500:{end}" if end == "internal-error" else f"400:{end}"
    )


def _limits(scene: Scene, seen: measures.Seen, given: cases.Conditions) -> list[tuple[CaseResult, cases.Outcome]]:
    found = []
    for limit in scene.campaign.limits:
        outcome = cases.of_limit(limit, measures.measure(limit, seen), scene.scale, given)
        if not _met(scene, limit.of, given):
            outcome = _not_met(outcome)
        made = cases.case(
            scene.campaign, limit.id, limit.clause, cases.limit_title(limit), outcome, scene.seed, given.rerun
        )
        found.append((made, outcome))
    return found


def _checks(
    scene: Scene, course: Course, told: dict[str, Any], given: cases.Conditions
) -> list[tuple[CaseResult, cases.Outcome]]:
    tally = course.tally
    findings = dict(tally.findings)
    if not told["trouble"]:
        findings["nothing-lost"] = _sum(findings.get("nothing-lost"), ledgers.nothing_lost(tally, told))
        findings["records-whole"] = ledgers.agreement(scene, told)
        findings["chain-whole"] = ledgers.chain(told["target"])
    findings["permit-once"] = ledgers.replayed(told)
    flows = {load.behaviour(one.behaviour).flow for one in scene.campaign.loads if given.plays(one.behaviour)}
    found = []
    for check in load.every("checks"):
        if check.flows and not flows.intersection(check.flows):
            continue
        outcome = cases.of_check(check, findings.get(check.id), given)
        found.append(
            (cases.case(scene.campaign, check.id, check.clause, check.title, outcome, scene.seed, given.rerun), outcome)
        )
    return found


def _sum(one: Finding | None, other: Finding) -> Finding:
    if one is None:
        return other
    return Finding(one.looked + other.looked, one.wrong + other.wrong, one.examples + other.examples)


def _met(scene: Scene, of: tuple[str, ...], given: cases.Conditions) -> bool:
    """Whether anybody of the campaign who can do what a limit speaks of can take part with this target."""
    if not of:
        return True
    behaviours = [load.behaviour(one.behaviour) for one in scene.campaign.loads]
    return any({*one.steps, one.flow}.intersection(of) and given.plays(one.id) for one in behaviours)


def _not_met(outcome: cases.Outcome) -> cases.Outcome:
    note = Text(
        ja="対象の機関には、表の上でこの役割がありません。", en="By the table the target's body has no part in this."
    )
    return cases.Outcome(Verdict.NOT_APPLICABLE, outcome.wanted, "-", outcome.code, note)


def _lines(
    run: Run, judged: list[tuple[CaseResult, cases.Outcome]], watched: list[saturation.Reading], out: Path
) -> list[str]:
    signs = {
        Verdict.PASS: "○",
        Verdict.FAIL: "×",
        Verdict.WARN: "△",
        Verdict.NOT_APPLICABLE: "－",
        Verdict.INCONCLUSIVE: "？",
    }
    lines = ["", "  判定 / verdicts"]
    for made, outcome in judged:
        came = outcome.came.splitlines()[0]
        lines.append(
            f"  {signs[made.verdict]} {made.obligation}  {made.clauses[0]}  {made.title.ja} / {made.title.en}: {came}"
        )
        if made.verdict is not Verdict.PASS:
            lines.append(
                f"      {outcome.wanted}" if outcome.note is None else f"      {outcome.note.ja} / {outcome.note.en}"
            )
    lines += [
        f"  {'！' if one.over else ' '} {one.what_ja} / {one.what_en}: {one.value}（{one.bound} まで）"
        for one in watched
    ]
    lines.append(f"  終了コード exit code {run.exit_code}   bango report {out}")
    return lines
