"""The shapes of `spec/systems.yaml`."""

from __future__ import annotations

from typing import Literal

from bango_spec.reading import Element, Text


class Page(Element, frozen=True):
    """A page of the briefing by its printed number."""

    page: int
    topic: Text


class Briefing(Element, frozen=True):
    """The document that the file follows; `author` is the id of an organisation."""

    title: Text
    date: str
    author: str
    pages: tuple[Page, ...]


class BodyClass(Element, frozen=True):
    """A class of bodies that a window speaks of."""

    id: str
    names: Text


class Outcome(Element, frozen=True):
    """What came of a milestone: an ISO date or month."""

    on: str
    note: Text


class Milestone(Element, frozen=True):
    """A month (ISO 8601, `2015-10`) that systems had to be ready for."""

    id: str
    names: Text
    on: str
    era: str
    pages: tuple[int, ...]
    happened: Outcome | None = None


class Window(Element, frozen=True):
    """When a class of bodies does something: ISO dates, `end` absent where the briefing leaves it open."""

    id: str
    what: Text
    bodies: str
    start: str
    era: str
    page: int
    certainty: Literal["required", "expected", "planned"]
    end: str | None = None
    ready_for: tuple[str, ...] = ()


class Point(Element, frozen=True):
    """One point that the briefing lists about a system: a function, a thing held, a measure, a reason, an effect."""

    id: str
    names: Text
    page: int


class Offer(Element, frozen=True):
    """Something a system does for others; `path` where its interface document has it."""

    id: str
    names: Text
    path: str | None = None


class Call(Element, frozen=True):
    """An edge of the systems map: which offer of which system is used, over which network."""

    system: str
    offer: str
    over: str


class System(Element, frozen=True):
    """A system, network, organisation, programme, card or certificate; `state` is its state in this testbed."""

    id: str
    names: Text
    kind: Literal["system", "network", "organisation", "programme", "card", "certificate"]
    role: Text
    state: Literal["built", "planned", "described"]
    pages: tuple[int, ...]
    operator: str | None = None
    operator_before: str | None = None
    operator_today: str | None = None
    operator_note: Text | None = None
    state_note: Text | None = None
    part_of: str | None = None
    scope: Literal["briefing", "outside-briefing"] = "briefing"
    scope_note: Text | None = None
    source: Text | None = None
    terms: tuple[str, ...] = ()
    sites: int | None = None
    offers: tuple[Offer, ...] = ()
    calls: tuple[Call, ...] = ()
    reasons: tuple[Point, ...] = ()
    functions: tuple[Point, ...] = ()
    holds: tuple[Point, ...] = ()
    never_holds: tuple[Point, ...] = ()
    measures: tuple[Point, ...] = ()
    effects: tuple[Point, ...] = ()
    update_rule: Text | None = None
    needed_for: tuple[str, ...] = ()
    dates: tuple[Window, ...] = ()
    under: tuple[Text, ...] = ()
    leader: Text | None = None
    members: tuple[Text, ...] = ()


class BudgetLine(Element, frozen=True):
    """A line of the budget table; amounts are decimal strings in the table's unit, `rate` is a fraction."""

    id: str
    system: str
    names: Text
    rate: str
    cost: str
    subsidy: str


class Amounts(Element, frozen=True):
    """A cost and the subsidy on it, decimal strings."""

    cost: str
    subsidy: str


class MoneyRule(Element, frozen=True):
    """Who pays what the table leaves open."""

    id: str
    what: Text
    page: int
    system: str | None = None
    share: str | None = None
    payer: str | None = None
    payee: str | None = None
    subsidy_rate: str | None = None


class Money(Element, frozen=True):
    """The budget table of one fiscal year, and the rules around it."""

    unit: Text
    fiscal_year: int
    era: str
    page: int
    request: Text
    lines: tuple[BudgetLine, ...]
    total: Amounts
    period: Window
    rules: tuple[MoneyRule, ...]


class CardUse(Element, frozen=True):
    """A use of the individual number card, by the place on the card that it uses."""

    id: str
    place: Literal["number", "chip-free-area", "certificate"]
    names: Text
    basis: Text
    page: int
    system: str | None = None
    planned: bool = False


class Amendment(Element, frozen=True):
    """A numbered change to the public certification act."""

    id: str
    number: int
    system: str
    what: Text
    page: int


class Landscape(Element, frozen=True):
    """The whole of `systems.yaml`."""

    briefing: Briefing
    body_classes: tuple[BodyClass, ...]
    milestones: tuple[Milestone, ...]
    money: Money
    systems: tuple[System, ...]
    card_uses: tuple[CardUse, ...]
    amendments: tuple[Amendment, ...]
