"""`bango spec permits` and `may-use` as an officer runs them: words in, verdict, place, exit code and JSON out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bango_spec import reading
from bango_spec.commands import register
from bango_spec.reading import Element


class Golden(Element, frozen=True, kw_only=True):
    """A question and what the statute's line says to it."""

    ask: dict[str, str]
    yes: str = ""
    no: str = ""
    level: str = "table"
    edition: str = "2020-09-06"


GOLDEN = reading.read(Path(__file__).parent / "golden" / "permits.yaml", tuple[Golden, ...])
USE = {"asker": "市町村長", "law": "児童手当法", "task": "支給"}
CHILD = USE | {"provider": "市町村長", "information": "地方税関係情報"}
VACCINATION = {"asker": "市町村長", "law": "予防接種法", "task": "予防接種"}
MINISTER = {"asker": "厚生労働大臣"}


def run(command: str, *arguments: str, given: str | None = None) -> tuple[int, str, str]:
    app = typer.Typer()
    register(app)
    app.callback()(lambda: None)
    result = CliRunner().invoke(app, ["spec", command, *arguments], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def options(ask: dict[str, str]) -> list[str]:
    return [part for key, value in ask.items() for part in (f"--{key.replace('_', '-')}", value)]


def asked(ask: dict[str, str], command: str = "permits") -> tuple[int, Any]:
    code, out, _ = run(command, *options(ask), "--format", "json")
    return code, json.loads(out)


def batch(lines: list[str], command: str = "permits") -> tuple[int, list[Any]]:
    code, out, _ = run(command, "--batch", "-", given="\n".join(lines) + "\n")
    return code, [json.loads(line) for line in out.splitlines()]


@pytest.mark.parametrize("golden", [g for g in GOLDEN if g.yes], ids=lambda g: g.yes)
def test_lines_of_the_statute_are_permitted_where_they_stand(golden: Golden) -> None:
    place, level = golden.yes.split()
    item, line = place.split("/")
    code, answer = asked(golden.ask)
    assert (code, answer["permitted"], answer["near"]) == (0, True, [])
    said = (answer["edition"], answer["item"], answer["line"], answer["level"])
    assert said == (golden.edition, item, int(line), level)


@pytest.mark.parametrize("golden", [g for g in GOLDEN if g.no], ids=lambda g: g.no)
def test_what_no_line_permits_names_the_nearest_line_and_what_differs(golden: Golden) -> None:
    place, coordinate = golden.no.split()
    item, line = place.split("/")
    code, answer = asked(golden.ask)
    assert (code, answer["permitted"], answer["edition"], answer["level"]) == (1, False, golden.edition, golden.level)
    nearest = answer["near"][0]
    assert (nearest["item"], nearest["line"], nearest["differs"]) == (item, int(line), [coordinate])
    assert nearest["expected"].keys() == {coordinate}


def test_forty_lines_are_read_by_eye() -> None:
    assert len([g for g in GOLDEN if g.yes]) == 20
    assert len([g for g in GOLDEN if g.no]) == 20


def test_the_text_answer_leads_with_the_verdict_and_names_item_line_edition_and_level() -> None:
    code, out, _ = run("permits", *options(CHILD))
    assert code == 0
    assert out.splitlines()[0] == "可 permitted"
    assert all(part in out for part in ("74の項 1行", "item 74, line 1", "2020-09-06", "命令 (order)"))
    code, out, _ = run("permits", *options(CHILD | {"provider": "知事"}))
    assert code == 1
    assert out.splitlines()[0] == "不可 not permitted"
    assert "74の項 1行: 異なるのは 提供者 provider → 市町村長" in out


def test_a_word_that_is_not_known_is_an_error_with_suggestions_and_not_a_no() -> None:
    code, answer = asked(CHILD | {"law": "児童手当て法"})
    assert code == 4
    assert answer["error"]["code"] == "TERM-UNKNOWN"
    assert (answer["error"]["coordinate"], answer["error"]["value"]) == ("law", "児童手当て法")
    assert "児童手当法" in answer["error"]["suggestions"]
    code, out, err = run("permits", *options(CHILD | {"law": "児童手当て法"}))
    assert (code, out) == (4, "")
    assert "TERM-UNKNOWN" in err
    assert "児童手当法" in err


def test_an_ambiguous_word_lists_its_meanings() -> None:
    code, answer = asked(VACCINATION | {"provider": "市町村長", "information": "予防接種"})
    assert (code, answer["error"]["code"], answer["error"]["coordinate"]) == (4, "TERM-AMBIGUOUS", "information")
    assert {m["ja"] for m in answer["error"]["meanings"]} == {
        "予防接種法による予防接種の実施に関する情報",
        "新型インフルエンザ等対策特別措置法による予防接種の実施に関する情報",
    }


def test_an_ambiguous_word_whose_meanings_all_say_the_same_is_answered() -> None:
    code, answer = asked(CHILD | {"information": "予防接種"})
    assert (code, answer["permitted"]) == (1, False)


def test_missing_coordinates_are_named() -> None:
    code, answer = asked({"asker": "市町村長", "law": "児童手当法"})
    assert (code, answer["error"]["code"]) == (4, "QUESTION-MISSING")
    assert "provider, information" in answer["error"]["message"]


def test_dates_choose_the_edition_and_a_gap_is_said() -> None:
    assert asked(CHILD | {"as_of": "2015-12-26"})[1]["error"]["code"] == "LAW-EDITION"
    assert asked(CHILD | {"as_of": "27.12.2015"})[1]["error"]["code"] == "LAW-DATE"
    answer = asked(CHILD | {"as_of": "2018-04-01"})[1]
    assert (answer["permitted"], answer["edition"], answer["level"]) == (True, "2015-12-27", "table")
    assert any("2020年9月6日までの改正はここにない" in c["ja"] for c in answer["caveats"])
    assert asked(CHILD)[1]["caveats"] == []


def test_an_item_that_the_table_does_not_have_is_an_error_and_a_deleted_one_a_no() -> None:
    assert asked(CHILD | {"item": "999"})[1]["error"]["code"] == "LAW-ITEM"
    assert asked(CHILD | {"item": "七十四"})[1]["item"] == "74"
    assert asked(CHILD | {"item": "別表第二の七十四の項"})[0] == 0
    code, answer = asked(CHILD | {"item": "36"})
    assert (code, answer["permitted"]) == (1, False)
    assert any("削除" in c["ja"] for c in answer["caveats"])


def test_codes_from_the_wire_stand_for_task_and_information() -> None:
    ask = {"asker": "mayor", "provider": "mayor", "information": "TM00000000000002"}
    assert asked(ask | {"task": "JM02007400000000"})[1]["item"] == "74"
    assert asked(ask | {"task": "JT02007400100100"})[1]["permitted"] is True
    assert asked(ask | {"task": "JT02007400100200"})[1]["permitted"] is False
    assert asked(ask | {"task": "JM04007400000000"})[1]["error"]["code"] == "LAW-CODE"


def test_a_batch_answers_every_line_in_order_and_goes_on_after_a_bad_one() -> None:
    lines = [
        json.dumps(CHILD, ensure_ascii=False),
        "{",
        json.dumps(CHILD | {"colour": "red"}),
        json.dumps(CHILD | {"information": "所得の額面"}, ensure_ascii=False),
        "[]",
        json.dumps(CHILD | {"item": 74}, ensure_ascii=False),
        json.dumps(CHILD | {"provider": None}),
        json.dumps(CHILD | {"information": "住民票関係情報", "as_of": "2015-12-27"}),
    ]
    code, answers = batch(lines)
    said = [a["error"]["code"] if "error" in a else a["permitted"] for a in answers]
    assert code == 0
    assert said == [
        True,
        "QUESTION-JSON",
        "QUESTION-KEY",
        "TERM-UNKNOWN",
        "QUESTION-SHAPE",
        True,
        "QUESTION-MISSING",
        False,
    ]


def test_a_batch_reads_a_file_and_says_when_it_cannot(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(CHILD).encode() + b"\r\n\r\n")
    code, out, _ = run("permits", "--batch", str(path))
    assert (code, [json.loads(line)["item"] for line in out.splitlines()]) == (0, ["74"])
    code, out, err = run("permits", "--batch", str(tmp_path / "none.jsonl"))
    assert (code, out) == (4, "")
    assert "none.jsonl" in err
    assert run("permits", "--batch", str(path), "--asker", "市長")[0] == 4


@pytest.mark.parametrize(
    ("ask", "code", "item", "edition"),
    [
        (USE, 0, "56", "2020-09-06"),
        ({"asker": "都道府県知事", "law": "災害救助法", "task": "救助"}, 0, "6", "2020-09-06"),
        ({"asker": "市長", "law": "生活保護法", "task": "保護の決定及び実施"}, 0, "15", "2020-09-06"),
        ({"asker": "厚生労働大臣", "law": "職業安定法", "task": "職業紹介"}, 0, "6-2", "2020-09-06"),
        ({"asker": "預金保険機構", "law": "預金保険法", "task": "預金等に係る債権の額の把握"}, 0, "55-2", "2020-09-06"),
        (USE | {"asker": "都道府県知事"}, 1, None, "2020-09-06"),
        (
            MINISTER | {"law": "職業安定法", "task": "職業紹介", "as_of": "2015-12-27"},
            1,
            None,
            "2015-12-27",
        ),
        (
            MINISTER | {"law": "理容師法", "task": "理容師の免許", "as_of": "2025-09-24"},
            0,
            "11-2",
            "2025-09-24",
        ),
    ],
)
def test_uses_of_the_number(ask: dict[str, str], code: int, item: str | None, edition: str) -> None:
    said, answer = asked(ask, "may-use")
    assert (said, answer["permitted"], answer["item"], answer["edition"]) == (code, code == 0, item, edition)
    assert answer["line"] is None


def test_uses_in_a_batch_refuse_the_keys_of_inquiries() -> None:
    code, answers = batch([json.dumps(USE), json.dumps(CHILD)], "may-use")
    assert code == 0
    assert answers[0]["item"] == "56"
    assert answers[1]["error"]["code"] == "QUESTION-KEY"


def test_a_party_that_is_covered_in_part_is_refused_and_told_which_part() -> None:
    ask = {"asker": "市町村長", "law": "生活保護法", "task": "保護の実施"}
    code, answer = asked(ask | {"provider": "厚生労働大臣", "information": "失業等給付関係情報"})
    assert (code, answer["near"][0]["differs"]) == (1, ["asker"])
    (caveat,) = [c["ja"] for c in answer["caveats"] if "そのうち" in c["ja"]]
    assert "市長" in caveat
    assert "福祉に関する事務所を管理する町村長" in caveat


def test_a_use_that_no_item_lists_names_the_nearest() -> None:
    _, answer = asked(USE | {"asker": "都道府県知事"}, "may-use")
    (near,) = answer["near"]
    assert (near["item"], near["differs"], near["expected"]["asker"][0]) == ("56", ["asker"], "mayor")


def test_where_the_order_stops_it_the_nearest_lines_show_what_the_order_asks_for() -> None:
    relief = {
        "asker": "都道府県知事等",
        "law": "生活保護法",
        "task": "保護の決定",
        "provider": "厚生労働大臣",
        "item": "26",
    }
    code, told = asked(relief | {"information": "労働者災害補償関係情報"})
    assert (code, told["permitted"], told["level"], told["line"]) == (1, False, "order", 2)
    (first, *_) = told["near"]
    # Order no. 7 art. 19 (i) asks for unemployment benefits (ロ) and training benefits (ハ), not for industrial accidents.
    assert first["expected"] == {"information": ["unemployment", "job-seekers-training"]}
    assert asked(relief | {"information": "失業等給付関係情報"})[1]["permitted"]


@pytest.mark.parametrize("date", ["20260101", "2026-1-1", "2026-02-30", "2026-W01-1"])
def test_a_date_that_is_no_day_of_the_calendar_chooses_no_edition(date: str) -> None:
    code, answer = asked(CHILD | {"as_of": date})
    assert (code, answer["error"]["code"]) == (4, "LAW-DATE")
    code, answer = asked(USE | {"as_of": date}, "may-use")
    assert (code, answer["error"]["code"]) == (4, "LAW-DATE")
    code, answers = batch([json.dumps(CHILD | {"as_of": date}), json.dumps(CHILD)])
    assert (code, answers[0]["error"]["code"], answers[1]["permitted"]) == (0, "LAW-DATE", True)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (CHILD | {"as_of": "soon"}, "LAW-DATE"),
        (CHILD | {"as_of": "2014-01-01"}, "LAW-EDITION"),
        (CHILD | {"item": "999"}, "LAW-ITEM"),
        (CHILD | {"item": "x"}, "LAW-ITEM"),
        (CHILD | {"task": "JM04007400000000"}, "LAW-CODE"),
        (CHILD | {"task": "JM0"}, "LAW-CODE"),
        (CHILD | {"task": "JM02007400000001"}, "LAW-CODE"),
        (CHILD | {"task": "JT02007400900900"}, "LAW-CODE"),
        (CHILD | {"task": "JT02007400100001"}, "LAW-CODE"),
        (CHILD | {"asker": "市町村超"}, "TERM-UNKNOWN"),
        (VACCINATION | {"provider": "市町村長", "information": "予防接種"}, "TERM-AMBIGUOUS"),
        ({"asker": "市町村長"}, "QUESTION-MISSING"),
        (CHILD | {"who": "市町村長"}, "QUESTION-KEY"),
        (CHILD | {"asker": ["市町村長"]}, "QUESTION-VALUE"),
        (CHILD | {"asker": " "}, "QUESTION-VALUE"),
    ],
)
def test_every_refusal_speaks_japanese_first_and_english_beside(ask: Any, code: str) -> None:
    error = batch([json.dumps(ask)])[1][0]["error"]
    assert error["code"] == code
    for said in (error["message"], error["step"]):
        japanese = re.search("[ぁ-ん]", said)
        english = re.search("[a-z]{2,} [a-z]", said) or re.search("not known|ambiguous|choose|missing|write|give", said)
        assert japanese, said
        assert english, said
        assert said.index("。") < said.rindex(english.group()), said


