"""Ids, elements and titles of obligations about operations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bango_conformance.obligation import Kind, Obligation
from bango_conformance.shape.schemas import DOCUMENTS
from bango_spec.interfaces import Operation
from bango_spec.reading import Text

__all__ = ["DOCUMENTS", "kebab", "obligation"]

if TYPE_CHECKING:
    from bango_conformance.case import Case


def kebab(name: str) -> str:
    """`submitInquiry` and `fiscal_year` as words of an id."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).replace("_", "-").lower()


def obligation(
    found: Operation,
    tail: str,
    clauses: Iterable[str],
    title: Text,
    check: Callable[[Case], None],
    *,
    kind: Kind = "shape",
    smoke: bool = False,
    alone: bool = False,
) -> Obligation:
    """An obligation about a part of an operation; the title is what the operation is to do."""
    return Obligation(
        id=f"{kind}.{kebab(found.operation_id)}.{tail}",
        kind=kind,
        clauses=tuple(dict.fromkeys(clauses)),
        element=f"interfaces/{found.document}#{found.operation_id}",
        title=Text(ja=f"{found.title.ja}: {title.ja}", en=f"{found.title.en}: {title.en}"),
        check=check,
        smoke=smoke,
        alone=alone,
    )
