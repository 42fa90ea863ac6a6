"""The page of a campaign: verdicts, charts and tables in one file that needs no script and no network."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bango_loadtests.scene import Scene
from bango_reports.model import Run, Verdict
from bango_reports.verdicts import run_verdict
from bango_spec.vocabulary import information_by_code

if TYPE_CHECKING:
    from bango_loadtests.judge.cases import Outcome
    from bango_loadtests.judge.record import Figures


SIGNS = {
    "pass": "○ 守られた",
    "fail": "× 守られない",
    "warn": "△ 望ましくない",
    "not-applicable": "－ 対象外",
    "inconclusive": "？ 決められない",
    "harness-error": "！ 試験台の誤り",
}
GREEN = {Verdict.PASS, Verdict.NOT_APPLICABLE}
WORDS = {
    "conformant": ("この運転の期限はすべて守られました", "Every limit of this campaign was kept"),
    "not-conformant": ("守られない期限があります", "There are limits that were not kept"),
    "undecided": ("決められないことがあります", "Some of it could not be decided"),
    "harness-error": ("試験台の誤りがあります", "The testbed itself failed"),
}


@dataclass(frozen=True)
class Said:
    """The outcome of the whole in a sentence."""

    word: str
    ja: str
    en: str


def _outcome(run: Run) -> Said:
    word = run_verdict(run).verdict
    if word == "undecided" and not run.selection.complete and {one.verdict for one in run.cases} <= GREEN:
        return Said(word, "試しの運転では、すべて守られました", "In this trial everything was kept")
    return Said(word, *WORDS[word])


def page(scene: Scene, run: Run, figures: Figures, outcomes: list[Outcome], drawn: dict[str, str]) -> str:
    """The HTML of a campaign's results, Japanese first."""
    environment = Environment(
        loader=PackageLoader("bango_loadtests", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("load.html.j2").render(
        scene=scene,
        campaign=scene.campaign,
        run=run,
        figures=figures,
        cases=list(zip(run.cases, outcomes, strict=True)),
        charts={name: Markup(svg) for name, svg in drawn.items()},  # noqa: S704 - made here, its texts escaped
        signs=SIGNS,
        outcome=_outcome(run),
        style=Markup((files("bango_reports") / "assets" / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - our own
        information={one.information: information_by_code(one.information) for one in (*scene.asked, *scene.served)},
    )
