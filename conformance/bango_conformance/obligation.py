"""An obligation: one spec element and one property that a system must be seen to have."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bango_spec.errors import SpecError
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case

Kind = Literal["shape", "permission", "workflow", "lifecycle", "privacy", "record", "transport", "text"]
_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class Obligation:
    """What is checked, for which clauses, and what it needs from the target.

    `needs` names hooks (`hook:reset`) and claims (`claim:inquiry-files`); a missing hook makes the case inconclusive, a
    feature that the target declares not to have makes it not applicable. `alone` obligations share the target with no other.
    """

    id: str
    kind: Kind
    clauses: tuple[str, ...]
    element: str
    title: Text
    check: Callable[[Case], None] = field(compare=False)
    needs: tuple[str, ...] = ()
    alone: bool = False
    smoke: bool = False

    def __post_init__(self) -> None:
        """Ids are ASCII, lower case and stable."""
        if not _ID.match(self.id):
            raise SpecError("SUITE-ID", f"the obligation id {self.id!r} is not ASCII words joined by dots and hyphens")
        if not self.id.startswith(f"{self.kind}."):
            raise SpecError("SUITE-ID", f"the obligation id {self.id!r} does not begin with its kind {self.kind}")
        if not self.clauses:
            raise SpecError("SUITE-CLAUSE", f"{self.id} verifies no clause")
