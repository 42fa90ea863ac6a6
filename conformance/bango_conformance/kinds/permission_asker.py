"""As asker the target sends what the table permits, never sends what it does not, and says which line came nearest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bango_conformance.covering import Change, Cover, Place, elsewhere
from bango_conformance.findings import Unmet
from bango_conformance.kinds._permission_words import COORDINATES, element, place_id
from bango_conformance.lines import asked_by, entries_of, own_kinds
from bango_conformance.nearness import nearest, wrong
from bango_conformance.obligation import Obligation
from bango_conformance.stage.peers import peer_code
from bango_spec import law
from bango_spec.allow_list import TABLE, Entry, party_kinds
from bango_spec.reading import Text
from bango_spec.task_codes import series_of

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.subject import AllowedLine
    from bango_conformance.suite import Scope

COMPARED = ("asker", "provider", "task", "procedure", "information")


def obligations(scope: Scope) -> Iterator[Obligation]:
    """What is sent, what never is and why, and whose name stands on it."""
    cover = Cover(scope.edition, own_kinds(scope), "asker")
    if not cover.own:
        return
    yield from _sent(scope, cover)
    for number, change in enumerate(cover.refused()):
        yield _withheld(scope, cover, change, "never-sends", ("IS-INQ-001", "IS-INQ-002"), smoke=number == 0)
    for change in cover.narrowed():
        yield _withheld(scope, cover, change, "narrowed", ("IS-INQ-001", "IS-INQ-002"))
    for change in cover.unasked():
        yield _withheld(scope, cover, change, "unasked", ("IS-INQ-001", "IS-INQ-002"))
    series, tasks = series_of(scope.edition, TABLE), {entry.task for entry in entries_of(scope.edition)}
    for other in law.editions():
        if other.id != scope.edition and TABLE in other.tables and series_of(other.id, TABLE) == series:
            # Staff are given the tasks of this edition only, so that nothing but the table can refuse.
            for change in (one for one in elsewhere(cover, other.id) if one.asked.task in tasks):
                yield _withheld(scope, cover, change, f"edition.not-{other.id}", ("IS-INQ-003",))
    yield from _under_own_name(scope, cover)


def _sent(scope: Scope, cover: Cover) -> Iterator[Obligation]:
    for number, (place, entries) in enumerate(cover.served().items()):
        yield Obligation(
            id=f"permission.asker.sends.{scope.edition}.{place_id(place)}",
            kind="permission",
            clauses=("IS-INQ-003", "IS-INQ-005"),
            element=element(scope.edition, place),
            title=Text(
                ja=f"{place.item}の項の{place.line}行目により求められる照会を送る",
                en=f"Sends what item {place.item}, line {place.line}, lets it ask",
            ),
            check=_sends(scope, place, entries),
            smoke=number == 0,
        )


def _withheld(  # the parts of one obligation
    scope: Scope, cover: Cover, change: Change, name: str, clauses: tuple[str, ...], *, smoke: bool = False
) -> Obligation:
    word = COORDINATES[change.coordinate]
    last = f".{change.coordinate}" if name == "never-sends" else ""
    return Obligation(
        id=f"permission.asker.{name}.{scope.edition}.{place_id(change.place)}{last}",
        kind="permission",
        clauses=clauses,
        element=element(scope.edition, change.place),
        title=Text(
            ja=f"{change.place.item}の項の{change.place.line}行目と{word.ja}が異なる照会を送らず、理由を示す",
            en=f"Does not send what differs from item {change.place.item}, line {change.place.line}, in the {word.en}; says why",
        ),
        check=_never_sends(scope, cover, change),
        smoke=smoke,
    )


def _sends(scope: Scope, place: Place, entries: Sequence[Entry]) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        lines = [asked_by(scope, entry) for entry in entries]
        asked = [(entry, line, subject.inquire(line)) for entry, line in zip(entries, lines, strict=True)]
        for entry, line, inquiry_id in asked:
            seen = subject.settled(inquiry_id)
            sent = f"an inquiry that item {place.item}, line {place.line}, permits: {entry}"
            if not _reached(case, line):
                came = f"nothing like it reached the interface system; {_said(seen)}"
                case.fail("NOT-SENT", sent=sent, expected="the inquiry, in the own body's name", came=came)
            if seen.get("outcome") != "provided":
                case.fail(
                    "NOT-SENT", sent=sent, expected="outcome provided, as the provider answered", came=_said(seen)
                )

    return check


def _never_sends(scope: Scope, cover: Cover, change: Change) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        wanted, base = asked_by(scope, change.asked), asked_by(scope, change.base)
        sent = f"an inquiry that no line permits, the {change.coordinate} changed: {change.asked}"
        answer = case.ask("submitInquiry", body=subject.request(wanted), staff="inquire")
        problem: Any = answer.json
        if answer.status == 202:
            ended = subject.settled(answer.json["inquiry_id"])
            problem = ended.get("problem") or {}
            if ended.get("outcome") != "not-permitted":
                case.fail("NOT-TOLD", sent=sent, expected="outcome not-permitted", came=_said(ended))
        else:
            # A server that knows no other edition cannot know that edition's codes of procedures either.
            unknown = ("unknown-code",) if change.coordinate == "task" and not _known(scope, change) else ()
            case.refused(answer, "NOT-TOLD", ("not-permitted", *unknown), sent=sent)
        # An allowed inquiry about the same person comes through: whatever was going to be sent before it has been sent.
        seen = subject.settled(subject.inquire(base))
        if not _reached(case, base):
            raise Unmet(
                f"表のとおりの照会も届きませんでした（{_said(seen)}）。",
                f"an inquiry that the table permits did not arrive either ({_said(seen)})",
            )
        if _reached(case, wanted):
            case.fail(
                "SENT-AGAINST-TABLE", sent=sent, expected="nothing at the interface system", came="the inquiry arrived"
            )
        if problem.get("code") == "unknown-code":
            return
        if (problem.get("code"), problem.get("origin")) != ("not-permitted", "asker"):
            came = f"{problem.get('code')} with origin {problem.get('origin')}"
            case.fail("NOT-TOLD", sent=sent, expected="not-permitted with origin asker", came=came)
        expected = nearest(scope.edition, cover.kinds, party_kinds([change.asked.provider]), change.asked)
        fault = wrong(problem.get("nearest"), scope.edition, expected)
        if fault is not None:
            lines = ", ".join(f"{place.item}/{place.line}" for place in list(expected)[:5])
            case.fail(
                "NEAREST-LINE-WRONG",
                clause="IS-INQ-002",
                sent=sent,
                expected=f"one of the lines {lines} with the coordinate that differs, edition and level",
                came=fault,
            )

    return check


def _under_own_name(scope: Scope, cover: Cover) -> Iterator[Obligation]:
    line = asked_by(scope, cover.own[0])
    title = Text(ja="委任元を照会者として送らない", en="Does not send the delegating body as the asker")
    yield Obligation(
        id="permission.asker.own-name.delegated",
        kind="permission",
        clauses=("IS-INQ-005",),
        element="interfaces/interface-system#relayInquiry/asker",
        title=title,
        check=_keeps_own_name(line, asker_delegator=peer_code(_other(scope))),
    )
    yield Obligation(
        id="permission.asker.own-name.posing",
        kind="permission",
        clauses=("IS-INQ-005",),
        element="interfaces/intermediate-server.in-house#submitInquiry/asker",
        title=Text(ja="他の機関を照会者とする依頼を送らない", en="Does not send an inquiry in another body's name"),
        check=_keeps_own_name(line, asker=peer_code(_other(scope))),
    )


def _keeps_own_name(line: AllowedLine, **changed: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        answer = case.ask("submitInquiry", body=subject.request(line, **changed), staff="inquire")
        if answer.status == 202:
            subject.settled(answer.json["inquiry_id"])
        elif "asker" not in changed:
            case.fail(
                "DELEGATION-REFUSED", sent=f"an inquiry with {changed}", expected="202 accepted", came=answer.short()
            )
        subject.settled(subject.inquire(line))
        askers = {one.body["asker"] for one in case.received("relayInquiry")}
        if not askers:
            raise Unmet("照会が一つも届きませんでした。", "no inquiry arrived at all")
        if askers != {line.asker}:
            came = f"asker {', '.join(sorted(askers - {line.asker}))}"
            case.fail("ANOTHER-NAME", sent=f"an inquiry with {changed}", expected=f"asker {line.asker}", came=came)

    return check


def _other(scope: Scope) -> str:
    """A party that asks somewhere in the table, best one that the target's body is not: its peer is another body anyhow."""
    own = own_kinds(scope)
    entries = entries_of(scope.edition)
    return next((entry.asker for entry in entries if entry.asker not in own), entries[0].asker)


def _known(scope: Scope, change: Change) -> bool:
    """Whether the edition in force has the procedure that is asked under."""
    return any(entry.procedure == change.asked.procedure for entry in entries_of(scope.edition))


def _reached(case: Case, line: AllowedLine) -> bool:
    wanted = {name: getattr(line, name) for name in COMPARED}
    return any(wanted.items() <= (one.body or {}).items() for one in case.received("relayInquiry"))


def _said(inquiry: dict[str, Any]) -> str:
    code = (inquiry.get("problem") or {}).get("code", "")
    return f"state {inquiry['state']}, outcome {inquiry.get('outcome')} {code}".rstrip()
