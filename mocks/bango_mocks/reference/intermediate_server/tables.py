"""The allow list (照会許可用照合リスト) of one edition, arranged for decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bango_spec.errors import UsageError
from bango_spec.task_codes import parse_procedure

COORDINATES = ("asker", "provider", "task", "procedure", "information")
CODES = ("task", "procedure", "information")
NEAREST = 5


class Table:
    """Entries as the interface documents have them; asker and provider are kinds of party."""

    def __init__(self, edition: str, entries: Sequence[Mapping[str, Any]]) -> None:
        self.edition = edition
        self._entries = entries
        self._pairs: dict[tuple[str, ...], set[tuple[str, str]]] = {}
        self._provided: set[tuple[str, str]] = set()
        self._codes: dict[str, set[str]] = {name: set() for name in CODES}
        for entry in entries:
            codes = tuple(entry[name] for name in CODES)
            self._pairs.setdefault(codes, set()).add((entry["asker"], entry["provider"]))
            self._provided.add((entry["provider"], entry["information"]))
            for name in CODES:
                self._codes[name].add(entry[name])

    def permits(self, asker: Iterable[str], provider: Iterable[str], inquiry: Mapping[str, Any]) -> bool:
        """Whether one line has all five coordinates together."""
        pairs = self._pairs.get(tuple(inquiry[name] for name in CODES), set())
        takers = set(provider)
        return any((one, other) in pairs for one in asker for other in takers)

    def provides(self, provider: Iterable[str], information: str) -> bool:
        """Whether some line makes one of these kinds of party a provider of the information."""
        return any((kind, information) in self._provided for kind in provider)

    def knows(self, coordinate: str, code: str) -> bool:
        """Whether a code of a task, procedure or information stands in some line."""
        return code in self._codes[coordinate]

    def nearest(
        self, asker: Iterable[str], provider: Iterable[str], inquiry: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Up to five lines with the fewest coordinates that differ from a refused inquiry, in the order of the table."""
        askers, providers = set(asker), set(provider)
        best: dict[tuple[str, int], tuple[tuple[str, ...], str]] = {}
        for entry in self._entries:
            differs = tuple(
                name
                for name in COORDINATES
                if (entry[name] not in askers if name == "asker" else False)
                or (entry[name] not in providers if name == "provider" else False)
                or (name in CODES and entry[name] != inquiry[name])
            )
            place = (entry["item"], entry["line"])
            if place not in best or len(differs) < len(best[place][0]):
                best[place] = (differs, entry["procedure"])
        fewest = sorted(best.items(), key=lambda found: len(found[1][0]))[:NEAREST]
        return [
            {"edition": self.edition, "item": item, "line": line, "differs": list(differs), "level": level(procedure)}
            for (item, line), (differs, procedure) in fewest
            if differs
        ]


def level(procedure: str) -> str:
    """How far down a line is decided: by an order where its procedure is a part of the item, else by the table."""
    try:
        return "order" if parse_procedure(procedure).paragraph else "table"
    except UsageError:
        return "table"
