"""Answers: what a table says to a question in the law's terms, how far down it was decided, what came nearest."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from bango_spec import law, terms, vocabulary
from bango_spec._caveats import partly, resting_on, said, surviving
from bango_spec._compound import Parts, asks_nothing, permits_only, split
from bango_spec._matching import Found, item_number, matching
from bango_spec._nearest import Near, Reading, covered, near_items, near_lines
from bango_spec.errors import UsageError
from bango_spec.orders import order
from bango_spec.permits import NO, Permits, Ref, permits
from bango_spec.reading import Element, Text
from bango_spec.terms import TermError, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bango_spec.law import Edition, Schedule1Item, Table


class Answer(Element, frozen=True):
    """Yes or no, by which edition, item and line, decided at the table or down to the order; `near` explains a no.

    `condition`: what must hold for a yes that rests on a law surviving by transition (経過措置); else null.
    """

    permitted: bool
    edition: str
    table: str
    item: str | None
    line: int | None
    level: str
    near: list[Near]
    caveats: list[Text]
    reason: Text | None = None
    condition: Text | None = None


class _Outcome(NamedTuple):
    """The table's word on one reading."""

    permitted: bool
    item: str | None = None
    line: int | None = None
    level: str = "table"
    tasks: tuple[str, ...] = ()
    parts: Parts | None = None


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
            listed = {h.party for h in items[one.item].askers}
            own = one.exact and set(chosen) == listed
            if covered(chosen, listed) and (own or not outcome.permitted):
                detailed = any(not p.serves or set(p.serves) & set(one.tasks) for p in orders.get(one.item, ()))
                level = "order" if detailed else "table"
                outcome = _Outcome(permitted=True, item=one.item, level=level, tasks=one.tasks)
                if own:
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
    """The item that permits every party and kind asked; else the first that only the order stops; else no.

    Of several that permit it the one whose own words are just those asked, else the first.
    """
    permitted = stopped = None
    parts: Parts | None = None
    for one in found:
        slot = table.slot(one.item, one.tasks, one.procedure)
        task = table.task([slot])
        said = {
            w: [_best(table, task, one, a, p, w) for a, p in product(asked.askers, asked.providers)]
            for w in asked.wanted
        }
        lines = [n for wanted in said.values() for n in wanted]
        level = "table" if slot.kinds is None else "order"
        if all(n >= 0 for n in lines):
            ref = table.refs[lines[0]]
            outcome = _Outcome(permitted=True, item=one.item, line=ref.line, level=level, tasks=one.tasks)
            permitted = permitted or outcome
            if one.exact and _in_its_words(table, ref, asked):
                return outcome
        if permitted:
            continue
        parts = parts or split(one.item, said)
        if NO not in lines and stopped is None:
            ref = table.refs[table.line(next(n for n in lines if n < 0))]
            stopped = _Outcome(permitted=False, item=ref.item, line=ref.line, level=level, parts=split(one.item, said))
    return permitted or stopped or _Outcome(permitted=False, parts=parts)


def _in_its_words(table: Permits, ref: Ref, asked: Reading) -> bool:
    row = table.items[ref.item]
    line = row.lines[ref.line - 1]
    return (
        set(asked.askers) == {h.party for h in row.askers}
        and set(asked.providers) == {h.party for h in line.providers}
        and {w.id for w in asked.wanted} == set(line.information)
    )


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
    outcomes = list(read.values())
    if len({(one.permitted, one.item, one.line, one.level) for one in outcomes}) == 1:
        return outcomes[0]
    names = vocabulary.information() | vocabulary.parties()
    for coordinate, (text, groups) in words.items():
        for group in groups:
            if len(group) > 1:
                raise TermError(coordinate, text, meanings=[(i, names[i].ja if i in names else i) for i in group])
    raise AssertionError(words)


def _answer(edition: Edition, table: Table, outcome: _Outcome, near: list[Near], caveats: list[Text]) -> Answer:
    reason = None
    if not outcome.permitted and outcome.item is not None:
        reason = asks_nothing(outcome.parts)
    elif outcome.parts:
        reason = permits_only(outcome.parts)
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
        condition=surviving(edition, table, outcome.item, outcome.tasks) if outcome.permitted else None,
    )
