"""Answers that several national components give alike: directory, allow list, profile, health."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version
from typing import Any

from bango_mocks.directory import Directory
from bango_mocks.law_table import law_table
from bango_mocks.paging import page
from bango_mocks.serving.call import Call, Problem
from bango_mocks.table import Table
from bango_spec.allow_list import editions_before

PROFILE_VERSIONS = ["1.0"]


def directory(bodies: Directory, now: dt.datetime) -> list[dict[str, Any]]:
    """The directory as the documents write it, with who is admitted now."""
    shown = []
    for entry in bodies:
        one: dict[str, Any] = {
            "body": entry.body,
            "name": entry.name,
            "kinds": sorted(entry.kinds),
            "admitted": entry.stands(now),
        }
        optional: dict[str, Any] = {
            "municipality": entry.municipality,
            "replaced_by": entry.replaced_by,
            "wards": list(entry.wards) or None,
            "predecessors": [{"municipality": code, "until": day} for code, day in entry.predecessors] or None,
        }
        shown.append(one | {name: value for name, value in optional.items() if value is not None})
    return shown


def allow_list(call: Call, table: Table) -> dict[str, Any]:
    """One page of the allow list of the edition in force, or of one that went before; unknown-code for any other."""
    wanted = call.query.get("edition", table.edition)
    if wanted == table.edition:
        entries = table.entries
    elif wanted in editions_before(table.edition):
        entries = law_table(wanted).entries
    else:
        raise Problem("unknown-code", "this edition neither is nor was in force")
    return {"edition": wanted, **page(call, "entries", entries)}


def profile(system: str, edition: str) -> dict[str, Any]:
    """What a national component is."""
    return {
        "system": system,
        "product": f"bango-testbed-{system}",
        "product_version": version("bango-testbed"),
        "profile_versions": PROFILE_VERSIONS,
        "edition": edition,
        "editions": [edition],
        "layouts": [],
    }


def health(now: str, checks: dict[str, bool]) -> dict[str, Any]:
    """Health from what was checked."""
    shown = [{"name": name, "status": "up" if good else "down"} for name, good in checks.items()]
    return {"status": "up" if all(checks.values()) else "degraded", "time": now, "checks": shown}
