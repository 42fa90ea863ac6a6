"""The edition in force on the day decides: with the clock in the days of an earlier one, that one does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bango_conformance.covering import Change, Cover, elsewhere
from bango_conformance.kinds._permission_words import element, place_id
from bango_conformance.lines import asked_by, asked_of, own_kinds
from bango_conformance.moved import moved
from bango_conformance.obligation import Obligation
from bango_conformance.times import JAPAN
from bango_spec import law
from bango_spec.allow_list import Entry, editions_before
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.suite import Scope

INTO = dt.timedelta(days=30)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """For each earlier edition of the table: what it alone permits is permitted in its days, and today's is not."""
    for other in editions_before(scope.edition):
        for role, check in (("provider", _provides), ("asker", _asks)):
            cover = Cover(scope.edition, own_kinds(scope), "provider" if role == "provider" else "asker")
            then = next(iter(elsewhere(cover, other)), None)
            now = next(iter(elsewhere(Cover(other, cover.kinds, cover.role), scope.edition)), None)
            if then is None or now is None:
                continue
            name = law.edition(other)
            yield Obligation(
                id=f"permission.{role}.edition.{scope.edition}.in-days-of-{other}.{place_id(then.place)}",
                kind="permission",
                clauses=("IS-INQ-003",),
                element=element(other, then.place),
                title=Text(
                    ja=f"時計が{name.ja}の日にあれば、その版で判断する（{'提供者' if role == 'provider' else '照会者'}）",
                    en=f"With the clock in the days of {name.en}, decides by it (as {role})",
                ),
                check=check(scope, (other, then), now.asked),
                needs=("hook:clock",),
                alone=True,
            )


def _ahead(edition: str) -> dt.timedelta:
    """How far a day of the edition is ahead of now (behind: negative)."""
    day = dt.datetime.fromisoformat(law.edition(edition).since).replace(tzinfo=JAPAN, hour=12) + INTO
    return day - dt.datetime.now(JAPAN)


def _provides(scope: Scope, then: tuple[str, Change], now: Entry) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        edition, change = then
        entry = change.asked
        subject = case.subject()
        subject.link()
        subject.put(change.base.information)
        with moved(case, _ahead(edition)):
            sent = f"a request of item {entry.item} of {edition}, the clock in the days of it"
            answer = case.ask("requestProvision", body=subject.provision(asked_of(scope, entry)).body)
            if answer.status != 200:
                case.fail("OTHER-EDITION", sent=sent, expected="200 provided", came=answer.short())
            sent = f"a request of item {now.item} that only {scope.edition} permits, the clock in the days of {edition}"
            answer = case.ask("requestProvision", body=subject.provision(asked_of(scope, now)).body)
            case.refused(answer, "OTHER-EDITION", ("not-permitted",), sent=sent)

    return check


def _asks(scope: Scope, then: tuple[str, Change], now: Entry) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        edition, change = then
        entry = change.asked
        subject = case.subject()
        subject.link()
        with moved(case, _ahead(edition)):
            for asked, permitted in ((now, False), (entry, True)):
                line = asked_by(scope, asked)
                subject.settled(subject.inquire(line))
                arrived = [
                    one
                    for one in case.received("relayInquiry")
                    if (one.body["procedure"], one.body["information"]) == (line.procedure, line.information)
                ]
                if bool(arrived) != permitted:
                    case.fail(
                        "OTHER-EDITION",
                        sent=f"an inquiry of item {asked.item}, the clock in the days of {edition}",
                        expected="the inquiry at the interface system" if permitted else "nothing at the network",
                        came="the inquiry" if arrived else "nothing",
                    )

    return check
