"""Cases of a campaign: one for each limit and each check, with the verdict, what was measured, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bango_loadtests.judge import measures
from bango_loadtests.judge.measures import Measured
from bango_loadtests.tally import Finding
from bango_reports.model import AsciiId, CaseResult, Failure, Verdict
from bango_spec import interfaces, load
from bango_spec.assumptions import number
from bango_spec.clauses import clauses
from bango_spec.load import Campaign, Check, Limit
from bango_spec.reading import Text

KIND = "load"
UNITS: Mapping[str, str] = {
    "percentile": "ms",
    "failures-per-thousand": "‰",
    "rows-a-second": "件 rows/s",
    "refused-with": "回 times",
    "recovery-seconds": "s",
    "drift-percent": "%",
    "knee-a-second": "件 /s",
}
CODES: Mapping[str, AsciiId] = {
    "percentile": "TOO-SLOW",
    "failures-per-thousand": "TOO-MANY-FAILURES",
    "rows-a-second": "TOO-FEW",
    "refused-with": "NOT-TOLD",
    "recovery-seconds": "NOT-RECOVERED",
    "drift-percent": "DRIFTED",
    "knee-a-second": "KNEE-TOO-EARLY",
}


@dataclass(frozen=True)
class Outcome:
    """One case's verdict, with what people read: what was wanted, what came, and a note where there is no verdict."""

    verdict: Verdict
    wanted: str
    came: str
    code: AsciiId
    note: Text | None = None


@dataclass(frozen=True)
class Conditions:
    """What bears on every verdict: whether the figures are the generator's, whether the campaign went its whole way, who the target is."""

    saturated: bool
    whole: bool
    plays: Callable[[str], bool]
    """Whether the target's body can take part in a behaviour's flow at all."""
    rerun: str


def limit_word(limit: Limit, scale: float) -> str:
    """A limit in a few words: percentile, operations, direction, bound and unit."""
    way, bound = load.bound(limit, scale)
    unit = UNITS[limit.measure]
    if limit.measure == "percentile":
        bound = bound * 1000 if (limit.at_most or "").endswith("-seconds") else bound
    name = {"at-most": "≤", "at-least": "≥"}[way]
    share = f" {limit.percentile:g} %" if limit.percentile else ""
    return f"{limit.measure}{share} ({', '.join(limit.of) or '全操作 all operations'}) {name} {bound:g} {unit}"


def of_limit(limit: Limit, measured: Measured, scale: float, given: Conditions) -> Outcome:
    """The outcome of one limit."""
    way, bound = load.bound(limit, scale)
    if limit.measure == "percentile" and (limit.at_most or "").endswith("-seconds"):
        bound *= 1000
    wanted, code = limit_word(limit, scale), CODES[limit.measure]
    if measured.value is None:
        return Outcome(Verdict.INCONCLUSIVE, wanted, "-", code, _nothing())
    came = f"{measured.value:.4g} {UNITS[limit.measure]}（{measured.count} 件 observations）"
    if not given.whole:
        return Outcome(Verdict.INCONCLUSIVE, wanted, came, code, _cut())
    held = measured.value <= bound if way == "at-most" else measured.value >= bound
    if held:
        return Outcome(Verdict.PASS, wanted, came, code)
    if given.saturated and limit.measure != "refused-with":
        return Outcome(Verdict.INCONCLUSIVE, wanted, came, code, _generators())
    return Outcome(_worst(limit.clause), wanted, came, code)


def of_check(check: Check, finding: Finding | None, given: Conditions) -> Outcome:
    """The outcome of one check."""
    wanted = f"{check.title.ja} / {check.title.en}"
    if finding is None or not finding.looked:
        return Outcome(Verdict.INCONCLUSIVE, wanted, "-", check.code, _nothing())
    if finding.wrong:
        shown = "\n".join(finding.examples[:5])
        came = f"{finding.looked} 件中 {finding.wrong} 件 / {finding.wrong} of {finding.looked}\n{shown}"
        return Outcome(_worst(check.clause), wanted, came, check.code)
    came = f"{finding.looked} 件すべて / all {finding.looked}"
    return Outcome(
        *(
            (Verdict.PASS, wanted, came, check.code)
            if given.whole
            else (Verdict.INCONCLUSIVE, wanted, came, check.code, _cut())
        )
    )


def case(
    campaign: Campaign, name: str, clause: str, title: Text, outcome: Outcome, seed: int, rerun: str
) -> CaseResult:
    """A case of the result model, `load.<campaign>.<limit or check>`."""
    found = clauses()[clause]
    failure = None
    if outcome.verdict in {Verdict.FAIL, Verdict.WARN}:
        failure = Failure(
            clause=clause,
            code=outcome.code,
            sent=f"{campaign.title.ja} / {campaign.title.en} ({campaign.id})",
            expected=outcome.wanted,
            came=outcome.came,
            at_fault="target",
            why=found.why or Text(ja="", en=""),
            move=_move(),
            rerun=rerun,
        )
    return CaseResult(
        obligation=f"load.{campaign.id}.{name}",
        kind=KIND,
        clauses=(clause,),
        title=title,
        element=f"load/campaigns/{campaign.id}#{name}",
        verdict=outcome.verdict,
        failure=failure,
        note=outcome.note,
        seed=seed,
    )


def named(name: str) -> Text:
    """An operation or flow by its title."""
    return interfaces.operation(name).title if name in measures.of_target() else load.flow(name).title


def limit_title(limit: Limit) -> Text:
    """The title of a limit's case."""
    of = "・".join(named(one).ja for one in limit.of) or "すべての操作"
    of_en = ", ".join(named(one).en for one in limit.of) or "all operations"
    share = f"（{limit.percentile:g} %）" if limit.percentile else ""
    names = {
        "percentile": ("応答時間", "response time"),
        "failures-per-thousand": ("失敗の割合", "share of failures"),
        "rows-a-second": ("一括照会の速さ", "pace of inquiry files"),
        "refused-with": ("断る理由", "reason of refusals"),
        "recovery-seconds": ("元に戻るまで", "recovery"),
        "drift-percent": ("長い運転での遅れ", "drift over a long run"),
        "knee-a-second": ("曲がり角", "knee"),
    }
    ja, en = names[limit.measure]
    en_share = f" ({limit.percentile:g} %)" if limit.percentile else ""
    return Text(ja=f"{ja}{share}: {of}", en=f"{en}{en_share}: {of_en}")


def _worst(clause: str) -> Verdict:
    return Verdict.WARN if clauses()[clause].level in {"should", "should-not", "may"} else Verdict.FAIL


def _nothing() -> Text:
    return Text(ja="測るものがありませんでした。", en="There was nothing to measure.")


def _cut() -> Text:
    return Text(
        ja="運転が途中で終わったので、守られたとは言えません。", en="The campaign ended early, so nothing is proven."
    )


def _generators() -> Text:
    return Text(
        ja="負荷を作る側が間に合っていないので、この値は製品のものと言えません。発生側の機械を増やしてください。",
        en="The generator could not keep up, so the figure is not the product's; give it more cores or workers.",
    )


def _move() -> Text:
    least = number("load-failures-per-thousand")
    return Text(
        ja=f"開発元: 同じ運転を繰り返し、時間のかかる所を調べてください（失敗は千件に {least:g} 件まで）。",
        en=f"The vendor: run the same campaign again and look where the time goes (at most {least:g} failure in a thousand).",
    )
