"""The facts of the tables as phrases: tasks, parties, information, articles and places, as officers write them."""

from __future__ import annotations

import re
from functools import cache

from bango_spec import vocabulary
from bango_spec.law import Holder
from bango_spec.reading import Text
from bango_spec.vocabulary import Content

_ARTICLE = re.compile(r"(suppl\.)?(\d+(?:-\d+)*)?((?:\([^)]*\))*)(proviso)?")
_PART = re.compile(r"\(([^)]*)\)")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


def article(written: str) -> Text:
    """`56-2(3)(iv)` as 第56条の2第3項第4号; what is written otherwise stays as it is."""
    found = _ARTICLE.fullmatch(written)
    if not found or not written:
        return Text(ja=written, en=written)
    supplement, number, parts, proviso = found.groups()
    ja = "附則" if supplement else ""
    if number:
        first, *branches = number.split("-")
        ja += f"第{first}条" + "".join(f"の{one}" for one in branches)
    for one in _PART.findall(parts or ""):
        ja += _paragraph(one)
    return Text(ja=ja + ("ただし書" if proviso else ""), en=f"art. {written}")


def _paragraph(part: str) -> str:
    ends = part.split("-")
    if all(re.fullmatch(r"[ivxl]+", one) for one in ends):
        numbers = [f"第{_arabic(one)}号" for one in ends]
        return "から".join(numbers) + ("まで" if len(numbers) > 1 else "")
    if all(one.isdigit() for one in ends):
        numbers = [f"第{one}項" for one in ends]
        return "から".join(numbers) + ("まで" if len(numbers) > 1 else "")
    return f"（{part}）"


def _arabic(roman: str) -> int:
    values = [_ROMAN[one] for one in roman]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))


def item_name(item: str) -> Text:
    """`56-2` as 56の2の項."""
    return Text(ja=f"{item.replace('-', 'の')}の項", en=f"item {item}")


def place(item: str, line: int | None) -> Text:
    """An item, or one of its lines."""
    name = item_name(item)
    return Text(ja=f"{name.ja}{line}行目", en=f"{name.en}, line {line}") if line else name


def content(fact: Content) -> Text:
    """A task or a content: the law, the article, what is done to what; restrictions in brackets."""
    laws, objects, acts = vocabulary.laws(), vocabulary.objects(), vocabulary.acts()
    law = laws.get(fact.law)
    thing, act = objects.get(fact.object), acts.get(fact.act)
    ja = (law.ja if law else "") + "・".join(article(one).ja for one in fact.articles)
    done = (thing.ja if thing else "") + ("の" if thing and act else "") + (act.ja if act else "")
    ja += ("：" if ja and done else "") + done
    parts = [law.en if law else "", ", ".join(article(one).en for one in fact.articles)]
    en = ", ".join(one for one in parts if one)
    done_en = " – ".join(one.en for one in (thing, act) if one)
    en += (": " if en and done_en else "") + done_en
    limits = restrictions(fact.restrictions)
    return Text(ja=ja + limits.ja, en=en + limits.en)


def restrictions(ids: tuple[str, ...]) -> Text:
    """What stands in parentheses, as a bracket behind the words; empty without any."""
    known = vocabulary.restrictions()
    found = [known[one] for one in ids if one in known]
    if not found:
        return Text(ja="", en="")
    ja = "；".join(map(_restriction, found))
    return Text(ja=f"［{ja}］", en=f" [{'; '.join(one.en for one in found)}]")


def _restriction(one: vocabulary.Restriction) -> str:
    law = vocabulary.laws().get(one.law)
    where = (law.ja if law else "") + "・".join(article(a).ja for a in one.articles)
    form = one.forms[0].removeprefix("の") if one.forms else ""
    if one.effect == "meaning":
        return f"{where}にいう{form}"
    return "：".join(part for part in (where, form) if part)


def holder(held: Holder) -> Text:
    """A party of a cell, with the role that it is limited to."""
    name = party(held.party)
    limits = restrictions(held.restrictions)
    return Text(ja=name.ja + limits.ja, en=name.en + limits.en)


@cache
def party(party_id: str) -> Text:
    """A party's name."""
    found = vocabulary.parties()[party_id]
    return Text(ja=found.ja, en=found.en)


@cache
def information(kind: str) -> Text:
    """A kind of information's name."""
    found = vocabulary.information()[kind]
    return Text(ja=found.ja, en=found.en)
