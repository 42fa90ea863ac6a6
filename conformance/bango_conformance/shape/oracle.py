"""Schemathesis as an independent generator and judge: it makes requests from the bundled document and checks the answers by it."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import threading
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

from bango_spec import interfaces

if TYPE_CHECKING:
    from schemathesis import Case
    from schemathesis.schemas import BaseSchema

    from bango_conformance.stage.client import Answer

    Generated = Case[Any]

# How many valid and how many invalid requests each operation gets.
CASES = 4
ORIGIN = "https://target.invalid"
CARRIED = frozenset({"CorrelationId", "ProfileVersion", "IdempotencyKey", "IfMatch"})
REFUSALS = [str(status) for status in (400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422)]
# Generating is work for one core, and Hypothesis draws by global state: one operation at a time.
_lock = threading.Lock()


@dataclass(frozen=True)
class Drawn:
    """One generated request as it goes out, and the case that can judge its answer."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes | None
    valid: bool
    case: Generated


def drawn(document: str, path: str, method: str, seed: int, cases: int = CASES) -> list[Drawn]:
    """The requests that schemathesis makes for an operation, so many valid and invalid ones; the same for the same seed."""
    from schemathesis import GenerationMode  # noqa: PLC0415 - heavy, and only needed here

    with _lock:
        operation = _schema(document)[path][method]
        found: list[Drawn] = []
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            for case in _cases(operation, mode, seed, cases):
                request = _as_sent(case)
                if request is not None:
                    found.append(Drawn(*request, mode is GenerationMode.POSITIVE, case))
        return found


def findings(made: Drawn, answer: Answer) -> list[tuple[str, str]]:
    """What schemathesis has against an answer: the name of the failure, and what it says."""
    from schemathesis.checks import not_a_server_error  # noqa: PLC0415
    from schemathesis.core.failures import FailureGroup  # noqa: PLC0415
    from schemathesis.specs.openapi import checks  # noqa: PLC0415

    judging = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
        checks.negative_data_rejection,
    ]
    request = httpx.Request(made.method, ORIGIN + made.target, headers=made.headers, content=made.body)
    response = httpx.Response(answer.status, headers=list(answer.headers.items()), content=answer.raw, request=request)
    response.elapsed = dt.timedelta(0)
    with _lock:
        try:
            made.case.validate_response(response, checks=judging)
        except FailureGroup as failed:
            return [(type(one).__name__, f"{one.title}: {one.message}"[:600]) for one in failed.exceptions]
    return []


@cache
def _schema(name: str) -> BaseSchema:
    import schemathesis  # noqa: PLC0415

    whole = copy.deepcopy(interfaces.document(name))
    # Who may call is the business of other obligations: sessions and certificates come from the stage.
    whole.pop("security", None)
    for item in whole["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
                # So are the headers that every call carries; drawing their long values takes longer than all the rest.
                kept = [one for one in operation["parameters"] if _drawn_at_all(one)]
                operation["parameters"] = kept
    _smaller(whole)
    config = schemathesis.Config.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}})
    return schemathesis.openapi.from_dict(whole, config=config)


def _drawn_at_all(parameter: dict[str, Any]) -> bool:
    return parameter.get("$ref", "").rsplit("/", 1)[-1] not in CARRIED


def _smaller(whole: dict[str, Any]) -> None:
    """Let requests have few items and rows, and say no rule twice: random keys by the hundred take seconds and say no more."""
    schemas = whole["components"]["schemas"]
    for schema in schemas.values():
        # The patterns of UUIDs are stricter than their format.
        if schema.get("format") == "uuid" and "pattern" in schema:
            del schema["format"]
        # Members that exclude each other are drawn and thrown away by the dozen; compiled cases see to them.
        schema.pop("not", None)
    if "ReplicaContent" in schemas:
        codes = ("TK90000000200001", "TK90000000200002")
        value = {"$ref": "#/components/schemas/ItemValue"}
        few = {"type": "object", "additionalProperties": False, "minProperties": 1}
        schemas["FewItems"] = few | {"properties": dict.fromkeys(codes, value)}
        schemas["ReplicaContent"]["properties"]["items"] = {"$ref": "#/components/schemas/FewItems"}
        for name, member in (("ReplicaBatch", "entries"), ("InquiryFile", "records")):
            schemas[name]["properties"][member]["maxItems"] = 3


def _cases(operation: Any, mode: Any, seed: int, cases: int) -> list[Generated]:
    import hypothesis  # noqa: PLC0415
    from schemathesis.generation.feedback import NO_FEEDBACK  # noqa: PLC0415

    found: list[Generated] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
        backend=_backend(),
    )
    @hypothesis.given(operation.as_strategy(generation_mode=mode, feedback=NO_FEEDBACK))
    def collect(case: Generated) -> None:
        found.append(case)

    # What takes no parameters cannot be asked wrongly.
    with contextlib.suppress(hypothesis.errors.Unsatisfiable):
        collect()
    return found


@cache
def _backend() -> str:
    """Hypothesis's own way of drawing without constants from the modules that happen to be loaded."""
    from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS  # noqa: PLC0415

    AVAILABLE_PROVIDERS["bango"] = "bango_conformance.shape.drawing.Steady"
    return "bango"


def _as_sent(case: Generated) -> tuple[str, str, dict[str, str], bytes | None] | None:
    """Method, target, headers and body of a generated request; None for one that HTTP itself cannot carry."""
    import requests  # noqa: PLC0415 - schemathesis prepares its requests with it

    kwargs = case.as_transport_kwargs(base_url=ORIGIN)
    wanted = ("method", "url", "headers", "params", "data", "json", "cookies", "files")
    try:
        prepared = requests.Request(**{name: kwargs[name] for name in wanted if name in kwargs}).prepare()
    except (ValueError, requests.RequestException):
        return None
    headers = {str(name): _text(value) for name, value in prepared.headers.items()}
    generated = {name.lower() for name in case.headers or {}}
    carried = {name: value for name, value in headers.items() if name.lower() in {*generated, "content-type"}}
    if not all(value.isascii() and value.isprintable() and value == value.strip() != "" for value in carried.values()):
        return None
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    if body is not None and not isinstance(body, bytes):
        return None
    return str(prepared.method), prepared.path_url, carried, body


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
