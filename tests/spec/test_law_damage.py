"""Proof of the proof: it notices every id that a cell lacks or has too many."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.spec.law_cells import Cell, cells, needs_texts
from tests.spec.law_joins import unpaired
from tests.spec.law_spans import failures

from bango_spec import law

if TYPE_CHECKING:
    from collections.abc import Iterator


def damaged(cell: Cell) -> Iterator[tuple[str, Cell]]:
    """The cell with one id less, for every id of several, and with one that it does not have."""
    if len(cell.holders) > 1:
        for holder in cell.holders:
            yield holder.party, replace(cell, holders=tuple(h for h in cell.holders if h != holder))
    if len(cell.tasks) > 1:
        for task in cell.tasks:
            yield f"task {task.id}", replace(cell, tasks=tuple(t for t in cell.tasks if t != task))
    if len(cell.information) > 1:
        for kind in cell.information:
            yield kind, replace(cell, information=tuple(k for k in cell.information if k != kind))
    if cell.holders:
        yield "one more", replace(cell, holders=(*cell.holders, law.Holder(party="bar-examination-commission")))
    if cell.tasks:
        foreign = law.Task(id="0", law=cell.tasks[0].law, object="bar-examination", act=cell.tasks[0].act)
        yield "one more", replace(cell, tasks=(*cell.tasks, foreign))
    if cell.information:
        yield "one more", replace(cell, information=(*cell.information, "allowances-etc"))


@needs_texts
def test_the_proof_notices_every_missing_and_every_foreign_id() -> None:
    """Take an id away from a cell, or give it one too many: each time the proof fails."""
    silent: list[str] = []
    count = 0
    own = {"bar-examination-commission", "bar-examination", "allowances-etc"}
    for cell in cells():
        ids = {*(h.party for h in cell.holders), *(t.object for t in cell.tasks), *cell.information}
        if (cell.column == "tasks" and cell.line > 1) or ids & own:
            continue
        for what, other in damaged(cell):
            count += 1
            wrong, spans = failures(other)
            if not wrong and not unpaired(other.tasks, spans):
                silent.append(f"{cell.place}: {what}")
    print(count, "damaged cells")
    assert count > 6000
    assert not silent, "\n".join(silent[:40])
