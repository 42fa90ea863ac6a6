"""The statute's wording from a file in e-Gov's form: what is taken, and everything that must not be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest
from tests.conformance.conftest import Bango, bango

from bango_reports.site.build import Given, build
from bango_spec import egov, law, statute
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["bango"]
DIGITS = "〇一二三四五六七八九"


def kanji(item: str) -> str:
    """`56-2` as 五十六の二."""
    return "の".join(number(int(part)) for part in item.split("-"))


def number(value: int) -> str:
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    written = ("" if hundreds < 2 else DIGITS[hundreds]) + "百" if hundreds else ""
    written += (("" if tens == 1 else DIGITS[tens]) + "十") if tens else ""
    return written + (DIGITS[ones] if ones else "")


def cell(text: str, **spans: int) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in spans.items())
    return f"<TableColumn{attributes}><Sentence>{escape(text)}</Sentence></TableColumn>"


def schedule2(items: Iterable[str], lines: int = 2) -> str:
    """Invented words under the real numbers: this is no statute text."""
    rows = [f"<TableRow>{cell('情報照会者')}{cell('事務')}{cell('情報提供者')}{cell('特定個人情報')}</TableRow>"]
    for item in items:
        head = cell(f"{kanji(item)}　{item}の照会者", rowspan=lines) + cell(f"{item}の事務", rowspan=lines)
        for line in range(1, lines + 1):
            own = head if line == 1 else ""
            rows.append(f"<TableRow>{own}{cell(f'{item}の{line}の提供者')}{cell(f'{item}の{line}の情報')}</TableRow>")
    return table("別表第二", rows)


def schedule1(items: Iterable[str]) -> str:
    rows = [f"<TableRow>{cell(kanji(item) + '　' + item + 'の者')}{cell(item + 'の事務')}</TableRow>" for item in items]
    return table("別表第一", rows)


def table(title: str, rows: list[str]) -> str:
    return f"<AppdxTable><AppdxTableTitle>{title}</AppdxTableTitle><TableStruct><Table>{''.join(rows)}</Table></TableStruct></AppdxTable>"


def document(*tables: str, head: str = "") -> str:
    """A law as e-Gov's interface wraps it."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<DataRoot><ApplData><LawFullText>'
        '<Law Era="Heisei" Lang="ja" LawType="Act" Num="27" Year="25"><LawNum>平成二十五年法律第二十七号</LawNum>'
        "<LawBody><LawTitle>見本の法律</LawTitle><MainProvision/>" + "".join(tables) + "</LawBody></Law>"
        "</LawFullText></ApplData></DataRoot>"
    )


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "law.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def whole(edition: str = "2020-09-06") -> str:
    found = law.edition(edition)
    return document(schedule1(found.schedule1), schedule2(found.schedule2))


@pytest.mark.parametrize("item", ["1", "10", "19", "20", "56-2", "100", "101", "110", "119", "120-3"])
def test_numbers_are_read_as_they_are_written(item: str) -> None:
    assert egov.number_of(kanji(item)) == item


def test_the_wording_of_both_tables_is_taken_and_the_edition_found(tmp_path: Path) -> None:
    done = statute.import_law(written(tmp_path, whole()), tmp_path / "wording")
    assert [path.name for path in done.files] == ["2020-09-06-schedule1.json", "2020-09-06-schedule2.json"]
    assert done.differences == ()
    found = statute.wording(tmp_path / "wording", "2020-09-06", "schedule2")
    assert found is not None
    assert list(found.items) == list(law.edition("2020-09-06").schedule2)
    item = found.items["56-2"]
    assert (item.asker, item.task) == ("56-2の照会者", "56-2の事務")
    assert [(line.provider, line.information) for line in item.lines] == [
        ("56-2の1の提供者", "56-2の1の情報"),
        ("56-2の2の提供者", "56-2の2の情報"),
    ]
    assert statute.wording(tmp_path / "wording", "2015-12-27", "schedule2") is None


def test_another_edition_is_told_apart_by_its_items(tmp_path: Path) -> None:
    done = statute.import_law(written(tmp_path, whole("2015-12-27")), tmp_path)
    assert {path.name[:10] for path in done.files} == {"2015-12-27"}


def test_sentences_ruby_and_columns_become_plain_lines(tmp_path: Path) -> None:
    marked = whole().replace(
        f"<Sentence>{'56-2の事務'}</Sentence>",
        '<Sentence Num="1">第一の<Ruby>文<Rt>ぶん</Rt></Ruby></Sentence><Sentence Num="2">第二の文</Sentence>',
    )
    statute.import_law(written(tmp_path, marked), tmp_path)
    found = statute.wording(tmp_path, "2020-09-06", "schedule1")
    assert found is not None
    assert found.items["56-2"].task == "第一の文\n第二の文"


