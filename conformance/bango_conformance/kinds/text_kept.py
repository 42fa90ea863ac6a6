"""Text that is kept: every sample of the character rules comes back byte for byte from every place that holds free text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.obligation import Obligation
from bango_conformance.shape.request import Request, send
from bango_conformance.shape.valid import Valid
from bango_spec.characters import Sample, samples
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.suite import Scope

KEPT, COUNTED = "IS-TXT-001", "IS-TXT-002"
NOTICES = Text(ja="お知らせで", en="in notices")
NAMES = Text(ja="職員の氏名で", en="in the names of staff")
# Where a text costs a whole exchange: the samples that a normalising, a trimming and a narrow store lose.
TELLING = (
    "text-compat-decomposes",
    "text-sip",
    "text-ivs-sip",
    "text-combining-dakuten",
    "text-edge-spaces",
    "text-longest-bytes",
)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each sample in notices and in names of staff; the telling ones where staff give reasons."""
    for one in samples():
        yield _obligation(f"text.notice.{one.id}", one, NOTICES, _in_notice(scope, one))
        yield _obligation(f"text.staff-name.{one.id}", one, NAMES, _in_name(scope, one))
    chosen = [one for one in samples() if one.id in TELLING]
    yield Obligation(
        id="text.decision-reason.kept",
        kind="text",
        clauses=(KEPT,),
        element="interfaces/intermediate-server.in-house#decideApproval",
        title=Text(ja="職員の判断の理由を一バイトも変えずに返す", en="Returns the reasons of decisions byte for byte"),
        check=_in_decision(scope, chosen),
    )
    for operation_id, member, place in (
        ("correctReplica", "reason", Text(ja="訂正の理由", en="the reason of a correction")),
        ("acknowledgeFailure", "action", Text(ja="失敗への対処", en="what was done about a failure")),
    ):
        yield Obligation(
            id=f"text.{member}.accepted",
            kind="text",
            clauses=(KEPT,),
            element=f"interfaces/intermediate-server.in-house#{operation_id}",
            title=Text(ja=f"{place.ja}にどの文字も受け入れる", en=f"Accepts every kind of text as {place.en}"),
            check=_accepted(scope, operation_id, member, chosen),
        )


def _obligation(identity: str, one: Sample, where: Text, check: Callable[[Case], None]) -> Obligation:
    long = one.id.startswith("text-longest")
    return Obligation(
        id=identity,
        kind="text",
        clauses=(KEPT, COUNTED) if long else (KEPT,),
        element=f"characters/{one.id}",
        title=Text(
            ja=f"{where.ja}{one.property.ja}を一バイトも変えない", en=f"Keeps every byte {where.en}: {one.property.en}"
        ),
        check=check,
        smoke=identity == "text.notice.text-ivs-sip",
    )


def _in_notice(scope: Scope, one: Sample) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        valid = Valid(case, scope)
        made = valid.request("createNotice")
        request = made.with_(body=made.body | {"title": one.text, "text": one.text})
        created = _took(case, request, one, 201)
        _same(case, created, ("title", "text"), one, "when it was registered")
        path = {"notice_id": created["notice_id"]}
        read = case.need(case.ask("readNotice", path=path, staff="register"), 200).json
        _same(case, read, ("title", "text"), one, "when it was read")
        search = {"linkage_code": valid.person.linkage_code}
        page = case.need(case.ask("searchNotices", body=search), 200).json
        shown = [notice for notice in page["notices"] if notice["notice_id"] == created["notice_id"]]
        _same(case, shown[0] if shown else {}, ("title", "text"), one, "when the portal fetched it")

    return check


def _in_name(scope: Scope, one: Sample) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        made = Valid(case, scope).request("putStaff")
        put = _took(case, made.with_(body=made.body | {"name": one.text}), one, 201)
        _same(case, put, ("name",), one, "when it was registered")
        read = case.need(case.ask("readStaff", path=made.path, staff="administer"), 200).json
        _same(case, read, ("name",), one, "when it was read")

    return check


def _in_decision(scope: Scope, chosen: list[Sample]) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        for one in chosen:
            made = Valid(case, scope).request("decideApproval")
            decided = _took(case, made.with_(body={"decision": "refuse", "reason": one.text}), one, 200)
            _same(case, decided, ("reason",), one, "when it was decided")
            read = case.need(case.ask("readApproval", path=made.path, staff="approve"), 200).json
            _same(case, read, ("reason",), one, "when it was read")

    return check


def _accepted(scope: Scope, operation_id: str, member: str, chosen: list[Sample]) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        valid = Valid(case, scope)
        for one in chosen:
            made = valid.request(operation_id)
            _took(case, made.with_(body=made.body | {member: one.text}), one, 200, 201)

    return check


def _took(case: Case, request: Request, one: Sample, *statuses: int) -> dict[str, Any]:
    answer = send(case, request)
    if answer.status not in statuses or not isinstance(answer.json, dict):
        case.fail(
            "TEXT-REFUSED",
            sent=f"{request.operation_id} with {one.property.en}",
            expected=" or ".join(map(str, statuses)),
            came=answer.short(),
            located="received",
        )
    found: dict[str, Any] = answer.json
    return found


def _same(case: Case, said: dict[str, Any], members: tuple[str, ...], one: Sample, when: str) -> None:
    wanted = bytes.fromhex(one.utf8)
    for member in members:
        value = said.get(member)
        came = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else b""
        if came != wanted:
            case.fail(
                "TEXT-CHANGED",
                sent=f"{one.property.en}: {wanted.hex()[:200]}",
                expected=f"the same bytes as {member} {when}",
                came=came.hex()[:200] or "no text",
                located="received",
            )
