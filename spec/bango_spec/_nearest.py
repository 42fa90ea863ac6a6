"""What came nearest to a no: the lines with the fewest coordinates that differ, and what stands there instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bango_spec._matching import item_number
from bango_spec.orders import order
from bango_spec.permits import covering_kinds, covering_parties
from bango_spec.reading import Element, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bango_spec._matching import Found
    from bango_spec.law import Schedule1Item
    from bango_spec.permits import Permits
    from bango_spec.terms import Wanted

TABLE = "schedule2"
_RANK = ("information", "provider", "asker", "item", "task")
_SHOWN = 5


class Reading(NamedTuple):
    """One reading of a question: every word with one meaning."""

    askers: tuple[str, ...]
    providers: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()


class Near(Element, frozen=True):
    """A line that almost permits it: the coordinates that differ, and what stands there instead (ids).

    `note` says in words why nothing stands there instead, or why what was asked for does.
    """

    item: str
    line: int | None
    differs: list[str]
    expected: dict[str, list[str]]
    note: Text | None = None


_NOTHING = Text(
    ja="この行の情報を求める手続は命令にない。", en="No procedure of the order asks for any information of this line."
)
_ELSEWHERE = Text(
    ja="この情報は、この項の別の事務又は手続にだけ求められる。",
    en="Only another task or procedure of this item asks for this information.",
)


def covered(parties: Iterable[str], listed: Iterable[str]) -> bool:
    """Whether every party lies within one of those listed."""
    wide = set(listed)
    return all(covering_parties()[p] & wide for p in parties)


def near_lines(
    table: Permits, found: Sequence[Found], asked: Reading, item: str | None, kin: frozenset[str]
) -> list[Near]:
    """The lines of a table of inquiries that come nearest to permitting what was asked; items of the same law first."""
    kinds = covering_kinds(table.edition.id)
    tasks = {f.item for f in found}
    number = item_number(item) if item else None
    near = []
    for ref in table.refs:
        row = table.items[ref.item]
        line = row.lines[ref.line - 1]
        listed, providers = [h.party for h in row.askers], [h.party for h in line.providers]
        fits = {
            "asker": covered(asked.askers, listed),
            "task": ref.item in tasks,
            "provider": covered(asked.providers, providers),
            "information": all(any(kinds[k] & set(line.information) for k in w.kinds) for w in asked.wanted),
            "item": number in (None, ref.item),
        }
        expected = {
            "asker": listed,
            "task": _tasks(row),
            "provider": providers,
            "information": list(line.information),
            "item": [ref.item],
        }
        note = None
        if all(fits.values()):
            # Only the order stops it: no procedure asks for it on this line, but maybe for others that stand there.
            fits["information"] = False
            ordered = expected["information"] = _ordered(table.edition.id, ref.item, line.information)
            within = all(any(kinds[k] & set(ordered) for k in w.kinds) and not w.finer for w in asked.wanted)
            note = _ELSEWHERE if ordered and within else None if ordered else _NOTHING
        exact = set(asked.askers) <= set(listed) and set(asked.providers) <= set(providers)
        near.append((not exact, _near(ref.item, ref.line, fits, expected, note)))
    return _nearest(near, kin)


def _ordered(edition: str, item: str, listed: Sequence[str]) -> list[str]:
    """What some procedure of the order asks for, of the kinds that a line lists."""
    asked = {kind for one in order(edition, TABLE).get(item, ()) for part in one.information for kind in part.narrows}
    wide = asked.union(*(covering_kinds(edition)[kind] for kind in asked))
    return [kind for kind in listed if kind in wide]


def near_items(
    items: dict[str, Schedule1Item], found: Sequence[Found], asked: Reading, item: str | None, kin: frozenset[str]
) -> list[Near]:
    """The items of a table of uses that come nearest."""
    tasks = {f.item for f in found}
    number = item_number(item) if item else None
    near = []
    for ident, row in items.items():
        listed = [h.party for h in row.askers]
        fits = {"asker": covered(asked.askers, listed), "task": ident in tasks, "item": number in (None, ident)}
        expected = {"asker": listed, "task": _tasks(row), "item": [ident]}
        near.append((False, _near(ident, None, fits, expected)))
    return _nearest(near, kin)


def _tasks(row: Schedule1Item) -> list[str]:
    return ["/".join(filter(None, (t.law, t.object, t.act))) for t in row.tasks]


def _near(
    item: str, line: int | None, fits: dict[str, bool], expected: dict[str, list[str]], note: Text | None = None
) -> Near:
    differs = [c for c, fit in fits.items() if not fit]
    return Near(item=item, line=line, differs=differs, expected={c: expected[c] for c in differs}, note=note)


def _nearest(near: list[tuple[bool, Near]], kin: frozenset[str]) -> list[Near]:
    """Of all lines those with the fewest differing coordinates; if some are of the same law, only these.

    Lines that name the parties themselves come before lines that cover them by a class (the bool: by a class).
    """
    least = min(len(n.differs) for _, n in near)
    close = [(loose, n) for loose, n in near if len(n.differs) == least]
    close = [(loose, n) for loose, n in close if n.item in kin] or close
    ranked = sorted(close, key=lambda pair: ([_RANK.index(c) for c in pair[1].differs], pair[0]))
    return [n for _, n in ranked][:_SHOWN]