@pytest.mark.parametrize("line", ["{", "[1]", "null", "\ufeff"])
def test_a_line_that_is_no_question_is_told_in_both_languages(line: str) -> None:
    error = batch([line, "{}"])[1][0]["error"]
    assert error["code"] in ("QUESTION-JSON", "QUESTION-SHAPE")
    assert error["message"].startswith("JSON ")
    assert error["step"].startswith("一行に")


PARTLY = {
    "asker": "厚生労働大臣",
    "item": "1",
    "provider": "市町村長",
    "information": "地方税関係情報及び介護保険給付等関係情報",
}


def test_a_part_that_the_order_allows_is_told_from_the_part_that_it_does_not() -> None:
    code, answer = asked(PARTLY)
    assert (code, answer["permitted"], answer["level"]) == (1, False, "order")
    assert re.search("許されるもの：地方税関係情報。.*手続がないもの：介護保険給付等関係情報。", answer["reason"]["ja"])
    assert re.search("Permitted: Local tax.*asks for: Long-term care", answer["reason"]["en"])
    for part, permitted in (("地方税関係情報", True), ("介護保険給付等関係情報", False)):
        assert asked(PARTLY | {"information": part})[1]["permitted"] is permitted


def test_a_part_that_the_table_allows_is_told_from_the_part_that_it_does_not() -> None:
    code, answer = asked(CHILD | {"information": "地方税関係情報及び戸籍関係情報"})
    assert (code, answer["permitted"], answer["item"]) == (1, False, None)
    assert "74 の項で許されるもの：地方税関係情報。許されないもの：戸籍関係情報。" in answer["reason"]["ja"]
    assert "It does not permit: Family register information." in answer["reason"]["en"]
    assert asked(CHILD | {"information": "戸籍関係情報"})[1]["reason"] is None


