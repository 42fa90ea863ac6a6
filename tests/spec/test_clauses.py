"""The clauses are complete, different from each other, traceable to their sources, and read as what they are."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from bango_spec import _clauses_check as check
from bango_spec import clauses as doors
from bango_spec import error_catalogue, interfaces
from bango_spec.assumptions import value
from bango_spec.errors import SpecError, UsageError
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_spec.clauses import Clause

LAW = Path(__file__).resolve().parents[3] / "shared" / "law"
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
# How a Japanese sentence of each level reads.
MODAL = {
    "must": re.compile(r"なければならない。|なければならず、|ていなければならない"),
    "must-not": re.compile(r"てはならない。|てはならず、|てもならない。"),
    "should": re.compile(r"ことが望ましい。"),
    "may": re.compile(r"てもよい。"),
}
VENDOR = "intermediate-server"


def every() -> list[Clause]:
    return list(doors.clauses().values())


def fault_of(monkeypatch: pytest.MonkeyPatch, *changed: Clause) -> list[str]:
    others = {one.id: one for one in every()} | {one.id: one for one in changed}
    monkeypatch.setattr(check, "clauses", lambda: others)
    return check.problems()


def test_the_clauses_are_free_of_faults() -> None:
    assert doors.problems() == []


def test_the_bulk_falls_on_the_vendors_system_and_every_area_is_there() -> None:
    counts = Counter(one.system for one in every())
    assert set(counts) == {VENDOR, "core", "interface-system", "jlis"}
    assert 150 <= sum(counts.values()) <= 200
    assert counts[VENDOR] > 0.8 * sum(counts.values())
    areas = ["LNK", "RPL", "INQ", "PRV", "REC", "STF", "PRI", "TRN", "API", "TXT", "OPS", "DSC", "LOD"]
    assert {one.area for one in doors.of_system(VENDOR)} == {f"IS-{area}" for area in areas}


def test_numbers_run_without_gaps_within_an_area() -> None:
    by_area: dict[str, list[int]] = {}
    for one in every():
        by_area.setdefault(one.area, []).append(int(one.id[-3:]))
    for area, numbers in by_area.items():
        assert numbers == list(range(1, len(numbers) + 1)), area


@pytest.mark.parametrize("one", every(), ids=lambda one: one.id)
def test_a_clause_reads_as_its_level_in_both_languages(one: Clause) -> None:
    assert MODAL[one.level].search(one.text.ja), one.text.ja
    for text in (one.text, one.why, *([one.test.how] if one.test else [])):
        assert JAPANESE.search(text.ja)
        assert not JAPANESE.search(text.en)
        assert text.ja.endswith("。")
        assert text.en.endswith(".")
        assert "{" not in text.ja + text.en
    assert len(one.text.ja) <= 160, "one duty, shortly"
    assert len(one.text.en) <= 320, "one duty, shortly"


def test_every_clause_of_the_vendor_says_in_which_part_it_is_judged() -> None:
    assert [one.id for one in doors.of_system(VENDOR) if one.party is None] == []
    parties = Counter(one.party for one in doors.of_system(VENDOR))
    assert min(parties["asker"], parties["provider"], parties["both"]) >= 20


def test_every_kind_of_obligation_has_clauses_to_verify() -> None:
    kinds = Counter(kind for one in doors.of_system(VENDOR) for kind in one.kinds)
    assert set(kinds) == {
        "shape",
        "permission",
        "workflow",
        "lifecycle",
        "privacy",
        "record",
        "transport",
        "fault",
        "text",
        "load",
    }
    assert min(kinds.values()) >= 10


def test_what_is_left_to_attestation_is_what_the_briefing_asks_beyond_the_product() -> None:
    untested = {one.id for one in every() if one.not_tested}
    assert untested == {"IS-OPS-009", "IS-OPS-010", "IS-OPS-011"}
    assert all(any(s.kind == "briefing" for s in doors.clause(clause_id).sources) for clause_id in untested)


def test_every_incident_and_each_article_on_linkage_has_its_clauses() -> None:
    cited = Counter(source.document for one in every() for source in one.sources)
    incidents = [document for document in doors.documents().values() if document.kind == "incident"]
    assert len(incidents) == 8
    assert all(cited[incident.id] for incident in incidents)
    articles = {s.place.split("/")[0] for one in every() for s in one.sources if s.document == "bangoho@2020-09-06"}
    assert {"9", "12", "19", "20", "21", "21-2", "22", "23", "24", "25", "26", "28", "29", "32"} <= articles


@pytest.mark.skipif(not LAW.is_dir(), reason="the law's text is not beside the checkout")
def test_every_place_of_the_law_cited_exists_in_that_edition() -> None:
    known: dict[str, set[str]] = {}
    for document in doors.documents().values():
        if document.law:
            [path] = LAW.glob(f"{document.law}_*.json")
            known[document.id] = _places(json.loads(path.read_text(encoding="utf-8")))
    places = [s for one in every() for s in one.sources if s.document in known and s.place]
    assert len(places) > 100
    assert [s.ref for s in places if s.place not in known[s.document]] == []
    assert all("/" in s.place for s in places), "article and paragraph at least"


def _places(law: dict[str, list[dict[str, object]]]) -> set[str]:
    numerals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]
    kanji = {numeral: str(number) for number, numeral in enumerate(numerals, 1)}
    found: set[str] = set()
    for article in msgspec.convert(law["articles"], list[dict[str, object]]):
        number = str(article["num"]).replace("_", "-")
        for paragraph in msgspec.convert(article["paragraphs"], list[dict[str, object]]):
            found.add(f"{number}/{paragraph['n']}")
            items = msgspec.convert(paragraph.get("items", []), list[dict[str, object]])
            found |= {f"{number}/{paragraph['n']}/{kanji[str(item['n'])]}" for item in items if str(item["n"]) in kanji}
    return found


def test_the_briefings_pages_are_pages_it_has() -> None:
    pages = {s.place for one in every() for s in one.sources if s.document == "briefing-2014"}
    assert pages == {"4", "5", "7"}


def test_codes_and_operations_named_in_a_clause_exist() -> None:
    codes = {error.code for error in error_catalogue.catalogue().errors} | set(value("inquiry-outcomes"))
    # What a failed acquisition says, a role of certificates, a cache directive.
    codes |= {*value("linkage-delivery"), *value("components"), "no-store"}
    operations = {operation.operation_id for name in interfaces.NAMES for operation in interfaces.operations(name)}
    for one in every():
        text = one.text.ja + (one.test.how.ja if one.test else "")
        assert set(re.findall(r"(?<![\w{-])[a-z]+(?:-[a-z]+)+(?![\w}-])", text, re.ASCII)) <= codes, one.id
        assert set(re.findall(r"(?<!\w)[a-z]+(?:[A-Z][a-z]+)+(?!\w)", text, re.ASCII)) <= operations, one.id


def test_an_assumptions_value_stands_in_the_text() -> None:
    assert "10,000" in doors.clause("IS-API-009").text.en
    assert "30日" in doors.clause("IS-PRI-007").text.ja


def test_questions_by_id_system_level_and_kind() -> None:
    assert doors.clause("IS-INQ-001").area == "IS-INQ"
    assert {one.level for one in doors.of_system(VENDOR, level="should")} == {"should"}
    transport = doors.of_system("core", kind="transport")
    assert [one.id for one in transport] == ["CORE-ADM-001"]
    assert doors.clause("IS-INQ-001").binding
    assert not doors.clause("IS-INQ-021").binding
    with pytest.raises(UsageError, match="no clause IS-INQ-999") as raised:
        doors.clause("IS-INQ-999")
    assert "IS-INQ-00" in raised.value.step


def test_faults_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    one = doors.clause("IS-LNK-001")
    other = doors.clause("IS-LNK-002")
    change = msgspec.structs.replace
    nowhere = doors.Source(kind="law", ref="nowhere@2020-09-06/1/1")
    unassumed = doors.Source(kind="profile", ref="nothing")
    mistaken = doors.Source(kind="rfc", ref="bangoho@2020-09-06/21/1")
    silent = Text(ja="ある。", en=" ")
    for changed, fault in [
        (
            change(one, text=change(other.text, en=other.text.en + "!")),
            "IS-LNK-001 and IS-LNK-002: nearly the same text",
        ),
        (change(one, test=None), "IS-LNK-001: needs either test or not_tested"),
        (change(one, not_tested=doors.NotTested(reason=one.why)), "IS-LNK-001: needs either test or not_tested"),
        (change(one, sources=(nowhere,)), "IS-LNK-001: no source nowhere@2020-09-06"),
        (change(one, sources=(unassumed,)), "IS-LNK-001: no assumption nothing"),
        (change(one, sources=(mistaken,)), "IS-LNK-001: bangoho@2020-09-06 is not of kind rfc"),
        (change(one, sources=()), "IS-LNK-001: has no source"),
        (change(one, kinds=()), "IS-LNK-001: no kind of obligation can verify it"),
        (change(one, test=doors.Observation(through=(), how=one.why)), "IS-LNK-001: test names no surface"),
        (change(one, why=silent), "IS-LNK-001: why lacks a language"),
        (change(one, system="nothing"), "nothing: no such system"),
    ]:
        assert fault in fault_of(monkeypatch, changed)


def test_too_many_untested_musts_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    attested = doors.NotTested(reason=Text(ja="見えない。", en="Not visible."))
    areas = {"IS-PRV", "IS-INQ"}
    changed = [
        msgspec.structs.replace(o, test=None, not_tested=attested) for o in every() if o.area in areas and o.binding
    ]
    assert any("musts are not tested" in fault for fault in fault_of(monkeypatch, *changed))


def test_duties_that_differ_in_a_noun_only_are_alike_and_others_not() -> None:
    assert check.similar(
        "The server refuses an expired permit from the core.", "The server refuses an expired token from the core."
    )
    assert not check.similar("The server refuses an expired permit.", "Records stay readable for at least seven years.")


@pytest.mark.parametrize(
    ("ids", "code"),
    [(["IS-LNK-001", "IS-LNK-001"], "CLAUSE-TWICE"), (["CORE-LNK-001"], "CLAUSE-ID"), (["IS-LNK-1"], "CLAUSE-ID")],
)
def test_ids_are_unique_and_of_their_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ids: list[str], code: str
) -> None:
    file = tmp_path / "some.json"
    plain = msgspec.to_builtins(doors.clause("IS-LNK-001"))
    file.write_text(json.dumps({"system": VENDOR, "prefix": "IS", "clauses": [plain | {"id": one} for one in ids]}))
    monkeypatch.setattr(doors, "files", lambda _: [file])
    with pytest.raises(SpecError) as raised:
        doors.clauses.__wrapped__()
    assert raised.value.code == code
