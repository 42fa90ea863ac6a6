"""The drawings: well-formed, complete, the same every time, and no text on another or outside the paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, get_args
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page
from tests.browsing import PROGRAM, _page, browser, tab

from bango_reports import diagrams
from bango_reports.diagrams.systems import Lang
from bango_spec import lifecycles, systems, workflows
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_spec.lifecycles import Lifecycle
    from bango_spec.workflows import Document

__all__ = ["_page", "browser", "tab"]
LANGS: tuple[Lang, ...] = get_args(Lang)
SVG = "{http://www.w3.org/2000/svg}"


def every(lang: Lang) -> dict[str, str]:
    drawn = {"map": diagrams.systems_map(lang, lambda name: f"systems/{name}.html")}
    drawn |= {
        one.workflow.workflow_id: diagrams.workflow(one, lang, lambda name: f"operations/{name}.html")
        for one in workflows.documents()
    }
    return drawn | {f"lifecycle-{one.id}": diagrams.lifecycle(one, lang) for one in lifecycles.lifecycles()}


def said(svg: str) -> str:
    """All text of a drawing without the places where its lines break."""
    return re.sub(r"\s", "", "".join(node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text")))


def pick(text: Text, lang: Lang) -> str:
    return text.ja if lang == "ja" else text.en


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("lang", LANGS)
def test_every_drawing_is_well_formed_plain_and_the_same_twice(lang: Lang) -> None:
    drawn = every(lang)
    assert drawn == every(lang)
    ids: list[str] = []
    for name, svg in drawn.items():
        root = ET.fromstring(svg)
        ids += [node.get("id", "") for node in root.iter() if node.get("id")]
        assert root.get("lang") == lang
        assert not {"script", "foreignObject", "image", "style"} & {
            node.tag.removeprefix(SVG) for node in root.iter()
        }, name
        assert not [key for node in root.iter() for key in node.attrib if key == "style" or key.startswith("on")], name
        assert min(float(node.get("font-size", "99")) for node in root.iter(f"{SVG}text")) >= 12, name
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("lang", LANGS)
def test_the_map_has_every_system_and_leads_to_it(lang: Lang) -> None:
    svg = diagrams.systems_map(lang, lambda name: f"systems/{name}.html")
    links = {node.get("href") for node in ET.fromstring(svg).iter(f"{SVG}a")}
    assert links == {f"systems/{name}.html" for name in systems.systems()}
    told = said(svg)
    for one in systems.systems().values():
        assert plain(one.names.ja if lang == "ja" else one.names.en)[:8].lower() in told.lower(), one.id


@pytest.mark.parametrize("document", workflows.documents(), ids=lambda one: one.workflow.workflow_id)
def test_a_workflow_has_every_step_with_its_operation(document: Document) -> None:
    for lang in LANGS:
        svg = diagrams.workflow(document, lang, lambda name: f"operations/{name}.html")
        links = [node.get("href") for node in ET.fromstring(svg).iter(f"{SVG}a")]
        assert links == [f"operations/{step.operation.operation_id}.html" for step in document.workflow.steps]
        assert all(f"[{step.step_id}]" in said(svg) for step in document.workflow.steps)


@pytest.mark.parametrize("table", lifecycles.lifecycles(), ids=lambda one: one.id)
def test_a_lifecycle_has_every_state_and_every_change(table: Lifecycle) -> None:
    for lang in LANGS:
        told = said(diagrams.lifecycle(table, lang))
        assert all(plain(pick(state.title, lang)) in told for state in table.states)
        for step in table.steps:
            if step.from_ != step.to:
                change = f"{pick(table.state(step.from_).title, lang)} → {pick(table.state(step.to).title, lang)}"
                assert plain(change) in told
                assert plain(pick(table.event(step.event).title, lang)) in told


@PROGRAM
@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_no_text_lies_on_another_or_leaves_the_paper(tab: Page, tmp_path: Path, lang: Lang) -> None:
    page = tmp_path / "drawings.html"
    drawn = every(lang)
    page.write_text(f"<meta charset=utf-8><title>t</title>{''.join(drawn.values())}", encoding="utf-8")
    tab.goto(page.as_uri())
    found = tab.evaluate(
        """() => [...document.querySelectorAll("svg")].map((svg) => {
          const { width, height } = svg.viewBox.baseVal;
          const boxes = [...svg.querySelectorAll("text")].map((one) => [one.textContent, one.getBBox()]);
          const wrong = [];
          boxes.forEach(([text, box], place) => {
            if (box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height) wrong.push(`outside: ${text}`);
            for (const [other, near] of boxes.slice(place + 1)) {
              const across = Math.min(box.x + box.width, near.x + near.width) - Math.max(box.x, near.x);
              const down = Math.min(box.y + box.height, near.y + near.height) - Math.max(box.y, near.y);
              if (across > 2 && down > 4) wrong.push(`${text} on ${other}`);
            }
          });
          return wrong;
        })"""
    )
    assert dict(zip(drawn, found, strict=True)) == {name: [] for name in drawn}
