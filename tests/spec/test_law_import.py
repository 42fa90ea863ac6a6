"""The statute's wording from a file in e-Gov's form: what is taken, and everything that must not be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest
from tests.conformance.conftest import Bango, bango

from bango_reports.site.build import Given, build
from bango_spec import egov, law, law_import, statute
from bango_spec._egov_items import number_of
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


def schedule2(items: Iterable[str], edition: str = "2020-09-06") -> str:
    """Invented words under the real numbers, in as many lines as the spec has: this is no statute text."""
    known = law.edition(edition).schedule2
    rows = [f"<TableRow>{cell('情報照会者')}{cell('事務')}{cell('情報提供者')}{cell('特定個人情報')}</TableRow>"]
    for item in items:
        lines = len(known[item].lines) or 1 if item in known else 1
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


ACT = 'Era="Heisei" Lang="ja" LawType="Act" Num="27" Year="25"'


def document(*tables: str, head: str = "", of: str = ACT) -> str:
    """A law as e-Gov's interface wraps it."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<DataRoot><ApplData><LawFullText>'
        f"<Law {of}>"
        "<LawNum>平成二十五年法律第二十七号</LawNum>"
        "<LawBody><LawTitle>見本の法律</LawTitle><MainProvision/>" + "".join(tables) + "</LawBody></Law>"
        "</LawFullText></ApplData></DataRoot>"
    )


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "law.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def whole(edition: str = "2020-09-06") -> str:
    found = law.edition(edition)
    return document(schedule1(found.schedule1), schedule2(found.schedule2, edition))


@pytest.mark.parametrize("item", ["1", "10", "19", "20", "56-2", "100", "101", "110", "119", "120-3"])
def test_numbers_are_read_as_they_are_written(item: str) -> None:
    assert number_of(kanji(item)) == item


def test_the_wording_of_both_tables_is_taken_and_the_edition_found(tmp_path: Path) -> None:
    done = law_import.import_law(written(tmp_path, whole()), tmp_path / "wording")
    assert [path.name for path in done.files] == ["2020-09-06-schedule1.json", "2020-09-06-schedule2.json"]
    assert done.differences == ()
    found = statute.wording(tmp_path / "wording", "2020-09-06", "schedule2")
    assert found is not None
    assert list(found.items) == list(law.edition("2020-09-06").schedule2)
    item = found.items["16-2"]
    assert (item.asker, item.task) == ("16-2の照会者", "16-2の事務")
    assert [(line.provider, line.information) for line in item.lines] == [
        (f"16-2の{number}の提供者", f"16-2の{number}の情報") for number in (1, 2)
    ]
    assert statute.wording(tmp_path / "wording", "2015-12-27", "schedule2") is None


def test_another_edition_is_told_apart_by_its_items(tmp_path: Path) -> None:
    done = law_import.import_law(written(tmp_path, whole("2015-12-27")), tmp_path)
    assert done.differences == ()
    assert {path.name[:10] for path in done.files} == {"2015-12-27"}


def test_sentences_ruby_and_columns_become_plain_lines(tmp_path: Path) -> None:
    marked = whole().replace(
        f"<Sentence>{'56-2の事務'}</Sentence>",
        '<Sentence Num="1">第一の<Ruby>文<Rt>ぶん</Rt></Ruby></Sentence><Sentence Num="2">第二の文</Sentence>',
    )
    law_import.import_law(written(tmp_path, marked), tmp_path)
    found = statute.wording(tmp_path, "2020-09-06", "schedule1")
    assert found is not None
    assert found.items["56-2"].task == "第一の文\n第二の文"


def test_items_that_differ_are_told_and_taken_only_when_the_edition_is_named(tmp_path: Path) -> None:
    items = [one for one in law.edition("2020-09-06").schedule2 if one != "74"]
    path = written(tmp_path, document(schedule2([*items, "200"])))
    with pytest.raises(BangoError) as refused:
        law_import.import_law(path, tmp_path / "w")
    assert refused.value.code == "LAW-XML-EDITION"
    assert "200" in refused.value.cause
    assert "74" in refused.value.cause
    done = law_import.import_law(path, tmp_path / "w", "2020-09-06")
    assert any("200" in line for line in done.differences)
    found = statute.wording(tmp_path / "w", "2020-09-06", "schedule2")
    assert found is not None
    assert "200" not in found.items
    assert "74" not in found.items


def test_numerals_of_any_kind_are_numbers(tmp_path: Path) -> None:
    text = whole().replace("五十六の二　", "５６の２　").replace("七十四　", "74　")
    assert law_import.import_law(written(tmp_path, text), tmp_path).differences == ()


def test_a_row_that_names_no_item_goes_on_with_the_one_above(tmp_path: Path) -> None:
    spanned = cell("十六の二　16-2の照会者", rowspan=2) + cell("16-2の事務", rowspan=2)
    first, second = (
        "".join(map(cell, ("16-2の1の提供者", "16-2の1の情報"))),
        "".join(map(cell, ("16-2の2の提供者", "16-2の2の情報"))),
    )
    text = whole()
    assert f"{spanned}{first}</TableRow><TableRow>{second}" in text
    bare = cell("十六の二　16-2の照会者") + cell("16-2の事務")
    empty = "<TableColumn/>" * 2
    text = text.replace(
        f"{spanned}{first}</TableRow><TableRow>{second}", f"{bare}{first}</TableRow><TableRow>{empty}{second}"
    )
    assert law_import.import_law(written(tmp_path, text), tmp_path).differences == ()
    found = statute.wording(tmp_path, "2020-09-06", "schedule2")
    assert found is not None
    assert found.items["16-2"].task == "16-2の事務"
    assert [line.provider for line in found.items["16-2"].lines] == ["16-2の1の提供者", "16-2の2の提供者"]


