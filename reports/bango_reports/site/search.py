"""The search: one entry for each element, found by an exact part of its normalised key; the rules travel with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from bango_reports.site import lawtext, links
from bango_reports.site.tables import rows, table_name, tables
from bango_spec import (
    assumptions,
    characters,
    clauses,
    error_catalogue,
    glossary,
    identifiers,
    interfaces,
    lifecycles,
    systems,
    vocabulary,
    workflows,
)
from bango_spec._spans import spans
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.site.knowledge import Knowledge


class Entry(NamedTuple):
    """One thing that can be found: what kind it is, its name, where it stands, and further words that lead to it."""

    kind: str
    name: Text
    path: str
    words: str = ""


KINDS = {
    "clause": Text(ja="守るべき条項", en="requirement"),
    "item": Text(ja="法令の項", en="item of the law"),
    "system": Text(ja="システム", en="system"),
    "information": Text(ja="特定個人情報", en="information"),
    "operation": Text(ja="操作", en="operation"),
    "workflow": Text(ja="手順", en="workflow"),
    "lifecycle": Text(ja="状態の移り変わり", en="lifecycle"),
    "error": Text(ja="エラー", en="error"),
    "identifier": Text(ja="番号・コード", en="number or code"),
    "term": Text(ja="用語", en="term"),
    "assumption": Text(ja="想定", en="assumption"),
    "obligation": Text(ja="試験", en="test"),
    "product": Text(ja="製品の結果", en="product"),
}


def entries(known: Knowledge) -> Iterator[Entry]:
    """Every entry; what officers look for first comes first."""
    for edition, table in tables():
        name = table_name(edition.id, table)
        for row in rows(edition.id, table):
            tasks = Text(ja="、".join(t.ja for t in row.tasks), en="; ".join(t.en for t in row.tasks))
            parties = " ".join(t.ja for t in row.askers)
            kinds = " ".join(n.ja for line in row.lines for _, n, _ in line.information)
            yield Entry(
                "item",
                Text(
                    ja=f"{name.ja} {row.name.ja}（{edition.id}）{'削除' if row.deleted else tasks.ja}",
                    en=f"{name.en} {row.name.en} ({edition.id}) {'deleted' if row.deleted else tasks.en}",
                ),
                links.item(edition.id, table, row.item),
                f"{parties} {kinds}",
            )
    yield from _spec()
    for one in known.catalogue.obligations:
        yield Entry("obligation", one.title, links.obligation(one.id, one.clauses), one.id)
    for product in known.products:
        yield Entry("product", product.title, product.path, product.run.target.vendor)


def _spec() -> Iterator[Entry]:
    for clause in clauses.clauses().values():
        title = Text(ja=f"{clause.id} {clause.text.ja}", en=f"{clause.id} {clause.text.en}")
        yield Entry("clause", title, links.clause(clause.id), f"{clause.why.ja} {clause.why.en}")
    for system in systems.systems().values():
        yield Entry("system", system.names, links.system(system.id), f"{' '.join(system.terms)} {system.role.ja}")
    for kind in vocabulary.information().values():
        words = " ".join((kind.code, *kind.spellings))
        yield Entry("information", lawtext.information(kind.id), links.information(kind.id), words)
    yield from _interfaces()
    for identifier in identifiers.identifiers():
        yield Entry("identifier", identifier.name, links.identifier(identifier.id), identifier.id)
    for term in glossary.terms().values():
        yield Entry("term", Text(ja=term.ja, en=term.en), links.term(term.id), f"{term.reading} {term.note.ja}")
    for one in assumptions.assumptions().values():
        yield Entry("assumption", one.topic, links.assumption(one.id), f"{one.id} {one.reason.ja}")


def _interfaces() -> Iterator[Entry]:
    for name in interfaces.NAMES:
        for operation in interfaces.operations(name):
            words = f"{operation.operation_id} {operation.path}"
            yield Entry("operation", operation.title, links.operation(operation.operation_id), words)
    for document in workflows.documents():
        workflow = document.workflow
        yield Entry("workflow", workflow.title, links.workflow(workflow.workflow_id), workflow.workflow_id)
    for lifecycle in lifecycles.lifecycles():
        yield Entry("lifecycle", lifecycle.title, links.lifecycle(lifecycle.id), lifecycle.id)
    for error in error_catalogue.catalogue().errors:
        title = Text(ja=f"{error.code} {error.title.ja}", en=f"{error.code} {error.title.en}")
        yield Entry("error", title, links.error(error.code), error.cause.ja)


def index(known: Knowledge) -> dict[str, Any]:
    """What the search page reads: the kinds, and for each entry its kind, names, address and further words."""
    names = list(KINDS)
    found = [
        [
            names.index(one.kind),
            one.name.ja,
            one.name.en if one.name.en != one.name.ja else "",
            one.path,
            one.words,
        ]
        for one in entries(known)
    ]
    return {"kinds": [[name.ja, name.en] for name in KINDS.values()], "entries": found}


def rules() -> dict[str, Any]:
    """How a key is made, as `bango_spec.characters.search_key` makes it, for the pages' own script."""
    search = characters.characters().search
    return {
        "dropped": list(spans(search.dropped)),
        "dashes": [list(spans(search.dashes.written)), search.dashes.to],
        "kana": search.kana,
        "variants": list(search.variants),
    }
