"""What must not get in: individual numbers in whatever writing, and the four attributes in every layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.findings import Unmet
from bango_conformance.kinds.privacy_marks import providing
from bango_conformance.kinds.privacy_search import make
from bango_conformance.kinds.privacy_traffic import Traffic
from bango_conformance.subject import FISCAL_YEAR, layout_of
from bango_spec.identifiers import check as malformation
from bango_spec.items import code, codes, kind, layouts, sample, schema
from bango_spec.reading import Text
from bango_spec.vocabulary import information_by_code

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope

WIDE = {ord("0") + n: ord("０") + n for n in range(10)}
Writing = Callable[[str], str]


def _grouped(between: str) -> Writing:
    return lambda number: between.join(number[n : n + 4] for n in range(0, 12, 4))


WRITINGS: dict[str, tuple[Writing, Text]] = {
    "plain": (str, Text(ja="半角", en="as it is")),
    "full-width": (lambda number: number.translate(WIDE), Text(ja="全角", en="full-width")),
    "mixed-width": (
        lambda number: number[:6] + number[6:].translate(WIDE),
        Text(ja="半角と全角の混在", en="half of it full-width"),
    ),
    "hyphens": (_grouped("-"), Text(ja="ハイフン入り", en="with hyphens")),
    "blanks": (_grouped(" "), Text(ja="空白入り", en="with blanks")),
    "wide-hyphens": (
        lambda number: _grouped("－")(number.translate(WIDE)),
        Text(ja="全角でハイフン入り", en="full-width with hyphens"),
    ),
    "wide-blanks": (
        lambda number: _grouped("\u3000")(number.translate(WIDE)),
        Text(ja="全角で空白入り", en="full-width with blanks"),
    ),
    "long-dashes": (_grouped("ー"), Text(ja="長音で区切った形", en="with long dashes")),
}
ATTRIBUTES: dict[str, tuple[tuple[str, ...], Text]] = {
    "name": (("name", "氏名"), Text(ja="氏名", en="the name")),
    "address": (("address", "住所"), Text(ja="住所", en="the address")),
    "birth-date": (("birth_date", "生年月日"), Text(ja="生年月日", en="the date of birth")),
    "sex": (("sex", "性別"), Text(ja="性別", en="the sex")),
}
REFUSALS = ("forbidden-content", "content-invalid", "malformed-request")


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each writing of the number, each way in, each attribute in each layout."""
    line = providing(scope)
    if line is None:
        return
    named = information_by_code(line.information).id
    for name, (writing, title) in WRITINGS.items():
        yield make(
            f"refused.individual-number.{name}",
            ("IS-PRI-001",),
            f"items/{named}",
            Text(
                ja=f"副本の文字の項目の個人番号（{title.ja}）を拒む",
                en=f"Refuses an individual number {title.en} in a replica",
            ),
            _number_refused(scope, writing, name),
            smoke=name == "full-width",
        )
    for way, title in (
        ("batch", Text(ja="一括登録", en="a batch")),
        ("correction", Text(ja="訂正", en="a correction")),
        *((("group", Text(ja="繰返しの組", en="a repeated group")),) if _groups(line) else ()),
    ):
        yield make(
            f"refused.individual-number.{way}",
            ("IS-PRI-001",),
            f"items/{named}",
            Text(ja=f"{title.ja}の中の個人番号を拒む", en=f"Refuses an individual number in {title.en}"),
            {"batch": _batch_refused, "correction": _correction_refused, "group": _group_refused}[way](scope),
        )
    for version in layouts(named):
        for attribute, (names, title) in ATTRIBUTES.items():
            yield make(
                f"refused.{attribute}.{named}.{version.version.replace('.', '-')}",
                ("IS-PRI-002",),
                f"items/{named}/{version.version}",
                Text(
                    ja=f"{title.ja}を持つ副本を拒む（レイアウト{version.version}）",
                    en=f"Refuses a replica with {title.en} in layout {version.version}",
                ),
                _attribute_refused(scope, version.version, attribute, names),
            )


def text_items(information: str) -> list[str]:
    """The codes of an information's items that hold text, in its newest layout."""
    named = information_by_code(information).id
    newest = set(codes(named, layouts(named)[-1].version))
    found = [
        code(named, one.no)
        for one in kind(named).items
        if one.type in ("code", "number-string", "municipality-code", "flag")
    ]
    return [one for one in found if one in newest]


def _number(traffic: Traffic) -> str:
    number = traffic.subject.person.individual_number
    if malformation("individual-number", number) is not None:
        raise Unmet("試験用の個人番号が正しくありません。", "the test number is malformed")
    return number


