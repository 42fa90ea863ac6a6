"""Replicas over time and in number: every kind of information, corrections, freshness, the export."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from bango_conformance.choices import providing
from bango_conformance.kinds.by_hand import CLOCK, by_hand
from bango_conformance.lines import provider_lines
from bango_conformance.moved import moved
from bango_conformance.subject import items_of, layout_of
from bango_conformance.times import moment, stamp
from bango_spec.assumptions import value
from bango_spec.items import information_ids, schema
from bango_spec.vocabulary import information, information_by_code

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.subject import AllowedLine, Subject
    from bango_conformance.suite import Scope

Check = Callable[["Case"], None]
DAY = dt.timedelta(days=1)
LATER = dt.timedelta(days=400)
DAYS = {"daily": 1, "weekly": 7, "monthly": 31, "yearly": 366}


def obligations(scope: Scope) -> Iterator[Obligation]:
    """By hand, for a body that provides."""
    lines = {line.information: line for line in provider_lines(scope)}
    for code, first in lines.items():
        found = information_by_code(code)
        yield by_hand(
            f"workflow.replicas.kind.{found.id}",
            ("IS-RPL-014",),
            _kind(first),
            f"{found.ja}の副本を受け入れ、登録したとおりに返す",
            f"A replica of {found.id} is accepted and read as registered",
        )
    line = providing(scope)
    if line is None:
        return
    foreign = sorted(information()[one].code for one in information_ids() if information()[one].code not in lines)
    for code in foreign[:3]:
        yield by_hand(
            f"workflow.replicas.not-provided.{information_by_code(code).id}",
            ("IS-RPL-011",),
            _not_provided(code),
            "提供者とならない種類の副本を受け入れない",
            "A kind that the body provides in no line is not accepted",
        )
    yield by_hand(
        "workflow.replicas.freshness",
        ("IS-RPL-012",),
        _freshness(scope),
        "種類ごとの更新間隔、最後の更新日時、超過を報告する",
        "Interval, latest update and overdue mark of each kind",
        needs=CLOCK,
    )
    yield by_hand(
        "workflow.replicas.correction-names-recipients",
        ("IS-RPL-013",),
        _recipients(line),
        "訂正すると、誤った世代を渡した提供をすべて示す",
        "A correction names every provision of the wrong generation, and no later one",
    )
    yield by_hand(
        "workflow.replicas.export",
        ("IS-OPS-004",),
        _export(line),
        "有効な副本を一度ずつ、件数と要約値とともに書き出す",
        "Every live replica is exported once, with count and digest",
    )


def path_of(subject: Subject, code: str) -> dict[str, str]:
    """The path of a person's replica of an information kind."""
    return {"integrated_address_number": subject.integrated_address_number, "information": code}


def read(case: Case, subject: Subject, code: str, **query: str) -> dict[str, Any]:
    """A replica as it is read."""
    answer = case.ask("readReplica", path=path_of(subject, code), query=query, staff="register")
    found: dict[str, Any] = case.need(answer, 200).json
    return found


def _year_of(content: dict[str, Any]) -> dict[str, str]:
    return {"fiscal_year": content["fiscal_year"]} if "fiscal_year" in content else {}