def test_a_line_of_which_the_order_asks_for_nothing_says_so() -> None:
    ask = {"asker": "都道府県知事等", "item": "26", "information": "生活福祉資金"}
    _, answer = asked(ask | {"provider": "都道府県社会福祉協議会"})
    near = answer["near"][0]
    assert (near["item"], near["expected"]) == ("26", {"information": []})
    assert near["note"] == {
        "ja": "この行の情報を求める手続は命令にない。",
        "en": "No procedure of the order asks for any information of this line.",
    }
    _, out, _ = run("permits", *options(ask | {"provider": "都道府県社会福祉協議会"}))
    assert near["note"]["ja"] in out
    assert "→ \n" not in out


@pytest.mark.parametrize(
    ("ask", "condition"),
    [
        ({"asker": "存続厚生年金基金", "item": "96"}, "平成二十五年法律第六十三号による改正前の厚生年金保険法"),
        (
            {"asker": "全国健康保険協会", "item": "4", "law": "平成十九年法律第三十号による改正前の船員保険法"},
            "なお従前の例による",
        ),
        ({"asker": "全国健康保険協会", "item": "4"}, ""),
        ({"asker": "市町村長", "item": "56"}, ""),
    ],
)
def test_a_yes_that_rests_on_a_transition_tells_its_condition(ask: dict[str, str], condition: str) -> None:
    code, answer = asked(ask, "may-use")
    assert (code, answer["permitted"]) == (0, True)
    if not condition:
        assert answer["condition"] is None
        return
    assert condition in answer["condition"]["ja"]
    assert "survives by transition" in answer["condition"]["en"]
    _, out, _ = run("may-use", *options(ask))
    assert f"条件 condition: {answer['condition']['ja']}" in out


