"""Characters: samples are exact, what may not travel is named, search keys fold without touching the text."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bango_spec import characters as chars
from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from bango_spec.characters import Refusal, Sample


@pytest.mark.parametrize("one", chars.samples(), ids=lambda one: one.id)
def test_samples_are_exact_bytes_and_may_travel(one: Sample) -> None:
    assert one.text.encode().hex() == one.utf8
    assert bytes.fromhex(one.utf8).decode() == one.text
    assert chars.check(one.text, "name") is None
    assert json.loads(json.dumps(one.text)) == one.text


def test_samples_have_the_properties_they_are_named_for() -> None:
    def changed_by(form: str) -> set[str]:
        return {s.id for s in chars.samples() if unicodedata.normalize(form, s.text) != s.text}  # type: ignore[arg-type]

    assert {"text-compat-decomposes", "text-combining-dakuten", "text-mixed"} <= changed_by("NFC")
    assert "text-combining-handakuten" not in changed_by("NFC")
    assert {"text-halfwidth-kana", "text-latin-fullwidth", "text-minus"} <= changed_by("NFKC")
    assert "text-compat-block-unified" not in changed_by("NFKC")
    assert "\ufa19" in chars.sample("text-compat-decomposes").text
    assert 0x20000 <= ord(chars.sample("text-sip").text[0]) < 0x30000
    assert ord(chars.sample("text-tip").text[1]) >= 0x30000
    assert chars.sample("text-ivs").text[1] == "\U000e0100"
    assert len(chars.sample("text-longest").text) == chars.longest("name")
    assert len(bytes.fromhex(chars.sample("text-longest-bytes").utf8)) == 4 * chars.longest("name")
    assert len({s.id for s in chars.samples()}) == len(chars.samples()) >= 30
    assert len({s.text for s in chars.samples()}) == len(chars.samples())


@pytest.mark.parametrize("one", chars.characters().refused, ids=lambda one: one.code)
def test_each_refusal_is_found_in_its_example(one: Refusal) -> None:
    found = chars.check(one.example.format(surrogate="試\udc00"))
    assert found is not None
    assert found.code == one.code


def test_length_counts_characters_and_selectors() -> None:
    assert chars.check("試" * 100, "name") is None
    found = chars.check("試" * 99 + "葛\U000e0100", "name")
    assert found is not None
    assert (found.code, found.place) == ("TX-LENGTH-LONG", 100)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("渡邉", "渡辺"),
        ("渡邊　太郎", "渡辺太郎"),
        ("髙橋", "高橋"),
        ("宮﨑", "宮崎"),
        ("𠮷田", "吉田"),
        ("\ufa19田", "神田"),
        ("葛\U000e0100城", "葛城"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "やまだ・たろう"),
        ("キャット", "キヤツト"),
        ("カ\u3099リ", "ガリ"),
        ("ＳＨＩＫＥＮ", "shiken"),
        ("１－２−３", "1-2ー3"),
        ("齋藤", "斉藤"),
    ],
)
def test_search_keys_meet(left: str, right: str) -> None:
    assert chars.search_key(left) == chars.search_key(right)


@pytest.mark.parametrize(("left", "right"), [("山田", "山本"), ("ハナ", "バナ"), ("大田", "太田"), ("はな", "はに")])
def test_search_keys_keep_different_names_apart(left: str, right: str) -> None:
    assert chars.search_key(left) != chars.search_key(right)


@settings(derandomize=True, max_examples=500)
@given(st.text(max_size=30))
def test_a_search_key_is_its_own_key(text: str) -> None:
    key = chars.search_key(text)
    assert chars.search_key(key) == key


def test_variant_groups_do_not_overlap() -> None:
    members = "".join(chars.characters().search.variants)
    assert len(set(members)) == len(members)


def test_unknown_words_have_codes() -> None:
    with pytest.raises(UsageError) as caught:
        chars.sample("text-nothing")
    assert caught.value.code == "TX-UNKNOWN-SAMPLE"
    with pytest.raises(UsageError) as caught:
        chars.check("試験", "shoe-size")
    assert caught.value.code == "TX-UNKNOWN-FIELD"
