"""Where each element of the spec stands in the site; every address is relative, so that the site can lie anywhere."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from bango_spec import interfaces, law, vocabulary


def clause(clause_id: str) -> str:
    """A clause's page."""
    return f"clauses/{clause_id}.html"


def system(system_id: str) -> str:
    """A system's page."""
    return f"systems/{system_id}.html"


def table(edition: str, table_id: str) -> str:
    """A whole table of an edition."""
    return f"law/{edition}/{table_id}.html"


def item(edition: str, table_id: str, item_id: str, line: int | None = None) -> str:
    """An item of a table, or one of its lines; an item without lines stands on the table's own page."""
    if item_id not in with_lines(edition, table_id):
        return f"{table(edition, table_id)}#item-{item_id}"
    return f"law/{edition}/{table_id}/{item_id}.html" + (f"#line-{line}" if line else "")


@cache
def with_lines(edition: str, table_id: str) -> frozenset[str]:
    """The items of a table that have lines, and so a page of their own."""
    if table_id == "schedule1":
        return frozenset()
    return frozenset(item for item, row in law.edition(edition).schedule2.items() if row.lines)


def operation(operation_id: str) -> str:
    """An operation's page."""
    return f"operations/{operation_id}.html"


def workflow(workflow_id: str) -> str:
    """A workflow's page."""
    return f"workflows/{workflow_id}.html"


def lifecycle(lifecycle_id: str) -> str:
    """A lifecycle's page."""
    return f"lifecycles/{lifecycle_id}.html"


def information(kind: str) -> str:
    """A kind of information with its items."""
    return f"information/{kind}.html"


def identifier(kind: str) -> str:
    """A kind of number or code."""
    return f"identifiers.html#{kind}"


def error(code: str) -> str:
    """An error of the catalogue."""
    return f"errors.html#{code}"


def assumption(assumption_id: str) -> str:
    """What the profile fixes by itself."""
    return f"assumptions.html#{assumption_id}"


def term(term_id: str) -> str:
    """A term of the glossary."""
    return f"glossary.html#{term_id}"


def obligation(obligation_id: str, clauses: tuple[str, ...]) -> str:
    """An obligation, which is told at the first clause that it verifies."""
    return f"clauses/{clauses[0]}.html#{quote(obligation_id)}"


def permits(edition: str, asker: str) -> str:
    """The prepared answers for an asker."""
    return f"permits/{edition}/{asker}.html"


def uses(edition: str, asker: str) -> str:
    """The prepared answers on the use of the number."""
    return f"uses/{edition}/{asker}.html"


def element(element_id: str) -> str:
    """Where the spec element stands from which an obligation was made; what has no page of its own, in its room's list."""
    room, _, rest = element_id.partition("/")
    name = rest.partition("#")[0].partition("/")[0]
    if room in {"clauses", "requirements"}:
        return clause(name)
    if room == "law":
        return _law(rest)
    if room == "workflows":
        return workflow(name)
    if room == "lifecycles":
        return lifecycle(name) if name else "interfaces/index.html#lifecycles"
    if room == "items":
        return information(name) if name in vocabulary.information() else "information/index.html"
    plain = {"identifiers": identifier, "assumptions": assumption}
    return plain[room](name) if room in plain else "characters.html" if room == "characters" else _interface(rest)


def _law(rest: str) -> str:
    edition, table_id, *place = rest.split("/")
    shown = {"order1": "schedule1", "order2": "schedule2"}.get(table_id, table_id)
    if not place:
        return table(edition, shown)
    line = int(place[1]) if len(place) > 1 and place[1].isdigit() else None
    return item(edition, shown, place[0], line)


def _interface(rest: str) -> str:
    document, _, place = rest.replace("#", "/").partition("/")
    name = place.partition("/")[0]
    if name in operation_ids():
        return operation(name)
    return f"interfaces/{document}.html" if document in interfaces.NAMES else "interfaces/index.html"


@cache
def operation_ids() -> frozenset[str]:
    """Every operation of every interface."""
    return frozenset(one.operation_id for name in interfaces.NAMES for one in interfaces.operations(name))
