"""The harness's own calls: what it makes of answers, of broken answers and of none, and what it keeps as evidence."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx
from hypothesis import given, settings
from hypothesis import strategies as st

from bango_conformance.stage.client import LARGEST, Answer, Channel, Unanswered, path_of, shown
from bango_mocks.inprocess import Failure, InProcess, inprocess_network
from bango_reports.model import Exchange

__all__ = ["inprocess_network"]


@pytest.fixture
def channel(inprocess_network: InProcess) -> Iterator[Channel]:
    made = Channel(inprocess_network.urls["interface-system"], None, "in-house")
    yield made
    made.close()


def asked(channel: Channel, seen: list[Exchange], **given: Any) -> Answer:
    return channel.send("GET", "/v1/keys", seen=seen.append, began=0.0, **given)


def test_an_answer_is_parsed_and_kept(channel: Channel) -> None:
    seen: list[Exchange] = []
    answer = asked(channel, seen)
    assert answer.status == 200
    assert answer.json["keys"][0]["kty"] == "EC"
    assert answer.problem is None
    (exchange,) = seen
    assert (exchange.direction, exchange.status, exchange.error) == ("sent-to-target", 200, "")
    names = {name.lower() for name, _ in exchange.request.headers}
    assert {"bango-correlation-id", "bango-profile-version"} <= names


def test_a_problem_is_known_by_its_code(channel: Channel) -> None:
    answer = channel.send("POST", "/v1/acquisitions", body={"body": "1"}, seen=lambda _: None, began=0.0)
    assert answer.status == 400
    assert answer.problem is not None
    assert answer.short() == f"400 {answer.problem}"


@pytest.mark.parametrize(
    ("how", "said"), [("refused", "ConnectError"), ("timeout", "ReadTimeout"), ("cut", "RemoteProtocolError")]
)
def test_silence_is_unanswered_and_kept_as_evidence(
    inprocess_network: InProcess, channel: Channel, how: Failure, said: str
) -> None:
    seen: list[Exchange] = []
    with inprocess_network.fails("interface-system", how), pytest.raises(Unanswered, match=said):
        asked(channel, seen)
    assert seen[0].status is None
    assert seen[0].response is None
    assert seen[0].error.startswith(said)


@pytest.mark.parametrize("how", ["not-json", "wrong-type", "empty"])
def test_what_is_no_json_is_an_answer_without_data(
    inprocess_network: InProcess, channel: Channel, how: Failure
) -> None:
    seen: list[Exchange] = []
    with inprocess_network.fails("interface-system", how):
        answer = asked(channel, seen)
    assert (answer.status, answer.json, answer.problem) == (200, None, None)
    assert seen[0].status == 200


def test_an_array_is_no_problem_even_with_an_error_status() -> None:
    with respx.mock(base_url="https://target.invalid") as target:
        target.get("/v1/keys").respond(500, json=["code"])
        other = Channel("https://target.invalid", None, "in-house")
        assert asked(other, []).problem is None
        other.close()


def test_lines_of_json_are_not_parsed_as_one() -> None:
    with respx.mock(base_url="https://target.invalid") as target:
        target.get("/v1/keys").respond(200, content=b"{}\n{}\n", headers={"content-type": "application/x-ndjson"})
        other = Channel("https://target.invalid", None, "in-house")
        answer = asked(other, [])
        other.close()
    assert (answer.json, answer.raw) == (None, b"{}\n{}\n")


def test_raw_bytes_go_out_as_they_are() -> None:
    with respx.mock(base_url="https://target.invalid") as target:
        route = target.post("/x").respond(200)
        other = Channel("https://target.invalid", None, "in-house")
        other.send("POST", "/x", raw=b'{"a": \xff', seen=lambda _: None, began=0.0)
        other.close()
    sent = route.calls.last.request
    assert sent.content == b'{"a": \xff'
    assert sent.headers["content-type"] == "application/json"


def test_redirects_are_not_followed() -> None:
    with respx.mock(base_url="https://target.invalid") as target:
        target.get("/v1/keys").respond(302, headers={"Location": "https://elsewhere.invalid/"})
        other = Channel("https://target.invalid", None, "in-house")
        assert asked(other, []).status == 302
        other.close()


def test_an_answer_without_end_is_no_answer() -> None:
    seen: list[Exchange] = []
    with respx.mock(base_url="https://target.invalid") as target:
        target.get("/v1/keys").respond(200, content=iter([bytes(LARGEST // 4)] * 5))
        other = Channel("https://target.invalid", None, "in-house")
        with pytest.raises(Unanswered, match=str(LARGEST)):
            asked(other, seen)
        other.close()
    assert seen[0].response is None


def test_an_answer_nested_too_deep_is_no_json() -> None:
    with respx.mock(base_url="https://target.invalid") as target:
        target.get("/v1/keys").respond(200, content=b"[" * 200_000, headers={"content-type": "application/json"})
        other = Channel("https://target.invalid", None, "in-house")
        answer = asked(other, [])
        other.close()
    assert (answer.status, answer.json) == (200, None)


@settings(derandomize=True, max_examples=50)
@given(data=st.binary(max_size=200))
def test_every_body_can_be_had_back(data: bytes) -> None:
    message = shown([], data)
    came = base64.b64decode(message.body) if message.encoding == "base64" else message.body.encode()
    assert came == data


@settings(derandomize=True, max_examples=80)
@given(value=st.text(max_size=20))
def test_a_path_value_stays_one_segment(value: str) -> None:
    path = path_of("/a/{x}/b", {"x": value.encode("utf-8", "replace").decode()})
    assert path.count("/") == 3
    assert httpx.URL("https://h.invalid" + path).raw_path.count(b"/") == 3
