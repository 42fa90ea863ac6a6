"""Text from a target made harmless to look at: nothing in it can steer a terminal, reorder a line or hide."""

from __future__ import annotations

import re
import unicodedata

# Controls, marks that reorder a line, marks without width that can hide a difference, lone surrogates, non-characters.
# Variation selectors stay: they belong to names. So do joiners between letters of a script that needs them.
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0001\U000e0020-\U000e007f]"
)


def text(value: str) -> str:
    """The text with every such character written as `⟨U+202E⟩`; line feeds and tabs stay."""
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", value.replace("\r\n", "\n"))


def line(value: str, *, keep: str = "") -> str:
    """The text in one line: line feeds and tabs, unless kept, are written out too."""
    shown = text(value)
    for character, sign in (("\n", "⏎"), ("\t", "⇥")):
        if character not in keep:
            shown = shown.replace(character, sign)
    return shown


def width(value: str) -> int:
    """Columns that a text takes in a terminal: full-width letters take two."""
    return sum(
        0
        if unicodedata.combining(c) or unicodedata.category(c) == "Mn"
        else 2
        if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in value
    )
