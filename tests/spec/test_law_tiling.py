"""Proof that the facts account for every character of the tables: atomic spans tile each cell.

The statute's text is no part of the project. It is read from the folder `shared/law` beside the checkout; without
that folder the proof is skipped. The proof knows nothing of how the facts were made: it renders the ids of a cell
into their surface forms and lays these over the text.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bango_spec import law, reading, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TEXTS = Path(__file__).resolve().parents[3] / "shared" / "law"
FILES = {
    ("2015-12-27", "schedule1"): "beppyo1_2015.json",
    ("2015-12-27", "schedule2"): "beppyo2_2015.json",
    ("2020-09-06", "schedule1"): "beppyo1_2020.json",
    ("2020-09-06", "schedule2"): "beppyo2_2020.json",
    ("2025-09-24", "schedule1"): "beppyo_2025.json",
    ("2026-02-02", "schedule2"): "meirei9_table_2026.json",
}
COLUMNS = {
    "askers": ("上欄", "情報照会者"),
    "tasks": ("下欄", "事務", "特定個人番号利用事務"),
    "providers": ("情報提供者",),
    "information": ("特定個人情報", "利用特定個人情報"),
}
SEPARATORS = ("又は", "若しくは", "、")
SCOPES = {"onward": "以下", "this-article": "この条", "this-table": "この表", "this-column": "この欄"}
EFFECTS = {"meaning": "をいう", "including": "を含む", "only": "に限る", "except": "を除く"}
ROMAN = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi"]
Owner = tuple[str, str]
needs_texts = pytest.mark.skipif(not TEXTS.is_dir(), reason="the statute's text is not beside the checkout")


def kanji(number: int) -> str:
    digits = "〇一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    return "".join(
        [
            f"{'' if hundreds == 1 else digits[hundreds]}百" if hundreds else "",
            f"{'' if tens == 1 else digits[tens]}十" if tens else "",
            digits[ones] if ones else "",
        ]
    )


def article_forms(article: str) -> set[str]:
    """The full citation, and what is left of it when the text has just named the article or the supplement."""
    found = re.fullmatch(r"(suppl\.)?(\d+)((?:-\d+)*)(?:\((\d+)\))?(?:\(([ivx]+)(?:-([ivx]+))?\))?(proviso)?", article)
    assert found, article
    suppl, number, branches, paragraph, first, last, proviso = found.groups()
    head = f"第{kanji(int(number))}条" + "".join(f"の{kanji(int(b))}" for b in branches.split("-")[1:])
    tail = f"第{kanji(int(paragraph))}項" if paragraph else ""
    tail += f"第{kanji(ROMAN.index(first))}号" if first else ""
    tail += f"から第{kanji(ROMAN.index(last))}号まで" if last else ""
    tail += "ただし書" if proviso else ""
    return {("附則" if suppl else "") + head + tail, head + tail} | ({tail} if tail else set())


@dataclass
class Palette:
    """The surface forms that the facts of one cell allow, and what must be seen among them."""

    owners: dict[str, set[Owner]] = field(default_factory=dict)
    demands: list[tuple[str, list[set[Owner]]]] = field(default_factory=list)
    """Per fact: its name, and alternatives, each a set of owners that must all be seen."""

    def allow(self, surface: str, *owner: Owner) -> None:
        self.owners.setdefault(surface, set()).update(owner)

    def demand(self, what: str, *alternatives: set[Owner]) -> None:
        self.demands.append((what, list(alternatives)))

    def articles(self, of: str, articles: Iterable[str]) -> set[Owner]:
        seen: set[Owner] = set()
        for article in articles:
            owner = ("article", f"{of} {article}")
            seen.add(owner)
            for form in article_forms(article):
                self.allow(form, owner)
        return seen

    def legal(self, law_id: str, *, members: bool = False) -> set[Owner]:
        """Allow a law's names; returns what must be seen when the law is named in full or in short."""
        entry = vocabulary.laws()[law_id]
        own = entry.forms if entry.kind == "former" or (entry.kind == "class" and entry.forms) else entry.spellings
        for form in own if entry.kind in ("class", "former") else (entry.ja, *entry.forms):
            self.allow(form, ("law", law_id))
        if entry.number:
            self.allow(entry.number, ("number", law_id))
        demands: set[Owner] = {("law", law_id)}
        for other in (*entry.including, *((entry.under,) if entry.under else ())):
            demands |= self.legal(other)
        if members:
            for other in entry.members:
                demands |= self.legal(other)
        if entry.kind == "former":
            for mark in ("改正前の", "廃止前の"):
                self.allow(mark, ("mark", law_id))
            own_parts = self.legal(entry.of) | self.legal(entry.by) | self.articles(entry.by, entry.articles)
            demands = {("mark", law_id)} | {o for o in own_parts if o[0] != "law" or o[1] != entry.by}
        return demands

    def restriction(self, restriction_id: str) -> None:
        entry = vocabulary.restrictions()[restriction_id]
        owners: set[Owner] = set()
        for form in entry.forms:
            owner = ("restriction", restriction_id if entry.any else f"{restriction_id} {form}")
            owners.add(owner)
            self.allow(form, owner)
        if entry.effect in EFFECTS:
            self.allow(EFFECTS[entry.effect], ("effect", entry.effect))
        if entry.law:
            self.legal(entry.law)
        self.demand(f"restriction {restriction_id}", owners | self.articles(entry.law, entry.articles))

    def thing(self, object_id: str) -> set[Owner]:
        entry = vocabulary.objects()[object_id]
        for form in entry.parts or (entry.ja, *entry.forms):
            self.allow(form, ("object", f"{object_id} {form}" if entry.parts else object_id))
        return {("object", f"{object_id} {part}") for part in entry.parts} or {("object", object_id)}

    def content(self, content: vocabulary.Content) -> set[Owner]:
        """Allow the parts of a fact; returns what must be seen if it is spelled out here."""
        seen: set[Owner] = set()
        if content.law and not content.implied:
            seen |= self.legal(content.law)
        seen |= self.articles(content.law, content.articles)
        if content.object:
            seen |= self.thing(content.object)
        if content.act:
            self.allow(vocabulary.acts()[content.act].ja, ("act", content.act))
            seen.add(("act", content.act))
        for restriction in content.restrictions:
            self.restriction(restriction)
        return seen

    def party(self, party_id: str) -> set[Owner]:
        entry = vocabulary.parties()[party_id]
        for form in entry.forms if entry.kind == "open-class" else (entry.ja, *entry.forms):
            self.allow(form, ("party", party_id))
        seen: set[Owner] = {("party", party_id)}
        if entry.law:
            spelled = self.legal(entry.law)
            if entry.kind == "open-class":
                seen |= spelled
        articles = self.articles(entry.law, entry.articles)
        for restriction in entry.restrictions:
            self.restriction(restriction)
        return seen | (articles if entry.kind == "open-class" else set())

    def information(self, info_id: str, defined: tuple[vocabulary.Content, ...] | None) -> None:
        entry = vocabulary.information()[info_id]
        alternatives: list[set[Owner]] = []
        if entry.named:
            for form in (entry.ja, *entry.forms):
                self.allow(form, ("information", info_id))
            alternatives.append({("information", info_id)})
        contents = entry.content if defined is None else defined
        if defined is not None or len(contents) == 1:
            spelled = set().union(*(self.content(content) for content in contents))
            # In its place of definition a kind is both spelled out and named.
            if defined is not None:
                alternatives = [spelled | {("information", info_id)}]
            else:
                alternatives.append(spelled)
        self.demand(f"information {info_id}", *alternatives)

    def scopes(self, scopes: tuple[str, ...]) -> None:
        """How far a definition reaches, in the words of the tables."""
        if {"this-article", "this-table", "this-column"} & set(scopes):
            self.allow(SCOPES["onward"], ("scope", "onward"))
        for scope in scopes:
            if scope in SCOPES:
                forms = {SCOPES[scope]}
            elif scope.startswith("item "):
                forms = {f"{kanji(int(scope.removeprefix('item ')))}の項"}
            else:
                forms = article_forms(scope)
            for form in forms:
                self.allow(form, ("scope", scope))
            self.demand(f"scope {scope}", {("scope", scope)})

    def definition(self, definition: law.Definition) -> None:
        """A term that is fixed in this cell: the term, what it consists of, how far it reaches."""
        self.scopes(definition.scope)
        for restriction in definition.restrictions:
            self.restriction(restriction)
        what = f"term {definition.term}"
        if definition.kind == "information":
            return
        if definition.kind == "law":
            self.demand(what, self.legal(definition.id, members=bool(definition.members)))
        elif definition.kind == "party":
            self.demand(what, self.party(definition.id))
            for member in definition.members:
                self.demand(f"{what}: {member}", self.party(member))
        elif definition.kind == "object":
            self.thing(definition.id)
        if definition.members:
            self.allow(EFFECTS["meaning"], ("effect", "meaning"))
        for content in definition.content:
            self.demand(what, self.content(content))
        if definition.kind != "party":
            self.allow(definition.term, ("term", definition.term))
            self.demand(what, {("term", definition.term)})


