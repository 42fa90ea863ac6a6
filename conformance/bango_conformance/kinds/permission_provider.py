"""As provider the target serves every line of the table and refuses each with one coordinate changed, whatever the permit says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NoReturn

from bango_conformance.covering import Change, Cover, Place, elsewhere
from bango_conformance.findings import Unmet
from bango_conformance.kinds._permission_words import COORDINATES, element, place_id
from bango_conformance.lines import asked_of, own_kinds
from bango_conformance.obligation import Obligation
from bango_spec import law
from bango_spec.allow_list import TABLE, Entry
from bango_spec.reading import Text
from bango_spec.task_codes import procedure_code, series_of, task_code

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.client import Answer
    from bango_conformance.subject import Subject
    from bango_conformance.suite import Scope


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Lines served, lines refused, what the order narrows, what only other editions have, and deleted items."""
    cover = Cover(scope.edition, own_kinds(scope), "provider")
    if not cover.own:
        return
    yield from _served(scope, cover)
    yield from _refused(scope, cover)
    yield from _narrowed(scope, cover)
    yield from _unasked(scope, cover)
    yield from _of_other_editions(scope, cover)
    yield from _deleted(scope, cover)


def _served(scope: Scope, cover: Cover) -> Iterator[Obligation]:
    for number, (place, entries) in enumerate(cover.served().items()):
        by_class = sorted({entry.provider for entry in entries} - set(scope.parties))
        classed = f" ({', '.join(by_class)})" if by_class else ""
        yield Obligation(
            id=f"permission.provider.serves.{scope.edition}.{place_id(place)}",
            kind="permission",
            clauses=("IS-PRV-006",),
            element=element(scope.edition, place),
            title=Text(
                ja=f"{place.item}の項の{place.line}行目の求めに提供する{classed}",
                en=f"Provides what item {place.item}, line {place.line}, permits{classed}",
            ),
            check=_serves(scope, place, entries),
            smoke=number == 0,
        )


def _refused(scope: Scope, cover: Cover) -> Iterator[Obligation]:
    smoke = set(COORDINATES)
    for change in cover.refused():
        word = COORDINATES[change.coordinate]
        yield Obligation(
            id=f"permission.provider.refuses.{scope.edition}.{place_id(change.place)}.{change.coordinate}",
            kind="permission",
            clauses=("IS-PRV-005",),
            element=element(scope.edition, change.place),
            title=Text(
                ja=f"{change.place.item}の項の{change.place.line}行目と{word.ja}だけが異なる求めを拒む",
                en=f"Refuses what differs from item {change.place.item}, line {change.place.line}, in the {word.en} only",
            ),
            check=_refuses(scope, cover, change),
            smoke=change.coordinate in smoke and change.coordinate in ("information", "procedure"),
        )
        smoke.discard(change.coordinate)


def _narrowed(scope: Scope, cover: Cover) -> Iterator[Obligation]:
    for change in cover.narrowed():
        yield Obligation(
            id=f"permission.provider.narrowed.{scope.edition}.{change.place.item}",
            kind="permission",
            clauses=("IS-PRV-005",),
            element=f"law/{scope.edition}/order2/{change.place.item}",
            title=Text(
                ja=f"{change.place.item}の項のうち、この情報を求められない手続の求めを拒む",
                en=f"Refuses a procedure of item {change.place.item} for which the order does not ask for this information",
            ),
            check=_refuses(scope, cover, change),
        )


def _unasked(scope: Scope, cover: Cover) -> Iterator[Obligation]:
    for change in cover.unasked():
        yield Obligation(
            id=f"permission.provider.unasked.{scope.edition}.{place_id(change.place)}",
            kind="permission",
            clauses=("IS-PRV-005",),
            element=element(scope.edition, change.place),
            title=Text(
                ja=f"{change.place.item}の項の{change.place.line}行目にあり、命令のどの手続も求めない情報の求めを拒む",
                en=f"Refuses what item {change.place.item}, line {change.place.line}, names and no procedure of the order asks",
            ),
            check=_refuses(scope, cover, change),
        )


