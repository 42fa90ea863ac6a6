"""What no public source states and this profile therefore fixes: `spec/assumptions.yaml`, read everywhere else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from bango_spec.errors import SpecError
from bango_spec.reading import Element, Text, read

if TYPE_CHECKING:
    from collections.abc import Mapping


class Assumption(Element, frozen=True):
    """One thing the profile fixes by itself; a number's unit ends its id (`-seconds`); `since` is a version."""

    id: str
    topic: Text
    value: Any
    reason: Text
    since: str


@cache
def assumptions() -> Mapping[str, Assumption]:
    """Every assumption by id, in the file's order; ASSUMPTION-TWICE if an id stands twice."""
    found: dict[str, Assumption] = {}
    for one in read("assumptions.yaml", list[Assumption]):
        if one.id in found:
            raise SpecError("ASSUMPTION-TWICE", f"the assumption {one.id} stands twice", step="merge the two entries")
        found[one.id] = one
    return found


def assumption(assumption_id: str) -> Assumption:
    """One assumption; ASSUMPTION-UNKNOWN if the id is not in the file."""
    try:
        return assumptions()[assumption_id]
    except KeyError:
        raise SpecError(
            "ASSUMPTION-UNKNOWN", f"no assumption {assumption_id}", step="write it into spec/assumptions.yaml"
        ) from None


def value(assumption_id: str) -> Any:
    """The value of an assumption as plain data."""
    return assumption(assumption_id).value


def number(assumption_id: str) -> int:
    """A whole-number value, in the unit that ends the id; ASSUMPTION-KIND if the entry holds something else."""
    found = value(assumption_id)
    if type(found) is not int:
        raise SpecError("ASSUMPTION-KIND", f"the assumption {assumption_id} is {found!r}, not a whole number")
    return found
