"""The systems of the briefing: `spec/systems.yaml` as typed data, its questions, and the proof that it adds up."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bango_spec._system_data import (
    Amendment,
    BudgetLine,
    CardUse,
    Landscape,
    Milestone,
    Money,
    System,
    Window,
)
from bango_spec.errors import SpecError
from bango_spec.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Amendment",
    "BudgetLine",
    "CardUse",
    "Landscape",
    "Milestone",
    "Money",
    "System",
    "Window",
    "landscape",
    "problems",
    "system",
    "systems",
    "windows",
]


@cache
def landscape() -> Landscape:
    """Everything that `systems.yaml` says."""
    return read("systems.yaml", Landscape)


@cache
def systems() -> Mapping[str, System]:
    """Every system by id, in the file's order."""
    return {one.id: one for one in landscape().systems}


def system(system_id: str) -> System:
    """One system; SYSTEM-UNKNOWN if the id is not in the file."""
    try:
        return systems()[system_id]
    except KeyError:
        raise SpecError("SYSTEM-UNKNOWN", f"no system {system_id}", step="see spec/systems.yaml for the ids") from None


def windows(
    *, system_id: str | None = None, bodies: str | None = None, fiscal_year: int | None = None
) -> list[tuple[System, Window]]:
    """Windows that touch the fiscal year (April to March), for one system or class of bodies or all of them."""
    first, last = (f"{fiscal_year}-04-01", f"{fiscal_year + 1}-03-31") if fiscal_year else ("", "9999-12-31")
    return [
        (one, window)
        for one in systems().values()
        for window in one.dates
        if system_id in (None, one.id)
        and bodies in (None, window.bodies)
        and window.start <= last
        and (window.end or "9999-12-31") >= first
    ]


def problems() -> list[str]:
    """Everything wrong with the file beyond its shape, one sentence each; empty when it is in order."""
    from bango_spec import _systems_check  # noqa: PLC0415 - readers of the data do not need it

    return list(_systems_check.problems(landscape()))