@dataclass(frozen=True)
class Cell:
    """One cell of the tables with the facts that must account for it."""

    edition: str
    table: law.Table
    item: str
    line: int
    column: str
    text: str
    holders: tuple[law.Holder, ...] = ()
    tasks: tuple[law.Task, ...] = ()
    information: tuple[str, ...] = ()
    details: str = ""

    @property
    def place(self) -> str:
        return f"{self.edition} {self.table} {self.item}/{self.line} {self.column}"

    def definitions(self) -> list[law.Definition]:
        return [
            d
            for d in law.edition(self.edition).definitions
            if (d.table, d.item, d.cell) == (self.table, self.item, self.column)
            and (self.column in ("askers", "tasks") or d.line == self.line)
        ]

    def palette(self) -> Palette:
        palette = Palette()
        here = self.definitions()
        contents = {d.id: d.content for d in here if d.kind == "information"}
        terms = {d.id for d in here if d.kind == "party" and d.members}
        for definition in here:
            palette.definition(definition)
        for holder in self.holders:
            seen = palette.party(holder.party)
            if holder.party not in terms:
                palette.demand(f"party {holder.party}", seen)
            for restriction in holder.restrictions:
                palette.restriction(restriction)
        for task in self.tasks:
            palette.demand(f"task {task.id}", palette.content(task))
        for kind in self.information:
            palette.information(kind, contents.get(kind))
        if self.details:
            for form in article_forms(self.details):
                palette.allow(form, ("details", self.details))
            if not self.text.endswith(("次条で定めるもの", "同条で定めるもの")):
                palette.demand(f"details {self.details}", {("details", self.details)})
        return palette


