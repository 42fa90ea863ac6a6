"""Judging answers: a refusal must be the documented problem for the right cause, a success exactly what the document says."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.operations import operation
from bango_conformance.shape.request import CORRELATION, Request
from bango_conformance.shape.schemas import faults, fits
from bango_spec import interfaces
from bango_spec.error_catalogue import by_code

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.shape.defects import Defect
    from bango_conformance.stage.client import Answer
    from bango_spec.interfaces import Answer as Documented
    from bango_spec.interfaces import Operation

PROBLEM = "application/problem+json"
PROBLEM_DETAILS = "IS-API-001"
ORIGIN = "IS-API-002"
ECHO = "IS-API-003"
VERSION_NAMED = "IS-API-007"
NO_SERVER_ERROR = "IS-API-013"
NOT_KEPT = "IS-API-014"
NO_PERSONAL = "IS-PRI-006"
REFUSAL_CLAUSES = (PROBLEM_DETAILS, ORIGIN, ECHO, NO_SERVER_ERROR)
ANSWER_CLAUSES = (VERSION_NAMED, ECHO, NOT_KEPT)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


def refused(case: Case, request: Request, answer: Answer, defect: Defect) -> None:
    """The target had to refuse this defect, with one of its codes and, where one of them needs it, the place."""
    sent = f"{request.operation_id}, otherwise valid, with the defect {defect.id}"
    found = operation(request.operation_id)
    expected = f"a problem with the code {' or '.join(defect.codes)}"
    if answer.status >= 500:
        case.fail("SERVER-ERROR", sent=sent, expected=expected, came=answer.short(), clause=NO_SERVER_ERROR)
    if answer.status < 400:
        case.fail("ACCEPTED-DEFECT", sent=sent, expected=expected, came=answer.short(), clause=defect.clause)
    problem(case, found, answer, sent)
    if answer.problem not in defect.codes:
        case.fail("WRONG-REASON", sent=sent, expected=expected, came=answer.short(), clause=defect.clause)
    if answer.problem in defect.located:
        _placed(case, answer, defect, sent)


def problem(case: Case, found: Operation | None, answer: Answer, sent: str) -> None:
    """The answer is a problem of the catalogue as the document allows it, and tells nothing about a person."""
    media = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != PROBLEM or not isinstance(answer.json, dict):
        case.fail("NO-PROBLEM", sent=sent, expected=PROBLEM, came=f"{answer.status} {media}", clause=PROBLEM_DETAILS)
    body = answer.json
    entry = by_code().get(str(body.get("code")))
    if entry is None or entry.status != answer.status or body.get("type") != entry.type:
        case.fail(
            "UNKNOWN-PROBLEM",
            sent=sent,
            expected="a code of the catalogue with its own status and type",
            came=answer.short(),
            clause=PROBLEM_DETAILS,
        )
    if found is not None:
        _documented_problem(case, found, answer, sent)
    _echoed(case, answer, sent)
    shown = unicodedata.normalize("NFKC", answer.raw.decode("utf-8", "replace"))
    for name, value in _personal(case):
        if value and value in shown:
            case.fail("PERSON-IN-PROBLEM", sent=sent, expected=f"no {name}", came="it is there", clause=NO_PERSONAL)


def _documented_problem(case: Case, found: Operation, answer: Answer, sent: str) -> None:
    known = next((one for one in found.responses if one.status == answer.status), None)
    if known is None or known.schema is None:
        case.fail(
            "UNDOCUMENTED-STATUS",
            sent=sent,
            expected=f"one of {[one.status for one in found.responses]}",
            came=answer.short(),
            clause=PROBLEM_DETAILS,
        )
    broken = faults(found.document, known.schema, answer.json)
    if broken:
        case.fail(
            "PROBLEM-SHAPE", sent=sent, expected="the documented problem", came=_said(broken), clause=PROBLEM_DETAILS
        )
    _, origin = found.problem(answer.json["code"])
    if answer.json["origin"] != origin:
        case.fail("WRONG-ORIGIN", sent=sent, expected=origin, came=str(answer.json["origin"]), clause=ORIGIN)


def _placed(case: Case, answer: Answer, defect: Defect, sent: str) -> None:
    named = answer.json.get("errors", [])
    for one in named:
        place = one["place"] if defect.where == "body" else one["place"].lower()
        where = one.get("in", defect.where)
        if where == defect.where and any(place == p or (p and place.startswith(f"{p}/")) for p in defect.places):
            return
    came = ", ".join(f"{one.get('in', '?')} {one['place']!r}" for one in named) or "no place at all"
    expected = f"errors naming {defect.where} {' or '.join(repr(place) for place in defect.places)}"
    case.fail("WRONG-PLACE", sent=sent, expected=expected, came=came, clause=defect.clause)


def _echoed(case: Case, answer: Answer, sent: str) -> None:
    echoed = answer.headers.get(CORRELATION.lower(), "")
    given = correlation_of(case)
    if given is not None and echoed != given:
        case.fail(
            "NOT-ECHOED", sent=sent, expected="the correlation id of the request", came=echoed or "none", clause=ECHO
        )
    inside = answer.json.get("correlation_id") if isinstance(answer.json, dict) and answer.status >= 400 else None
    if given is not None and inside is not None and inside != given:
        case.fail("NOT-ECHOED", sent=sent, expected="the correlation id in the problem", came=str(inside), clause=ECHO)
    if not re.match(r"[0-9]{1,3}\.[0-9]{1,3}\Z", answer.headers.get("bango-profile-version", "")):
        case.fail(
            "NO-VERSION",
            sent=sent,
            expected="Bango-Profile-Version in the answer",
            came=answer.headers.get("bango-profile-version", "none"),
            clause=VERSION_NAMED,
        )


def correlation_of(case: Case) -> str | None:
    """The correlation id that the case's last request carried; None if it was wrong on purpose."""
    sent = case.last_sent()
    given = next((value for name, value in sent.request.headers if name.lower() == CORRELATION.lower()), "")
    return given if _UUID.match(given) else None


