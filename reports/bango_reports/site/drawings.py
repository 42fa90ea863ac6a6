"""The drawings of the spec, in a page's language and with links that fit its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bango_reports import diagrams
from bango_reports.site import links

if TYPE_CHECKING:
    from bango_reports.site.voice import Lang


class Drawings:
    """What templates draw with; each drawing is made once for a language."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang

    def systems_map(self, base: str) -> Markup:
        """Every system of the briefing, each box a link to its page."""
        return Markup(diagrams.systems_map(self._lang, lambda system: base + links.system(system)))  # noqa: S704 - our own SVG
