"""Amounts that nobody else has, and the lines of the table whose information can carry one."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from bango_conformance.lines import asker_lines, provider_lines
from bango_conformance.subject import AllowedLine, layout_of
from bango_spec.items import code, codes, kind
from bango_spec.vocabulary import information_by_code

if TYPE_CHECKING:
    from bango_conformance.suite import Scope


@cache
def amount_item(information: str) -> str | None:
    """The code of an item of this information (by its code) that takes an amount of ten digits, if its newest layout has one."""
    named = information_by_code(information).id
    in_layout = set(codes(named, layout_of(information)))
    found = (code(named, one.no) for one in kind(named).items if one.type == "yen" and one.digits is None)
    return next((one for one in found if one in in_layout), None)


def marked_line(lines: list[AllowedLine]) -> AllowedLine | None:
    """The first of the lines whose information has an item that can be marked."""
    return next((line for line in lines if amount_item(line.information)), None)


def providing(scope: Scope) -> AllowedLine | None:
    """The line under which the target is asked; None if its body provides nothing that can be marked."""
    return marked_line(provider_lines(scope))


def asking(scope: Scope) -> AllowedLine | None:
    """The line under which the target asks; None if its body may ask for nothing that can be marked."""
    own = providing(scope)
    lines = asker_lines(scope)
    same = [line for line in lines if own is not None and line.information == own.information]
    return marked_line(same or lines)


def amount(*seed: str) -> int:
    """An amount of ten digits, below 2 to the 33, that nobody else has."""
    digest = hashlib.blake2b("/".join(seed).encode(), digest_size=8).digest()
    return 2_000_000_000 + int.from_bytes(digest) % 6_000_000_000
