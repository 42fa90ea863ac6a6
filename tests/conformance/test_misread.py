"""A check that stumbles over an answer no document has says so; over anything else it is an error of the testbed."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from bango_conformance.case import Case
from bango_conformance.execute import Executor
from bango_conformance.obligation import Obligation
from bango_conformance.times import JAPAN, moment, stamp
from bango_reports.model import Exchange, Message, Verdict
from bango_spec.reading import Text

HEALTH = '{"status":"up","time":"2020-09-07T09:00:00+09:00","checks":[{"name":"store","status":"up"}]}'
STAGE: Any = SimpleNamespace(inbox=SimpleNamespace(of=lambda _: []))


def answered(body: str, status: int = 200, label: str = "readInHouseHealth") -> Exchange:
    return Exchange(
        direction="sent-to-target",
        player="in-house",
        method="GET",
        url="https://target.invalid/in-house/v1/health",
        request=Message(),
        status=status,
        response=Message(body=body),
        label=label,
    )


def run(*exchanges: Exchange) -> Any:
    def check(case: Case) -> None:
        for exchange in exchanges:
            case.saw(exchange)
        raise KeyError("status")

    text = Text(ja="題", en="title")
    made = Obligation("shape.x", "shape", ("IS-API-007",), "x", text, check)
    result, _ = Executor(STAGE, 1, "bango certify x", frozenset(), frozenset(), {"shape.x": 0})(made)
    return result


@pytest.mark.parametrize(
    ("exchange", "told"),
    [
        (answered("{}"), "status"),
        (answered("[]"), "object"),
        (answered("<html>"), "no JSON"),
        (answered("[" * 200_000), "no JSON"),
        (answered(HEALTH, 203), "a status that the document does not have"),
    ],
)
def test_an_answer_that_breaks_its_document_is_what_the_check_stumbled_over(exchange: Exchange, told: str) -> None:
    result = run(answered(HEALTH), exchange)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert "readInHouseHealth" in result.note.en
    assert told in result.note.en


def test_otherwise_it_is_an_error_of_the_testbed() -> None:
    for result in (run(), run(answered(HEALTH)), run(answered("{}", label="GET /somewhere"))):
        assert result.verdict is Verdict.HARNESS_ERROR
        assert "KeyError" in result.note.en


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2020-09-07T09:00:00+09:00", dt.datetime(2020, 9, 7, 0, 0, tzinfo=dt.UTC)),
        ("2020-09-07T00:00:00.123456789Z", dt.datetime(2020, 9, 7, 0, 0, 0, 123456, tzinfo=dt.UTC)),
        ("2020-09-06t19:30:00.5-04:30", dt.datetime(2020, 9, 7, 0, 0, 0, 500000, tzinfo=dt.UTC)),
    ],
)
def test_the_judge_reads_the_times_of_rfc_3339(text: str, at: dt.datetime) -> None:
    assert moment(text) == at


@pytest.mark.parametrize(
    "text", ["2020-09-07", "2020-09-07T09:00:00", "２０２０-09-07T09:00:00Z", "2020-02-30T00:00:00Z"]
)
def test_and_no_others(text: str) -> None:
    with pytest.raises(ValueError, match=r"no RFC 3339|day is out|must be"):
        moment(text)


def test_it_writes_milliseconds_in_japanese_time() -> None:
    assert stamp(dt.datetime(2020, 9, 6, 15, 4, 5, 6789, tzinfo=dt.UTC)) == "2020-09-07T00:04:05.006+09:00"
    assert moment(stamp(dt.datetime(2020, 1, 1, tzinfo=JAPAN))) == dt.datetime(2020, 1, 1, tzinfo=JAPAN)
