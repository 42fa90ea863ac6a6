"""Proof that law, object and act of each fact belong together in the text, and that no task leaves one alone."""

from __future__ import annotations

from tests.spec.law_cells import cells, needs_texts
from tests.spec.law_joins import unpaired
from tests.spec.law_palette import Palette
from tests.spec.law_spans import Span, kinds, outside_parentheses, tile

from bango_spec import vocabulary


def grammatical(content: vocabulary.Content, spans: list[Span]) -> bool:
    """Whether law, object and act of a fact stand where a reader joins them, and not merely somewhere in the cell."""
    flat = outside_parentheses(spans)
    if not content.object:
        anchors = [n for n, s in enumerate(flat) if ("act", content.act) in (s[2] or ())]
        return any(law_reaches(content, flat, n) for n in anchors)
    wanted = {("object", content.object)} | {
        ("object", f"{content.object} {part}") for part in vocabulary.objects()[content.object].parts[-1:]
    }
    anchors = [n for n, s in enumerate(flat) if wanted & (s[2] or set())]
    return any(law_reaches(content, flat, n) and act_follows(content, flat, n) for n in anchors)


def law_reaches(content: vocabulary.Content, flat: list[Span], anchor: int) -> bool:
    """The nearest law before the anchor is the fact's, alone or in one list with others."""
    if not content.law or content.implied:
        return True
    owners = {o for o in Palette().legal(content.law) if o[0] in ("law", "mark")}
    aside = {("law", vocabulary.restrictions()[r].law) for r in content.restrictions} - owners
    at = anchor
    while at >= 0 and (not kinds(flat[at]) & {"law", "mark"} or aside & (flat[at][2] or set())):
        if flat[at][1] == "同法":
            break
        at -= 1
    while at >= 0 and not kinds(flat[at]) & {"object", "act", "information"}:
        if flat[at][1] == "同法" or owners & (flat[at][2] or set()):
            return True
        at -= 1
    return False


def act_follows(content: vocabulary.Content, flat: list[Span], anchor: int) -> bool:
    """The first act after the object, or one listed with it, is the fact's; without an act, none is tied to it."""
    at = anchor + 1
    if not content.act:
        return flat[at : at + 1] == [] or flat[at][1] != "の"
    in_list = False
    while at < len(flat):
        if ("act", content.act) in (flat[at][2] or ()):
            return True
        if kinds(flat[at]) & {"act"}:
            in_list = True
        elif in_list and kinds(flat[at]) & {"object", "law", "information"}:
            return False
        at += 1
    return False


@needs_texts
def test_law_object_and_act_of_a_fact_belong_together() -> None:
    wrong = []
    for cell in cells():
        spans = tile(cell.text, cell.palette().owners) or []
        contents: list[vocabulary.Content] = list(cell.tasks)
        for kind in cell.information:
            entry = vocabulary.information()[kind]
            contents += () if entry.named else entry.content
        wrong += [f"{cell.place}: {content}" for content in contents if not grammatical(content, spans)]
    assert not wrong, "\n".join([*wrong[:40], f"{len(wrong)} in all"])


@needs_texts
def test_no_act_or_object_of_a_task_is_left_alone() -> None:
    wrong = []
    for cell in cells():
        if cell.column == "tasks" and cell.line <= 1:
            wrong += [f"{cell.place}: {x}" for x in unpaired(cell.tasks, tile(cell.text, cell.palette().owners) or [])]
    assert not wrong, "\n".join([*wrong[:60], f"{len(wrong)} in all"])
