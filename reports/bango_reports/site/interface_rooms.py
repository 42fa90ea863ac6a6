"""The rooms of the interfaces: documents, operations, workflows, lifecycles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bango_reports.site import links, schema_fields
from bango_reports.site.pages import Page
from bango_reports.site.reference_rooms import COMPONENTS
from bango_reports.site.voice import split
from bango_spec import interfaces, lifecycles, workflows
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.site.knowledge import Knowledge

HEAD = Text(ja="接続仕様", en="Interfaces")
TRAIL = (("interfaces/index.html", HEAD),)
ORIGINS = {
    "asker": Text(ja="照会する側", en="asker"),
    "network": Text(ja="ネットワーク", en="network"),
    "provider": Text(ja="提供する側", en="provider"),
}


def pages(known: Knowledge) -> Iterator[Page]:
    """Every page about how systems talk."""
    yield Page(
        "interfaces/index.html",
        "interface_index.html.j2",
        HEAD,
        {
            "documents": [(name, interfaces.title(name), interfaces.operations(name)) for name in interfaces.NAMES],
            "workflows": [one.workflow for one in workflows.documents()],
            "lifecycles": lifecycles.lifecycles(),
        },
        room="interfaces",
        scripts=("search-rules.js", "key.js", "filter.js"),
    )
    for name in interfaces.NAMES:
        whole = interfaces.document(name)
        yield Page(
            f"interfaces/{name}.html",
            "interface.html.j2",
            interfaces.title(name),
            {
                "name": name,
                "purpose": split(whole["info"]["description"].replace("\n", " ")),
                "version": whole["info"]["version"],
                "operations": interfaces.operations(name),
                "clauses": interfaces.document_clauses(name),
            },
            room="interfaces",
            trail=TRAIL,
        )
        for one in interfaces.operations(name):
            yield _operation(one, whole, known)
    for document in workflows.documents():
        yield Page(
            links.workflow(document.workflow.workflow_id),
            "workflow.html.j2",
            document.workflow.title,
            {
                "document": document,
                "workflow": document.workflow,
                "given": workflows.GIVEN,
                "proofs": known.obligations_at.get(links.workflow(document.workflow.workflow_id), []),
            },
            room="interfaces",
            trail=TRAIL,
        )
    for table in lifecycles.lifecycles():
        yield Page(
            links.lifecycle(table.id),
            "lifecycle.html.j2",
            table.title,
            {"table": table, "proofs": known.obligations_at.get(links.lifecycle(table.id), [])},
            room="interfaces",
            trail=TRAIL,
        )


def _operation(one: interfaces.Operation, whole: dict[str, Any], known: Knowledge) -> Page:
    raw = whole["paths"][one.path][one.method.lower()]
    return Page(
        links.operation(one.operation_id),
        "operation.html.j2",
        one.title,
        {
            "operation": one,
            "purpose": split(raw.get("description", "")),
            "origins": ORIGINS,
            "roles": [COMPONENTS.get(role, Text(ja=role, en=role)) for role in one.roles],
            "parameters": [schema_fields.parameter(one.document, found) for found in one.parameters],
            "request": schema_fields.fields(one.document, one.request_schema) if one.request_schema else [],
            "answers": [
                (
                    answer,
                    split(
                        interfaces.resolve(one.document, raw["responses"][str(answer.status)]).get("description", "")
                    ),
                    schema_fields.fields(one.document, answer.schema) if answer.schema and not answer.errors else [],
                )
                for answer in one.responses
            ],
            "errors": [one.problem(code) for code in one.errors],
            "entry_errors": [one.problem(code) for code in one.entry_errors],
            "workflows": [
                document.workflow
                for document in workflows.documents()
                if any(step.operation.operation_id == one.operation_id for step in document.workflow.steps)
            ],
            "proofs": known.obligations_at.get(links.operation(one.operation_id), []),
        },
        room="interfaces",
        trail=(*TRAIL, (f"interfaces/{one.document}.html", interfaces.title(one.document))),
    )