def _kind(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject = case.subject()
        content = subject.content(line.information)
        content["items"] = crowded(line.information, content["items"])
        path = path_of(subject, line.information)
        answer = case.ask("putReplica", path=path, body=content, staff="register")
        if answer.status != 201:
            case.fail("KIND-REFUSED", sent=line.information, expected="201", came=answer.short())
        found = read(case, subject, line.information, **_year_of(content))
        for name in ("items", "layout_version", "generation", "automatic_answer", "withheld"):
            if found.get(name) != content[name]:
                case.fail(
                    "READ-OTHERWISE",
                    sent=str(content[name])[:200],
                    expected="the same",
                    came=str(found.get(name))[:200],
                )

    return check


def crowded(code: str, items: dict[str, Any]) -> dict[str, Any]:
    """Items whose repeated groups have as many rows as their layout lets them have."""
    found = schema(information_by_code(code).id, layout_of(code))["properties"]
    return {
        name: (held * found[name]["maxItems"])[: found[name]["maxItems"]]
        if isinstance(held, list) and "maxItems" in found[name]
        else held
        for name, held in items.items()
    }


def _not_provided(code: str) -> Check:
    def check(case: Case) -> None:
        subject = case.subject()
        content = subject.content(code)
        answer = case.ask("putReplica", path=path_of(subject, code), body=content, staff="register")
        case.refused(answer, "FOREIGN-KIND", ("information-not-provided",), sent=f"a replica of {code}")
        path, query = path_of(subject, code), _year_of(content)
        kept = case.ask("readReplica", path=path, query=query, staff="register")
        case.refused(kept, "FOREIGN-KIND", ("no-replica",), sent="a reading of what was refused")

    return check


def _freshness(scope: Scope) -> Check:
    def check(case: Case) -> None:
        # Long after whatever other obligations registered: only an original that stands still is overdue then.
        with moved(case, LATER):
            now = case.stage.clock()
            intervals = value("replica-update-frequency")
            for code in {one.information: one for one in provider_lines(scope)}:
                interval = intervals.get(information_by_code(code).id)
                if interval is None:
                    continue
                before = _fresh(case, code).get("latest_update")
                at = now - dt.timedelta(days=DAYS[interval] + 1)
                if before is None or moment(before) < at:
                    case.subject().put(code, updated_at=stamp(at))
                    _judged(case, code, interval, at, overdue=True)
                newer = now - dt.timedelta(minutes=1)
                case.subject().put(code, updated_at=stamp(newer))
                _judged(case, code, interval, newer, overdue=False)
                return

    return check


def _fresh(case: Case, code: str) -> dict[str, Any]:
    rows = case.need(case.ask("listFreshness", staff="register"), 200).json["information"]
    return next((row for row in rows if row["information"] == code), {})


def _judged(case: Case, code: str, interval: str, at: dt.datetime, *, overdue: bool) -> None:
    shown = _fresh(case, code)
    latest = shown.get("latest_update")
    # Another person's original may be fresher still; older it cannot be.
    right = latest is not None and moment(latest) >= at.replace(microsecond=at.microsecond // 1000 * 1000)
    if not right or shown.get("interval") != interval or shown.get("overdue") != overdue:
        case.fail(
            "FRESHNESS-WRONG",
            sent=f"an update of {stamp(at)}",
            expected=f"{interval}, at least this time, overdue {overdue}",
            came=str(shown),
        )


def _recipients(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject, now = case.subject(), case.stage.clock()
        subject.link()
        content = subject.put(line.information, updated_at=stamp(now - DAY))
        wrong = [subject.provision(line) for _ in range(3)]
        for request in wrong:
            case.need(case.ask("requestProvision", body=request.body), 200)
        body: dict[str, Any] = {
            "corrects": 1,
            "reason": "試験の訂正",
            "content": content | {"generation": 2, "updated_at": stamp(now), "items": _other(line, subject)},
        }
        path = path_of(subject, line.information)
        told = case.need(case.ask("correctReplica", path=path, body=body, staff="register"), 201).json
        later = subject.provision(line)
        case.need(case.ask("requestProvision", body=later.body), 200)
        found = {(one["permit_id"], one["asker"]) for one in told["provided_to"]}
        expected = {(one.claims["permit_id"], line.asker) for one in wrong}
        if found != expected or any(
            abs((moment(one["provided_at"]) - now).total_seconds()) > 120 for one in told["provided_to"]
        ):
            case.fail(
                "RECIPIENTS-WRONG",
                sent="a correction after three provisions",
                expected="these three",
                came=str(told["provided_to"])[:300],
            )
        again = {"corrects": 2, "reason": "試験の訂正", "content": body["content"] | {"generation": 3}}
        more = case.need(case.ask("correctReplica", path=path, body=again, staff="register"), 201).json["provided_to"]
        if [one["permit_id"] for one in more] != [later.claims["permit_id"]]:
            case.fail(
                "RECIPIENTS-WRONG", sent="a second correction", expected="the one later provision", came=str(more)[:300]
            )

    return check


def _other(line: AllowedLine, subject: Subject) -> dict[str, Any]:
    return items_of(line.information, int(subject.integrated_address_number) + 7, "2020")


def _export(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        now = case.stage.clock()
        kept, updated, gone, unlinked = (case.subject() for _ in range(4))
        for subject in (kept, updated, gone):
            subject.link()
        wanted = {}
        for subject in (kept, updated, gone, unlinked):
            content = subject.put(line.information, updated_at=stamp(now - DAY))
            if subject is updated:
                content = subject.put(line.information, generation=2, updated_at=stamp(now))
            wanted[subject.integrated_address_number] = content
        query = {**_year_of(wanted.pop(gone.integrated_address_number)), "reason": "moved-out"}
        case.need(case.ask("deleteReplica", path=path_of(gone, line.information), query=query, staff="register"), 200)
        answer = case.need(case.ask("exportReplicas", query={"information": line.information}, staff="register"), 200)
        *lines, end = answer.raw.splitlines(keepends=True)
        told = msgspec.json.decode(end)
        counted = {"count": len(lines), "digest": hashlib.sha256(b"".join(lines)).hexdigest()}
        if told != counted:
            case.fail("EXPORT-END", sent="an export", expected=str(counted), came=str(told))
        rows = [msgspec.json.decode(one) for one in lines]
        for number, content in wanted.items():
            own = [row for row in rows if row["integrated_address_number"] == number]
            found = [(row["generation"], moment(row["updated_at"])) for row in own]
            if found != [(content["generation"], moment(content["updated_at"]))]:
                case.fail(
                    "EXPORT-WRONG",
                    sent="a live replica",
                    expected="once, with its generation and time",
                    came=str(found),
                )
        if any(row["integrated_address_number"] == gone.integrated_address_number for row in rows):
            case.fail("EXPORT-WRONG", sent="a deleted replica", expected="not in the export", came="it is in it")

    return check