def test_items_that_differ_are_told_and_taken_only_when_the_edition_is_named(tmp_path: Path) -> None:
    items = [one for one in law.edition("2020-09-06").schedule2 if one != "74"]
    path = written(tmp_path, document(schedule2([*items, "200"])))
    with pytest.raises(BangoError) as refused:
        statute.import_law(path, tmp_path / "w")
    assert refused.value.code == "LAW-XML-EDITION"
    assert "200" in refused.value.cause
    assert "74" in refused.value.cause
    done = statute.import_law(path, tmp_path / "w", "2020-09-06")
    assert any("200" in line for line in done.differences)
    found = statute.wording(tmp_path / "w", "2020-09-06", "schedule2")
    assert found is not None
    assert "200" not in found.items
    assert "74" not in found.items


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (lambda text: text[: len(text) // 2], "LAW-XML-FORM"),
        (lambda _: "", "LAW-XML-FORM"),
        (lambda _: "not xml", "LAW-XML-FORM"),
        (lambda _: b"\xff\xfe\x00\x01", "LAW-XML-FORM"),
        (lambda text: text.replace("<DataRoot>", BOMB + "<DataRoot>"), "LAW-XML-ENTITY"),
        (lambda text: text.replace("<DataRoot>", OUTSIDE + "<DataRoot>"), "LAW-XML-ENTITY"),
        (
            lambda text: text.replace("<DataRoot>", BOMB + "<DataRoot>").replace("UTF-8", "UTF-16").encode("utf-16"),
            "LAW-XML-ENTITY",
        ),
        (lambda _: "<html/>", "LAW-XML-LAW"),
        (lambda _: document(table("別表第三", [])), "LAW-XML-TABLE"),
        (lambda _: document(schedule1(["1", "2", "1"])), "LAW-XML-EDITION"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_takes_nothing(
    tmp_path: Path, spoilt: Callable[[str], Any], code: str
) -> None:
    with pytest.raises(BangoError) as refused:
        statute.import_law(written(tmp_path, spoilt(whole())), tmp_path / "w")
    assert refused.value.code == code
    assert not (tmp_path / "w").exists()


def test_a_number_that_stands_twice_is_refused(tmp_path: Path) -> None:
    items = list(law.edition("2020-09-06").schedule1)
    with pytest.raises(BangoError) as refused:
        statute.import_law(written(tmp_path, document(schedule1([*items, "1"]))), tmp_path / "w")
    assert refused.value.code == "LAW-XML-TWICE"


def test_absurd_spans_neither_hang_nor_fill_the_memory(tmp_path: Path) -> None:
    text = whole().replace('rowspan="2"', 'rowspan="99999999999" colspan="99999999"', 1)
    with pytest.raises(BangoError):
        statute.import_law(written(tmp_path, text.replace("一　1の照会者", "無　1の照会者", 1)), tmp_path / "w")


def test_a_missing_or_too_large_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BangoError, match="LAW-XML-READ"):
        statute.import_law(tmp_path / "none.xml", tmp_path)
    monkeypatch.setattr(egov, "LARGEST", 100)
    with pytest.raises(BangoError, match="LAW-XML-SIZE"):
        statute.import_law(written(tmp_path, whole()), tmp_path)


def test_damaged_wording_is_told(tmp_path: Path) -> None:
    (tmp_path / "2020-09-06-schedule2.json").write_text('{"edition": 1}', encoding="utf-8")
    with pytest.raises(BangoError, match="LAW-WORDING"):
        statute.wording(tmp_path, "2020-09-06", "schedule2")


def test_the_command_takes_it_and_the_site_shows_it_beside_the_facts(tmp_path: Path, bango: Bango) -> None:
    said = bango.here("spec", "law", "import", written(tmp_path, whole()), "--out", "w")
    assert said.code == 0, said.err
    assert "bango site build --wording w" in said.err
    assert (
        json.loads((tmp_path / "w" / "2020-09-06-schedule2.json").read_bytes())["law"] == "平成二十五年法律第二十七号"
    )
    site = build(tmp_path / "site", Given(wording=tmp_path / "w")).folder
    page = (site / "law" / "2020-09-06" / "schedule2" / "74.html").read_text(encoding="utf-8")
    assert "74の1の提供者" in page
    assert "地方税関係情報" in page
    assert "74の事務" in (site / "law" / "2020-09-06" / "schedule1.html").read_text(encoding="utf-8")
    wrong = bango.here("spec", "law", "import", tmp_path / "none.xml")
    assert (wrong.code, wrong.err.split(":")[0]) == (4, "LAW-XML-READ")
