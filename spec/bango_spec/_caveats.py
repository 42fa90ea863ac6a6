"""What must be said beside an answer: gaps and limits of the edition and the item, what part of a party would fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_spec import law, vocabulary
from bango_spec._matching import item_number
from bango_spec._nearest import covered
from bango_spec.permits import covering_parties
from bango_spec.reading import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bango_spec._nearest import Near, Reading
    from bango_spec.law import Edition, Schedule1Item, Table

_SURVIVING = ("retained", "transitional")
_LIMITING = ("acting", "only", "except", "assigned", "entrusted", "retained", "transitional")


def said(edition: Edition, table: Table, item: str | None, as_of: str | None) -> list[Text]:
    """What the question itself calls for: that its item is deleted, that its day falls into a gap."""
    said = [Text(ja=g.ja, en=g.en) for g in law.caveats(as_of, table)]
    number = item_number(item) if item else ""
    rows: dict[str, Schedule1Item] = dict(edition.schedule1 if table == "schedule1" else edition.schedule2)
    if number and rows[number].deleted:
        said.insert(0, Text(ja=f"{number} の項は削除されている。", en=f"Item {number} is deleted."))
    return said


def partly(near: list[Near], asked: Reading) -> list[Text]:
    """Which part of a party that was asked about would fit the nearest line, when only the party differs."""
    if not near or near[0].differs not in (["asker"], ["provider"]):
        return []
    coordinate = near[0].differs[0]
    given = asked.askers if coordinate == "asker" else asked.providers
    within = [p for p, wide in covering_parties().items() if wide & set(given)]
    fitting = [vocabulary.parties()[p] for p in within if covered([p], near[0].expected[coordinate])]
    if not fitting:
        return []
    names, english = "、".join(p.ja for p in fitting), ", ".join(p.en for p in fitting)
    return [
        Text(
            ja=f"そのうち次の者は {near[0].item} の項に当たる：{names}",
            en=f"Item {near[0].item} covers of these: {english}",
        )
    ]


def resting_on(edition: Edition, table: Table, item: str | None, level: str, *, permitted: bool) -> list[Text]:
    """The edition's limits where it decides at table level, and what limits the item itself."""
    found: list[Text] = []
    if level == "table":
        found += [Text(ja=limit.ja, en=limit.en) for limit in edition.limits if limit.concerns(table, item or "")]
    if permitted and item:
        row = (edition.schedule1 if table == "schedule1" else edition.schedule2)[item]
        named = [r for a in row.askers for r in a.restrictions] + [r for t in row.tasks for r in t.restrictions]
        for restriction in (vocabulary.restrictions()[r] for r in dict.fromkeys(named)):
            if restriction.effect in _LIMITING:
                found.append(Text(ja="限定：" + "、".join(restriction.forms), en=restriction.en))
    return found


def surviving(edition: Edition, table: Table, item: str | None, tasks: Sequence[str]) -> Text | None:
    """What must hold where every task meant is of a law that was amended or repealed; None where one is of a law in force."""
    rows: dict[str, Schedule1Item] = dict(edition.schedule1 if table == "schedule1" else edition.schedule2)
    meant = [t for t in rows[item].tasks if not tasks or t.id in tasks] if item else []
    found: dict[str, str] = {}
    for task in meant:
        limits = [vocabulary.restrictions()[r] for r in task.restrictions]
        ways = [one for one in limits if one.effect in _SURVIVING]
        law_of = vocabulary.laws().get(task.law)
        if not ways and (law_of is None or law_of.kind != "former"):
            return None
        names = [law_of] if law_of else []
        ja = "、".join([*(one.ja for one in names), *(form for one in ways for form in one.forms)])
        found.setdefault(ja, "; ".join([*(one.en for one in names), *(one.en for one in ways)]))
    if not found:
        return None
    return Text(
        ja=f"経過措置により残るものに限る：{'／'.join(found)}。",
        en=f"Only what survives by transition: {' / '.join(found.values())}.",
    )