def _of_other_editions(scope: Scope, cover: Cover) -> Iterator[Obligation]:
    series = series_of(scope.edition, TABLE)
    for other in law.editions():
        if other.id == scope.edition or TABLE not in other.tables or series_of(other.id, TABLE) != series:
            continue
        for change in elsewhere(cover, other.id):
            yield Obligation(
                id=f"permission.provider.edition.{scope.edition}.not-{other.id}.{place_id(change.place)}",
                kind="permission",
                clauses=("IS-INQ-003",),
                element=element(other.id, change.place),
                title=Text(
                    ja=f"{other.ja}の{change.place.item}の項にだけある求めを拒む",
                    en=f"Refuses what only item {change.place.item} of {other.en} permits",
                ),
                check=_refuses(scope, cover, change),
            )


def _deleted(scope: Scope, cover: Cover) -> Iterator[Obligation]:
    series = series_of(scope.edition, TABLE)
    base = cover.own[0]
    for item, row in law.edition(scope.edition).schedule2.items():
        if row.deleted:
            asked = base._replace(task=task_code(series, item), procedure=procedure_code(series, item))
            change = Change(Place(base.item, base.line), "task", base, asked)
            yield Obligation(
                id=f"permission.provider.deleted.{scope.edition}.{item}",
                kind="permission",
                clauses=("IS-PRV-005", "IS-INQ-003"),
                element=f"law/{scope.edition}/schedule2/{item}",
                title=Text(
                    ja=f"削除された{item}の項を名乗る求めを拒む", en=f"Refuses a request under the deleted item {item}"
                ),
                check=_refuses(scope, cover, change),
            )


def _serves(scope: Scope, place: Place, entries: Sequence[Entry]) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = _registered(case, [entry.information for entry in entries])
        for entry in entries:
            answer = _asked(case, subject, scope, entry)
            if not _provided(answer):
                case.fail(
                    "NOT-SERVED",
                    sent=f"what item {place.item}, line {place.line}, permits: {_said(entry)}",
                    expected="200 with outcome provided",
                    came=answer.short(),
                )

    return check


def _refuses(scope: Scope, cover: Cover, change: Change) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        held = [one for one in (change.base.information, change.asked.information) if one in cover.informations()]
        subject = _registered(case, held)
        sent = f"{_said(change.asked)}, with a permit that the core signed; {change.coordinate} differs from the table"
        answer = _asked(case, subject, scope, change.asked)
        case.refused(answer, "SERVED-AGAINST-TABLE", ("not-permitted",), sent=sent)
        if answer.json.get("origin") != "provider":
            came = f"{answer.short()} with origin {answer.json.get('origin')}"
            case.fail("REFUSAL-OF-ANOTHER-SIDE", sent=sent, expected="not-permitted with origin provider", came=came)
        # Bound to its cause: with the coordinate as the table has it, the same person's information is provided.
        served = _asked(case, subject, scope, change.base)
        if not _provided(served):
            _unmet(change, served)

    return check


def _registered(case: Case, informations: Sequence[str]) -> Subject:
    subject = case.subject()
    subject.link()
    for information in dict.fromkeys(informations):
        subject.put(information)
    return subject


def _asked(case: Case, subject: Subject, scope: Scope, entry: Entry) -> Answer:
    return case.ask("requestProvision", body=subject.provision(asked_of(scope, entry)).body)


def _provided(answer: Answer) -> bool:
    return answer.status == 200 and isinstance(answer.json, dict) and answer.json.get("outcome") == "provided"


def _said(entry: Entry) -> str:
    return f"{entry.asker} asks {entry.provider} under {entry.task} {entry.procedure} for {entry.information}"


def _unmet(change: Change, served: Answer) -> NoReturn:
    raise Unmet(
        f"表のとおりの求めにも提供されず、拒否の理由が確かめられません（{served.short()}）。",
        f"{_said(change.base)} is permitted and was not served either ({served.short()}), so the refusal proves nothing",
    )
