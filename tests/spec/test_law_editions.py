"""Which edition answers for which day, what must be said beside it, and what the facts' own check finds."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bango_spec import law, reading, vocabulary
from bango_spec.errors import SpecError, UsageError


@pytest.mark.parametrize(
    ("date", "table", "edition"),
    [
        (None, "schedule2", "2020-09-06"),
        ("2015-12-27", "schedule2", "2015-12-27"),
        ("2020-09-05", "schedule2", "2015-12-27"),
        ("2020-09-06", "schedule2", "2020-09-06"),
        ("2025-12-01", "schedule1", "2025-09-24"),
        ("2025-12-01", "schedule2", "2020-09-06"),
        ("2026-02-02", "schedule2", "2026-02-02"),
        ("2026-02-02", "schedule1", "2025-09-24"),
    ],
)
def test_the_newest_edition_with_the_table_answers(date: str | None, table: law.Table, edition: str) -> None:
    assert law.edition_as_of(date, table).id == edition


@pytest.mark.parametrize(
    ("date", "table", "gaps"),
    [
        (None, "schedule2", 0),
        ("2015-12-27", "schedule2", 0),
        ("2016-01-01", "schedule2", 1),
        ("2020-09-06", "schedule2", 0),
        ("2020-09-07", "schedule2", 1),
        ("2024-05-26", "schedule1", 1),
        ("2025-09-24", "schedule1", 0),
        ("2025-09-24", "schedule2", 1),
        ("2026-02-02", "schedule2", 0),
    ],
)
def test_a_day_without_an_edition_carries_a_caveat(date: str | None, table: law.Table, gaps: int) -> None:
    assert len(law.caveats(date, table)) == gaps


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("2014-03-14", "LAW-EDITION"),
        ("2020-13-01", "LAW-DATE"),
        ("2026-02-30", "LAW-DATE"),
        ("2025-02-29", "LAW-DATE"),
        ("20260101", "LAW-DATE"),
        ("2026-1-1", "LAW-DATE"),
        ("2026-W01-1", "LAW-DATE"),
        ("２０２６-01-01", "LAW-DATE"),
        ("2026-01-01T00:00", "LAW-DATE"),
        (" 2026-01-01", "LAW-DATE"),
        ("2026-01-01\n", "LAW-DATE"),
        ("yesterday", "LAW-DATE"),
        ("", "LAW-DATE"),
    ],
)
def test_no_edition_and_no_date(date: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        law.edition_as_of(date)
    assert caught.value.code == code
    if code == "LAW-DATE":
        with pytest.raises(UsageError, match="日付ではない"):
            law.caveats(date)


def test_an_edition_without_the_table_says_so() -> None:
    with pytest.raises(UsageError, match="2025-09-24 has no schedule2") as caught:
        _ = law.edition("2025-09-24").schedule2
    assert caught.value.code == "LAW-TABLE"
    with pytest.raises(UsageError, match="no edition 2014-01-01"):
        law.edition("2014-01-01")


def test_limits_concern_their_items() -> None:
    edition = law.default_edition()
    assert [x.id for x in edition.limits if x.concerns("schedule2", "21")] == ["items-without-order"]
    assert [x.id for x in edition.limits if x.concerns("schedule2", "22")] == []
    assert [x.id for x in edition.limits if x.concerns("schedule1", "80")] == ["schedule1-items-without-order"]
    assert [x.id for x in edition.limits if x.concerns("schedule1", "81")] == []
    live: dict[str, set[str]] = {
        "schedule1": {item.id for item in edition.schedule1.values() if not item.deleted},
        "schedule2": {item.id for item in edition.schedule2.values() if not item.deleted},
    }
    for limit in edition.limits:
        assert set(limit.items) <= live[limit.table]
    assert sorted(len(x.items) for x in edition.limits) == [15, 28]


def test_every_edition_that_stops_at_the_table_says_so() -> None:
    for edition in law.editions():
        assert (edition.level == "order") == bool(edition.orders)
        assert edition.limits


def test_definitions_stand_before_their_use() -> None:
    """A term that an edition defines in Schedule 2 appears in no earlier item of it."""
    for edition in law.editions():
        if "schedule2" not in edition.tables:
            continue
        order = list(edition.schedule2)
        for definition in edition.definitions:
            if definition.table != "schedule2" or definition.kind != "information" or not definition.content[1:]:
                continue
            first = next(
                name
                for name, item in edition.schedule2.items()
                if any(definition.id in line.information for line in item.lines)
            )
            assert order.index(first) == order.index(definition.item), (edition.id, definition.term)


def test_known_codes() -> None:
    assert vocabulary.information_by_code("TM00000000000002").ja == "地方税関係情報"
    assert vocabulary.information_by_code("TM00000000000082").id == "specified-medical-costs"
    assert vocabulary.information_by_code("TM00000000000089").id == "public-benefit-account"
    with pytest.raises(UsageError, match="TM00000000000001"):
        vocabulary.information_by_code("TM00000000000001")


def test_spellings_find_entries_and_tell_ambiguity() -> None:
    laws = vocabulary.spellings(vocabulary.laws().values())
    assert laws["障害者総合支援法"] == ("disabled-comprehensive-support-act",)
    assert laws["平成十九年法律第三十号"] == ("employment-insurance-amendment-act-2007",)
    assert len(laws["農業者年金基金法の一部を改正する法律"]) == 2


def test_every_name_is_a_name_in_both_languages() -> None:
    entries: list[vocabulary.Entry] = [
        *vocabulary.laws().values(),
        *vocabulary.acts().values(),
        *vocabulary.objects().values(),
        *vocabulary.parties().values(),
        *vocabulary.information().values(),
    ]
    assert [e.id for e in entries if not e.ja or not e.en or e.en.isspace() or not e.en.isascii()] == []


def test_the_facts_contradict_nothing() -> None:
    assert law.problems() == []


@pytest.fixture
def copied(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The law's files in a place where they can be damaged; nothing read before stays known."""
    caches = [
        f
        for module in (law, vocabulary)
        for f in vars(module).values()
        if hasattr(f, "cache_clear") and f.__module__ == module.__name__
    ]
    source = reading.root() / "law"
    for path in source.rglob("*"):
        if path.is_file():
            target = tmp_path / "law" / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    monkeypatch.setattr(reading, "root", lambda: tmp_path)
    for cached in caches:
        cached.cache_clear()
    yield tmp_path / "law"
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("2020-09-06/schedule2.json", '"party": "mayor"', '"party": "major"', "no party major"),
        ("2020-09-06/schedule2.json", '["local-tax"]', '["local-tax", "local-tax"]', "the same information twice"),
        ("2020-09-06/schedule2.json", '"id": "3", "askers"', '"id": "300", "askers"', "items out of order"),
        ("2020-09-06/schedule2.json", '"information": ["local-tax"]', '"information": []', "an empty cell"),
        ("information.yaml", "TM00000000000089", "TM00000000000002", "belongs to local-tax"),
        ("information.yaml", "TM00000000000089", "TM89", "TM89 is no code"),
        ("laws.yaml", "id: securing-wages-act", "id: securing-pay-act", "law securing-pay-act is used nowhere"),
        ("restrictions.yaml", '["27(1)(iii)"]', '["27.1.3"]', "27.1.3 is no article"),
    ],
)
def test_damage_is_found(copied: Any, file: str, old: str, new: str, problem: str) -> None:
    path = copied / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(problem in found for found in law.problems())


def test_two_entries_with_one_id_are_refused(copied: Any) -> None:
    path = copied / "2020-09-06" / "schedule1.json"
    items = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode([*items, items[-1]]))
    with pytest.raises(SpecError, match="two entries with the id 99"):
        _ = law.edition("2020-09-06").schedule1
