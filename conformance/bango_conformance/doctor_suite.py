"""What the suite will make of the target file: hooks and the clauses they unlock, claims, waivers, lines of the table."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bango_conformance.lines import asker_lines, provider_lines
from bango_conformance.suite import Scope, suite
from bango_spec.clauses import clauses
from bango_spec.target import HOOK_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bango_conformance.doctor_findings import Findings
    from bango_conformance.obligation import Obligation
    from bango_spec.target import Target

SHOWN = 8


def examine(target: Target, edition: str, today: dt.date, found: Findings, *, hooks: bool) -> None:
    """Look at hooks, claims, waivers and the table's lines for this target."""
    scope = Scope(edition, target.body.code, target.body.parties)
    whole = suite(scope)
    _lines(scope, found)
    _hooks(target, whole, found, allowed=hooks)
    names(target, whole, found)
    _waivers(target, whole, today, found)


def names(target: Target, whole: Sequence[Obligation], found: Findings) -> None:
    """Features and obligations that the target file names and the suite does not know."""
    _claims(target, whole, found)
    known = {one.id for one in whole}
    for waiver in target.waivers:
        if waiver.obligation in known:
            continue
        near = ", ".join(get_close_matches(waiver.obligation, known, 3, 0.5)) or "bango explain"
        found.fail(
            "DOCTOR-WAIVER-UNKNOWN",
            (
                f"免除 {waiver.obligation}: そのような義務はありません",
                f"waiver {waiver.obligation}: there is no such obligation",
            ),
            None,
            (f"もしかして: {near}", f"did you mean: {near}"),
        )


def _lines(scope: Scope, found: Findings) -> None:
    given, asked = len(provider_lines(scope)), len(asker_lines(scope))
    if given and asked:
        found.ok(
            "DOCTOR-LINES",
            (
                f"表の行: 提供 {given:,} 件、照会 {asked:,} 件",
                f"lines of the table: {given:,} as provider, {asked:,} as asker",
            ),
        )
        return
    missing = ("提供", "to provide") if not given else ("照会", "to ask")
    found.warn(
        "DOCTOR-LINES",
        (
            f"この主体には、{missing[0]}を許す行がありません",
            f"no line of the table lets these parties {missing[1].removeprefix('to ')}",
        ),
        ("その側の条項は試験できません", "clauses of that side cannot be tested"),
        ("body.parties を確かめてください", "check body.parties"),
    )


def _hooks(target: Target, whole: Sequence[Obligation], found: Findings, *, allowed: bool) -> None:
    needed: dict[str, set[str]] = defaultdict(set)
    for one in whole:
        for need in one.needs:
            if need.startswith("hook:"):
                needed[need.removeprefix("hook:")].update(one.clauses)
    for name in HOOK_NAMES:
        if name in target.hooks and allowed:
            unlocked = _musts(needed[name])
            more = (f"（{len(unlocked)} 条項）", f" ({len(unlocked)} clauses)") if unlocked else ("", "")
            found.ok("DOCTOR-HOOK", (f"フック {name}{more[0]}", f"hook {name}{more[1]}"))
        elif needed[name]:
            lost = _musts(needed[name])
            found.warn(
                "DOCTOR-HOOK-MISSING",
                (f"フック {name} がありません", f"there is no hook {name}")
                if allowed
                else (f"フック {name} は実行しません（--no-hooks）", f"the hook {name} is not run (--no-hooks)"),
                (
                    f"{len(lost)} の必須条項が「判定できず」になり、終了コードは 12 です: {_some(lost)}",
                    f"{len(lost)} musts stay inconclusive, and the run exits 12: {_some(lost)}",
                ),
                (
                    f"[hooks.{name}] に命令を書いてください（bango init の見本）",
                    f"write a command in [hooks.{name}]; see the file of `bango init`",
                ),
            )


def _musts(names: set[str]) -> list[str]:
    return sorted(name for name in names if name in clauses() and clauses()[name].binding)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")


def _claims(target: Target, whole: Sequence[Obligation], found: Findings) -> None:
    known = {need.removeprefix("claim:") for one in whole for need in one.needs if need.startswith("claim:")}
    for option, names in (("claims", target.claims), ("not_supported", target.not_supported)):
        for name in names:
            if name not in known:
                near = ", ".join(get_close_matches(name, known, 3, 0.4) or sorted(known)) or "[]"
                found.fail(
                    "DOCTOR-CLAIM",
                    (
                        f"{option} の {name} は試験台の知らない機能です",
                        f"{option}: {name} is no feature that the testbed knows",
                    ),
                    None,
                    (f"次から選んでください: {near}", f"choose from: {near}"),
                )
    for name in sorted(set(target.claims) & set(target.not_supported)):
        found.fail(
            "DOCTOR-CLAIM-BOTH",
            (f"{name} が claims と not_supported の両方にあります", f"{name} stands in claims and in not_supported"),
            None,
            ("どちらかを消してください", "remove one of them"),
        )


def _waivers(target: Target, whole: Sequence[Obligation], today: dt.date, found: Findings) -> None:
    known = {one.id: one for one in whole}
    for waiver in target.waivers:
        obligation = known.get(waiver.obligation)
        if obligation is None:
            continue
        if dt.date.fromisoformat(waiver.expires) < today:
            found.fail(
                "DOCTOR-WAIVER-EXPIRED",
                (
                    f"免除 {waiver.obligation} の期限 {waiver.expires} は過ぎています",
                    f"waiver {waiver.obligation}: {waiver.expires} is past",
                ),
                ("期限の切れた免除があると、実行は 11 で終わります", "a run with an expired waiver exits 11"),
                ("直すか、理由と期限を改めてください", "mend the deviation, or renew reason and date"),
            )
        elif _musts(set(obligation.clauses)):
            found.warn(
                "DOCTOR-WAIVER-MUST",
                (f"免除 {waiver.obligation} は必須条項のものです", f"waiver {waiver.obligation} is on a must"),
                (
                    "このままでは合格にも証明書にもなりません",
                    "as long as it stands, the run is neither green nor certifiable",
                ),
            )
