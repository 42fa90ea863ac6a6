from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bango_reports.evidence import message
from bango_reports.masking import Masker
from bango_reports.model import Evidence, Exchange, Message
from bango_spec.errors import UsageError

KEY = b"k" * 32
WIDE = str.maketrans({0x21 + n: chr(0xFF01 + n) for n in range(94)} | {0x20: "\u3000"})

numbers = st.text("0123456789", min_size=11, max_size=16)
names = st.text(
    st.sampled_from("佐藤鈴木高橋太郎花子渡邉𠮷德葛\U000e0100 アイウエオ・ー"), min_size=3, max_size=12
).filter(lambda name: len(name.strip()) > 2 and name == name.strip())
tokens = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", min_size=20, max_size=50)
addresses = st.builds("{}県{}市{}町{}-{}".format, names, names, names, st.integers(1, 99), st.integers(1, 99))
values = st.one_of(numbers, names, tokens, addresses)
around = st.text(max_size=12)


def hidden(masker: Masker, letters: str, text: str) -> None:
    assert letters in text
    assert letters not in masker.mask(text)


@settings(derandomize=True, max_examples=300)
@given(values, around, around)
@example("123456789012", "", "")
@example("123456789012", "1", "9")
def test_no_listed_encoding_survives(value: str, before: str, after: str) -> None:
    masker = Masker(KEY)
    masker.add("name", value)
    hidden(masker, value, before + value + after)
    forms = {
        value.translate(WIDE),
        quote(value, safe=""),
        quote(value),
        quote(value, safe="").lower(),
        quote_plus(value),
        "".join(f"%{b:02X}" for b in value.encode()),
        quote(value.translate(WIDE)),
        value.encode().hex(),
        value.encode().hex().upper(),
        value.translate(WIDE).encode().hex(),
        json.dumps(value)[1:-1],
        json.dumps(json.dumps(value))[1:-1],
        "".join(
            f"\\u{int.from_bytes(value.encode('utf-16-be')[n : n + 2]):04X}"
            for n in range(0, len(value.encode("utf-16-be")), 2)
        ),
    }
    for form in forms:
        hidden(masker, form, before + form + after)


@settings(derandomize=True, max_examples=300)
@given(values, st.binary(max_size=7), st.binary(max_size=7), st.booleans())
def test_no_base64_of_a_longer_text_shows_the_value(value: str, before: bytes, after: bytes, safe: bool) -> None:
    masker = Masker(KEY)
    masker.add("name", value)
    encode = base64.urlsafe_b64encode if safe else base64.b64encode
    masked = masker.mask(f'"{encode(before + value.encode() + after).decode()}"')
    assert "«" in masked
    rest = masked.split("«")[0].lstrip('"')
    # What is left before the label decodes to what stood before, at most half a letter of the value more.
    left = base64.urlsafe_b64decode((rest + "A" * (-len(rest) % 4)).replace("+", "-").replace("/", "_"))
    assert len(left) <= len(before) + 2


@settings(derandomize=True, max_examples=100)
@given(st.lists(values, min_size=2, max_size=30), st.randoms())
def test_values_that_overlap_all_vanish(found: list[str], random: object) -> None:
    masker = Masker(KEY)
    masker.add("name", *found)
    random.shuffle(found)  # type: ignore[attr-defined]
    masked = masker.mask("".join(found) + "|" + "x".join(found))
    assert [value for value in found if value in masked] == []


def test_the_second_half_of_an_overlap_goes_too() -> None:
    masker = Masker(KEY)
    masker.add("token", "abcdefgh", "efghijkl")
    assert masker.mask("-abcdefghijkl-") == f"-{masker.label('token', 'abcdefgh')}-"


def test_equal_values_stay_equal_and_others_differ() -> None:
    masker = Masker(KEY)
    masker.add("individual-number", "123456789018", "223456789017")
    one, again, other = masker.mask("123456789018 １２３４５６７８９０１８ 2234-5678-9017").split(" ")
    assert one == again
    assert one != other
    assert one.startswith("«個人番号:")


