"""What the bench measures within one process: the ledger with and without group commit, and decisions by the law's tables."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import uvloop

from bango_mocks.store import Store
from bango_spec import vocabulary
from bango_spec.law import edition_as_of
from bango_spec.permits import permits

WRITERS = 64
"""So many appends are under way at a time, as from so many connections."""
SECONDS = 3.0
DECISIONS = 1_000_000


def ledger(folder: Path) -> dict[str, float]:
    """Appends a second with one commit for all of a tick, and with one each; both are durable before they are answered."""
    return {"grouped": uvloop.run(_grouped(folder / "grouped.db")), "single": _single(folder / "single.db")}


def _record(number: int) -> dict[str, object]:
    return {"sequence": number, "permit_id": f"{number:032x}", "outcome": "provided", "information": "TM00000000000001"}


async def _grouped(path: Path) -> float:
    store, done = Store(path), 0
    limit = (began := time.perf_counter()) + SECONDS

    async def writer() -> None:
        nonlocal done
        while time.perf_counter() < limit:
            store.append("ledger", _record(done))
            await store.durable()
            done += 1

    await asyncio.gather(*(writer() for _ in range(WRITERS)))
    took = time.perf_counter() - began
    assert store.broken_at("ledger") is None  # noqa: S101 - a broken chain would be no ledger to measure
    store.close()
    return done / took


def _single(path: Path) -> float:
    store, done = Store(path), 0
    limit = (began := time.perf_counter()) + SECONDS
    while time.perf_counter() < limit:
        store.append("ledger", _record(done))
        store.commit()
        done += 1
    took = time.perf_counter() - began
    store.close()
    return done / took


def decisions() -> dict[str, float]:
    """Decisions a second by the default edition's table, half of the questions near a line; `yes` is the share permitted."""
    table, rng = permits(edition_as_of(None).id), random.Random(1)  # noqa: S311 - the same questions every time
    tasks = {item: table.task([table.slot(item)]) for item in table.items}
    parties = [table.party(one) for one in vocabulary.parties()]
    kinds = [table.kind(one) for one in vocabulary.information()]
    rows = list(table.items.items())
    questions = []
    for _ in range(DECISIONS // 2):
        item, row = rng.choice(rows)
        line = rng.choice(row.lines)
        asker, provider = table.party(row.askers[0].party), table.party(line.providers[0].party)
        questions.append((asker, tasks[item], provider, table.kind(line.information[0])))
        questions.append((rng.choice(parties), tasks[item], rng.choice(parties), rng.choice(kinds)))
    decide, yes = table.decide, 0
    began = time.perf_counter()
    for asker, task, provider, kind in questions:
        if decide(asker, task, provider, kind) >= 0:
            yes += 1
    return {"decisions": len(questions) / (time.perf_counter() - began), "yes": yes / len(questions)}


def main() -> int:
    """Measure what the first word names, and tell it as JSON."""
    with tempfile.TemporaryDirectory(prefix="bango-bench-", dir=sys.argv[2]) as folder:
        told = ledger(Path(folder)) if sys.argv[1] == "ledger" else decisions()
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
