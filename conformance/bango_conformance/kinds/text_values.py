"""Numbers, empty values and times: exact from registering to reading, providing and receiving."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from joserfc import jwe

from bango_conformance.obligation import Obligation
from bango_conformance.shape.valid import Valid
from bango_conformance.stage.played import answer_with, content_for
from bango_conformance.subject import items_of
from bango_conformance.times import stamp
from bango_mocks.serving import Reply
from bango_spec.assumptions import value as assumed
from bango_spec.items import layouts, schema
from bango_spec.reading import Text
from bango_spec.vocabulary import information_by_code

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.played import Asked
    from bango_conformance.suite import Scope

EXACT, APART, FRACTIONS = "IS-TXT-008", "IS-TXT-009", "IS-TXT-005"
STALE = "stale-generation"
Items = dict[str, Any]
Fill = Callable[[str], Items]
Way = Callable[["Case", "Scope", Items], bytes]

WAYS = {
    "replica": Text(ja="副本を読むとき", en="when the replica is read"),
    "provided": Text(ja="提供するとき", en="when it is provided"),
    "received": Text(ja="照会の結果として受け取ったとき", en="when it is received as the result of an inquiry"),
}


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Numbers and empty values on each way, and the fractions of times."""
    fills: tuple[tuple[str, str, Fill, Text], ...] = (
        (
            "numbers",
            EXACT,
            widest,
            Text(ja="数を端数も指数もなくそのまま保つ", en="Keeps numbers exactly over the whole range"),
        ),
        ("empty", APART, emptied, Text(ja="項目がない・null・0を区別する", en="Keeps absent, null and zero apart")),
    )
    ways: dict[str, Way] = {"replica": _read, "provided": _provided, "received": _received}
    for name, clause, fill, title in fills:
        for way, follow in ways.items():
            yield Obligation(
                id=f"text.{name}.{way}",
                kind="text",
                clauses=(clause,),
                element="items/types",
                title=Text(ja=f"{WAYS[way].ja}、{title.ja}", en=f"{title.en} {WAYS[way].en}"),
                check=_kept(scope, fill, follow),
            )
    yield Obligation(
        id="text.time.fraction-kept",
        kind="text",
        clauses=(FRACTIONS,),
        element="interfaces/intermediate-server.in-house#putReplica",
        title=Text(ja="更新日時の端数を失わない", en="Keeps the fractions of an update time"),
        check=_fraction_kept(scope),
    )
    yield Obligation(
        id="text.time.fraction-compared",
        kind="text",
        clauses=(FRACTIONS,),
        element="interfaces/intermediate-server.in-house#putReplica",
        title=Text(ja="更新日時を端数まで比べる", en="Compares update times down to their fractions"),
        check=_fraction_compared(scope),
    )


def widest(information: str) -> Items:
    """Items with the largest and smallest numbers that the layout allows, in turn."""
    found = items_of(information, 1, "2020")
    high = True
    for code, rule in _rules(information).items():
        if "integer" in _types(rule) and code in found:
            found[code] = rule["maximum"] if high else rule["minimum"]
            high = not high
    return found


def emptied(information: str) -> Items:
    """Items of which, in turn, one is null, one is zero and one is absent wherever the layout allows it."""
    found = items_of(information, 1, "2020")
    required = schema(information_by_code(information).id, _layout(information))["required"]
    turn = 0
    for code, rule in _rules(information).items():
        if "null" in _types(rule) and code not in required and "integer" in _types(rule):
            (found.pop(code), None) if turn % 3 == 2 else found.update({code: None if turn % 3 == 0 else 0})
            turn += 1
    return found


def _kept(scope: Scope, fill: Fill, follow: Way) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        valid = Valid(case, scope)
        line = valid.asked if follow is _received else valid.provided
        wanted = fill(line.information)
        came = json.loads(follow(case, scope, wanted), parse_float=str, parse_constant=str)
        for code in sorted({*wanted, *came}):
            here, there = _shown(wanted, code), _shown(came, code)
            if here != there:
                case.fail("VALUE-CHANGED", sent=f"{code} {here}", expected=here, came=there, located="received")

    return check