@cache
def connectives() -> tuple[str, ...]:
    return tuple(reading.load(reading.root() / "law" / "connectives.yaml")["connectives"])


def rows(edition: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((TEXTS / FILES[edition, table]).read_text(encoding="utf-8"))["rows"]
    return found


def text_of(row: dict[str, Any], column: str) -> str:
    return next(str(row[name]) for name in COLUMNS[column] if name in row)


def cells() -> Iterator[Cell]:
    """Every cell of every table, deleted items left out."""
    for edition in law.editions():
        for table in edition.tables:
            items = edition.schedule1 if table == "schedule1" else edition.schedule2
            for row in rows(edition.id, table):
                item = items[row["num"]]
                if not item.deleted:
                    yield from cells_of(edition.id, table, item, row)


def cells_of(edition: str, table: law.Table, item: law.Schedule1Item, row: dict[str, Any]) -> Iterator[Cell]:
    yield Cell(edition, table, item.id, 0, "askers", text_of(row, "askers"), holders=item.askers)
    if not isinstance(item, law.Schedule2Item):
        yield Cell(edition, table, item.id, 0, "tasks", text_of(row, "tasks"), tasks=item.tasks)
        return
    for number, (line, texts) in enumerate(zip(item.lines, row["lines"], strict=True), 1):
        for column in ("tasks", "providers", "information"):
            yield Cell(
                edition,
                table,
                item.id,
                number,
                column,
                text_of(texts, column),
                holders=line.providers if column == "providers" else (),
                tasks=item.tasks if column == "tasks" else (),
                information=line.information if column == "information" else (),
                details=item.details if column in ("tasks", "information") else "",
            )


Span = tuple[int, str, frozenset[Owner] | None]
"""Where it starts, its text, whose it is (None: a connective)."""


def tile(text: str, owners: dict[str, set[Owner]]) -> list[Span] | None:
    """The tiling with most characters in atomic spans, of these the one with fewest spans; None if there is none."""
    best: list[tuple[int, int, int, Span] | None] = [None] * len(text) + [(0, 0, 0, (0, "", None))]
    candidates: list[tuple[str, set[Owner] | None]] = [*owners.items(), *((c, None) for c in connectives())]
    for start in range(len(text) - 1, -1, -1):
        for surface, owner in candidates:
            end = start + len(surface)
            rest = best[end] if text.startswith(surface, start) else None
            if rest is None:
                continue
            score = (rest[0] + (len(surface) if owner is not None else 0), rest[1] - 1)
            here = best[start]
            if here is None or score > here[:2]:
                best[start] = (*score, end, (start, surface, frozenset(owner) if owner is not None else None))
    if best[0] is None:
        return None
    spans_found: list[Span] = []
    at = 0
    while at < len(text):
        step = best[at]
        assert step is not None
        spans_found.append(step[3])
        at = step[2]
    return spans_found


def failures(cell: Cell) -> tuple[list[str], list[Span]]:
    """What the facts of a cell leave unsaid or say too much, and the tiling."""
    palette = cell.palette()
    spans = tile(cell.text, palette.owners)
    if spans is None:
        return [f"{cell.place}: no tiling of {cell.text}"], []
    seen = set().union(*(owner for _, _, owner in spans if owner))
    missing = [
        f"{cell.place}: {what} is not in the text ({min((sorted(a - seen) for a in alternatives), key=len)})"
        for what, alternatives in palette.demands
        if not any(alternative <= seen for alternative in alternatives)
    ]
    missing += [f"{cell.place}: {name} is named and left out" for name in sorted(unheld(cell, spans))]
    return missing, spans


def unheld(cell: Cell, spans: list[Span]) -> set[str]:
    """Parties and laws that the cell defines, or adds by a restriction, and no holder or task has."""
    defined = cell.definitions()
    if cell.tasks:
        laws = {task.law for task in cell.tasks} | beside(cell.tasks)
        laws |= {law_id for task in cell.tasks if task.law for law_id in parts(task.law)}
        return {d.id for d in defined if d.kind == "law"} - laws
    if not cell.holders:
        return set()
    texts = {text for _, text, owner in spans if owner}
    added = {p.id for p in vocabulary.parties().values() if not p.id.startswith("payers-") and p.kind == "open-class"}
    added = {party for party in added if texts & set(vocabulary.parties()[party].forms)}
    return (added | {d.id for d in defined if d.kind == "party"}) - {holder.party for holder in cell.holders}


def beside(tasks: tuple[law.Task, ...]) -> set[str]:
    """The laws that only carry restrictions."""
    return {vocabulary.restrictions()[r].law for task in tasks for r in task.restrictions}


def parts(law_id: str) -> tuple[str, str]:
    """The law that a former law was, and the one that changed it."""
    return vocabulary.laws()[law_id].of, vocabulary.laws()[law_id].by


def outside_parentheses(spans: list[Span]) -> list[Span]:
    depth, kept = 0, []
    for span in spans:
        depth += span[2] is None and span[1] == "（"
        if depth == 0:
            kept.append(span)
        depth -= span[2] is None and span[1] == "）"
    return kept


def kinds(span: Span) -> set[str]:
    return {kind for kind, _ in span[2] or ()}


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
def test_items_and_lines_are_those_of_the_tables() -> None:
    counts = {}
    for edition in law.editions():
        for table in edition.tables:
            items = edition.schedule1 if table == "schedule1" else edition.schedule2
            text = rows(edition.id, table)
            assert [r["num"] for r in text] == list(items)
            assert [r["deleted"] for r in text] == [i.deleted for i in items.values()]
            lines = sum(len(i.lines) for i in items.values() if isinstance(i, law.Schedule2Item))
            assert lines == sum(len(r.get("lines", ())) for r in text)
            counts[edition.id, table] = (len(items), lines)
    assert counts == {
        ("2015-12-27", "schedule1"): (99, 0),
        ("2015-12-27", "schedule2"): (121, 259),
        ("2020-09-06", "schedule1"): (108, 0),
        ("2020-09-06", "schedule2"): (126, 298),
        ("2025-09-24", "schedule1"): (177, 0),
        ("2026-02-02", "schedule2"): (181, 456),
    }


@needs_texts
def test_atomic_spans_tile_every_cell() -> None:
    wrong: list[str] = []
    count: Counter[str] = Counter()
    used: Counter[str] = Counter()
    for cell in cells():
        missing, spans = failures(cell)
        wrong += missing
        count["cells"] += 1
        count["characters"] += len(cell.text)
        count["atomic spans"] += sum(owner is not None for _, _, owner in spans)
        count["characters in atomic spans"] += sum(len(s) for _, s, owner in spans if owner is not None)
        used.update(s for _, s, owner in spans if owner is None)
    print(dict(count))
    print(len(used), "connectives:", " ".join(f"{c}×{n}" for c, n in used.most_common()))
    assert not wrong, "\n".join([*wrong[:40], f"{len(wrong)} in all"])
    assert set(used) == set(connectives())


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


def named_for(laws: set[str]) -> set[str]:
    """The laws by whose names a class or a former law goes."""
    entries = [vocabulary.laws()[law_id] for law_id in laws]
    return laws.union(*(entry.including for entry in entries), (entry.of for entry in entries))


def after(flat: list[Span], at: int, words: tuple[str, ...]) -> Span:
    """The first span behind `at` that is neither an article nor one of the words."""
    return next(
        (s for s in flat[at + 1 :] if not kinds(s) & {"article"} and s[1] not in words), (0, "", frozenset[Owner]())
    )


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


TIES = ("の", "に対する", "についての", "への", "に係る", "に関する")


def joined(tasks: tuple[law.Task, ...], thing: str, act: str, force: set[str] | None) -> bool:
    """Whether the facts join the object with the act, under each law in force that can be meant."""
    found = {task.law for task in tasks if (task.object, task.act) == (thing, act)}
    alone = {task.object: vocabulary.objects()[task.object].law for task in tasks if task.object}
    if not found or not force:
        return bool(found)
    wanted = {alone[thing]} if alone.get(thing) else force - set(alone.values())
    return wanted <= found


@needs_texts
def test_no_act_or_object_of_a_task_is_left_alone() -> None:
    wrong = []
    for cell in cells():
        if cell.column == "tasks" and cell.line <= 1:
            wrong += [f"{cell.place}: {x}" for x in unpaired(cell.tasks, tile(cell.text, cell.palette().owners) or [])]
    assert not wrong, "\n".join([*wrong[:60], f"{len(wrong)} in all"])


def damaged(cell: Cell) -> Iterator[tuple[str, Cell]]:
    """The cell with one id less, for every id of several, and with one that it does not have."""
    if len(cell.holders) > 1:
        for holder in cell.holders:
            yield holder.party, replace(cell, holders=tuple(h for h in cell.holders if h != holder))
    if len(cell.tasks) > 1:
        for task in cell.tasks:
            yield f"task {task.id}", replace(cell, tasks=tuple(t for t in cell.tasks if t != task))
    if len(cell.information) > 1:
        for kind in cell.information:
            yield kind, replace(cell, information=tuple(k for k in cell.information if k != kind))
    if cell.holders:
        yield "one more", replace(cell, holders=(*cell.holders, law.Holder(party="bar-examination-commission")))
    if cell.tasks:
        foreign = law.Task(id="0", law=cell.tasks[0].law, object="bar-examination", act=cell.tasks[0].act)
        yield "one more", replace(cell, tasks=(*cell.tasks, foreign))
    if cell.information:
        yield "one more", replace(cell, information=(*cell.information, "allowances-etc"))


@needs_texts
def test_the_proof_notices_every_missing_and_every_foreign_id() -> None:
    """Take an id away from a cell, or give it one too many: each time the proof fails."""
    silent: list[str] = []
    count = 0
    own = {"bar-examination-commission", "bar-examination", "allowances-etc"}
    for cell in cells():
        ids = {*(h.party for h in cell.holders), *(t.object for t in cell.tasks), *cell.information}
        if (cell.column == "tasks" and cell.line > 1) or ids & own:
            continue
        for what, other in damaged(cell):
            count += 1
            wrong, spans = failures(other)
            if not wrong and not unpaired(other.tasks, spans):
                silent.append(f"{cell.place}: {what}")
    print(count, "damaged cells")
    assert count > 6000
    assert not silent, "\n".join(silent[:40])


def test_connectives_are_few() -> None:
    assert len(connectives()) == len(set(connectives())) <= 40


def test_no_atomic_span_holds_a_list() -> None:
    names = {x.ja for x in vocabulary.laws().values() if x.kind != "former"}
    atoms = {
        *(f for x in vocabulary.laws().values() for f in x.forms),
        *(x.ja for x in vocabulary.acts().values()),
        *(p for x in vocabulary.objects().values() for p in x.parts or (x.ja, *x.forms)),
        *(f for x in vocabulary.parties().values() for f in ((x.ja,) if x.kind != "open-class" else ()) + x.forms),
        *(f for x in vocabulary.information().values() if x.named for f in (x.ja, *x.forms)),
        *(f for x in vocabulary.restrictions().values() for f in x.forms),
    }
    assert not [atom for atom in atoms if any(s in atom for s in SEPARATORS)]
    assert {name for name in names if any(s in name for s in SEPARATORS)} == {
        "あん摩マツサージ指圧師、はり師、きゆう師等に関する法律",
        "医薬品、医療機器等の品質、有効性及び安全性の確保等に関する法律",
        "社債、株式等の振替に関する法律",
        "臨床検査技師、衛生検査技師等に関する法律",
        "臨床検査技師、衛生検査技師等に関する法律の一部を改正する法律",
    }
