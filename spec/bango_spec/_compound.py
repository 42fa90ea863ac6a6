"""A question for several kinds of information of which only some are allowed: which are, and which are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bango_spec import vocabulary
from bango_spec.orders import order_terms
from bango_spec.reading import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bango_spec.terms import Wanted


class Parts(NamedTuple):
    """The kinds that an item allows of those asked for, and those that it does not."""

    item: str
    allowed: tuple[Wanted, ...]
    refused: tuple[Wanted, ...]


def split(item: str, said: Mapping[Wanted, Sequence[int]]) -> Parts | None:
    """The parts of a question, by what the decision said of each; None when all are allowed or none."""
    allowed = tuple(wanted for wanted, lines in said.items() if all(n >= 0 for n in lines))
    refused = tuple(wanted for wanted in said if wanted not in allowed)
    return Parts(item, allowed, refused) if allowed and refused else None


def asks_nothing(parts: Parts | None) -> Text:
    """Why the order stops a question: no procedure asks for the information, or only for some of it."""
    if parts is None:
        return Text(ja="命令にこの情報を求める手続がない。", en="No procedure of the order asks for this information.")
    allowed, refused = _names(parts.allowed), _names(parts.refused)
    return Text(
        ja=f"一部だけが許される。許されるもの：{allowed.ja}。命令に求める手続がないもの：{refused.ja}。",
        en=f"Only a part is permitted. Permitted: {allowed.en}. No procedure of the order asks for: {refused.en}.",
    )


def permits_only(parts: Parts) -> Text:
    """Which part of a question an item permits, where none permits all of it."""
    allowed, refused = _names(parts.allowed), _names(parts.refused)
    return Text(
        ja=f"一部だけが許される。{parts.item} の項で許されるもの：{allowed.ja}。許されないもの：{refused.ja}。",
        en=f"Only a part is permitted. Item {parts.item} permits: {allowed.en}. It does not permit: {refused.en}.",
    )


def _names(wanted: Sequence[Wanted]) -> Text:
    known = {term.id: term for term in order_terms().information}
    entries = [known[w.finer] if w.finer else vocabulary.information()[w.id] for w in wanted]
    return Text(ja="、".join(e.ja for e in entries), en="; ".join(e.en for e in entries))