def test_numbered_parts_of_a_cell_stand_in_lines_of_their_own(tmp_path: Path) -> None:
    part = "<Item><ItemTitle>{}</ItemTitle><ItemSentence>\n  <Sentence>{}</Sentence></ItemSentence></Item>"
    parts = part.format("イ", "あ") + part.format("ロ", "い")
    text = whole().replace(cell("74の事務"), f"<TableColumn>\n  <Sentence>次の事務</Sentence>\n  {parts}</TableColumn>")
    law_import.import_law(written(tmp_path, text), tmp_path)
    found = statute.wording(tmp_path, "2020-09-06", "schedule1")
    assert found is not None
    assert found.items["74"].task == "次の事務\nイ　あ\nロ　い"


def test_deleted_items_stay_known_as_deleted(tmp_path: Path) -> None:
    deleted = next(item for item, row in law.edition("2020-09-06").schedule1.items() if row.deleted)
    text = whole().replace(
        cell(f"{kanji(deleted)}　{deleted}の者") + cell(f"{deleted}の事務"), cell(f"{kanji(deleted)}　削除")
    )
    law_import.import_law(written(tmp_path, text), tmp_path)
    found = statute.wording(tmp_path, "2020-09-06", "schedule1")
    assert found is not None
    assert (found.items[deleted].asker, found.items[deleted].task) == ("削除", "")


def test_another_number_of_lines_is_told(tmp_path: Path) -> None:
    text = whole()
    start = text.index("<TableRow>" + cell("16-2の2の提供者"))
    text = text[:start] + text[text.index("</TableRow>", start) + len("</TableRow>") :]
    for head in ("十六の二　16-2の照会者", "16-2の事務"):
        text = text.replace(cell(head, rowspan=2), cell(head))
    told = law_import.import_law(written(tmp_path, text), tmp_path).differences
    assert len(told) == 1
    assert "16-2 (1/2)" in told[0]


@pytest.mark.parametrize("edition", [None, "2020-09-06"])
@pytest.mark.parametrize(
    "of",
    [ACT.replace('"27"', '"81"'), ACT.replace('"Act"', '"CabinetOrder"'), ACT.replace("Heisei", "Showa"), 'Lang="ja"'],
)
def test_another_law_is_refused_even_if_its_tables_look_the_same(tmp_path: Path, of: str, edition: str | None) -> None:
    items = law.edition("2020-09-06").schedule1
    path = written(tmp_path, document(schedule1(items), of=of).replace("見本の法律", "見本\u202e\u009b"))
    with pytest.raises(BangoError) as refused:
        law_import.import_law(path, tmp_path / "w", edition)
    assert refused.value.code == "LAW-XML-LAW"
    assert "425AC0000000027" in refused.value.step
    assert str(refused.value).replace("\n", "").isprintable()
    assert not (tmp_path / "w").exists()


def test_the_order_that_took_over_is_known_by_its_own_number(tmp_path: Path) -> None:
    items = law.edition("2026-02-02").schedule2
    text = schedule2(items, "2026-02-02").replace("別表第二", "第二条")
    order = 'Era="Reiwa" Lang="ja" LawType="MinisterialOrdinance" Num="009" Year="06"'
    article = f"<MainProvision><Article><ArticleTitle>第二条</ArticleTitle>{text}</Article></MainProvision>"
    made = document(of=order).replace("<MainProvision/>", article)
    done = law_import.import_law(written(tmp_path, made), tmp_path)
    assert [path.name for path in done.files] == ["2026-02-02-schedule2.json"]


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
        (lambda text: text.replace("UTF-8", "Shift_JIS"), "LAW-XML-FORM"),
        (lambda text: text.replace("UTF-8", "no-such-encoding"), "LAW-XML-FORM"),
        (lambda text: text.replace("見本の法律", "<a>" * 5000 + "</a>" * 5000), "LAW-XML-SIZE"),
        # A span that reaches into the next item.
        (lambda text: text.replace(cell("16-2の事務", rowspan=2), cell("16-2の事務", rowspan=3)), "LAW-XML-COLUMNS"),
        # The second table is wrong: nothing of the first is kept either.
        (lambda text: text.replace("七十四　74の照会者", "七十三　74の照会者"), "LAW-XML-EDITION"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_takes_nothing(
    tmp_path: Path, spoilt: Callable[[str], Any], code: str
) -> None:
    with pytest.raises(BangoError) as refused:
        law_import.import_law(written(tmp_path, spoilt(whole())), tmp_path / "w")
    assert refused.value.code == code
    assert not (tmp_path / "w").exists()


def test_a_number_that_stands_twice_is_refused(tmp_path: Path) -> None:
    items = list(law.edition("2020-09-06").schedule1)
    with pytest.raises(BangoError) as refused:
        law_import.import_law(written(tmp_path, document(schedule1([*items, "1"]))), tmp_path / "w")
    assert refused.value.code == "LAW-XML-TWICE"


def test_absurd_spans_neither_hang_nor_fill_the_memory(tmp_path: Path) -> None:
    text = whole().replace('rowspan="2"', 'rowspan="99999999999" colspan="99999999"', 1)
    with pytest.raises(BangoError):
        law_import.import_law(written(tmp_path, text.replace("一　1の照会者", "無　1の照会者", 1)), tmp_path / "w")


def test_a_missing_or_too_large_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BangoError, match="LAW-XML-READ"):
        law_import.import_law(tmp_path / "none.xml", tmp_path)
    monkeypatch.setattr(egov, "LARGEST", 100)
    with pytest.raises(BangoError, match="LAW-XML-SIZE"):
        law_import.import_law(written(tmp_path, whole()), tmp_path)


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
