"""What `systems.yaml` must satisfy beyond its shape: references, eras, and money that adds up."""

from __future__ import annotations

import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bango_spec._system_data import Landscape, Money, System

_HEISEI = 1988
_ERA_YEAR = re.compile(r"平成([0-9]+)年度(後半)?")


def era_start(era: str) -> str | None:
    """The ISO date on which a fiscal year in era notation begins (its second half in October), None for other texts."""
    match = _ERA_YEAR.match(era)
    if match is None:
        return None
    return f"{_HEISEI + int(match[1])}-{'10' if match[2] else '04'}-01"


def era_month(era: str) -> str | None:
    """The ISO month of an era month (`平成27年10月` is `2015-10`), None for other texts."""
    match = re.fullmatch(r"平成([0-9]+)年([0-9]+)月", era)
    return f"{_HEISEI + int(match[1])}-{int(match[2]):02}" if match else None


def subsidy(cost: str, rate: str) -> Decimal:
    """The subsidy on a cost at a rate, rounded half up to one decimal as the table prints it."""
    share = Fraction(rate)
    exact = Decimal(cost) * share.numerator / share.denominator
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def money_problems(money: Money) -> Iterator[str]:
    """Lines whose rate does not give their subsidy, and totals that are not the sum of the lines."""
    for line in money.lines:
        if (due := subsidy(line.cost, line.rate)) != Decimal(line.subsidy):
            yield f"money {line.id}: {line.cost} at {line.rate} is {due}, not {line.subsidy}"
    for name in ("cost", "subsidy"):
        added = sum((Decimal(getattr(line, name)) for line in money.lines), Decimal())
        if added != Decimal(getattr(money.total, name)):
            yield f"money total {name}: the lines add up to {added}, not {getattr(money.total, name)}"
    rates = {line.system: Fraction(line.rate) for line in money.lines}
    for rule in money.rules:
        if rule.share and rule.system in rates and Fraction(rule.share) + rates[rule.system] != 1:
            yield f"money {rule.id}: {rule.share} and the subsidy do not make the whole"


def _reference_problems(one: System, known: dict[str, System]) -> Iterator[str]:
    for name in ("operator", "operator_before", "operator_today", "part_of"):
        target = getattr(one, name)
        if target is not None and target not in known:
            yield f"{one.id}: {name} {target} is not in the file"
        elif target is not None and name != "part_of" and known[target].kind != "organisation":
            yield f"{one.id}: {name} {target} is no organisation"
    for call in one.calls:
        callee = known.get(call.system)
        if callee is None or call.offer not in {offer.id for offer in callee.offers}:
            yield f"{one.id}: calls {call.system}/{call.offer}, which nobody offers"
        if call.over not in known or known[call.over].kind != "network":
            yield f"{one.id}: calls over {call.over}, which is no network"


def _date_problems(one: System, milestones: set[str], classes: set[str]) -> Iterator[str]:
    for window in one.dates:
        if window.bodies not in classes:
            yield f"{one.id}: window {window.id} speaks of {window.bodies}, which is no class of bodies"
        if era_start(window.era) != window.start:
            yield f"{one.id}: window {window.id} starts {window.start}, but its era says {window.era}"
        if window.end is not None and window.end <= window.start:
            yield f"{one.id}: window {window.id} ends before it starts"
        yield from (f"{one.id}: window {window.id} waits for {x}" for x in window.ready_for if x not in milestones)
    yield from (f"{one.id}: needed for {x}, which is no milestone" for x in one.needed_for if x not in milestones)


def _word_problems(one: System) -> Iterator[str]:
    if not one.pages and one.source is None:
        yield f"{one.id}: the briefing does not name it, and no source is given"
    if one.scope == "outside-briefing" and one.scope_note is None:
        yield f"{one.id}: outside the briefing's scope without a word on it"


def problems(data: Landscape) -> Iterator[str]:
    """Everything wrong with the data, one sentence each; nothing when it is in order."""
    known = {one.id: one for one in data.systems}
    ids = Counter(one.id for one in data.systems)
    ids.update(f"window {window.id}" for one in data.systems for window in one.dates)
    yield from (f"{name} stands twice" for name, count in ids.items() if count > 1)
    milestones = {one.id for one in data.milestones}
    classes = {one.id for one in data.body_classes}
    for milestone in data.milestones:
        if era_month(milestone.era) != milestone.on:
            yield f"milestone {milestone.id}: {milestone.on} is not {milestone.era}"
    for one in data.systems:
        yield from _reference_problems(one, known)
        yield from _date_problems(one, milestones, classes)
        yield from _word_problems(one)
    rows = [(line.id, line.system) for line in data.money.lines]
    rows += [(rule.id, name) for rule in data.money.rules for name in (rule.system, rule.payer, rule.payee) if name]
    rows += [(use.id, use.system) for use in data.card_uses if use.system]
    rows += [(amendment.id, amendment.system) for amendment in data.amendments]
    yield from (f"{row}: system {name} is not in the file" for row, name in rows if name not in known)
    yield from money_problems(data.money)
