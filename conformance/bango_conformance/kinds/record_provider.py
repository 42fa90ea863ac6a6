"""What the target records as provider of each request with a valid permit, however it ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bango_conformance.choices import not_permitted
from bango_conformance.covering import Cover
from bango_conformance.kinds._record_agreement import agrees, agrees_with_core, expected
from bango_conformance.ledger import records
from bango_conformance.lines import asked_of, own_kinds, provider_lines
from bango_conformance.obligation import Obligation
from bango_conformance.times import stamp
from bango_mocks.core.core import PERMIT
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.subject import AllowedLine, Provision, Subject
    from bango_conformance.suite import Scope


@dataclass(frozen=True)
class Way:
    """One way in which a request at the provider ends; the rest of the fields are how to bring it about."""

    id: str
    outcome: str
    title: Text
    linked: bool = True
    replica: dict[str, Any] | None = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    decision: str | None = None
    withdrawn: bool = False
    refused: bool = False
    items: bool = False

    @property
    def withheld(self) -> bool:
        """Whether one of the two sides withholds the fact."""
        return bool((self.replica or {}).get("withheld") or self.asked.get("asker_withheld"))


BY_STAFF = {"automatic_answer": False}
WAYS = (
    Way("provided", "provided", Text(ja="提供した", en="provided")),
    Way("items", "provided", Text(ja="一部の項目を提供した", en="provided in part"), items=True),
    Way(
        "withheld-by-provider",
        "provided",
        Text(ja="提供側が不開示とした", en="withheld by the provider"),
        replica={"withheld": True},
    ),
    Way(
        "withheld-by-asker",
        "provided",
        Text(ja="照会側が不開示とした", en="withheld by the asker"),
        asked={"asker_withheld": True},
    ),
    Way("no-record", "no-record", Text(ja="副本のない", en="without a replica"), replica=None),
    Way("no-person", "no-person", Text(ja="該当者のない", en="about nobody known"), linked=False, replica=None),
    Way("not-permitted", "not-permitted", Text(ja="表にない", en="that no line permits"), refused=True),
    Way(
        "approved", "provided", Text(ja="職員が承認した", en="approved by staff"), replica=BY_STAFF, decision="approve"
    ),
    Way(
        "refused-by-staff",
        "refused-by-staff",
        Text(ja="職員が拒んだ", en="refused by staff"),
        replica=BY_STAFF,
        decision="refuse",
    ),
    Way("withdrawn", "withdrawn", Text(ja="取り下げられた", en="withdrawn"), replica=BY_STAFF, withdrawn=True),
)
BOUND = ("items", "asker_withheld", "requested_at")
"""What a request may change and its permit says, too."""
LATER = tuple(way for way in WAYS if way.decision or way.withdrawn)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each way of ending agrees with the permit, the answer and the core; a later end changes no earlier record."""
    lines = provider_lines(scope)
    if not lines:
        return
    for number, way in enumerate(WAYS):
        clauses = ["IS-REC-002", "IS-REC-003", "IS-REC-011"]
        yield Obligation(
            id=f"record.provider.{way.id}.agrees",
            kind="record",
            clauses=tuple(["IS-REC-005", *clauses] if way.withheld else clauses),
            element=f"lifecycles/provision/{way.id}",
            title=Text(
                ja=f"{way.title.ja}求めの記録が、許可・応答・コアの記録と一致する",
                en=f"The record of a request {way.title.en} agrees with permit, answer and core",
            ),
            check=_agrees(way, lines[0], _unpermitted(scope, lines)),
            smoke=number == 0,
        )
    for way in LATER:
        yield Obligation(
            id=f"record.provider.{way.id}.adds",
            kind="record",
            clauses=("IS-REC-008",),
            element=f"lifecycles/provision/{way.id}",
            title=Text(
                ja=f"{way.title.ja}ことを新しい記録として足し、前の記録を変えない",
                en=f"That a request was {way.title.en} is added; records written before stay as they were",
            ),
            check=_adds(way, lines[0]),
        )


def _unpermitted(scope: Scope, lines: list[AllowedLine]) -> AllowedLine:
    """What no line permits: best a wrong task, and with lines too few for that another kind of information."""
    refused = Cover(scope.edition, own_kinds(scope), "provider").refused()
    change = next((one for one in refused if one.coordinate == "task"), None)
    return not_permitted(scope, lines, lines[0]) if change is None else asked_of(scope, change.asked)


def seconds_apart(case: Case, number: int) -> list[str]:
    """So many times of the last minute, a second apart, for requests that must not share one."""
    now = case.stage.clock()
    return [stamp(now - dt.timedelta(seconds=30 - n)) for n in range(number)]


