"""What is registered about the residents of a scene: drawn once for each, kept here, and never computed by whoever checks."""

from __future__ import annotations

from typing import Any

from bango_mocks.clock import stamp, system_clock
from bango_spec.items import kind, layouts, sample
from bango_spec.vocabulary import information_by_code

FISCAL_YEAR = "2020"
PERIOD = {"from": "2020-04-01", "to": "2021-03-31"}
OWN_DRAW = 1_000_000_000
"""What the target holds of a resident is drawn apart from what the others hold, so that one cannot pass for the other."""


def span_of(information: str) -> dict[str, Any]:
    """The year or period that an inquiry about a kind of information (by its code) names; nothing for the present."""
    scope = kind(information_by_code(information).id).scope
    spans: dict[str, dict[str, Any]] = {"fiscal-year": {"fiscal_year": FISCAL_YEAR}, "period": {"period": PERIOD}}
    return spans.get(scope, {})


def content_of(information: str, draw: int, generation: int = 1) -> dict[str, Any]:
    """The content of a replica, its items drawn by a number; `automatic_answer` is set, nothing is withheld."""
    named = information_by_code(information).id
    version = layouts(named)[-1].version
    return {
        "layout_version": version,
        "generation": generation,
        "updated_at": stamp(system_clock()),
        "automatic_answer": True,
        "withheld": False,
        **span_of(information),
        "items": sample(named, version, draw, full=True, fiscal_year=FISCAL_YEAR),
    }
