"""Many at once: files of inquiries and batches of replicas, right and wrong records mixed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bango_conformance.choices import asking, not_permitted, providing
from bango_conformance.kinds.by_hand import by_hand
from bango_conformance.kinds.workflow_replicas import path_of
from bango_conformance.lines import asker_lines
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope

Check = Callable[["Case"], None]
RECORDS = 160
SECONDS = 60.0
PAUSE = 0.05
UNKNOWN_BODY = "9999999999999999"


def obligations(scope: Scope) -> Iterator[Obligation]:
    """By hand."""
    asked, provided = asking(scope), providing(scope)
    if asked is not None:
        refused = not_permitted(scope, asker_lines(scope), asked)
        yield by_hand(
            "workflow.batches.inquiries-mixed",
            ("IS-API-010",),
            _inquiries(asked, refused),
            "正しい件と誤った件を混ぜたファイルの、件ごとの結果",
            "A file of right and wrong records: each reported once, the right ones not held up",
        )
        yield by_hand(
            "workflow.batches.record-ids",
            ("IS-API-011",),
            _record_ids(asked),
            "レコード識別番号の重複は、ファイルの内でも間でも後の件だけを拒む",
            "A record id used before, in the same file or an earlier one, fails the later record alone",
        )
    if provided is not None:
        yield by_hand(
            "workflow.batches.replicas-limit",
            ("IS-API-009", "IS-API-010"),
            _limit(provided),
            "上限いっぱいの一括登録を受け付け、すべての件の結果を示す",
            "A batch of the greatest size is accepted and every entry reported",
            alone=True,
        )
        yield by_hand(
            "workflow.batches.replicas-mixed",
            ("IS-API-010",),
            _replicas(provided),
            "正しい件と誤った件を混ぜた副本の一括登録の、件ごとの結果",
            "A batch of right and wrong replicas: each reported once, the right ones take effect",
        )


def file_of(case: Case, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Submit a file; its results once it is finished, all pages."""
    answer = case.need(case.ask("submitInquiryFile", body={"records": records}, staff="inquire"), 202)
    path = {"file_id": answer.json["id"]}
    limit = time.monotonic() + SECONDS
    while True:
        state = case.need(case.ask("readInquiryFile", path=path, staff="inquire"), 200).json
        if state["state"] == "finished" or time.monotonic() > limit:
            break
        time.sleep(PAUSE)
    if (state["state"], state["total"], state["pending"]) != ("finished", len(records), 0):
        case.fail("FILE-UNFINISHED", sent=f"{len(records)} records", expected="finished, none pending", came=str(state))
    found: list[dict[str, Any]] = []
    query = {"limit": "1000"}
    while True:
        page = case.need(case.ask("listInquiryFileResults", path=path, query=query, staff="inquire"), 200).json
        found += page["inquiries"]
        if "next_cursor" not in page:
            break
        query["cursor"] = page["next_cursor"]
    succeeded = sum(one["state"] == "answered" for one in found)
    if (state["succeeded"], state["failed"]) != (succeeded, len(found) - succeeded):
        case.fail("FILE-COUNTS", sent=f"{len(records)} records", expected=f"{succeeded} succeeded", came=str(state))
    return found


def _ids(records: list[dict[str, Any]]) -> list[str]:
    return [one["record_id"] for one in records]


def _inquiries(line: AllowedLine, refused: AllowedLine) -> Check:
    def check(case: Case) -> None:
        known, unknown = case.subject(), case.subject()
        known.link()
        records: list[dict[str, Any]] = []
        expected: dict[str, tuple[str, str, str | None]] = {}
        for n in range(RECORDS):
            record = known.request(line)
            wanted: tuple[str, str, str | None] = ("answered", "provided", None)
            if n % 10 == 3:
                record, wanted = known.request(refused), ("failed", "not-permitted", "not-permitted")
            elif n % 10 == 5:
                record, wanted = unknown.request(line), ("failed", "failed", "no-linkage-code-asker")
            elif n % 10 == 7:
                record = known.request(line._replace(provider=UNKNOWN_BODY))
                wanted = ("failed", "failed", "unknown-body")
            records.append(record)
            expected[record["record_id"]] = wanted
        found = file_of(case, records)
        if sorted(one["record_id"] for one in found) != sorted(_ids(records)):
            case.fail("RECORDS-MISSING", sent=f"{RECORDS} records", expected="each once", came=f"{len(found)} results")
        for one in found:
            told = (one["state"], one.get("outcome"), one.get("problem", {}).get("code"))
            if told != expected[one["record_id"]]:
                case.fail(
                    "RECORD-WRONG", sent=one["record_id"], expected=str(expected[one["record_id"]]), came=str(told)
                )

    return check


