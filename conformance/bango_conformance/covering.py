"""Which requests cover the table: every line, every pair of party and information, and each line with one coordinate changed.

Pure functions of the edition and of the kinds of party that the target's body is; the same scope gives the same plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from bango_conformance.lines import entries_of, permitted_by
from bango_spec import law
from bango_spec.allow_list import Entry, party_kinds
from bango_spec.vocabulary import information

Role = Literal["provider", "asker"]
Coordinate = Literal["asker", "provider", "task", "procedure", "information"]
COORDINATES: tuple[Coordinate, ...] = ("task", "procedure", "information", "asker", "provider")


class Place(NamedTuple):
    """A line of the table."""

    item: str
    line: int


class Change(NamedTuple):
    """A request that no line permits: `line` permits `base`, and `asked` differs from what permits it in one coordinate."""

    place: Place
    coordinate: Coordinate
    base: Entry
    asked: Entry


@dataclass(frozen=True)
class Cover:
    """The plans for a body of these kinds of party, in one role, under one edition."""

    edition: str
    kinds: frozenset[str]
    role: Role

    @property
    def own(self) -> tuple[Entry, ...]:
        """Every entry in which the body has the role, in the order of the table."""
        return _own(self)

    @property
    def lines(self) -> dict[Place, list[Entry]]:
        """The lines in which the body has the role, each with its entries."""
        found: dict[Place, list[Entry]] = {}
        for entry in self.own:
            found.setdefault(Place(entry.item, entry.line), []).append(entry)
        return found

    def served(self) -> dict[Place, list[Entry]]:
        """For each line the fewest entries that show each of its kinds of information, and over all lines every pair.

        Of several procedures and parties that would do, one that has not been shown before is taken.
        """
        seen: set[tuple[str, ...]] = set()
        plan: dict[Place, list[Entry]] = {}
        for place, entries in self.lines.items():
            chosen = []
            for kind in dict.fromkeys(entry.information for entry in entries):
                left = [entry for entry in entries if entry.information == kind]
                first = True
                while left:
                    best = max(left, key=lambda entry: self._new(entry, seen))
                    if not first and self._pair(best) in seen:
                        break
                    seen |= {self._pair(best), (best.procedure,)}
                    chosen.append(best)
                    left.remove(best)
                    first = False
            plan[place] = chosen
        return plan

    def _new(self, entry: Entry, seen: set[tuple[str, ...]]) -> tuple[bool, bool]:
        return self._pair(entry) not in seen, (entry.procedure,) not in seen

    def _pair(self, entry: Entry) -> tuple[str, str, str]:
        return entry.asker, entry.provider, entry.information

    def refused(self) -> list[Change]:
        """Each line with one coordinate changed, the coordinates taking turns; then what the turns left out.

        What is left out otherwise: a kind of information that no change asks for, and a coordinate of an item that the
        order or the line of another party would make the likeliest mistake.
        """
        places = self.lines
        served = self.served()
        made: dict[tuple[Place, Coordinate], Change] = {}
        for turn, place in enumerate(places):
            for coordinate in (*COORDINATES[turn % 5 :], *COORDINATES[: turn % 5]):
                change = self._changed(place, served[place][turn % len(served[place])], coordinate, turn)
                if change is not None:
                    made[place, coordinate] = change
                    break
        asked = {change.asked.information for change in made.values()}
        for turn, place in enumerate(places):
            base = next((entry for entry in served[place] if entry.information not in asked), None)
            change = None if base is None else self._changed(place, base, "task", turn)
            if change is not None and (place, "task") not in made:
                made[place, "task"] = change
                asked.add(change.asked.information)
        return sorted(made.values(), key=lambda change: (list(places).index(change.place), change.coordinate))

    def narrowed(self) -> list[Change]:
        """Of each item one procedure that does not ask for what another procedure of the item may ask of the same body."""
        found: dict[str, Change] = {}
        for place, entries in self.lines.items():
            for base in entries:
                if place.item in found:
                    break
                for procedure in dict.fromkeys(entry.procedure for entry in self._item(place.item)):
                    asked = base._replace(procedure=procedure)
                    if not self.permits(asked):
                        found[place.item] = Change(place, "procedure", base, asked)
                        break
        return list(found.values())

    def unasked(self) -> list[Change]:
        """Each line in which the body has the role and for whose information no procedure of the order asks."""
        found = []
        here = {Place(entry.item, entry.line) for entry in entries_of(self.edition)}
        for item, row in law.edition(self.edition).schedule2.items():
            for number, line in enumerate(row.lines, 1):
                place = Place(item, number)
                asker = self._taken([holder.party for holder in row.askers], "asker")
                provider = self._taken([holder.party for holder in line.providers], "provider")
                base = next(iter(self._item(item)), None)
                if place in here or base is None or asker is None or provider is None:
                    continue
                code = information()[line.information[0]].code
                asked = base._replace(line=number, asker=asker, provider=provider, information=code)
                found.append(Change(place, "information", self.own[0], asked))
        return found

    def _taken(self, listed: Sequence[str], side: Role) -> str | None:
        """The party that takes a side of a line: the body itself on its own side, or nobody."""
        return next((party for party in listed if side != self.role or party in self.kinds), None)

    def permits(self, asked: Entry) -> bool:
        """Whether the table permits what is asked, with the body itself in its role and a played body in the other."""
        if self.role == "provider":
            return permitted_by(self.edition)(_kinds(asked.asker), self.kinds, asked)
        return permitted_by(self.edition)(self.kinds, _kinds(asked.provider), asked)

    def _item(self, item: str) -> list[Entry]:
        return _by_item(self.edition).get(item, [])

    def _changed(self, place: Place, base: Entry, coordinate: Coordinate, turn: int) -> Change | None:
        candidates = _CANDIDATES[coordinate](self, base)
        for likely in candidates:
            # The turn spreads the choice over the candidates of one likelihood.
            shift = turn % max(len(likely), 1)
            for asked in (*likely[shift:], *likely[:shift]):
                if not self.permits(asked):
                    return Change(place, coordinate, base, asked)
        return None

    # --- candidates: lists of what could be asked instead, the likeliest mistakes first -------------------------

    def _informations(self, base: Entry) -> Iterator[list[Entry]]:
        here = {entry.information: None for entry in self._item(base.item) if entry.information in self.informations()}
        yield [base._replace(information=one) for one in here]
        yield [base._replace(information=one) for one in self.informations()]

    def _procedures(self, base: Entry) -> Iterator[list[Entry]]:
        here = dict.fromkeys(entry.procedure for entry in self._item(base.item))
        yield [base._replace(procedure=one) for one in here]
        yield [base._replace(procedure=entry.procedure) for entry in self._same(base)]
        yield [base._replace(procedure=entry.procedure) for entry in self._first_of_items(base)]

    def _tasks(self, base: Entry) -> Iterator[list[Entry]]:
        yield [base._replace(task=entry.task) for entry in self._same(base)]
        yield [base._replace(task=entry.task) for entry in self._first_of_items(base)]

    def _askers(self, base: Entry) -> Iterator[list[Entry]]:
        yield from self._others(base, "asker") if self.role == "provider" else self._lines_of_others(base)

    def _providers(self, base: Entry) -> Iterator[list[Entry]]:
        yield from self._others(base, "provider") if self.role == "asker" else self._lines_of_others(base)

    def _others(self, base: Entry, coordinate: Literal["asker", "provider"]) -> Iterator[list[Entry]]:
        """The other side is somebody who has this information, or this item, in another line."""
        near = [entry for entry in self.own if entry.information == base.information or entry.item == base.item]
        for entries in (near, self.own):
            parties = dict.fromkeys(getattr(entry, coordinate) for entry in entries)
            yield [base._replace(**{coordinate: party}) for party in parties]

    def _lines_of_others(self, base: Entry) -> Iterator[list[Entry]]:
        """A line of the same item in which another party has this body's role, best one about information held here."""
        own = {self.role: getattr(base, self.role)}
        others = [entry for entry in self._item(base.item) if getattr(entry, self.role) not in self.kinds]
        yield [entry._replace(**own) for entry in others if entry.information in self.informations()]
        yield [entry._replace(**own) for entry in others]
        yield [entry._replace(**own) for entry in _of_others(self)]

    def _same(self, base: Entry) -> list[Entry]:
        """Entries of other items with the same parties and information."""
        return [e for e in self.own if self._pair(e) == self._pair(base) and e.item != base.item]

    def _first_of_items(self, base: Entry) -> list[Entry]:
        """The first entry of every other item."""
        return [entries[0] for item, entries in _by_item(self.edition).items() if item != base.item]

    def informations(self) -> tuple[str, ...]:
        """Every kind of information (code) that the body asks or provides somewhere."""
        return _informations(self)


