"""Pages to HTML: one environment for a language, relative addresses, nothing loaded from anywhere else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bango_reports import words
from bango_reports.site import lawtext, links
from bango_reports.site.drawings import Drawings
from bango_reports.site.pages import ROOMS
from bango_reports.site.voice import Voice, split

if TYPE_CHECKING:
    from jinja2 import Environment

    from bango_reports.site.pages import Page
    from bango_reports.site.voice import Lang

ENGLISH = "en/"
"""The folder of the English pages beside the Japanese ones; where there is one language alone, it stands at the top."""


class Renderer:
    """Renders the pages of one language; `about` is what every page tells of the spec."""

    def __init__(self, lang: Lang, about: dict[str, Any], *, alone: bool = True) -> None:
        self.voice = Voice(lang)
        self.alone = alone
        self.folder = ENGLISH if lang == "en" and not alone else ""
        self._environment = environment(self.voice)
        self._environment.globals.update(about=about)
        self._templates: dict[str, Any] = {}

    def address(self, page: Page) -> str:
        """The page's file below the site's root."""
        return self.folder + page.path

    def html(self, page: Page) -> str:
        """The page as HTML."""
        depth = page.path.count("/")
        base = "../" * depth
        root = base + ("../" if self.folder else "")
        if page.template not in self._templates:
            self._templates[page.template] = self._environment.get_template(page.template)
        other = "" if self.alone else root + (page.path if self.folder else ENGLISH + page.path)
        text: str = self._templates[page.template].render(page=page, base=base, root=root, other=other, **page.told)
        return text


def environment(voice: Voice) -> Environment:
    """The templates' environment for one language."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - heavy

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=False,
    )
    made.globals.update(
        lang=voice.lang,
        one=voice.one,
        both=voice.both,
        diagrams=Drawings(voice.lang),
        say=voice.say,
        pick=voice.pick,
        day=voice.day,
        words=words,
        links=links,
        law=lawtext,
        split=split,
        rooms=ROOMS,
    )
    return made
