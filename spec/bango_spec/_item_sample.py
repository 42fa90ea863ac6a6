"""Samples of item bodies: valid, made up, and a pure function of their seed."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from bango_spec._item_data import GROUP, Item, code_values, digits_of, in_layout, types

if TYPE_CHECKING:
    from collections.abc import Callable

# One in so many: an optional item is absent, a nullable one null, an amount zero; a handful of samples shows all three.
_ABSENT, _NULL, _ZERO, _ROWS = 4, 8, 8, 3


class Stream:
    """Whole numbers drawn from a key, the same on every machine and version."""

    def __init__(self, key: str) -> None:
        self._key = blake2b(key.encode()).digest()
        self._drawn = 0

    def below(self, bound: int) -> int:
        """The next number from 0 to bound - 1."""
        self._drawn += 1
        drawn = blake2b(self._drawn.to_bytes(8, "big"), key=self._key, digest_size=8).digest()
        return int.from_bytes(drawn, "big") % bound


def _value(item: Item, version: str, stream: Stream) -> Any:
    kind = types()[item.type]
    draw = kind.sample
    if values := code_values(item, version):
        return values[stream.below(len(values))].code
    digits = digits_of(item)
    if kind.schema["type"] == "integer":
        low = draw.low if item.low is None else item.low
        high = min(draw.high, 10**digits - 1) if digits else draw.high
        number = low + draw.step * stream.below((high - low) // draw.step + 1)
        return 0 if item.low is None and stream.below(_ZERO) == 0 else number
    if draw.choices:
        return draw.choices[stream.below(len(draw.choices))]
    if draw.first is not None:
        day = date.fromisoformat(draw.first) + timedelta(days=stream.below(draw.days))
        return day.isoformat()[: kind.schema["maxLength"]]
    return "".join(str(stream.below(10)) for _ in range(digits or 1))


def body(
    items: tuple[Item, ...], version: str, code: Callable[[Item], str], stream: Stream, *, full: bool
) -> dict[str, Any]:
    """The items of a layout with values; `full` leaves nothing out and nothing null, and gives each group one row."""
    found: dict[str, Any] = {}
    for item in in_layout(items, version):
        if not full and not item.required and stream.below(_ABSENT) == 0:
            continue
        if item.type == GROUP:
            rows = 1 if full else stream.below(_ROWS + 1)
            found[code(item)] = [body(item.items, version, code, stream, full=full) for _ in range(rows)]
        elif not full and item.nullable and stream.below(_NULL) == 0:
            found[code(item)] = None
        else:
            found[code(item)] = _value(item, version, stream)
    _make_sense(items, code, found)
    return found


def _make_sense(items: tuple[Item, ...], code: Callable[[Item], str], found: dict[str, Any]) -> None:
    """Put dates in order and amounts to zero where the items say so; what is absent or null stays as it is."""
    names = {item.no: code(item) for item in items}
    for item in items:
        name = names[item.no]
        if not found.get(name):
            continue
        if item.after is not None and (earlier := found.get(names[item.after])):
            found[names[item.after]], found[name] = sorted((earlier, found[name]))
        if item.zero_with is not None and found.get(names[item.zero_with.no]) in item.zero_with.codes:
            found[name] = 0
