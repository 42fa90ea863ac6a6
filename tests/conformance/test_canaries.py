"""Canaries: every way of writing a value is found wherever it stands, and nothing is found where it does not."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import random
import uuid
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bango_conformance._forms import HASHES
from bango_conformance._layers import LIMIT, OVERLAP, WINDOW
from bango_conformance.canaries import PAGE, Canary, Watch, added, parts_from_target
from bango_conformance.findings import Unmet
from bango_reports.model import Exchange, Message
from bango_spec.errors import UsageError

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def wide(value: str) -> str:
    return value.translate(WIDE)


def escaped(value: str) -> str:
    units = value.encode("utf-16-be")
    return "".join(f"\\u{int.from_bytes(units[n : n + 2]):04x}" for n in range(0, len(units), 2))


def deflated(data: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(data) + machine.flush()


TEXTS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "upper": lambda value: value.upper().encode(),
    "lower": lambda value: value.lower().encode(),
    "full-width": lambda value: wide(value).encode(),
    "half full-width": lambda value: (value[:5] + wide(value[5:])).encode(),
    "hyphens": lambda value: "-".join(value[n : n + 4] for n in range(0, len(value), 4)).encode(),
    "blanks": lambda value: " ".join(value).encode(),
    "wide blanks": lambda value: "\u3000".join(value).encode(),
    "base64": lambda value: base64.b64encode(value.encode()),
    "base64url": lambda value: base64.urlsafe_b64encode(value.encode()).rstrip(b"="),
    "base64 of full-width": lambda value: base64.b64encode(wide(value).encode()),
    "base64 folded": lambda value: b"\r\n".join(
        base64.b64encode(b"x" * 60 + value.encode())[n : n + 76] for n in range(0, 200, 76)
    ),
    "base64 twice": lambda value: base64.b64encode(base64.b64encode(value.encode())),
    "base64 of JSON escapes": lambda value: base64.b64encode(b'{"name":"' + escaped(value).encode() + b'"}'),
    "hex": lambda value: value.encode().hex().encode(),
    "HEX": lambda value: value.encode().hex().upper().encode(),
    "hex of full-width": lambda value: wide(value).encode().hex().encode(),
    "URL": lambda value: "".join(f"%{byte:02X}" for byte in value.encode()).encode(),
    "URL of full-width": lambda value: quote(wide(value)).encode(),
    "URL twice": lambda value: quote("".join(f"%{byte:02x}" for byte in value.encode())).encode(),
    "JSON escapes": lambda value: escaped(value).encode(),
    "JSON in JSON": lambda value: json.dumps(json.dumps(wide(value))).encode(),
    "entities": lambda value: "".join(f"&#{ord(letter)};" for letter in value).encode(),
    "hex entities": lambda value: "".join(f"&#x{ord(letter):x};" for letter in value).encode(),
    "utf-16": lambda value: value.encode("utf-16-le"),
    "shift_jis": lambda value: wide(value).encode("shift_jis"),
    "gzip": lambda value: gzip.compress(b"before " * 9 + value.encode() + b" after"),
    "gzip in base64": lambda value: base64.b64encode(gzip.compress(b"before " + value.encode())),
    "zlib": lambda value: zlib.compress(b"before " * 9 + value.encode()),
    "uuid5": lambda value: str(uuid.uuid5(uuid.NAMESPACE_OID, value)).encode(),
    "uuid3": lambda value: uuid.uuid3(uuid.NAMESPACE_URL, value).hex.encode(),
}


def hashed(algorithm: str, written: Callable[[bytes], bytes]) -> Callable[[str], bytes]:
    return lambda value: written(hashlib.new(algorithm, value.encode()).digest())


for name in HASHES:
    TEXTS[f"{name} hex"] = hashed(name, lambda digest: digest.hex().encode())
    TEXTS[f"{name} HEX"] = hashed(name, lambda digest: digest.hex().upper().encode())
    TEXTS[f"{name} base64"] = hashed(name, base64.b64encode)
    TEXTS[f"{name} raw"] = hashed(name, bytes)

# Letters that no encoding uses, so that what stands before a value is not part of it.
AROUND = st.text(alphabet='{}":,[] 住所\n<>!*', max_size=40)
DIGITS = st.text(alphabet="0123456789", min_size=9, max_size=20)
LETTERS = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=9, max_size=43)


@pytest.mark.parametrize("written", TEXTS, ids=lambda name: name.replace(" ", "-"))
@settings(derandomize=True, max_examples=25)
@given(value=st.one_of(DIGITS, LETTERS), before=AROUND, after=AROUND)
def test_every_writing_is_found_at_any_place(written: str, value: str, before: str, after: str) -> None:
    data = before.encode() + TEXTS[written](value) + after.encode()
    found = Watch([Canary("number", value)]).first(data)
    assert found is not None
    assert found.canary.value == value


@pytest.mark.parametrize("name", ["山田\u3000太郎左衛門", "髙橋 はな子", "ﾔﾏﾀﾞ ﾀﾛｳｻﾞｴﾓﾝ"])
@pytest.mark.parametrize(
    "written", ["plain", "wide blanks", "base64", "hex", "URL", "JSON escapes", "entities", "utf-16", "gzip"]
)
def test_names_are_found(name: str, written: str) -> None:
    assert Watch([Canary("name", name)]).first("{「".encode() + TEXTS[written](name) + "」}".encode())


def test_a_name_is_found_in_another_width_and_spacing() -> None:
    watch = Watch([Canary("name", "山田\u3000太郎左衛門"), Canary("kana", "ヤマダ\u3000タロウザエモン")])
    assert watch.first("氏名：山田太郎左衛門".encode())
    assert watch.first("ﾔﾏﾀﾞ ﾀﾛｳｻﾞｴﾓﾝ".encode())


@settings(derandomize=True, max_examples=60)
@given(value=DIGITS, before=st.binary(max_size=20), after=st.binary(max_size=20))
def test_base64_is_found_at_every_phase(value: str, before: bytes, after: bytes) -> None:
    coded = base64.b64encode(before + value.encode() + after)
    assert Watch([Canary("number", value)]).first(b'{"token":"' + coded + b'"}')


@pytest.mark.parametrize("place", [0, WINDOW - 5, WINDOW - OVERLAP - 5, 2 * WINDOW, 3 * WINDOW - 12])
def test_long_data_are_read_to_their_end(place: int) -> None:
    data = bytearray(b"\0" * (3 * WINDOW))
    data[place : place + 12] = b"123456789018"
    assert Watch([Canary("number", "123456789018")]).first(bytes(data))


def test_what_unpacks_without_end_is_not_taken_for_clean() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * (2 * LIMIT)) + b"123456789018")
    watch = Watch([Canary("number", "123456789018")])
    assert watch.first(bomb) is not None
    with pytest.raises(Unmet):
        watch.first(gzip.compress(b"\0" * (2 * LIMIT)))


@settings(derandomize=True, max_examples=60)
@given(value=DIGITS, before=st.binary(max_size=64), after=st.binary(max_size=64))
def test_a_value_between_any_bytes_is_found(value: str, before: bytes, after: bytes) -> None:
    assert Watch([Canary("number", value)]).first(before + value.encode() + after)


@settings(derandomize=True, max_examples=40)
@given(code=st.binary(min_size=32, max_size=32), before=AROUND)
def test_a_linkage_code_is_found_by_its_bytes(code: bytes, before: str) -> None:
    watch = Watch([Canary("linkage-code", base64.urlsafe_b64encode(code).rstrip(b"=").decode())])
    for data in (code, code.hex().encode(), base64.b64encode(code), hashlib.sha256(code).hexdigest().encode()):
        assert watch.first(before.encode() + data)


def test_a_number_is_found_as_an_integer_but_not_within_another() -> None:
    watch = Watch([Canary("number", "000009000000001")])
    assert watch.first(b'{"person":9000000001}')
    assert watch.first((9000000001).to_bytes(8, "big"))
    assert watch.first(b'{"person":90000000012}') is None


def test_a_short_hash_is_a_hash() -> None:
    digest = hashlib.sha256(b"000009000000001").hexdigest()
    found = Watch([Canary("number", "000009000000001")]).first(f"person-{digest[:16]}".encode())
    assert found is not None
    assert found.form == "sha256"


def test_a_cut_stream_shows_what_could_be_read() -> None:
    packed = gzip.compress(b"000009000000001" + random.Random(1).randbytes(4000))
    assert Watch([Canary("number", "000009000000001")]).first(packed[:2500])


def test_raw_deflate_is_unpacked() -> None:
    assert Watch([Canary("number", "000009000000001")]).first(deflated(b"before " * 9 + b"000009000000001"))


@settings(derandomize=True, max_examples=40)
@given(value=DIGITS, data=st.binary(max_size=3000))
def test_nothing_is_found_in_other_bytes(value: str, data: bytes) -> None:
    if value.encode() not in data:
        assert Watch([Canary("number", value)]).first(data) is None


def test_nothing_is_found_in_a_megabyte_of_log() -> None:
    draw = random.Random(20)
    lines = [
        json.dumps(
            {"time": draw.random(), "id": str(uuid.UUID(int=draw.getrandbits(128))), "n": draw.randrange(10**12)}
        )
        for _ in range(8000)
    ]
    watch = Watch([Canary("number", f"{draw.randrange(10**15):015d}") for _ in range(20)])
    assert list(watch.sightings("\n".join(lines).encode())) == []


def test_several_are_told_apart() -> None:
    one, two = Canary("number", "000009000000001"), Canary("code", "000009000000002")
    found = {(sighting.canary, sighting.form) for sighting in Watch([one, two]).sightings(b"000009000000002")}
    assert {canary for canary, _ in found} == {two}


def test_the_layer_is_named() -> None:
    found = Watch([Canary("number", "000009000000001")]).first(gzip.compress(b"x" * 50 + b"000009000000001"))
    assert found is not None
    assert found.said() == "the number (plain, within compression)"


@pytest.mark.parametrize("short", ["1234567", "太郎", "abcd"])
def test_short_values_are_refused(short: str) -> None:
    with pytest.raises(UsageError, match="cannot be looked for") as refused:
        Watch([Canary("number", short)])
    assert refused.value.code == "CANARY-SHORT"


def test_parts_are_what_the_target_wrote() -> None:
    theirs = Message(headers=(("Location", "/x"),), body="theirs")
    ours = Message(body="ours")
    answered = Exchange(
        direction="sent-to-target", player="in-house", method="GET", url="/a", request=ours, response=theirs
    )
    assert [part.data for part in parts_from_target(answered)] == [b"/x", b"theirs"]
    asked = Exchange(
        direction="received-from-target",
        player="interface-system",
        method="GET",
        url="/a",
        request=theirs,
        response=ours,
    )
    assert [part.name for part in parts_from_target(asked)] == ["url", "header Location", "body"]


def test_added_is_what_was_not_there() -> None:
    assert added(b"one\ntwo\n", b"one\ntwo\nthree\n") == b"three\n"
    assert added(b"one\ntwo\n", b"one\nnew\ntwo\n") == b"new"
    pages = [bytes([n]) * PAGE for n in range(4)]
    assert added(pages[0] + pages[1], pages[3] + pages[0] + pages[2] + pages[1]) == pages[3] + pages[2]
