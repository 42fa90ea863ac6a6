"""The spec as a whole: every part is loaded, counted, and asked what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from bango_spec.errors import SpecError
from bango_spec.reading import Element, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Section(Element, frozen=True):
    """One part of the spec: what it holds, counted, and its faults in words."""

    id: str
    title: Text
    counts: Mapping[str, int]
    problems: tuple[str, ...]


def sections() -> Iterator[Section]:
    """Every part in turn; a part that cannot be read is one with a problem."""
    for identity, (ja, en, look) in _PARTS.items():
        try:
            counts, problems = look()
        except SpecError as error:
            counts, problems = {}, [f"{error.code}: {error.what}"]
        yield Section(id=identity, title=Text(ja=ja, en=en), counts=counts, problems=tuple(problems))


Looked = tuple[dict[str, int], list[str]]


def _problems(module: str) -> list[str]:
    found: list[str] = import_module(f"bango_spec.{module}").problems()
    return found


def _systems() -> Looked:
    from bango_spec.systems import landscape, systems  # noqa: PLC0415 - each part is read when its turn comes

    return {"systems": len(systems()), "milestones": len(landscape().milestones)}, _problems("systems")


def _clauses() -> Looked:
    from bango_spec.clauses import clauses, documents  # noqa: PLC0415

    every = clauses().values()
    counts = {
        "clauses": len(every),
        "binding": sum(one.binding for one in every),
        "not_tested": sum(one.binding and one.not_tested is not None for one in every),
        "withdrawn": sum(one.status == "withdrawn" for one in every),
        "sources": len(documents()),
    }
    return counts, _problems("clauses")


def _law() -> Looked:
    from bango_spec import law, vocabulary  # noqa: PLC0415

    counts = {
        "editions": len(law.editions()),
        "parties": len(vocabulary.parties()),
        "information": len(vocabulary.information()),
        "laws": len(vocabulary.laws()),
    }
    for edition in law.editions():
        for table in edition.tables:
            rows = edition.schedule1 if table == "schedule1" else edition.schedule2
            counts[f"{edition.id} {table} items"] = sum(not row.deleted for row in rows.values())
        if "schedule2" in edition.tables:
            counts[f"{edition.id} schedule2 lines"] = sum(len(row.lines) for row in edition.schedule2.values())
    return counts, _problems("law")


def _identifiers() -> Looked:
    from bango_spec.identifiers import identifiers, malformations  # noqa: PLC0415

    kinds, ways = identifiers(), malformations()
    twice = {one.id for one in kinds if sum(other.id == one.id for other in kinds) > 1}
    return {"identifiers": len(kinds), "malformations": len(ways)}, [f"{one} stands twice" for one in sorted(twice)]


def _characters() -> Looked:
    from bango_spec.characters import check, samples  # noqa: PLC0415

    wrong = [f"the sample {one.id} breaks the rules it illustrates" for one in samples() if check(one.text)]
    return {"samples": len(samples())}, wrong


def _items() -> Looked:
    from bango_spec.items import information_ids, is_rich, layouts  # noqa: PLC0415

    every = information_ids()
    counts = {
        "kinds": len(every),
        "rich": sum(map(is_rich, every)),
        "layouts": sum(len(layouts(one)) for one in every),
    }
    return counts, _problems("items")


def _interfaces() -> Looked:
    from bango_spec.interfaces import NAMES, operations  # noqa: PLC0415

    return {
        "documents": len(NAMES),
        "operations": sum(len(operations(name)) for name in NAMES),
    }, _problems("interface_rules")


def _errors() -> Looked:
    from bango_spec.clauses import clauses  # noqa: PLC0415
    from bango_spec.error_catalogue import by_code, catalogue, expand  # noqa: PLC0415

    wrong = [
        f"{error.code}: no clause {clause}"
        for error in catalogue().errors
        for clause in error.clauses
        if clause not in clauses()
    ]
    for name in catalogue().sets:
        expand([f"+{name}"])
    if len(by_code()) != len(catalogue().errors):
        wrong.append("a code stands twice")
    return {"errors": len(by_code()), "sets": len(catalogue().sets)}, wrong


def _workflows() -> Looked:
    from bango_spec.workflows import documents  # noqa: PLC0415

    return {"workflows": len(documents())}, _problems("workflow_rules")


def _lifecycles() -> Looked:
    from bango_spec.lifecycles import lifecycles  # noqa: PLC0415

    counts = {
        "lifecycles": len(lifecycles()),
        "transitions": sum(len(one.steps) for one in lifecycles()),
        "refusals": sum(len(one.refusals) for one in lifecycles()),
    }
    return counts, _problems("lifecycle_rules")


def _assumptions() -> Looked:
    from bango_spec.assumptions import assumptions  # noqa: PLC0415

    every = assumptions().values()
    lacking = [
        f"{one.id}: {name} lacks a language"
        for one in every
        for name, text in (("topic", one.topic), ("reason", one.reason))
        if not (text.ja.strip() and text.en.strip())
    ]
    return {"assumptions": len(every)}, lacking


def _glossary() -> Looked:
    from bango_spec.glossary import glossary, terms  # noqa: PLC0415

    wrong = ["a term stands twice"] if len(terms()) != len(glossary().terms) else []
    return {"terms": len(terms()), "drifted": len(glossary().drift)}, wrong


def _population() -> Looked:
    from bango_spec.population import population_parts  # noqa: PLC0415
    from bango_spec.vocabulary import parties  # noqa: PLC0415

    parts = population_parts()
    known = {spelling for one in parties().values() for spelling in (one.id, *one.spellings)}
    kinds = [(one.id, one.parties, one.count) for one in parts.municipalities]
    kinds += [(one.id, one.parties, one.count) for one in parts.others]
    wrong = [f"{kind}: no party {name}" for kind, names, _ in kinds for name in names if name not in known]
    return {"kinds of body": len(kinds), "bodies": sum(count for _, _, count in kinds)}, wrong


def _load() -> Looked:
    from bango_spec import load  # noqa: PLC0415

    counts = {
        "campaigns": len(load.campaigns()),
        "limits": sum(len(one.limits) for one in load.campaigns().values()),
        "checks": len(load.every("checks")),
        "volumes": len(load.every("volumes")),
        "behaviours": len(load.every("behaviours")),
    }
    return counts, _problems("load")


_PARTS: dict[str, tuple[str, str, Callable[[], Looked]]] = {
    "systems": ("システム", "systems", _systems),
    "clauses": ("条項", "clauses", _clauses),
    "law": ("法令の表", "the law's tables", _law),
    "identifiers": ("番号と符号", "identifiers", _identifiers),
    "characters": ("文字", "characters", _characters),
    "items": ("特定個人情報の項目", "items of information", _items),
    "interfaces": ("インターフェイス", "interfaces", _interfaces),
    "errors": ("エラー", "errors", _errors),
    "workflows": ("業務の流れ", "workflows", _workflows),
    "lifecycles": ("状態遷移", "lifecycles", _lifecycles),
    "assumptions": ("前提", "assumptions", _assumptions),
    "glossary": ("用語", "glossary", _glossary),
    "load": ("負荷の運転", "load campaigns", _load),
    "population": ("模擬の住民と機関", "synthetic people and bodies", _population),
}