def _nothing_held(case: Case, traffic: Traffic, clause: str) -> None:
    query = {"fiscal_year": FISCAL_YEAR} if "fiscal_year" in traffic.content() else {}
    read = case.ask("readReplica", path=traffic.replica_path(), query=query, staff="register")
    if read.status == 200:
        case.fail(
            "FORBIDDEN-HELD",
            sent="a replica that was refused",
            expected="no replica of the person",
            came=f"readReplica answers {read.short()[:80]}",
            clause=clause,
            located="stored",
        )


def _number_refused(scope: Scope, writing: Writing, name: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        number = writing(_number(traffic))
        good = traffic.content()
        for item in text_items(traffic.providing.information):
            body = good | {"items": good["items"] | {item: number}}
            answer = case.ask("putReplica", path=traffic.replica_path(), body=body, staff="register")
            case.refused(
                answer,
                "INDIVIDUAL-NUMBER-ACCEPTED",
                ("forbidden-content",),
                sent=f"a replica with an individual number ({name}) in {item}",
            )
        _nothing_held(case, traffic, "IS-PRI-001")
        # Bound to its cause: without the number the same replica is held.
        case.need(case.ask("putReplica", path=traffic.replica_path(), body=good, staff="register"), 200, 201)

    return check


def _batch_refused(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        good = traffic.content()
        item = text_items(traffic.providing.information)[0]
        bad = good | {"items": good["items"] | {item: _number(traffic).translate(WIDE)}}
        entry: dict[str, Any] = {"operation": "put", **traffic.replica_path(), "content": bad}
        made = case.need(case.ask("submitReplicaBatch", body={"entries": [entry]}, staff="register"), 202)
        report = traffic.finished_batch(made.json["id"])
        codes_given = [one["problem"]["code"] for one in report["failures"]]
        if codes_given != ["forbidden-content"]:
            case.fail(
                "INDIVIDUAL-NUMBER-ACCEPTED",
                sent="a batch of one replica with a full-width individual number",
                expected="the entry failed as forbidden-content",
                came=f"failures: {codes_given}",
            )
        _nothing_held(case, traffic, "IS-PRI-001")

    return check


def _correction_refused(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        traffic.put()
        good = traffic.content(generation=2)
        item = text_items(traffic.providing.information)[0]
        bad = good | {"items": good["items"] | {item: _number(traffic)}}
        body = {"corrects": 1, "reason": "転記の誤り", "content": bad}
        answer = case.ask("correctReplica", path=traffic.replica_path(), body=body, staff="register")
        case.refused(
            answer, "INDIVIDUAL-NUMBER-ACCEPTED", ("forbidden-content",), sent="a correction with an individual number"
        )

    return check


def _groups(line: AllowedLine) -> list[str]:
    """The items of the newest layout that repeat."""
    found = schema(information_by_code(line.information).id, layout_of(line.information))["properties"]
    return [name for name, one in found.items() if "maxItems" in one]


def _group_refused(scope: Scope) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        good = traffic.content()
        group = _groups(traffic.providing)[0]
        row = dict(good["items"][group][0])
        member = next((name for name, value in row.items() if isinstance(value, str)), next(iter(row)))
        bad = good | {"items": good["items"] | {group: [row | {member: _number(traffic)}]}}
        answer = case.ask("putReplica", path=traffic.replica_path(), body=bad, staff="register")
        case.refused(
            answer,
            "INDIVIDUAL-NUMBER-ACCEPTED",
            ("forbidden-content",),
            sent=f"a replica with an individual number in a row of {group}",
        )
        _nothing_held(case, traffic, "IS-PRI-001")

    return check


def _attribute_refused(scope: Scope, version: str, attribute: str, names: tuple[str, ...]) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        person = traffic.subject.person
        value = dict(zip(ATTRIBUTES, person.four_attributes, strict=True))[attribute]
        named = information_by_code(traffic.providing.information).id
        items = sample(
            named, version, int(traffic.subject.integrated_address_number), full=True, fiscal_year=FISCAL_YEAR
        )
        good = traffic.content(layout_version=version) | {"items": items}
        for name in names:
            for where in ("items", "content"):
                bad = good | {"items": items | {name: value}} if where == "items" else good | {name: value}
                answer = case.ask("putReplica", path=traffic.replica_path(), body=bad, staff="register")
                case.refused(
                    answer,
                    "ATTRIBUTE-ACCEPTED",
                    REFUSALS,
                    sent=f"a replica in layout {version} with the property {name!r} in its {where}",
                )
        _nothing_held(case, traffic, "IS-PRI-002")
        case.need(case.ask("putReplica", path=traffic.replica_path(), body=good, staff="register"), 200, 201)

    return check