def documented(case: Case, request: Request, answer: Answer) -> None:
    """The answer to a valid request is one that the document has: status, media type, exact body, headers, same values."""
    found = operation(request.operation_id)
    sent = f"a valid {request.operation_id}"
    known = next((one for one in found.responses if one.status == answer.status and one.status < 400), None)
    if known is None:
        expected = " or ".join(str(one.status) for one in found.responses if one.status < 400)
        clause = NO_SERVER_ERROR if answer.status >= 500 else None
        case.fail("NOT-ACCEPTED", sent=sent, expected=expected, came=answer.short(), clause=clause)
    media = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != (known.media_type or "") and (known.media_type or answer.raw):
        case.fail("MEDIA-TYPE", sent=sent, expected=str(known.media_type), came=media or "none")
    _headers(case, found, known, answer, sent)
    if known.media_type is None and answer.raw:
        case.fail("BODY-NOT-DOCUMENTED", sent=sent, expected="no body", came=f"{len(answer.raw)} bytes")
    if known.media_type == "application/json" and known.schema is not None:
        broken = faults(found.document, known.schema, answer.json)
        if broken:
            case.fail("ANSWER-SHAPE", sent=sent, expected="the documented body", came=_said(broken))
        _same(case, request, answer, sent)
    if known.media_type == "application/x-ndjson" and known.schema is not None:
        _lines(case, found, known.schema, answer, sent)
    if known.media_type == "application/openmetrics-text" and not answer.raw.endswith(b"# EOF\n"):
        case.fail("METRICS-END", sent=sent, expected="# EOF as the last line", came=repr(answer.raw[-40:]))


def _headers(case: Case, found: Operation, known: Documented, answer: Answer, sent: str) -> None:
    _echoed(case, answer, sent)
    shared = interfaces.document(found.document)["components"]["headers"]
    by_name = {"Bango-Correlation-Id": "CorrelationId", "Bango-Profile-Version": "ProfileVersion"}
    for name in known.headers:
        rule = shared[by_name.get(name, name.replace("-", ""))]
        value = answer.headers.get(name.lower())
        if value is None and not rule.get("required"):
            continue
        if value is None or not fits(found.document, rule["schema"], value):
            clause = NOT_KEPT if name == "Cache-Control" else None
            case.fail(
                f"HEADER-{name.upper()}", sent=sent, expected=f"a valid {name}", came=value or "none", clause=clause
            )
        if name == "Location" and not _leads(found, value):
            case.fail("LOCATION", sent=sent, expected="the path of a documented reading operation", came=value)


def _leads(found: Operation, location: str) -> bool:
    """Whether a location is the path of something that can be read in the same document."""
    for one in interfaces.operations(found.document):
        if one.method == "GET" and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", one.path), location):
            return True
    return False


def _same(case: Case, request: Request, answer: Answer, sent: str) -> None:
    """What the answer says again of the request, it says unchanged."""
    given = {**dict(request.path), **(request.body if isinstance(request.body, dict) else {})}
    if isinstance(answer.json, dict):
        for name, value in answer.json.items():
            if name in given and given[name] != value:
                case.fail("NOT-AS-SENT", sent=sent, expected=f"{name} as it was sent", came="another value")


def _lines(case: Case, found: Operation, schema: dict[str, Any], answer: Answer, sent: str) -> None:
    lines = answer.raw.split(b"\n")
    if lines.pop() != b"" or not lines:
        case.fail("EXPORT-LINES", sent=sent, expected="lines that end with a line feed", came=answer.short()[:80])
    for line in lines[:-1]:
        broken = faults(found.document, schema["x-bango-line"], _json(line))
        if broken:
            case.fail("EXPORT-LINE", sent=sent, expected="the documented line", came=_said(broken))
    end = _json(lines[-1])
    broken = faults(found.document, schema["x-bango-last-line"], end)
    if broken:
        case.fail("EXPORT-END", sent=sent, expected="the documented last line", came=_said(broken))
    whole = hashlib.sha256(b"".join(line + b"\n" for line in lines[:-1])).hexdigest()
    if (end["count"], end["digest"]) != (len(lines) - 1, whole):
        case.fail(
            "EXPORT-DIGEST",
            sent=sent,
            expected=f"count {len(lines) - 1}, digest {whole}",
            came=f"count {end['count']}, digest {end['digest']}",
        )


def _json(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _said(broken: list[tuple[str, str]]) -> str:
    """Where a body breaks its schema, and how."""
    return "; ".join(f"at {place or 'the whole'}: {message[:120]}" for place, message in broken[:3])


def _personal(case: Case) -> Iterator[tuple[str, str]]:
    """What points to any of the persons that the case has taken."""
    for subject in case.subjects():
        yield "integrated address number", subject.integrated_address_number
        yield "linkage code", subject.linkage_code
