"""Which laws, objects and acts the text of a cell joins, read from left to right."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tests.spec.law_palette import Owner
from tests.spec.law_spans import SEPARATORS, Span, beside, kinds, outside_parentheses, parts

from bango_spec import law, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

TIES = ("の", "に対する", "についての", "への", "に係る", "に関する")


def unpaired(tasks: tuple[law.Task, ...], spans: list[Span]) -> list[str]:
    """Laws, objects and acts that the text joins and no task does, and laws in a list that no task rests on."""
    return [*unlisted(tasks, outside_parentheses(spans)), *unjoined(tasks, outside_parentheses(spans))]


def unlisted(tasks: tuple[law.Task, ...], flat: list[Span]) -> Iterator[str]:
    """The laws on which the text rests acts, and no task does.

    A law that only carries a restriction or an article is never followed by a separator, nor by `による` and an object.
    """
    laws = {task.law for task in tasks}
    former = {parts(law_id) for law_id in laws if law_id}
    by: set[str] = set()
    for n, (span, following) in enumerate(pairwise(flat)):
        own = {name for kind, name in span[2] or () if kind == "law"}
        if not own:
            continue
        if n and kinds(flat[n - 1]) & {"mark"}:
            if not any((name, amending) in former for amending in by for name in own):
                yield span[1]
        elif following[1] in (*SEPARATORS, "及び"):
            if not own & named_for(laws):
                yield span[1]
        elif following[1] == "による" and kinds(flat[n + 2]) & {"object", "act"} and not own & (laws | beside(tasks)):
            yield span[1]
        by = own


def unjoined(tasks: tuple[law.Task, ...], flat: list[Span]) -> Iterator[str]:
    """Read the cell from left to right: every act is joined with the objects gathered before it."""
    pairs = {(task.object, task.act) for task in tasks}
    laws = {task.law for task in tasks if not task.implied}
    gathered: list[tuple[set[str], set[str] | None]] = []
    done = True
    for n, span in enumerate(flat):
        things = {name.split(" ")[0] for kind, name in span[2] or () if kind == "object"}
        acts = {name for kind, name in span[2] or () if kind == "act"}
        if things:
            gathered = [] if done else gathered
            gathered.append((things, laws_in_force(flat, n, laws)))
            done = False
        for act in acts:
            tied = bool(kinds(flat[n - 1]) & {"object"}) or flat[n - 1][1] in TIES
            listed = flat[n - 1][1] in ("又は", "若しくは", "及び") and kinds(flat[n - 2]) & {"act"}
            if not tied and ("", act) in pairs:
                continue
            if not tied and not listed:
                yield span[1]
            for several, force in gathered:
                if not any((thing, "") in pairs or joined(tasks, thing, act, force) for thing in several):
                    yield f"{sorted(several)} {span[1]}"
            done = True
    if not done and not all(any((thing, "") in pairs for thing in several) for several, _ in gathered):
        yield "the end"


def joined(tasks: tuple[law.Task, ...], thing: str, act: str, force: set[str] | None) -> bool:
    """Whether the facts join the object with the act, under each law in force that can be meant."""
    found = {task.law for task in tasks if (task.object, task.act) == (thing, act)}
    alone = {task.object: vocabulary.objects()[task.object].law for task in tasks if task.object}
    if not found or not force:
        return bool(found)
    wanted = {alone[thing]} if alone.get(thing) else force - set(alone.values())
    return wanted <= found


def laws_in_force(flat: list[Span], anchor: int, laws: set[str]) -> set[str] | None:
    """Which of the laws the text puts in front of the anchor, alone or in one list; None where it says `同法`."""
    at = anchor
    while at >= 0 and not kinds(flat[at]) & {"law", "mark"} and flat[at][1] != "同法":
        at -= 1
    found: set[str] = set()
    while at >= 0 and not kinds(flat[at]) & {"object", "act", "information"}:
        if flat[at][1] == "同法":
            return None
        names = {name for kind, name in flat[at][2] or () if kind == "law"}
        amending = kinds(after(flat, at, ("の規定", "による"))) & {"mark"}
        beside = kinds(after(flat, at, ("の規定", "により"))) & {"restriction"} and kinds(flat[at + 4]) & {"law"}
        if amending:
            found |= {law_id for law_id in laws if vocabulary.laws()[law_id].by in names}
        elif not beside and not (at and kinds(flat[at - 1]) & {"mark"}) and flat[at + 1][1] != "その他の":
            found |= names & laws
        at -= 1
    return found


def named_for(laws: set[str]) -> set[str]:
    """The laws by whose names a class or a former law goes."""
    entries = [vocabulary.laws()[law_id] for law_id in laws]
    return laws.union(*(entry.including for entry in entries), (entry.of for entry in entries))


def after(flat: list[Span], at: int, words: tuple[str, ...]) -> Span:
    """The first span behind `at` that is neither an article nor one of the words."""
    return next(
        (s for s in flat[at + 1 :] if not kinds(s) & {"article"} and s[1] not in words), (0, "", frozenset[Owner]())
    )
