"""The orders' procedures account for the text: each is there, and asks for exactly what its words name."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bango_spec import vocabulary
from bango_spec.orders import Procedure, Term, order, order_terms

LAW = Path(__file__).resolve().parents[3] / "shared" / "law"
ORDER2 = LAW / "426M6000000A007_beppyo2_shumushorei.json"
ORDER1 = LAW / "426M6000000A005_beppyo1_shumushorei.json"
pytestmark = pytest.mark.skipif(
    not ORDER2.is_file(), reason="the text of the orders (shared/law beside the checkout) is not here"
)

IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテ"
DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")}
# Laws whose names hold words that are also benefits: they are read over before the benefits are looked for.
READ_OVER = (
    "特別児童扶養手当等の支給に関する法律",
    "児童扶養手当法",
    "児童手当法",
    "年金生活者支援給付金の支給に関する法律",
    "特定障害者に対する特別障害給付金の支給に関する法律",
    "高等学校等就学支援金の支給に関する法律",
    "職業訓練の実施等による特定求職者の就職の支援に関する法律",
    "特別支援学校への就学奨励に関する法律",
)
REFERS = re.compile(rf"(前号|第([一二三四五六七八九十]+)号)((?:[{IROHA[:30]}]|、|及び|から|まで)*)に掲げる情報")


class Leaf(NamedTuple):
    letter: str
    words: str


class Found(NamedTuple):
    article: str
    paragraph: int
    number: str
    item: str
    task: str
    leaves: list[Leaf]
    head: str = ""


def number(kanji: str) -> str:
    def one(part: str) -> int:
        total = current = 0
        for char in part:
            if char in DIGITS:
                current = DIGITS[char]
            else:
                total, current = total + (current or 1) * {"十": 10, "百": 100}[char], 0
        return total + current

    return "-".join(str(one(p)) for p in kanji.split("の"))


def bare(text: str) -> str:
    while (shorter := re.sub(r"（[^（）]*）", "", text)) != text:
        text = shorter
    return text


def words(entry: dict[str, Any]) -> list[str]:
    text = entry["text"]
    return list(text) if isinstance(text, list) else [text]


def merged(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sub-items that the copy lists as items go back below the item they belong to."""
    out: list[dict[str, Any]] = []
    for entry in entries:
        if entry["n"] in IROHA:
            out[-1]["sub"] = [*out[-1].get("sub", []), entry, *entry.get("sub", [])]
        else:
            out.append(dict(entry))
    return out


def procedures2() -> list[Found]:
    out = []
    for article in json.loads(ORDER2.read_text(encoding="utf-8"))["articles"]:
        for paragraph in article["paragraphs"]:
            lead = paragraph["text"]
            item = re.search(r"別表第二の([一二三四五六七八九十百の]+?)の項の主務省令で定める事務", lead)
            if item is None:
                continue
            where = article["num"], int(paragraph["n"])
            if "区分に応じ" in lead:
                for entry in merged(paragraph["items"]):
                    task, *information = words(entry)
                    subs = [Leaf(s["n"], words(s)[0]) for s in entry.get("sub", [])]
                    leaves = subs or [Leaf("", information[0])]
                    out.append(Found(*where, number(entry["n"]), number(item[1]), task, leaves, information[0]))
            else:
                parts = re.search(
                    r"定める事務は、(.*?)とし、同(?:項|表の.*?の項)の主務省令で定める情報は、(.*)とする。$", lead
                )
                assert parts is not None, lead
                subs = [Leaf(s["n"], words(s)[0]) for s in paragraph.get("items") or []]
                out.append(Found(*where, "", number(item[1]), parts[1], subs or [Leaf("", parts[2])], parts[2]))
    return out


def scanner(terms: tuple[Term, ...]) -> Any:
    ids = {form: term.id for term in terms for form in term.forms}
    pattern = re.compile("|".join(map(re.escape, sorted([*ids, *READ_OVER], key=len, reverse=True))))
    return lambda text: {ids[m[0]] for m in pattern.finditer(text) if m[0] in ids}


def split(text: str) -> tuple[str, str]:
    """Whose information it is, and which."""
    ends = [m.end() for m in re.finditer(r"に係る(?!情報|もの|部分)", text)]
    return (text[: ends[-1]], text[ends[-1] :]) if ends else ("", text)


def letters(text: str) -> list[str]:
    out: list[str] = []
    for part in filter(None, re.split(r"、|及び", text)):
        span = re.fullmatch(r"(.)から(.)まで", part)
        out += IROHA[IROHA.index(span[1]) : IROHA.index(span[2]) + 1] if span else [part]
    return out


def asked(found: list[Found]) -> dict[tuple[str, int, str], list[set[str]]]:
    """What each procedure of the text asks for, references to other numbers followed."""
    scan = scanner(order_terms().information)
    out: dict[tuple[str, int, str], dict[str, set[str]]] = {}
    for one in found:
        entries: dict[str, set[str]] = {}
        before = [v for k, v in out.items() if k[:2] == (one.article, one.paragraph)]
        for leaf in one.leaves:
            text = bare(leaf.words)
            if text == "削除":
                continue
            for m in REFERS.finditer(text):
                source = before[-1] if m[1] == "前号" else out[one.article, one.paragraph, number(m[2])]
                entries |= {k: v for k, v in source.items() if not letters(m[3]) or k in letters(m[3])}
            rest = scan(split(REFERS.sub("", text))[1])
            if rest:
                entries["+" if REFERS.search(text) else leaf.letter] = rest
        out[one.article, one.paragraph, one.number] = entries
    return {k: list(v.values()) for k, v in out.items()}