_CANDIDATES: dict[Coordinate, Callable[[Cover, Entry], Iterator[Sequence[Entry]]]] = {
    "asker": Cover._askers,  # noqa: SLF001 - the class's own
    "provider": Cover._providers,  # noqa: SLF001
    "task": Cover._tasks,  # noqa: SLF001
    "procedure": Cover._procedures,  # noqa: SLF001
    "information": Cover._informations,  # noqa: SLF001
}


@cache
def _own(cover: Cover) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries_of(cover.edition) if getattr(entry, cover.role) in cover.kinds)


@cache
def _of_others(cover: Cover) -> tuple[Entry, ...]:
    """One entry for each item and information in which another party has the body's role, what is held here first."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries_of(cover.edition):
        if getattr(entry, cover.role) not in cover.kinds:
            found.setdefault((entry.item, entry.information), entry)
    held = set(cover.informations())
    return tuple(sorted(found.values(), key=lambda entry: entry.information not in held))


@cache
def _informations(cover: Cover) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.information for entry in cover.own))


@cache
def _by_item(edition: str) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries_of(edition):
        found.setdefault(entry.item, []).append(entry)
    return found


@cache
def _kinds(party: str) -> frozenset[str]:
    return party_kinds([party])


def elsewhere(cover: Cover, other: str) -> list[Change]:
    """What another edition permits to the body and this one does not, under whatever procedure: one for each item.

    `base` is a line of this edition with the same information, so that there can be a replica of it. The request is the
    other edition's own to the last code, so that nothing but the edition speaks against it.
    """
    theirs = Cover(other, cover.kinds, cover.role)
    by_information = {entry.information: entry for entry in cover.own}
    known = {getattr(entry, side) for entry in entries_of(cover.edition) for side in ("asker", "provider")}
    found: dict[str, Change] = {}
    for entry in theirs.own:
        base = by_information.get(entry.information)
        if entry.item in found or base is None or not {entry.asker, entry.provider} <= known:
            continue
        here = [e.procedure for entries in _by_item(cover.edition).values() for e in entries if e.task == entry.task]
        asked = [entry._replace(procedure=procedure) for procedure in dict.fromkeys([*here, entry.procedure])]
        if not any(cover.permits(one) for one in asked):
            found[entry.item] = Change(Place(entry.item, entry.line), "task", base, entry)
    return list(found.values())
