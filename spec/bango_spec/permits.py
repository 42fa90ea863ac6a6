"""The decision: an edition's table of inquiries compiled once, then one lookup for each question, on interned ids.

A question is (asker, task, provider, information). A party of the table covers the parties that lie within it
(医療保険者 covers 市町村長, 市町村長 covers 市長); a kind of information covers the kinds that it consists of.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from bango_spec import law, vocabulary
from bango_spec.orders import Procedure, order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

NO, ORDER_NO = -1, -2
"""`decide` says NO when no line permits; ORDER_NO - n when line n would, but the order asks nothing of the kind."""


class Ref(NamedTuple):
    """A line of the table: its item, and its number from 1."""

    item: str
    line: int


class Slot(NamedTuple):
    """A task as far as the decision goes: its item, and what the order may ask for (None: no order details it)."""

    item: str
    kinds: frozenset[str] | None


@functools.cache
def covering_parties() -> Mapping[str, frozenset[str]]:
    """Every party with all the parties of the tables that cover it, itself among them."""
    known = vocabulary.parties()
    classes: dict[str, list[str]] = {}
    for party in known.values():
        for member in party.members:
            classes.setdefault(member, []).append(party.id)

    def up(party: str) -> frozenset[str]:
        wider = (w for w in (known[party].within, *classes.get(party, ())) if w)
        return frozenset({party}.union(*(up(w) for w in wider)))

    def shared(members: tuple[str, ...]) -> frozenset[str]:
        return frozenset.intersection(*(up(m) for m in members)) if members else frozenset()

    return {party.id: up(party.id) | shared(party.members) for party in known.values()}


@functools.cache
def covering_kinds(edition_id: str) -> Mapping[str, frozenset[str]]:
    """Every kind of information with all the named kinds that contain it in an edition, itself among them."""
    known = vocabulary.information().values()
    contents = {k.id: set(k.content) for k in known}
    for defined in (d for d in law.edition(edition_id).definitions if d.kind == "information" and d.content):
        contents[defined.id] = set(defined.content)
    named = [k.id for k in known if k.named and contents[k.id]]
    return {
        k.id: frozenset({k.id, *(w for w in named if contents[k.id] and contents[k.id] < contents[w])}) for k in known
    }


def _below(covering: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for narrow, wide in covering.items():
        for ident in wide:
            found.setdefault(ident, []).append(narrow)
    return found


class Permits:
    """One edition's table of inquiries; `decide` works on the numbers that `party`, `kind` and `task` give."""

    def __init__(self, edition: law.Edition) -> None:
        self.edition = edition
        self.items = {i: row for i, row in edition.schedule2.items() if not row.deleted}
        self.orders: Mapping[str, tuple[Procedure, ...]] = order(edition.id, "schedule2")
        self.refs: list[Ref] = []
        self._parties = {ident: n for n, ident in enumerate(vocabulary.parties())}
        self._kinds = {ident: n for n, ident in enumerate(vocabulary.information())}
        self._lines: dict[str, dict[int, int]] = {item: {} for item in self.items}
        self._tasks: list[dict[int, int]] = []
        self._interned: dict[tuple[Slot, ...], int] = {}
        self._fill()
        self.decide = self._decision()
        """The number of the first line that permits it (see `refs`), NO, or ORDER_NO - line."""

    def _fill(self) -> None:
        parties, kinds = _below(covering_parties()), _below(covering_kinds(self.edition.id))
        for item, row in self.items.items():
            askers = self._numbers(self._parties, (p for a in row.askers for p in parties[a.party]))
            for number, line in enumerate(row.lines, 1):
                ref = len(self.refs)
                self.refs.append(Ref(item, number))
                providers = self._numbers(self._parties, (p for h in line.providers for p in parties[h.party]))
                wanted = self._numbers(self._kinds, (k for i in line.information for k in kinds[i]))
                for asker in askers:
                    for provider in providers:
                        start = (asker * len(self._parties) + provider) * len(self._kinds)
                        for kind in wanted:
                            self._lines[item].setdefault(start + kind, ref)

    @staticmethod
    def _numbers(known: Mapping[str, int], idents: Iterable[str]) -> list[int]:
        return [known[i] for i in dict.fromkeys(idents)]

    def party(self, ident: str) -> int:
        """The number of a party id."""
        return self._parties[ident]

    def kind(self, ident: str) -> int:
        """The number of an information kind id."""
        return self._kinds[ident]

    def procedures(self, item: str, tasks: Iterable[str] = (), procedure: Procedure | None = None) -> list[Procedure]:
        """The procedures of an item's tasks (none given: all), or the one procedure."""
        wanted = set(tasks)
        found = self.orders.get(item, ())
        return [procedure] if procedure else [p for p in found if not wanted or not p.serves or wanted & set(p.serves)]

    def slot(self, item: str, tasks: Iterable[str] = (), procedure: Procedure | None = None) -> Slot:
        """The slot of an item's tasks (none given: all), or of one procedure of the order."""
        if item not in self.orders:
            return Slot(item, None)
        chosen = self.procedures(item, tasks, procedure)
        return Slot(item, frozenset(k for p in chosen for i in p.information for k in i.narrows))

    def asks(self, item: str, tasks: Iterable[str], procedure: Procedure | None, finer: str, kind: str) -> bool:
        """Whether the order asks for its own finer term as part of the kind; true where no order details the item."""
        chosen = self.procedures(item, tasks, procedure)
        return item not in self.orders or any(
            finer in i.asks and kind in i.narrows for p in chosen for i in p.information
        )

    def task(self, slots: Sequence[Slot]) -> int:
        """The number of a task that stands in these slots; the same slots have the same number."""
        key = tuple(slots)
        if key not in self._interned:
            self._interned[key] = len(self._tasks)
            self._tasks.append(self._answers(key))
        return self._interned[key]

    def _answers(self, slots: Sequence[Slot]) -> dict[int, int]:
        """What `decide` says for every (asker, provider, information) that some line of the slots names."""
        kinds = len(self._kinds)
        found: dict[int, int] = {}
        for item, asked in slots:
            allowed = (
                None
                if asked is None
                else {self._kinds[n] for n, wide in covering_kinds(self.edition.id).items() if wide & asked}
            )
            for place, line in self._lines[item].items():
                if allowed is None or place % kinds in allowed:
                    if found.get(place, NO) < 0:
                        found[place] = line
                else:
                    found.setdefault(place, ORDER_NO - line)
        return found

    def _decision(self) -> Callable[[int, int, int, int], int]:
        """The decision as a plain function: asker, task, provider, information → line, NO or ORDER_NO - line."""
        parties, kinds, tasks = len(self._parties), len(self._kinds), self._tasks

        def decide(asker: int, task: int, provider: int, information: int) -> int:
            return tasks[task].get((asker * parties + provider) * kinds + information, NO)

        return decide

    @staticmethod
    def stopped(said: int) -> int:
        """What `decide` said, when the order stops it: ORDER_NO - line instead of the line."""
        return ORDER_NO - said if said >= 0 else said

    @staticmethod
    def line(said: int) -> int:
        """The line that `decide` means, permitted or stopped by the order."""
        return said if said >= 0 else ORDER_NO - said


@functools.cache
def permits(edition_id: str) -> Permits:
    """The compiled table of an edition; LAW-TABLE when the edition has none."""
    return Permits(law.edition(edition_id))
