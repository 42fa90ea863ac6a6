"""What the site knows besides the spec: the harness' catalogue, the published products, imported wording."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from bango_reports.catalogue import Catalogue, Mutant, Obligation, caught
from bango_reports.site import links
from bango_spec.clauses import Clause, clauses
from bango_spec.statute import wording

if TYPE_CHECKING:
    from pathlib import Path

    from bango_reports.site.published import Product
    from bango_spec.law import Table
    from bango_spec.statute import WordedItem


def all_clauses() -> list[Clause]:
    """Every clause, the system with the most of them first: what a product is tested for before what surrounds it."""
    found = list(clauses().values())
    sizes = Counter(one.system for one in found)
    return sorted(found, key=lambda one: -sizes[one.system])


class Knowledge:
    """Questions that several rooms ask, answered once."""

    def __init__(self, catalogue: Catalogue, products: tuple[Product, ...] = (), wording: Path | None = None) -> None:
        self.catalogue = catalogue
        self.products = products
        self._wording = wording

    def statute(self, edition: str, table: Table) -> dict[str, WordedItem]:
        """Item → its cells in the statute's words, where they were imported."""
        found = wording(self._wording, edition, table) if self._wording else None
        return found.items if found else {}

    @cached_property
    def obligations_of(self) -> dict[str, list[Obligation]]:
        """Clause → the obligations that verify it."""
        found: dict[str, list[Obligation]] = defaultdict(list)
        for one in self.catalogue.obligations:
            for clause in one.clauses:
                found[clause].append(one)
        return dict(found)

    @cached_property
    def obligations_from(self) -> dict[str, list[Obligation]]:
        """Spec element → the obligations made from it."""
        found: dict[str, list[Obligation]] = defaultdict(list)
        for one in self.catalogue.obligations:
            found[one.element].append(one)
        return dict(found)

    @cached_property
    def obligations_at(self) -> dict[str, list[Obligation]]:
        """Page → the obligations made from what it tells."""
        found: dict[str, list[Obligation]] = defaultdict(list)
        for one in self.catalogue.obligations:
            found[links.element(one.element).partition("#")[0]].append(one)
        return dict(found)

    def proving(self, edition: str, table: str, item: str, line: int | None = None) -> list[Obligation]:
        """The obligations made from an item of a table, or from one of its lines."""
        place = f"law/{edition}/{table}/{item}"
        if line is not None:
            return self.obligations_from.get(f"{place}/{line}", [])
        order = f"law/{edition}/order{table[-1]}/{item}"
        lines = [one for key, made in self.obligations_from.items() if key.startswith(place + "/") for one in made]
        return [*self.obligations_from.get(place, []), *lines, *self.obligations_from.get(order, [])]

    @cached_property
    def mutants_of(self) -> dict[str, list[Mutant]]:
        """Clause → the mutants that break it and nothing else, each of them seen to fail."""
        return caught(self.catalogue)

    @cached_property
    def failed_by(self) -> dict[str, tuple[str, ...]]:
        """Obligation → the mutants that were seen to fail it."""
        found: dict[str, list[str]] = defaultdict(list)
        for kill in self.catalogue.matrix.kills if self.catalogue.matrix else ():
            for name in (*kill.by, *kill.others):
                found[name].append(kill.mutant)
        return {name: tuple(mutants) for name, mutants in found.items()}

    @cached_property
    def clauses_of_system(self) -> dict[str, list[Clause]]:
        """System → its clauses."""
        found: dict[str, list[Clause]] = defaultdict(list)
        for one in clauses().values():
            found[one.system].append(one)
        return dict(found)

    @cached_property
    def clauses_on(self) -> dict[str, list[str]]:
        """Operation → the clauses that its document cites for it."""
        from bango_spec import interfaces  # noqa: PLC0415 - read when first asked

        return {one.operation_id: list(one.clauses) for name in interfaces.NAMES for one in interfaces.operations(name)}

    @cached_property
    def operations_under(self) -> dict[str, list[str]]:
        """Clause → the operations that cite it."""
        found: dict[str, list[str]] = defaultdict(list)
        for operation, cited in self.clauses_on.items():
            for clause in cited:
                found[clause].append(operation)
        return dict(found)
