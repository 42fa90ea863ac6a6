"""Answers as people read them, Japanese first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_spec import vocabulary
from bango_spec.law import edition
from bango_spec.terms import COORDINATES, TermError

if TYPE_CHECKING:
    from bango_spec._nearest import Near
    from bango_spec.decisions import Answer
    from bango_spec.errors import BangoError

_LEVELS = {"table": "表 (table)", "order": "命令 (order)"}


def _item(item: str) -> str:
    return item.replace("-", "の") + "の項"


def _place(item: str, line: int | None) -> str:
    return f"{_item(item)} {line}行" if line else _item(item)


def _name(ident: str) -> str:
    names = vocabulary.parties() | vocabulary.information()
    if ident in names:
        return names[ident].ja
    parts = ident.split("/")
    words = vocabulary.laws() | vocabulary.objects() | vocabulary.acts()
    return "・".join(words[p].ja if p in words else p for p in parts)


def text(answer: Answer) -> str:
    """The answer in lines: the verdict, where it stands, how far down it was decided, what came nearest, caveats."""
    shown = edition(answer.edition)
    lines = ["可 permitted" if answer.permitted else "不可 not permitted", f"  版 edition: {answer.edition} {shown.ja}"]
    if answer.item:
        english = f"item {answer.item}" + (f", line {answer.line}" if answer.line else "")
        lines.append(f"  箇所 place: {_place(answer.item, answer.line)} ({english})")
    lines.append(f"  判断の深さ level: {_LEVELS[answer.level]}")
    if answer.condition:
        lines.append(f"  条件 condition: {answer.condition.ja} {answer.condition.en}")
    if answer.reason:
        lines.append(f"  理由 reason: {answer.reason.ja} {answer.reason.en}")
    if answer.near:
        lines.append("  近い行 nearest:")
        lines += [_near(n) for n in answer.near]
    lines += [f"  注意 caveat: {c.ja} {c.en}" for c in answer.caveats]
    return "\n".join(lines)


def _near(near: Near) -> str:
    parts = [
        f"{COORDINATES[c]} {c} → {'、'.join(map(_name, near.expected[c][:6])) if c != 'item' else _item(near.item)}"
        for c in near.differs
        if near.expected[c]
    ]
    words = [f"異なるのは {'; '.join(parts)}"] if parts else []
    if near.note:
        words.append(f"{near.note.ja} {near.note.en}")
    return f"    {_place(near.item, near.line)}: {'。'.join(words)}"


def error_text(error: BangoError) -> str:
    """The error in lines: what, the code, and what may have been meant."""
    lines = [f"誤り error {error.code}: {error.what}"]
    if isinstance(error, TermError):
        lines += [f"    {ja} ({ident})" for ident, ja in error.meanings]
        if error.suggestions:
            lines.append("  もしかして did you mean: " + "、".join(error.suggestions))
    elif error.step:
        lines.append(f"  次に next: {error.step}")
    return "\n".join(lines)
