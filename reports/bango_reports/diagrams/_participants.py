"""Who takes part in a workflow: read off the sources' names and documents, and the role that makes each call."""

from __future__ import annotations

from typing import NamedTuple

from bango_spec.reading import Text
from bango_spec.systems import system, systems
from bango_spec.workflows import Document, Step

_SIDES = {
    "asker": Text(ja="照会側の", en="asker's "),
    "": Text(ja="", en=""),
    "provider": Text(ja="提供側の", en="provider's "),
}
# From left to right: the asker's side, the network, the provider's side mirrored, then everybody else.
_ORDER = (
    ("asker", "in-house"),
    ("asker", "intermediate-server"),
    ("", "in-house"),
    ("", "intermediate-server"),
    ("", "interface-system"),
    ("", "core"),
    ("provider", "intermediate-server"),
    ("provider", "in-house"),
)


class Participant(NamedTuple):
    """A system on one side of a course; `side` is empty where there is only one."""

    side: str
    system: str

    def name(self, lang: str) -> str:
        names, side = system(self.system).names, _SIDES[self.side]
        return f"{side.ja}{names.ja}" if lang == "ja" else f"{side.en}{names.en}"


class Course(NamedTuple):
    """The lifelines from left to right, and between which of them each step runs; `silent` ones get no call."""

    participants: tuple[Participant, ...]
    calls: tuple[tuple[Participant, Participant], ...]
    silent: tuple[Participant, ...]


def course(document: Document) -> Course:
    """The course of a workflow; where two intermediate servers take part, the network stands between them."""
    calls = tuple(_call(document, step) for step in document.workflow.steps)
    sides = {found.side for call in calls for found in call if found.side}
    silent = tuple(Participant("", found) for found in ("interface-system", "core")) if len(sides) > 1 else ()
    found = {party: None for call in calls for party in call} | dict.fromkeys(silent)
    return Course(tuple(sorted(found, key=_place)), calls, tuple(one for one in silent if one not in sum(calls, ())))


def _call(document: Document, step: Step) -> tuple[Participant, Participant]:
    source = document.source(step.source)
    side = source.name if source.name in _SIDES else ""
    called = Participant(side, source.document.split(".")[0])
    return Participant(side if step.by in ("in-house", "intermediate-server") else "", step.by), called


def _place(party: Participant) -> int:
    return _ORDER.index(party) if party in _ORDER else len(_ORDER) + list(systems()).index(party.system)
