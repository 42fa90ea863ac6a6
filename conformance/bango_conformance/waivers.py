"""Waivers after a run: in force, stale because the case passes, expired, or for an obligation that does not exist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from bango_conformance.obligation import Obligation
from bango_reports.model import CaseResult, Verdict
from bango_reports.model import Waiver as JudgedWaiver
from bango_spec.target import Waiver

State = Literal["in-force", "stale", "expired", "unknown-obligation", "not-selected"]


def judged(
    waivers: Sequence[Waiver], suite: Sequence[Obligation], results: Sequence[CaseResult], today: dt.date
) -> tuple[JudgedWaiver, ...]:
    """Each waiver with its state."""
    known = {one.id for one in suite}
    verdicts = {result.obligation: result.verdict for result in results}
    return tuple(
        JudgedWaiver(
            obligation=one.obligation,
            reason=one.reason,
            owner=one.owner,
            expires=one.expires,
            state=_state(one, known, verdicts, today),
        )
        for one in waivers
    )


def _state(waiver: Waiver, known: set[str], verdicts: dict[str, Verdict], today: dt.date) -> State:
    if waiver.obligation not in known:
        return "unknown-obligation"
    if dt.date.fromisoformat(waiver.expires) < today:
        return "expired"
    if waiver.obligation not in verdicts:
        return "not-selected"
    return "stale" if verdicts[waiver.obligation] is Verdict.PASS else "in-force"