def recorded(table: str) -> dict[tuple[str, int, str], Procedure]:
    return {(p.article, p.paragraph, p.number): p for ps in order("2020-09-06", table).values() for p in ps}


def test_every_procedure_of_the_text_is_recorded_with_its_item() -> None:
    text = {(f.article, f.paragraph, f.number): f.item for f in procedures2()}
    facts = {k: p.item for k, p in recorded("schedule2").items() if not p.applies}
    assert len(text) == 442
    assert facts == text


def test_every_information_phrase_is_recorded_by_exactly_the_kinds_that_its_words_name() -> None:
    facts = recorded("schedule2")
    for key, kinds in asked(procedures2()).items():
        assert all(kinds), key
        assert [set(i.asks) for i in facts[key].information] == kinds, key


def test_whose_information_it_is_stands_in_the_words_before_it() -> None:
    laws = [s for e in vocabulary.laws().values() for s in (e.ja, *e.forms) if len(s) > 2]
    laws += [f for e in order_terms().laws for f in e.forms]
    names = re.compile("|".join(map(re.escape, sorted(laws, key=len, reverse=True))))
    scan = scanner(order_terms().concerns)
    facts, checked = recorded("schedule2"), 0
    for found in procedures2():
        leaves = [(bare(leaf.words), leaf) for leaf in found.leaves if leaf.words != "削除"]
        if any(REFERS.search(text) for text, _ in leaves):
            continue
        fact = facts[found.article, found.paragraph, found.number]
        for (text, leaf), asked_for in zip(leaves, fact.information, strict=True):
            own = split(text)[0] or (split(bare(found.head))[0] if leaf.letter else "")
            assert set(asked_for.concerns) == scan(names.sub("◆", own)), (fact.id, leaf.letter)
            checked += 1
    assert checked > 1000


def test_two_paragraphs_apply_procedures_of_the_paragraph_before() -> None:
    facts = recorded("schedule2")
    applied = {k: p for k, p in facts.items() if p.applies}
    assert {p.id: p.applies for p in applied.values()} == {
        "46.2.5": "46.1.5",
        "47.2.3": "47.1.3",
        "47.2.4": "47.1.4",
        "47.2.22": "47.1.22",
    }
    for p in applied.values():
        article, paragraph, name = p.applies.split(".")
        assert p.information == facts[article, int(paragraph), name].information
    text = json.loads(ORDER2.read_text(encoding="utf-8"))
    applying = [p["text"] for a in text["articles"] for p in a["paragraphs"] if p["text"].startswith("前項")]
    assert len(applying) == 2


def test_every_act_and_place_is_named_in_the_task() -> None:
    entries = vocabulary.acts().values()
    acts = {a.id: a.spellings for a in entries} | {t.id: t.forms for t in order_terms().acts}
    facts = recorded("schedule2")
    for found in procedures2():
        fact = facts[found.article, found.paragraph, found.number]
        task = bare(found.task)
        if task == "前条に掲げる事務":
            assert fact.cites == facts["16", 1, ""].cites
            continue
        assert fact.acts, fact.id
        for act in fact.acts:
            assert any(form in task for form in acts[act]), (fact.id, act)
        articles = {number(m) for m in re.findall(r"第([一二三四五六七八九十百]+)条", task)}
        cited = {m[1] for c in fact.cites if (m := re.search(r":(?:suppl\.)?(\d+)", c))}
        assert cited == articles, fact.id


def procedures1() -> list[Found]:
    out = []
    for article in json.loads(ORDER1.read_text(encoding="utf-8"))["articles"]:
        for paragraph in article["paragraphs"]:
            lead = paragraph["text"]
            item = re.search(r"別表第一の(?:第)?([一二三四五六七八九十百の]+?)の項の主務省令で定める事務", lead)
            if item is None:
                continue
            whole = re.search(r"主務省令で定める事務は、(.*)とする。$", lead)
            single = [("", whole[1])] if whole else []
            entries = [(number(e["n"]), words(e)[0]) for e in paragraph.get("items") or []] or single
            assert entries, lead
            where = article["num"], int(paragraph["n"])
            out += [Found(*where, n, number(item[1]), task, []) for n, task in entries]
    return out


def test_every_procedure_of_the_order_for_schedule_1_is_recorded_with_its_item_and_act() -> None:
    acts = {a.id: a.spellings for a in vocabulary.acts().values()} | {t.id: t.forms for t in order_terms().acts}
    text = {(f.article, f.paragraph, f.number): f for f in procedures1()}
    facts = {k: p for k, p in recorded("schedule1").items() if not p.applies}
    assert len(text) == 466
    assert {k: p.item for k, p in facts.items()} == {k: f.item for k, f in text.items()}
    for key, procedure in facts.items():
        for act in procedure.acts:
            assert any(form in text[key].task for form in acts[act]), (key, act)
        assert not procedure.information
