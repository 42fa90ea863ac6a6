"""The orders that detail the schedules: the procedures of a task, and what each of them may ask for."""

from __future__ import annotations

import functools
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from bango_spec.reading import Element, read, root

if TYPE_CHECKING:
    from collections.abc import Mapping


class Term(Element, frozen=True):
    """A word of the orders: its id, its names, and the forms by which the orders name it."""

    id: str
    ja: str
    en: str
    forms: tuple[str, ...]


class OrderTerms(Element, frozen=True):
    """`spec/law/order-terms.yaml`: what the orders ask for, about whom, what is done, and laws only they name."""

    information: tuple[Term, ...]
    concerns: tuple[Term, ...]
    acts: tuple[Term, ...]
    laws: tuple[Term, ...]


class Asked(Element, frozen=True):
    """One information of a procedure: what the order asks for, the kinds that it is part of, and whose it is."""

    asks: tuple[str, ...]
    narrows: tuple[str, ...]
    concerns: tuple[str, ...] = ()


class Procedure(Element, frozen=True):
    """One procedure: its article, paragraph and number, the item it details, the places it cites, what is done.

    `serves`: the tasks of the item that it names (none: all); `applies`: the procedure that it applies to another case.
    """

    article: str
    paragraph: int
    number: str
    item: str
    cites: tuple[str, ...]
    acts: tuple[str, ...]
    serves: tuple[str, ...] = ()
    applies: str = ""
    information: tuple[Asked, ...] = ()

    @property
    def id(self) -> str:
        """The procedure inside its order, e.g. `40.1.1`."""
        return ".".join(filter(None, (self.article, str(self.paragraph), self.number)))


@functools.cache
def order_terms() -> OrderTerms:
    """The words of the orders."""
    return read("law/order-terms.yaml", OrderTerms)


@functools.cache
def order(edition: str, table: str) -> Mapping[str, tuple[Procedure, ...]]:
    """By item, the procedures of the order that details a table of an edition; empty where no order is held."""
    name = {"schedule1": "order1", "schedule2": "order2"}[table]
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", edition) or not (root() / f"law/{edition}/{name}.json").is_file():
        return MappingProxyType({})
    found: dict[str, list[Procedure]] = {}
    for procedure in read(f"law/{edition}/{name}.json", list[Procedure]):
        found.setdefault(procedure.item, []).append(procedure)
    return MappingProxyType({item: tuple(procedures) for item, procedures in found.items()})
