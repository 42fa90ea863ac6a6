"""Lines of the table that checks work along when any line would do, chosen for what the information kind allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bango_conformance.lines import asker_lines, entries_of, provider_lines
from bango_conformance.suite import Scope
from bango_spec.items import kind, layouts
from bango_spec.vocabulary import information_by_code

if TYPE_CHECKING:
    from bango_conformance.stage import Stage
    from bango_conformance.subject import AllowedLine

Wanted = Callable[["AllowedLine"], bool]


def by_year(line: AllowedLine) -> bool:
    """Whether replicas of the line's information stand side by side for fiscal years."""
    return kind(information_by_code(line.information).id).scope == "fiscal-year"


def by_period(line: AllowedLine) -> bool:
    """Whether replicas of the line's information stand side by side for periods."""
    return kind(information_by_code(line.information).id).scope == "period"


def by_year_in_two_layouts(line: AllowedLine) -> bool:
    """The same, with more than one layout version in use."""
    return by_year(line) and len(layouts(information_by_code(line.information).id)) > 1


def asking(scope: Scope, wanted: Wanted = by_year) -> AllowedLine | None:
    """A line on which the target's body asks: the first wanted one, else the first; None for a body that may ask nothing."""
    return _chosen(asker_lines(scope), wanted)


def providing(scope: Scope, wanted: Wanted = by_year) -> AllowedLine | None:
    """A line on which the target's body provides: the first wanted one, else the first; None if it provides nothing."""
    return _chosen(provider_lines(scope), wanted)


def not_permitted(scope: Scope, lines: list[AllowedLine], line: AllowedLine) -> AllowedLine:
    """The line with the information of another one, best one of these lines, so that no line permits it."""
    same = {one.information for one in lines if one[:4] == line[:4]}
    # A body with few lines may have no other information: then that of anybody's line.
    others = [*(one.information for one in lines), *(one.information for one in entries_of(scope.edition))]
    return line._replace(information=next(one for one in others if one not in same))


def scope_of(stage: Stage) -> Scope:
    """The scope of a run, from its stage."""
    target = stage.target
    return Scope(stage.table.edition, target.body.code, target.body.parties, stage.seed)


def _chosen(lines: list[AllowedLine], wanted: Wanted) -> AllowedLine | None:
    return next((line for line in lines if wanted(line)), lines[0] if lines else None)
