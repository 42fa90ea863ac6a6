"""How a page speaks: the reader's language first, the other beside it; dates in both calendars; markup that is safe."""

from __future__ import annotations

import re
from typing import Any, Literal

from markupsafe import Markup, escape

from bango_reports.words import japanese_date
from bango_spec.reading import Text

Lang = Literal["ja", "en"]
LANGS: tuple[Lang, ...] = ("ja", "en")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")


class Voice:
    """One language's voice; templates use its methods as functions."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self.other: Lang = "en" if lang == "ja" else "ja"

    def one(self, text: Text | Any) -> str:
        """The text in the reader's language alone (for headings of windows, attributes and options)."""
        return str(getattr(text, self.lang))

    def both(self, text: Text | Any, *, block: bool = False) -> Markup:
        """The text in the reader's language and the other one beside it, small."""
        first, second = getattr(text, self.lang), getattr(text, self.other)
        if not second or first == second:
            return Markup(f'<span lang="{self.lang}">{escape(first)}</span>')  # noqa: S704 - escaped
        kind = "beside block" if block else "beside"
        return Markup(  # noqa: S704 - escaped
            f'<span lang="{self.lang}">{escape(first)}</span> '
            f'<span lang="{self.other}" class="{kind}">{escape(second)}</span>'
        )

    def say(self, ja: str, en: str) -> Markup:
        """A phrase of the page itself, in both languages."""
        return self.both(Text(ja=ja, en=en))

    def pick(self, ja: str, en: str) -> str:
        """A phrase in the reader's language alone."""
        return ja if self.lang == "ja" else en

    def day(self, value: str) -> Markup:
        """A date in both calendars."""
        era = japanese_date(value) if _DAY.match(value[:10]) else ""
        shown = escape(value)
        return Markup(f'{shown}<span lang="ja">（{era}）</span>') if era else shown  # noqa: S704 - escaped


def split(text: str) -> Text:
    """A description of an interface document, `日本語 / English`, as a text in both languages."""
    ja, found, en = text.strip().partition(" / ")
    return Text(ja=ja, en=en.strip()) if found else Text(ja=ja, en=ja)