def _shown(items: Items, code: str) -> str:
    return json.dumps(items[code], sort_keys=True) if code in items else "absent"


def _read(case: Case, scope: Scope, items: Items) -> bytes:
    valid = Valid(case, scope)
    path = valid.replica(items=items)
    answer = case.need(case.ask("readReplica", path=path, query=valid.year, staff="register"), 200)
    return _member(answer.raw, "items")


def _provided(case: Case, scope: Scope, items: Items) -> bytes:
    valid = Valid(case, scope)
    person = valid.linked()
    valid.replica(items=items)
    made = person.provision(valid.provided)
    answer = case.need(case.ask("requestProvision", body=made.body), 200)
    rule = assumed("content-encryption")
    registry = jwe.JWERegistry(algorithms=[rule["alg"], rule["enc"]], strict_check_header=False)
    opened = jwe.decrypt_compact(answer.json["content"], made.key, registry=registry).plaintext
    return _member(opened or b"{}", "items")


def _received(case: Case, scope: Scope, items: Items) -> bytes:
    valid = Valid(case, scope)
    person = valid.linked()

    async def provide(asked: Asked) -> Reply:
        layout = _layout(asked.provision["information"])
        content = content_for(asked, items, layout=layout)
        return Reply(200, answer_with(asked, content, case.stage.clock()))

    case.stage.played.script(person.linkage_code, provide)
    inquiry_id = person.inquire(valid.asked)
    found = person.settled(inquiry_id)
    answer = case.ask("readInquiry", path={"inquiry_id": inquiry_id}, staff="inquire")
    if found.get("outcome") != "provided":
        case.fail(
            "RESULT-REFUSED",
            sent="a right answer of the provider",
            expected="the outcome provided",
            came=f"{found.get('outcome')} {found.get('problem', {}).get('code', '')}",
            located="received",
        )
    return _member(_member(answer.raw, "result"), "items")


def _member(raw: bytes, name: str) -> bytes:
    """One member of a JSON object as it was written."""
    found: dict[str, msgspec.Raw] = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    return bytes(found[name])


def _fraction_kept(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        valid = Valid(case, scope)
        person = valid.linked()
        sent = f"{stamp(case.stage.clock() - dt.timedelta(minutes=1))[:19]}.000001+09:00"
        path = valid.replica(updated_at=sent)
        read = case.need(case.ask("readReplica", path=path, query=valid.year, staff="register"), 200).json
        answer = case.need(case.ask("requestProvision", body=(made := person.provision(valid.provided)).body), 200)
        rule = assumed("content-encryption")
        registry = jwe.JWERegistry(algorithms=[rule["alg"], rule["enc"]], strict_check_header=False)
        opened = json.loads(jwe.decrypt_compact(answer.json["content"], made.key, registry=registry).plaintext or b"{}")
        for where, came in (("the replica", read["updated_at"]), ("the content provided", opened["updated_at"])):
            if dt.datetime.fromisoformat(came) != dt.datetime.fromisoformat(sent):
                case.fail("FRACTION-LOST", sent=sent, expected=f"the same moment in {where}", came=came)

    return check


def _fraction_compared(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        valid = Valid(case, scope)
        second = stamp(case.stage.clock() - dt.timedelta(minutes=1))[:19]
        path = valid.replica(updated_at=f"{second}.000002+09:00")
        older = valid.content(updated_at=f"{second}.000001+09:00")
        answer = case.ask("putReplica", path=path, body=older, staff="register")
        case.refused(answer, "OLDER-ACCEPTED", (STALE,), sent="an update time that is one microsecond older")
        newer = valid.content(updated_at=f"{second}.000003+09:00")
        answer = case.ask("putReplica", path=path, body=newer, staff="register")
        if answer.status != 200:
            case.fail("NEWER-REFUSED", sent="one that is one microsecond newer", expected="200", came=answer.short())

    return check


def _layout(information: str) -> str:
    return layouts(information_by_code(information).id)[-1].version


def _rules(information: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = schema(information_by_code(information).id, _layout(information))["properties"]
    return found


def _types(rule: dict[str, Any]) -> list[str]:
    kinds = rule.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)
