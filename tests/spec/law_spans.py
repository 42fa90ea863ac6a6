"""Atomic spans laid over the text of a cell, and what they leave unsaid or say too much."""

from __future__ import annotations

from functools import cache

from tests.spec.law_cells import Cell
from tests.spec.law_palette import Owner

from bango_spec import law, reading, vocabulary

SEPARATORS = ("又は", "若しくは", "、")
Span = tuple[int, str, frozenset[Owner] | None]
"""Where it starts, its text, whose it is (None: a connective)."""


@cache
def connectives() -> tuple[str, ...]:
    return tuple(reading.load(reading.root() / "law" / "connectives.yaml")["connectives"])


def tile(text: str, owners: dict[str, set[Owner]]) -> list[Span] | None:
    """The tiling with most characters in atomic spans, of these the one with fewest spans; None if there is none."""
    best: list[tuple[int, int, int, Span] | None] = [None] * len(text) + [(0, 0, 0, (0, "", None))]
    candidates: list[tuple[str, set[Owner] | None]] = [*owners.items(), *((c, None) for c in connectives())]
    for start in range(len(text) - 1, -1, -1):
        for surface, owner in candidates:
            end = start + len(surface)
            rest = best[end] if text.startswith(surface, start) else None
            if rest is None:
                continue
            score = (rest[0] + (len(surface) if owner is not None else 0), rest[1] - 1)
            here = best[start]
            if here is None or score > here[:2]:
                best[start] = (*score, end, (start, surface, frozenset(owner) if owner is not None else None))
    if best[0] is None:
        return None
    spans_found: list[Span] = []
    at = 0
    while at < len(text):
        step = best[at]
        assert step is not None
        spans_found.append(step[3])
        at = step[2]
    return spans_found


def failures(cell: Cell) -> tuple[list[str], list[Span]]:
    """What the facts of a cell leave unsaid or say too much, and the tiling."""
    palette = cell.palette()
    spans = tile(cell.text, palette.owners)
    if spans is None:
        return [f"{cell.place}: no tiling of {cell.text}"], []
    seen = set().union(*(owner for _, _, owner in spans if owner))
    missing = [
        f"{cell.place}: {what} is not in the text ({min((sorted(a - seen) for a in alternatives), key=len)})"
        for what, alternatives in palette.demands
        if not any(alternative <= seen for alternative in alternatives)
    ]
    missing += [f"{cell.place}: {name} is named and left out" for name in sorted(unheld(cell, spans))]
    return missing, spans


def unheld(cell: Cell, spans: list[Span]) -> set[str]:
    """Parties and laws that the cell defines, or adds by a restriction, and no holder or task has."""
    defined = cell.definitions()
    if cell.tasks:
        laws = {task.law for task in cell.tasks} | beside(cell.tasks)
        laws |= {law_id for task in cell.tasks if task.law for law_id in parts(task.law)}
        return {d.id for d in defined if d.kind == "law"} - laws
    if not cell.holders:
        return set()
    texts = {text for _, text, owner in spans if owner}
    added = {p.id for p in vocabulary.parties().values() if not p.id.startswith("payers-") and p.kind == "open-class"}
    added = {party for party in added if texts & set(vocabulary.parties()[party].forms)}
    return (added | {d.id for d in defined if d.kind == "party"}) - {holder.party for holder in cell.holders}


def beside(tasks: tuple[law.Task, ...]) -> set[str]:
    """The laws that only carry restrictions."""
    return {vocabulary.restrictions()[r].law for task in tasks for r in task.restrictions}


def parts(law_id: str) -> tuple[str, str]:
    """The law that a former law was, and the one that changed it."""
    return vocabulary.laws()[law_id].of, vocabulary.laws()[law_id].by


def outside_parentheses(spans: list[Span]) -> list[Span]:
    depth, kept = 0, []
    for span in spans:
        depth += span[2] is None and span[1] == "（"
        if depth == 0:
            kept.append(span)
        depth -= span[2] is None and span[1] == "）"
    return kept


def kinds(span: Span) -> set[str]:
    return {kind for kind, _ in span[2] or ()}
