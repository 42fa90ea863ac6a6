"""調達用 Excel: the requirements as an officer gets them, empty, and filled in from a signed result and from no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import openpyxl
import pytest
from tests.reports.conftest import digest, make_case, make_clause, make_run
from tests.reports.hostile import EVIL, FORBIDDEN
from tests.reports.issuer import NOW, House

from bango_reports import keys
from bango_reports.tender import answers as module
from bango_spec.clauses import clauses, of_system
from bango_spec.errors import BangoError
from bango_spec.reading import Text

if TYPE_CHECKING:
    from tests.reports.conftest import Saver
from tests.conformance.conftest import Bango, bango

__all__ = ["bango"]


def rows(path: Path, sheet: int) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path).worksheets[sheet].iter_rows(values_only=True))


def signed(saved: Saver, tmp_path: Path, **more: Any) -> tuple[Path, House]:
    """A conformant run of two real clauses with its certificate and trust list on disk."""
    names = ("IS-PRV-005", "IS-OPS-009")
    cases = [make_case("permission.provider.x", "pass", names[0]), make_case("text.warned", "warn", "IS-TXT-001")]
    told = [
        make_clause(names[0], clauses()[names[0]].level, text=clauses()[names[0]].text),
        make_clause("IS-TXT-001", "should"),
        make_clause(names[1], not_tested=clauses()[names[1]].text),
    ]
    folder, _ = saved(make_run(cases, told, **more))
    house = House(tmp_path / "house", folder)
    (tmp_path / "certificate.json").write_text(json.dumps(house.envelope), encoding="utf-8")
    return folder, house


def test_every_requirement_of_the_system_stands_in_it_with_an_empty_answer(bango: Bango) -> None:
    said = bango.here("tender", "--system", "intermediate-server", "--as-of", "2015-12-27", "--out", "t.xlsx")
    assert said.code == 0, said.err
    path = bango.folder / "t.xlsx"
    head, *made = rows(path, 1)
    assert head == ("No.", "番号", "分野", "水準", "要求事項", "なぜ必要か", "根拠", "確かめ方", "回答", "補足")
    assert [row[1] for row in made] == [one.id for one in of_system("intermediate-server")]
    assert {row[8] for row in made} == {None}
    assert all(row[2] and row[4] and row[5] and row[6] and row[7] for row in made)
    byid = {row[1]: row for row in made}
    assert byid["IS-PRV-005"][4] == clauses()["IS-PRV-005"].text.ja
    assert "第19条第1項第7号" in byid["IS-PRV-005"][6]
    assert "試験" in byid["IS-PRV-005"][7]
    assert byid["IS-OPS-009"][7].startswith("機械では確かめられない")
    rule = openpyxl.load_workbook(path).worksheets[1].data_validations.dataValidation[0]
    assert rule.formula1 == '"○,△,×,対象外"'
    cover = dict(row[:2] for row in rows(path, 0))
    assert cover["法令の版"].startswith("2015-12-27（平成27年12月27日）")
    assert rows(path, 2)[1:]


@pytest.mark.parametrize("system", ["core", "interface-system"])
def test_other_systems_and_levels_can_be_chosen(bango: Bango, system: str) -> None:
    assert bango.here("tender", "--system", system, "--level", "must,must-not", "--lang", "en").code == 0
    made = rows(bango.folder / f"tender-{system}.xlsx", 1)[1:]
    wanted = [one.id for one in of_system(system) if one.level in {"must", "must-not"}]
    assert [row[1] for row in made] == wanted
    assert {row[3] for row in made} <= {"must", "must not"}


def test_a_signed_result_fills_it_in(
    saved: Saver, tmp_path: Path, bango: Bango, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, house = signed(saved, tmp_path)
    found = module.answers(
        folder, tmp_path / "certificate.json", house.folder / keys.TRUST_FILE, "intermediate-server", now=NOW
    )
    assert found.issuer.ja == "試験所"
    monkeypatch.setattr(module, "answers", lambda *_, **__: found)
    words = (
        "--result",
        folder,
        "--certificate",
        tmp_path / "certificate.json",
        "--trust",
        house.folder / keys.TRUST_FILE,
    )
    said = bango.here("tender", "--system", "intermediate-server", *words, "--out", "t.xlsx")
    assert said.code == 0, said.err
    made = {row[1]: row[8:] for row in rows(bango.folder / "t.xlsx", 1)[1:]}
    assert made["IS-PRV-005"] == ("○", "試験 1 件")
    assert made["IS-TXT-001"][0] == "△"
    assert made["IS-OPS-009"][0] == "未試験"
    assert made["IS-INQ-001"] == ("未試験", "この結果にありません")
    cover = dict(row[:2] for row in rows(bango.folder / "t.xlsx", 0))
    assert (cover["製品"], cover["等級"]) == ("例示中間サーバー 1.2.3", "自己宣言")
    assert cover["発行日"] == "2026-01-15（令和8年1月15日）"


def test_a_result_of_another_spec_or_edition_says_so_where_it_matters(
    saved: Saver, tmp_path: Path, bango: Bango, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, reworded = clauses()["IS-PRV-005"], clauses()["IS-PRV-006"]
    told = [
        make_clause(kept.id, kept.level, text=kept.text),
        make_clause(reworded.id, "should", text=Text(ja="古い文。", en="Old words.")),
    ]
    cases = [make_case("shape.a", "pass", kept.id), make_case("shape.b", "pass", reworded.id)]
    folder, _ = saved(make_run(cases, told, edition="2015-12-27"))
    house = House(tmp_path / "house", folder)
    (tmp_path / "certificate.json").write_text(json.dumps(house.envelope), encoding="utf-8")
    found = module.answers(
        folder, tmp_path / "certificate.json", house.folder / keys.TRUST_FILE, "intermediate-server", now=NOW
    )
    monkeypatch.setattr(module, "answers", lambda *_, **__: found)
    given = ("--result", folder, "--certificate", folder, "--trust", folder)
    assert bango.here("tender", "--system", "intermediate-server", *given, "--out", "t.xlsx").code == 0
    warned = [row[1] for row in rows(bango.folder / "t.xlsx", 0) if row[0] == "結果を読む前に"]
    assert [("法令の版" in one, digest("1") in one) for one in warned] == [(True, False), (False, True)]
    remarks = {row[1]: row[9] for row in rows(bango.folder / "t.xlsx", 1)[1:]}
    assert remarks[kept.id] == "試験 1 件"
    assert remarks[reworded.id] == "試験した時の文と違います（その時: 推奨 古い文。）\n試験 1 件"


def test_a_file_beside_the_certified_result_is_not_taken_for_it(saved: Saver, tmp_path: Path) -> None:
    folder, house = signed(saved, tmp_path)
    (folder / "better.json").write_bytes((folder / "result.json").read_bytes())
    with pytest.raises(BangoError, match="TENDER-RESULT"):
        module.answers(
            folder / "better.json",
            tmp_path / "certificate.json",
            house.folder / keys.TRUST_FILE,
            "intermediate-server",
            now=NOW,
        )


def test_hostile_names_are_only_text(
    saved: Saver, tmp_path: Path, bango: Bango, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = msgspec.structs.replace(make_run([], []).target, product=f"=HYPERLINK(1) {EVIL}", vendor=EVIL)
    folder, house = signed(saved, tmp_path, target=target)
    found = module.answers(
        folder, tmp_path / "certificate.json", house.folder / keys.TRUST_FILE, "intermediate-server", now=NOW
    )
    monkeypatch.setattr(module, "answers", lambda *_, **__: found)
    words = ("--result", folder, "--certificate", folder, "--trust", folder)
    assert bango.here("tender", "--system", "intermediate-server", *words, "--out", "t.xlsx").code == 0
    book = openpyxl.load_workbook(bango.folder / "t.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell.value for cell in cells if FORBIDDEN.search(str(cell.value))]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda folder, _: (folder / "evidence" / "text.warned.json").write_text("{}"), "CERT-EVIDENCE"),
        (lambda _, house: house.envelope.update(payload=house.envelope["payload"][:-8] + "AAAAAAA="), "CERT-"),
        (lambda _, house: house.envelope["signatures"][0].update(sig="AAAA"), "CERT-TAMPERED"),
    ],
)
def test_a_certificate_that_does_not_hold_fills_in_nothing(saved: Saver, tmp_path: Path, spoil: Any, code: str) -> None:
    folder, house = signed(saved, tmp_path)
    spoil(folder, house)
    (tmp_path / "certificate.json").write_text(json.dumps(house.envelope), encoding="utf-8")
    with pytest.raises(BangoError) as refused:
        module.answers(
            folder, tmp_path / "certificate.json", house.folder / keys.TRUST_FILE, "intermediate-server", now=NOW
        )
    assert refused.value.code == "TENDER-REFUSED"
    assert code in refused.value.cause


def test_a_result_of_another_system_is_refused(saved: Saver, tmp_path: Path) -> None:
    folder, house = signed(saved, tmp_path)
    with pytest.raises(BangoError) as refused:
        module.answers(folder, tmp_path / "certificate.json", house.folder / keys.TRUST_FILE, "core", now=NOW)
    assert refused.value.code == "TENDER-SYSTEM"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--system", "server"), "TENDER-UNKNOWN"),
        (("--system", "core", "--level", "perhaps"), "TENDER-LEVEL"),
        (("--system", "core", "--as-of", "2010-01-01"), "LAW-EDITION"),
        (("--system", "core", "--as-of", "soon"), "LAW-DATE"),
        (("--system", "core", "--result", "."), "TENDER-SIGNED"),
        (("--system", "core", "--out", "/dev/null/t.xlsx"), "TENDER-WRITE"),
        (("--system", "core", "--catalogue", "none.json"), "CATALOGUE-FORM"),
    ],
)
def test_what_cannot_be_written_is_told(bango: Bango, words: tuple[str, ...], code: str) -> None:
    said = bango.here("tender", *words)
    assert (said.code, said.err.split(":")[0]) == (4, code)
