"""The drawings of the spec, in a page's language and with links that fit its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bango_reports import diagrams
from bango_reports.site import links

if TYPE_CHECKING:
    from bango_reports.site.voice import Lang
    from bango_spec.lifecycles import Lifecycle
    from bango_spec.workflows import Document


class Drawings:
    """What templates draw with; each drawing is made once for a language."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang

    def systems_map(self, base: str) -> Markup:
        """Every system of the briefing, each box a link to its page."""
        return Markup(diagrams.systems_map(self._lang, lambda system: base + links.system(system)))  # noqa: S704 - our own SVG

    def workflow(self, document: Document, base: str) -> Markup:
        """The course of a workflow, each step a link to its operation."""
        drawn = diagrams.workflow(document, self._lang, lambda operation: base + links.operation(operation))
        return Markup(drawn)  # noqa: S704 - our own SVG

    def lifecycle(self, table: Lifecycle) -> Markup:
        """The states and what leads from one to another."""
        return Markup(diagrams.lifecycle(table, self._lang))  # noqa: S704 - our own SVG