def _record_ids(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        first, second = subject.request(line), subject.request(line)
        found = file_of(case, [first, second, dict(first)])
        told = [(one["record_id"], one.get("problem", {}).get("code")) for one in found]
        expected = [
            (first["record_id"], None),
            (second["record_id"], None),
            (first["record_id"], "duplicate-record-id"),
        ]
        if sorted(told, key=str) != sorted(expected, key=str):
            case.fail("RECORD-IDS", sent="one record id twice in a file", expected=str(expected), came=str(told))
        third = subject.request(line)
        told = [(one["record_id"], one.get("problem", {}).get("code")) for one in file_of(case, [dict(second), third])]
        expected = [(second["record_id"], "duplicate-record-id"), (third["record_id"], None)]
        if sorted(told, key=str) != sorted(expected, key=str):
            case.fail("RECORD-IDS", sent="a record id of an earlier file", expected=str(expected), came=str(told))

    return check


def _limit(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject = case.subject()
        content = subject.content(line.information)
        year = {"fiscal_year": content["fiscal_year"]} if "fiscal_year" in content else {}
        entry = {"operation": "delete", **path_of(subject, line.information), **year, "reason": "moved-out"}
        most = number("replica-batch-limit-rows")
        body = {"entries": [entry] * most}
        answer = case.ask("submitReplicaBatch", body=body, staff="register")
        if answer.status != 202:
            case.fail("LIMIT-REFUSED", sent=f"{most} entries", expected="202", came=answer.short())
        report = _report(case, answer.json["id"])
        if sorted(one["index"] for one in report) != list(range(most)):
            case.fail("REPORT-WRONG", sent=f"{most} entries", expected="each once", came=f"{len(report)} failures")

    return check


def _replicas(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        people = [case.subject() for _ in range(RECORDS // 20)]
        entries: list[dict[str, Any]] = []
        expected: dict[int, str] = {}
        right: dict[str, dict[str, Any]] = {}
        for n in range(RECORDS):
            subject = people[n % len(people)]
            content, code = subject.content(line.information, generation=n + 1), None
            if n >= len(people):
                content, code = _wrong(content, n)
            if code is None:
                right[subject.integrated_address_number] = content
            else:
                expected[n] = code
            entries.append({"operation": "put", **path_of(subject, line.information), "content": content})
        answer = case.need(case.ask("submitReplicaBatch", body={"entries": entries}, staff="register"), 202)
        report = _report(case, answer.json["id"])
        told = {one["index"]: one["problem"]["code"] for one in report}
        if told != expected or len(report) != len(expected):
            odd = sorted(set(told.items()) ^ set(expected.items()))[:6]
            case.fail(
                "REPORT-WRONG", sent=f"{RECORDS} entries", expected="each failure once, by its reason", came=str(odd)
            )
        for subject in people:
            content = right[subject.integrated_address_number]
            query = {"fiscal_year": content["fiscal_year"]} if "fiscal_year" in content else {}
            path = path_of(subject, line.information)
            found = case.need(case.ask("readReplica", path=path, query=query, staff="register"), 200).json
            if (found["generation"], found["items"]) != (content["generation"], content["items"]):
                case.fail("EFFECT-WRONG", sent="a right entry", expected="it took effect", came=str(found)[:200])

    return check


def _wrong(content: dict[str, Any], n: int) -> tuple[dict[str, Any], str | None]:
    """An entry after the first of its person, with one of several defects, or right."""
    match n % 4:
        case 0:
            return content | {"layout_version": "1999.9"}, "layout-mismatch"
        case 1:
            return content | {"generation": 1, "updated_at": content["updated_at"]}, "stale-generation"
        case 2:
            return content | {"items": {"TK99999999999999": "x"}}, "content-invalid"
        case _:
            return content, None


def _report(case: Case, batch: str) -> list[dict[str, Any]]:
    path, limit = {"batch_id": batch}, time.monotonic() + SECONDS
    while True:
        page = case.need(case.ask("readReplicaBatch", path=path, query={"limit": "1000"}, staff="register"), 200).json
        if page["batch"]["state"] == "finished" or time.monotonic() > limit:
            break
        time.sleep(PAUSE)
    failures: list[dict[str, Any]] = page["failures"]
    while "next_cursor" in page:
        query = {"limit": "1000", "cursor": page["next_cursor"]}
        page = case.need(case.ask("readReplicaBatch", path=path, query=query, staff="register"), 200).json
        failures += page["failures"]
    return failures
