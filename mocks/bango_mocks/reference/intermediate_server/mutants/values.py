"""Mutants of values between storing and giving out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bango_mocks.reference.intermediate_server.contents import Contents
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.replicas import Replicas
from bango_spec.reading import Text


@mutant(
    clause="IS-TXT-005",
    title=Text(ja="日時をミリ秒までしか示さない", en="Gives times in milliseconds"),
    reason="FRACTION-LOST",
)
class Milliseconds(Replicas):
    """The finer digits do not survive the runtime's own type of time."""

    def shown(self, replica: dict[str, Any]) -> dict[str, Any]:
        """A generation with a time that was shortened."""
        when = dt.datetime.fromisoformat(replica["updated_at"])
        return super().shown(replica) | {"updated_at": when.isoformat(timespec="milliseconds")}


@mutant(
    clause="IS-TXT-008",
    title=Text(ja="数を浮動小数点で持つ", en="Keeps numbers in floating point"),
    reason="VALUE-CHANGED",
)
class Floating(Replicas):
    """The column is of the wrong type."""

    def items(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The items with every number as a float."""
        return {
            code: float(held) if isinstance(held, int) and not isinstance(held, bool) else held
            for code, held in super().items(content).items()
        }


@mutant(
    clause="IS-TXT-009",
    title=Text(ja="空の項目を提供の前に落とす", en="Leaves empty items out of what it provides"),
    reason="VALUE-CHANGED",
)
class EmptyDropped(Contents):
    """Null and absent are the same to the serialiser."""

    def selected_items(self, items: dict[str, Any], asked: list[str] | None) -> dict[str, Any]:
        """The items that have a value."""
        return {code: held for code, held in super().selected_items(items, asked).items() if held is not None}
