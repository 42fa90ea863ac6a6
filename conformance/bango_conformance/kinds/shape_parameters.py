"""Shape of parameters and headers: each one broken in one way at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bango_conformance.shape.defects import REFUSED_BY_NAME, Defect
from bango_conformance.shape.judge import REFUSAL_CLAUSES, documented, refused
from bango_conformance.shape.naming import DOCUMENTS, kebab, obligation
from bango_conformance.shape.parameters import parameter_defects, parameters, unlisted_query, version_defects
from bango_conformance.shape.request import CORRELATION, IDEMPOTENCY, VERSION, Request, send
from bango_conformance.shape.valid import Valid
from bango_spec.interfaces import Operation, operations
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

Compile = Callable[[Request], Iterable[Defect]]

WORDS = {
    "path": Text(ja="パス", en="path"),
    "query": Text(ja="クエリ", en="query"),
    "header": Text(ja="ヘッダー", en="header"),
}
UNLISTED = Text(
    ja="定義にないクエリ引数を拒み、その名を示す", en="refuses a query parameter that is not defined, and names it"
)
HEADERS = Text(
    ja="相関識別子の欠落と誤り、対応しないプロファイル版を拒む",
    en="refuses a missing or malformed correlation id and profile versions that it does not speak",
)
GENERAL = (CORRELATION, VERSION)
KEY_CLAUSE = "IS-API-005"


def obligations(scope: Scope) -> Iterator[Obligation]:
    """For each operation: each parameter and header, and a query parameter that is not defined."""
    turns = iter(range(1_000_000))
    for document in DOCUMENTS:
        for found in operations(document):
            for where in ("path", "query", "header"):
                for parameter in parameters(found.operation_id, where):
                    if parameter["name"] not in (*GENERAL, "limit"):
                        yield _parameter(scope, found, parameter, next(turns))
            if found.method in ("GET", "DELETE"):
                yield _made(scope, found, "query.closed", (REFUSED_BY_NAME,), UNLISTED, lambda _: [unlisted_query()])
            yield _headers(scope, found, next(turns))
    # One size of a page is as good as another: all lists share it.
    yield from _limits(scope)


def _parameter(scope: Scope, found: Operation, parameter: Mapping[str, Any], turn: int) -> Obligation:
    where, name = parameter["in"], parameter["name"]
    bare = Request(found.operation_id)
    clauses = [defect.clause for defect in parameter_defects(parameter, bare, turn)]
    if name == IDEMPOTENCY:
        clauses.insert(0, KEY_CLAUSE)
    title = Text(
        ja=f"{WORDS[where].ja}の{name}の誤りを拒む", en=f"refuses what is wrong with {name} in the {WORDS[where].en}"
    )
    tail = f"{where}.{kebab(name).removeprefix('bango-')}"
    return _made(scope, found, tail, clauses, title, lambda request: parameter_defects(parameter, request, turn))


def _headers(scope: Scope, found: Operation, turn: int) -> Obligation:
    general = [one for one in parameters(found.operation_id, "header") if one["name"] in GENERAL]

    def compiled(request: Request) -> Iterator[Defect]:
        for parameter in general:
            yield from parameter_defects(parameter, request, turn)
        yield from version_defects()

    return _made(scope, found, "header.general", ("IS-API-007",), HEADERS, compiled)


def _limits(scope: Scope) -> Iterator[Obligation]:
    for document in DOCUMENTS:
        for found in operations(document):
            for parameter in parameters(found.operation_id, "query"):
                if parameter["name"] == "limit":
                    yield _parameter(scope, found, parameter, 0)


def _made(
    scope: Scope, found: Operation, tail: str, clauses: Iterable[str], title: Text, compiled: Compile
) -> Obligation:
    def check(case: Case) -> None:
        request = Valid(case, scope).request(found.operation_id)
        for defect in compiled(request):
            broken = defect.put(request)
            refused(case, broken, send(case, broken), defect)
        documented(case, request, send(case, request))

    return obligation(found, tail, (*clauses, *REFUSAL_CLAUSES), title, check)