VACCINATED = "予防接種法による給付（同法第十五条第一項の{}に係るものに限る。）の支給"
FOREIGNERS = (
    "昭和二十九年社発第三百八十二号通知に基づく外国人であって生活に困窮する者に係る生活保護法による就労自立給付金又は"
    "進学・就職準備給付金の支給の取扱に準じた就労自立給付金又は進学・就職準備給付金の支給に関する事務であって"
    "第百六十四条で定めるもの"
)
ACCOUNTS, FAMILY = ("内閣総理大臣", "公的給付支給等口座登録簿関係情報"), ("法務大臣", "戸籍関係情報")


@pytest.mark.parametrize(
    ("place", "asker", "task", "given"),
    [
        ("29-2", "市町村長", VACCINATED.format("障害"), ACCOUNTS),
        ("27-2", "市町村長", VACCINATED.format("疾病"), ACCOUNTS),
        ("71-1", "市町村長", "国民健康保険法による保険料の徴収", FAMILY),
        ("112-1", "厚生労働大臣", "雇用保険法による育児休業等給付の支給", FAMILY),
        ("162-1", "都道府県知事等", FOREIGNERS, ACCOUNTS),
    ],
)
def test_of_lines_that_permit_it_the_one_in_whose_words_it_is_asked_is_named(
    place: str, asker: str, task: str, given: tuple[str, str]
) -> None:
    item, line = place.split("-")
    ask = {"asker": asker, "task": task, "provider": given[0], "information": given[1], "as_of": "2026-02-02"}
    for narrowed in ({}, {"item": item}):
        code, answer = asked(ask | narrowed)
        assert (code, answer["item"], answer["line"]) == (0, item, int(line))


def test_a_task_limited_otherwise_than_asked_does_not_permit_it() -> None:
    ask = {
        "asker": "市町村長",
        "item": "27",
        "provider": "内閣総理大臣",
        "information": "口座情報",
        "as_of": "2026-02-02",
    }
    assert asked(ask | {"task": VACCINATED.format("疾病")})[0] == 0
    code, answer = asked(ask | {"task": VACCINATED.format("障害")})
    assert (code, answer["permitted"]) == (1, False)
    assert "task" in answer["near"][0]["differs"] or "item" in answer["near"][0]["differs"]
