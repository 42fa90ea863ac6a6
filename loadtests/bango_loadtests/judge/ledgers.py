"""The three ledgers after a campaign, line by line, and whether everything that was accepted came to its end."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bango_loadtests.scene import Scene
from bango_loadtests.tally import Finding, Tally
from bango_spec import load
from bango_spec.assumptions import value
from bango_spec.lifecycles import lifecycle

Record = dict[str, Any]
PROVIDED = "provided"
AGREED = ("asker", "provider", "task", "procedure", "information", "outcome")
"""What the ledgers must say alike of one permit."""


def unfinished(tally: Tally) -> dict[str, list[str]]:
    """What nobody saw the end of, and every replica: to be asked of the target afterwards."""
    return {
        "inquiries": [one for one, seen in tally.inquiries.items() if not seen[2]],
        "acquisitions": [one for one, state in tally.acquisitions.items() if state not in _ended("linkage")],
        "replicas": list(tally.replicas),
    }


def nothing_lost(tally: Tally, told: dict[str, Any]) -> Finding:
    """Every inquiry, acquisition, file and replica that the target acknowledged has its end."""
    open_states = {state.id for state in lifecycle("inquiry").states} - _ended("inquiry")
    states = told.get("states", {})
    found = Finding()
    for one in tally.inquiries:
        end = tally.inquiries[one][2] or states.get("inquiries", {}).get(one)
        # An outcome is an end, too: only ended inquiries have one.
        open_still = end is None or end in open_states
        _note(found, f"inquiry {one}: {end or 'unknown to the target'}" if open_still else None)
    for one, state in tally.acquisitions.items():
        end = state if state in _ended("linkage") else states.get("acquisitions", {}).get(one)
        _note(found, None if end in _ended("linkage") else f"acquisition {one}: {end or 'unknown to the target'}")
    for one, generation in tally.replicas.items():
        now = states.get("replicas", {}).get(one)
        kept = isinstance(now, int) and now >= generation
        _note(
            found, None if kept else f"replica {one.partition('/')[2]}: generation {generation} acknowledged, now {now}"
        )
    for one, (accepted, read) in tally.files.items():
        _note(found, f"file {one}: {accepted} rows accepted, {read} results" if read and read != accepted else None)
    return found


def _ended(flow: str) -> frozenset[str]:
    return frozenset(state for one in load.every("behaviours") if one.flow == flow for state in one.ended)


def agreement(scene: Scene, told: dict[str, Any]) -> Finding:
    """For every permit: the core's record and the target's, once each, alike; and the other side's for what was provided.

    Permits that the core recorded `later`, while the target's records were being read, are not compared.
    """
    found = Finding()
    core = {one["permit_id"]: one for one in told["core"] if scene.body in {one["asker"], one["provider"]}}
    own: dict[str, list[Record]] = {}
    for record in told["target"]:
        if record.get("permit_id"):
            own.setdefault(f"{record['role']}/{record['permit_id']}", []).append(record)
    for permit, record in core.items():
        for role in ("asker", "provider"):
            if record[role] == scene.body:
                _note(found, _differs(permit, role, record, own.pop(f"{role}/{permit}", [])))
        if record["asker"] == scene.body and record["outcome"] == PROVIDED and record["provider"] != scene.body:
            there = told["others"].get(permit)
            _note(found, None if there == PROVIDED else f"permit {permit}: provided by nobody's ledger, {there}")
    for name in own.keys() - {f"{role}/{permit}" for permit in told["later"] for role in ("asker", "provider")}:
        _note(found, f"record of {name}: the core has no such permit")
    return found


def _differs(permit: str, role: str, core: Record, own: list[Record]) -> str | None:
    if len(own) != 1:
        return f"permit {permit}: {len(own)} records of the {role}, 1 expected"
    unlike = [name for name in AGREED if own[0].get(name) != core.get(name)]
    return f"permit {permit}: the {role}'s record and the core's differ in {', '.join(unlike)}" if unlike else None


def chain(records: Iterable[Record]) -> Finding:
    """The target's records: numbered without gap, each with the hash of the one before and of itself (assumption `record-chain`)."""
    found = Finding()
    for fault in _links(records):
        _note(found, fault)
    return found


def _links(records: Iterable[Record]) -> Iterator[str | None]:
    rule = value("record-chain")
    previous = rule["first"]
    for place, record in enumerate(records, 1):
        bare = {name: part for name, part in record.items() if name not in {"previous_hash", "hash"}}
        plain = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        right = hashlib.new(rule["hash"].replace("-", ""), previous.encode() + plain).hexdigest()
        if (record["sequence"], record["previous_hash"], record["hash"]) == (place, previous, right):
            yield None
        else:
            yield f"record {record['sequence']} at place {place} does not follow the one before"
        previous = record["hash"]


def replayed(told: dict[str, Any]) -> Finding:
    """What the target answered when a used permit came back with another person's code: anything but a provision."""
    found = Finding()
    for permit, end in told["replayed"].items():
        _note(found, f"permit {permit} was used again for another person: provided" if end == PROVIDED else None)
    return found


def _note(found: Finding, wrong: str | None) -> None:
    found.looked += 1
    if wrong is not None:
        found.wrong += 1
        if len(found.examples) < 20:
            found.examples.append(wrong)


def outcomes(tally: Tally) -> Counter[str]:
    """How inquiries ended, counted."""
    return Counter(seen[2] or "open" for seen in tally.inquiries.values())
