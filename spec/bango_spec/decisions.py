"""Answers: what a table says to a question in the law's terms, how far down it was decided, what came nearest."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from bango_spec import law, terms, vocabulary
from bango_spec._caveats import partly, resting_on, said
from bango_spec._matching import Found, item_number, matching
from bango_spec._nearest import Near, Reading, covered, near_items, near_lines
from bango_spec.errors import UsageError
from bango_spec.orders import order
from bango_spec.permits import NO, Permits, permits
from bango_spec.reading import Element, Text
from bango_spec.terms import TermError, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bango_spec.law import Edition, Schedule1Item, Table


class Answer(Element, frozen=True):
    """Yes or no, by which edition, item and line, decided at the table or down to the order; `near` explains a no."""

    permitted: bool
    edition: str
    table: str
    item: str | None
    line: int | None
    level: str
    near: list[Near]
    caveats: list[Text]
    reason: Text | None = None


class _Outcome(NamedTuple):
    """The table's word on one reading."""

    permitted: bool
    item: str | None = None
    line: int | None = None
    level: str = "table"


def decide_permit(
    asker: str, by: str | None, task: str | None, provider: str, information: str, item: str | None, as_of: str | None
) -> Answer:
    """Whether the table of inquiries of the day permits it; TermError for a word that cannot be resolved."""
    edition = law.edition_as_of(as_of, "schedule2")
    table = permits(edition.id)
    askers, providers = terms.parties(asker, "asker"), terms.parties(provider, "provider")
    kinds = terms.information(information)
    found = matching(edition.id, "schedule2", by, task)
    within = _within(edition, "schedule2", found, item)
    readings = product(product(*askers), product(*providers), product(*kinds))
    read = {
        asked: _permitted(table, within, asked)
        for asked in (Reading(askers=a, providers=p, wanted=w) for a, p, w in readings)
    }
    outcome = _agreed(
        read,
        {
            "asker": (asker, askers),
            "provider": (provider, providers),
            "information": (information, [[w.id for w in g] for g in kinds]),
        },
    )
    asked = next(iter(read))
    near = []
    if not outcome.permitted:
        kin = matching(edition.id, "schedule2", by, None) if by else found
        near = near_lines(table, found, asked, item, frozenset(f.item for f in kin))
    return _answer(
        edition, "schedule2", outcome, near, [*said(edition, "schedule2", item, as_of), *partly(near, asked)]
    )


def decide_use(asker: str, by: str | None, task: str | None, item: str | None, as_of: str | None) -> Answer:
    """Whether the table of uses of the day lets the asker use the number for the task; TermError as above."""
    edition = law.edition_as_of(as_of, "schedule1")
    items = {i: row for i, row in edition.schedule1.items() if not row.deleted}
    askers = terms.parties(asker, "asker")
    orders = order(edition.id, "schedule1")
    found = matching(edition.id, "schedule1", by, task)
    within = _within(edition, "schedule1", found, item)
    read = {}
    for chosen in product(*askers):
        outcome = _Outcome(permitted=False)
        for one in within:
            if covered(chosen, (h.party for h in items[one.item].askers)):
                detailed = any(not p.serves or set(p.serves) & set(one.tasks) for p in orders.get(one.item, ()))
                outcome = _Outcome(permitted=True, item=one.item, level="order" if detailed else "table")
                break
        read[Reading(askers=chosen)] = outcome
    outcome = _agreed(read, {"asker": (asker, askers)})
    near = []
    if not outcome.permitted:
        kin = matching(edition.id, "schedule1", by, None) if by else found
        near = near_items(items, found, next(iter(read)), item, frozenset(f.item for f in kin))
    return _answer(edition, "schedule1", outcome, near, said(edition, "schedule1", item, as_of))


def _within(edition: Edition, table: Table, found: Sequence[Found], item: str | None) -> Sequence[Found]:
    if item is None:
        return found
    number = item_number(item)
    rows: dict[str, Schedule1Item] = dict(edition.schedule1 if table == "schedule1" else edition.schedule2)
    if number not in rows:
        raise UsageError(
            "LAW-ITEM",
            f"{number} の項はこの版にない。 no item {number} in {edition.id}",
            step="項の番号を確かめる。 check the number",
        )
    return [f for f in found if f.item == number]


def _permitted(table: Permits, found: Iterable[Found], asked: Reading) -> _Outcome:
    """The first item that permits every party and kind asked; else the first that only the order stops; else no."""
    stopped = _Outcome(permitted=False)
    for one in found:
        slot = table.slot(one.item, one.tasks, one.procedure)
        task = table.task([slot])
        lines = [_best(table, task, one, a, p, w) for a, p, w in product(asked.askers, asked.providers, asked.wanted)]
        if NO in lines:
            continue
        level = "table" if slot.kinds is None else "order"
        if all(n >= 0 for n in lines):
            return _Outcome(permitted=True, item=one.item, line=table.refs[lines[0]].line, level=level)
        if stopped.item is None:
            ref = table.refs[table.line(next(n for n in lines if n < 0))]
            stopped = _Outcome(permitted=False, item=ref.item, line=ref.line, level=level)
    return stopped


def _best(table: Permits, task: int, one: Found, asker: str, provider: str, wanted: Wanted) -> int:
    said = [
        table.decide(table.party(asker), task, table.party(provider), table.kind(kind))
        if not wanted.finer or table.asks(one.item, one.tasks, one.procedure, wanted.finer, kind)
        else table.stopped(table.decide(table.party(asker), task, table.party(provider), table.kind(kind)))
        for kind in wanted.kinds
    ]
    return max(said, key=lambda n: (n >= 0, n != NO))


def _agreed(read: dict[Reading, _Outcome], words: dict[str, tuple[str, Sequence[Sequence[str]]]]) -> _Outcome:
    """The one outcome of all readings; TERM-AMBIGUOUS when they differ."""
    outcomes = set(read.values())
    if len(outcomes) == 1:
        return outcomes.pop()
    names = vocabulary.information() | vocabulary.parties()
    for coordinate, (text, groups) in words.items():
        for group in groups:
            if len(group) > 1:
                raise TermError(coordinate, text, meanings=[(i, names[i].ja if i in names else i) for i in group])
    raise AssertionError(words)


def _answer(edition: Edition, table: Table, outcome: _Outcome, near: list[Near], caveats: list[Text]) -> Answer:
    reason = None
    if not outcome.permitted and outcome.item is not None:
        reason = Text(
            ja="命令にこの情報を求める手続がない。", en="No procedure of the order asks for this information."
        )
    return Answer(
        permitted=outcome.permitted,
        edition=edition.id,
        table=table,
        item=outcome.item,
        line=outcome.line,
        level=outcome.level,
        near=near,
        caveats=caveats + resting_on(edition, table, outcome.item, outcome.level, permitted=outcome.permitted),
        reason=reason,
    )
