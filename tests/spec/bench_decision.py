"""How many decisions a second one core makes; no test, times depend on the machine."""

from __future__ import annotations

import random
import time

from bango_spec import vocabulary
from bango_spec.permits import permits

COUNT = 1_000_000


def main() -> None:
    """Decide a million questions, half of them near a line, and print the rate."""
    begun = time.perf_counter()
    table = permits("2020-09-06")
    print(f"compiled in {time.perf_counter() - begun:.3f} s, {len(table.refs)} lines")
    rng = random.Random(1)
    tasks = {item: table.task([table.slot(item)]) for item in table.items}
    parties = [table.party(p) for p in vocabulary.parties()]
    kinds = [table.kind(k) for k in vocabulary.information()]
    questions = []
    for _ in range(COUNT // 2):
        item, row = rng.choice(list(table.items.items()))
        line = rng.choice(row.lines)
        asker, provider = table.party(row.askers[0].party), table.party(line.providers[0].party)
        questions.append((asker, tasks[item], provider, table.kind(line.information[0])))
        questions.append((rng.choice(parties), tasks[item], rng.choice(parties), rng.choice(kinds)))
    decide, yes = table.decide, 0
    begun = time.perf_counter()
    for asker, task, provider, kind in questions:
        if decide(asker, task, provider, kind) >= 0:
            yes += 1
    spent = time.perf_counter() - begun
    print(f"{len(questions) / spent:,.0f} decisions a second ({yes:,} yes of {len(questions):,})")


if __name__ == "__main__":
    main()
