"""What may be asked in a campaign: the lines of its mix, between the target's body and bodies of the computed nation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from bango_loadtests.scene import Question
from bango_mocks.directory import Entry as Known
from bango_mocks.parties import parties_of
from bango_mocks.population import bodies
from bango_spec import load
from bango_spec.allow_list import Entry, allow_list, party_kinds
from bango_spec.law import edition as edition_of
from bango_spec.vocabulary import information_by_code

MOST = 40
"""So many combinations at most stand for a mix: enough for every line of it, few enough to prepare quickly."""


class Counterparts:
    """The other bodies of a campaign: for each party of the tables, the first body of the nation that is one."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._found: dict[str, str] = {}

    def of(self, party: str) -> str | None:
        """The code of a body that is this party and not the target; None where nobody in the nation is."""
        if party not in self._found:
            code = next((one for one, kinds in _nation() if party in kinds and one != self._target), None)
            if code is None:
                return None
            self._found[party] = code
        return self._found[party]

    def entries(self) -> list[Known]:
        """The bodies that were needed, for the network's directory."""
        wanted = set(self._found.values())
        return [
            Known(
                body=one.code,
                name=one.full_name,
                kinds=party_kinds(parties_of(one)),
                municipality=one.municipality_code or None,
            )
            for one in bodies()
            if one.code in wanted
        ]


@cache
def _nation() -> tuple[tuple[str, frozenset[str]], ...]:
    # Of a kind that there are many of, the second is as good as the last.
    found, seen = [], dict[str, int]()
    for one in bodies():
        seen[one.kind] = seen.get(one.kind, 0) + 1
        if seen[one.kind] <= 2:
            found.append((one.code, party_kinds(parties_of(one))))
    return tuple(found)


def asked(target: str, kinds: frozenset[str], edition: str, mix: str | None, others: Counterparts) -> list[Question]:
    """What the target may ask, by the mix; all that it may ask, evenly, when the mix has nothing for it."""
    lines = [one for one in allow_list(edition) if one.asker in kinds]
    return list(_questions(_weighed(lines, edition, mix), lambda one: (target, others.of(one.provider))))


def served(target: str, kinds: frozenset[str], edition: str, mix: str | None, others: Counterparts) -> list[Question]:
    """What the target may be asked, by the mix, in the same way."""
    lines = [one for one in allow_list(edition) if one.provider in kinds]
    return list(_questions(_weighed(lines, edition, mix), lambda one: (others.of(one.asker), target)))


def _weighed(lines: list[Entry], edition: str, mix: str | None) -> Iterable[tuple[Entry, float]]:
    rows = edition_of(edition).schedule2
    found: list[tuple[Entry, float]] = []
    for wanted in load.mix(mix).lines if mix else ():
        fitting = [
            one
            for one in lines
            if information_by_code(one.information).id == wanted.information
            and any(task.law == wanted.law for task in rows[one.item].tasks)
        ]
        # One line of the table may stand for several procedures: they share its weight.
        found += [(one, wanted.weight / len(fitting)) for one in fitting]
    return found or [(one, 1.0) for one in lines]


def _questions(
    lines: Iterable[tuple[Entry, float]], between: Callable[[Entry], tuple[str | None, str | None]]
) -> Iterator[Question]:
    chosen = sorted(lines, key=lambda one: -one[1])
    step = max(1, len(chosen) // MOST)
    for one, weight in chosen[::step]:
        asker, provider = between(one)
        if asker and provider:
            yield Question(
                asker=asker,
                provider=provider,
                task=one.task,
                procedure=one.procedure,
                information=one.information,
                item=one.item,
                line=one.line,
                weight=weight,
            )