def test_two_runs_label_differently() -> None:
    assert Masker().label("name", "佐藤花子") != Masker().label("name", "佐藤花子")


def test_a_text_that_was_clean_is_looked_at_again_once_there_are_more_values() -> None:
    masker = Masker()
    masker.add("name", "霞が関一郎")
    text = "Location: /people/123456789018"
    assert [masker.mask(text) for _ in range(2)] == [text, text]
    masker.add("individual-number", "123456789018")
    assert "123456789018" not in masker.mask(text)


def test_text_without_values_is_untouched() -> None:
    masker = Masker(KEY)
    masker.add("individual-number", "123456789018")
    text = '{"items": [{"code": "TK00000000000001", "value": "１２３"}], "title": "照会を受け付けました"}'
    assert masker.mask(text) == text


@pytest.mark.parametrize("value", ["林", "123", ""])
def test_a_value_that_stands_everywhere_is_refused(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        Masker().add("name", value)
    assert caught.value.code == "MASK-SHORT"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Authorization: Bearer abc.DEF-123_x", "abc.DEF-123_x"),
        ("authorization: bearer%20abcdef12", "abcdef12"),
        ('{"access_token": "s3cr3t-value"}', "s3cr3t-value"),
        (r'{"log": "{\"refresh_token\":\"s3cr3t-value\"}"}', "s3cr3t-value"),
        ("GET /cb?access_token=s3cr3tvalue&x=1", "s3cr3tvalue"),
        ('{"passphrase": "正しい馬 電池"}', "正しい馬 電池"),
        (
            '{"kty":"OKP","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}',
            "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        ),
        ("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\n-----END PRIVATE KEY-----", "MC4CAQAwBQYDK2Vw"),
        ("-----BEGIN EC PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw", "MC4CAQAwBQYDK2Vw"),
    ],
)
def test_secrets_go_without_being_named(text: str, secret: str) -> None:
    masked = Masker(KEY).mask(text)
    assert secret not in masked
    assert "«" in masked


def test_whole_evidence_is_masked_in_every_field() -> None:
    masker = Masker(KEY)
    masker.add("individual-number", "123456789018")
    exchange = Exchange(
        direction="received-from-target",
        player="core",
        method="POST",
        url="/v1/x?number=123456789018",
        request=Message(headers=(("X-Note", "1234-5678-9018"),), body="MTIzNDU2Nzg5MDE4"),
        error="no 123456789018",
    )
    masked = masker.mask_all(Evidence(obligation="a.b", exchanges=(exchange,), masked=False))
    assert masked.masked
    text = repr(masked)
    assert text.count("«個人番号:") == 4
    assert "9018" not in text
    assert masked.exchanges[0].player == "core"


def test_a_body_is_masked_before_it_is_cut() -> None:
    masker = Masker(KEY)
    masker.add("individual-number", "123456789018")
    kept = message([("Authorization", "Basic eDp5")], b"x" * 90 + b"123456789018" * 3, masker, limit=96)
    assert kept.cut
    assert "12345" not in kept.body
    assert kept.size == 126
    assert "eDp5" not in kept.headers[0][1]


def test_bodies_that_are_no_text_and_gzip_are_looked_into() -> None:
    import gzip

    masker = Masker(KEY)
    masker.add("individual-number", "123456789018")
    binary = message([], b"\xff\xfe123456789018", masker)
    assert binary.encoding == "base64"
    assert "«個人番号:" in binary.body
    packed = message([("Content-Encoding", "gzip")], gzip.compress(b"no. 123456789018"), masker)
    assert packed.body.startswith("no. «個人番号:")
    broken = message([("Content-Encoding", "gzip")], b"plain", masker)
    assert broken.body == "plain"
