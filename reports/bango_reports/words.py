"""The words that every report uses for verdicts, levels, kinds and sides, with a sign that needs no colour."""

from __future__ import annotations

from datetime import date
from typing import Any

from bango_spec.reading import Text


def _words(**pairs: tuple[str, str]) -> dict[str, Text]:
    return {key.replace("_", "-"): Text(ja=ja, en=en) for key, (ja, en) in pairs.items()}


VERDICTS = _words(
    **{"pass": ("合格", "passed")},
    fail=("不合格", "failed"),
    warn=("注意", "warning"),
    not_applicable=("対象外", "not applicable"),
    inconclusive=("判定できず", "inconclusive"),
    harness_error=("試験台の誤り", "harness error"),
    not_tested=("未試験", "not tested"),
    not_run=("未実行", "not run"),
)
"""Verdicts of cases and states of clauses."""

SIGNS = {
    "pass": "○",
    "fail": "×",
    "warn": "△",
    "not-applicable": "－",
    "inconclusive": "？",
    "harness-error": "！",
    "not-tested": "…",
    "not-run": "…",
}

OUTCOMES = {
    "conformant": Text(ja="適合", en="Conformant"),
    "not-conformant": Text(ja="不適合", en="Not conformant"),
    "undecided": Text(ja="判定していません", en="Not decided"),
    "harness-error": Text(ja="試験台の誤り", en="Harness error"),
}

LEVELS = _words(
    must=("必須", "must"),
    must_not=("禁止", "must not"),
    should=("推奨", "should"),
    should_not=("非推奨", "should not"),
    may=("任意", "may"),
)

KINDS = _words(
    shape=("形式", "shape"),
    permission=("許可", "permission"),
    workflow=("手順", "workflow"),
    lifecycle=("状態遷移", "lifecycle"),
    privacy=("秘匿", "privacy"),
    record=("記録", "record"),
    transport=("通信路", "transport"),
    fault=("障害", "fault"),
    text=("文字", "text"),
    certificate=("証明書", "certificate"),
    card=("カード", "card"),
    load=("負荷", "load"),
)

SIDES = {
    "target": Text(ja="試験した製品の側", en="the product under test"),
    "network": Text(ja="ネットワークの側", en="the network"),
    "harness": Text(ja="試験台の側", en="the testbed"),
    "unknown": Text(ja="どちらか分かりません", en="not known"),
}

LOCATED = {
    "sent": Text(ja="製品が送った値", en="a value that the product sent"),
    "received": Text(ja="製品が受け取った値", en="a value that the product received"),
    "stored": Text(ja="製品が保存した値", en="a value that the product stored"),
    "none": Text(ja="", en=""),
}

GRADES = {
    "self-declared": Text(ja="自己宣言", en="self-declared"),
    "witnessed": Text(ja="立会い", en="witnessed"),
}

WAIVERS = {
    "in-force": Text(ja="有効", en="in force"),
    "stale": Text(ja="不要（合格しているので消す）", en="stale: the case passes, remove it"),
    "expired": Text(ja="期限切れ", en="expired"),
    "unknown-obligation": Text(ja="その項目はありません", en="no such obligation"),
    "not-selected": Text(ja="今回は選ばれていません", en="not selected this time"),
}

_ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))


def party(kind: str) -> Text:
    """A kind of body by its id in the law's vocabulary; another word speaks for itself."""
    from bango_spec.vocabulary import parties  # noqa: PLC0415 - most words need no law

    found = parties().get(kind)
    return Text(ja=found.ja, en=found.en) if found else Text(ja=kind, en=kind)


def profile(name: str) -> Text:
    """A profile by its system's name, with the id in brackets; another word speaks for itself."""
    from bango_spec.systems import systems  # noqa: PLC0415 - most words need no systems

    found = systems().get(name)
    return Text(ja=f"{found.names.ja}（{name}）", en=f"{found.names.en} ({name})") if found else Text(ja=name, en=name)


def plain(value: Any) -> str:
    """A value of the spec as people write it: lists with commas, pairs with colons."""
    if isinstance(value, dict):
        return "、".join(f"{name}: {plain(held)}" for name, held in value.items())
    if isinstance(value, list | tuple):
        return "、".join(map(plain, value))
    return {True: "はい / yes", False: "いいえ / no"}[value] if isinstance(value, bool) else str(value)


def word(table: dict[str, Text], key: str) -> Text:
    """The word for a key; a key that the table does not have speaks for itself."""
    return table.get(key) or Text(ja=key, en=key)


def japanese_date(day: str) -> str:
    """`2020-09-06` (or a moment that begins so) as 令和2年9月6日; empty when it is no date."""
    try:
        moment = date.fromisoformat(day[:10])
    except ValueError:
        return ""
    for start, era in _ERAS:
        if moment >= start:
            year = moment.year - start.year + 1
            return f"{era}{'元' if year == 1 else year}年{moment.month}月{moment.day}日"
    return ""