def linked(case: Case) -> Subject:
    """A fresh person whose linkage code the target has."""
    subject = case.subject()
    subject.link()
    return subject


def asked(
    case: Case, way: Way, line: AllowedLine, subject: Subject | None = None, *, at: str | None = None
) -> tuple[Subject, Provision, Answer]:
    """A request (made `at` a time, else now) that will end in this way, as far as its first answer.

    The core knows its permit. A person who is given has been linked before.
    """
    if subject is None:
        subject = linked(case) if way.linked else case.subject()
    content = None if way.replica is None else subject.put(line.information, **way.replica)
    more = dict(way.asked)
    if way.items and content is not None:
        more["items"] = sorted(content["items"])[:1]
    if at is not None:
        more["requested_at"] = at
    said: dict[str, Any] = {name: member for name, member in more.items() if name in BOUND}
    provision = subject.provision(line, claims_changed=said, **more)
    case.stage.core.store.put(PERMIT, provision.claims["permit_id"], provision.claims | {"state": "issued"})
    return subject, provision, case.ask("requestProvision", body=provision.body)


def some(case: Case, line: AllowedLine, number: int = 2) -> list[str]:
    """A few requests of this case's own, so that there are records; their permit ids."""
    made = []
    for way in (WAYS[0], WAYS[4], WAYS[5])[:number]:
        _, provision, answer = asked(case, way, line)
        case.need(answer, 200)
        made.append(provision.claims["permit_id"])
    return made


def ended(case: Case, way: Way, provision: Provision, first: Answer) -> str | None:
    """Bring a request to its end, at the core, too; the time of provision, if there was one."""
    core, permit_id = case.stage.core, provision.claims["permit_id"]
    if way.refused:
        case.need(first, 403)
        core.failed(permit_id, "not-permitted")
        return None
    if way.decision is None and not way.withdrawn:
        answer = case.need(first, 200).json
        core.answered(answer)
        return answer["answered_at"] if way.outcome == "provided" else None
    case.need(first, 202)
    core.waiting(permit_id)
    if way.withdrawn:
        core.withdrawn(permit_id)
        body = {"permit_id": permit_id, "requested_at": stamp(case.stage.clock())}
        case.need(case.ask("deliverWithdrawal", body=body), 200)
        return None
    decision = {"decision": way.decision, "reason": "試験による判断"}
    case.need(case.ask("decideApproval", path={"permit_id": permit_id}, body=decision, staff="approve"), 200)
    sent = case.await_received("relayAnswer")
    if sent is None:
        raise LookupError("the answer of staff never came")
    return sent.body["answered_at"] if way.outcome == "provided" else None


def _agrees(way: Way, line: AllowedLine, unpermitted: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        _, provision, first = asked(case, way, unpermitted if way.refused else line)
        provided_at = ended(case, way, provision, first)
        permit_id = provision.claims["permit_id"]
        wanted = expected(
            "provider",
            provision.body,
            way.outcome,
            permit_id=permit_id,
            provided_at=provided_at,
            withheld=way.withheld,
        )
        sent = f"a request {way.title.en}"
        rows = agrees(case, wanted, sent, permit_id=permit_id)
        agrees_with_core(case, rows[-1], sent)

    return check


def _adds(way: Way, line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject, provision, first = asked(case, way, line)
        case.need(first, 202)
        # A request that was provided at once: there is a record whatever the target writes of one that waits.
        case.need(asked(case, WAYS[4], line)[2], 200)
        before = records(case, integrated_address_number=subject.integrated_address_number)
        ended(case, way, provision, first)
        unchanged(
            case, before, records(case, integrated_address_number=subject.integrated_address_number), way.title.en
        )

    return check


def unchanged(case: Case, before: list[dict[str, Any]], after: list[dict[str, Any]], what: str) -> None:
    """Fail unless the records of before still stand first, unchanged, and something was added."""
    if after[: len(before)] != before:
        changed = next((old for old, new in zip(before, after, strict=False) if old != new), {"sequence": "?"})
        case.fail(
            "RECORD-CHANGED",
            sent=f"a request {what} after records were read",
            expected="the records read before, unchanged",
            came=f"record {changed['sequence']} changed or went away",
            located="stored",
        )
    if len(after) <= len(before):
        case.fail(
            "END-NOT-ADDED",
            sent=f"a request {what} after records were read",
            expected="a further record that says so",
            came=f"{len(after)} records as before",
            located="stored",
        )
