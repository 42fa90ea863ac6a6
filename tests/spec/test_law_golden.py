"""Lines read from the statute by eye, written in the law's own terms, against the facts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bango_spec import law, reading, vocabulary
from bango_spec.reading import Element

if TYPE_CHECKING:
    from collections.abc import Mapping


class Golden(Element, frozen=True, kw_only=True):
    """One line as a reader writes it down."""

    at: str
    deleted: bool = False
    askers: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    information: tuple[str, ...] = ()


LINES = reading.read(Path(__file__).parent / "golden" / "law_lines.yaml", tuple[Golden, ...])
Fact = tuple[str, tuple[str, ...], str, str, frozenset[tuple[str, tuple[str, ...]]]]
"""Law, articles, object, act, and of the restrictions that rest on a law this law and its articles."""


def one(entries: Mapping[str, vocabulary.Entry], term: str) -> str:
    if not term:
        return ""
    found = vocabulary.spellings(entries.values()).get(term, ())
    assert len(found) == 1, f"{term}: {found}"
    return found[0]


def resting(restrictions: tuple[str, ...]) -> frozenset[tuple[str, tuple[str, ...]]]:
    entries = [vocabulary.restrictions()[r] for r in restrictions]
    return frozenset((e.law, e.articles) for e in entries if e.law)


def cited(text: str) -> tuple[str, tuple[str, ...]]:
    name, *articles = text.split(" ")
    return one(vocabulary.laws(), name), tuple(articles)


def bracketed(text: str) -> tuple[str, frozenset[tuple[str, tuple[str, ...]]]]:
    found = re.fullmatch(r"(.*?) \[(.+)\]", text)
    if found is None:
        return text, frozenset()
    return found[1], frozenset(cited(part) for part in found[2].split("; "))


def fact_of_text(text: str) -> Fact:
    parts, restrictions = bracketed(text)
    name, thing, act = parts.split("|")
    law_id, articles = cited(name)
    return law_id, articles, one(vocabulary.objects(), thing), one(vocabulary.acts(), act), restrictions


def fact_of(content: vocabulary.Content) -> Fact:
    return content.law, content.articles, content.object, content.act, resting(content.restrictions)


def holder_of_text(text: str) -> tuple[str, frozenset[tuple[str, tuple[str, ...]]]]:
    """A party by name, or `law articles|他` for those who pay under other laws as that law says."""
    if not text.endswith("|他"):
        name, restrictions = bracketed(text)
        return one(vocabulary.parties(), name), restrictions
    law_id, articles = cited(text.removesuffix("|他"))
    return f"{law_id} {articles}", frozenset()


def holder_of(holder: law.Holder) -> tuple[str, frozenset[tuple[str, tuple[str, ...]]]]:
    party = vocabulary.parties()[holder.party]
    if party.kind == "open-class" and party.id.startswith("payers-"):
        return f"{party.law} {party.articles}", resting(holder.restrictions)
    return party.id, resting(holder.restrictions)


def information_of_text(text: str) -> Fact | str:
    return fact_of_text(text) if "|" in text else one(vocabulary.information(), text)


def information_of(kind: str, wanted: Fact | str) -> Fact | str:
    """The kind as the reader wrote it: by its name, or by its single content."""
    entry = vocabulary.information()[kind]
    if isinstance(wanted, str) or len(entry.content) != 1:
        return kind
    return fact_of(entry.content[0])


def test_there_are_sixty() -> None:
    assert len({line.at for line in LINES}) == len(LINES) == 60
    assert {line.at.split(" ")[0] for line in LINES} == {e.id for e in law.editions()}


@pytest.mark.parametrize("golden", LINES, ids=lambda golden: golden.at.replace(" ", "-"))
def test_golden_line(golden: Golden) -> None:
    edition, table, place = golden.at.split(" ")
    number, _, line = place.partition("/")
    state = law.edition(edition)
    item = state.schedule1[number] if table == "schedule1" else state.schedule2[number]
    assert item.deleted == golden.deleted
    assert [holder_of(h) for h in item.askers] == [holder_of_text(t) for t in golden.askers]
    assert [fact_of(t) for t in item.tasks] == [fact_of_text(t) for t in golden.tasks]
    if not line:
        return
    assert isinstance(item, law.Schedule2Item)
    found = item.lines[int(line) - 1]
    assert [holder_of(h) for h in found.providers] == [holder_of_text(t) for t in golden.providers]
    wanted = [information_of_text(t) for t in golden.information]
    assert len(found.information) == len(wanted)
    assert [information_of(k, w) for k, w in zip(found.information, wanted, strict=True)] == wanted
