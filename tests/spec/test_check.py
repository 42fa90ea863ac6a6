"""`bango spec check` and `bango spec show`: the spec holds together, and every element can be read by its id."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from bango_spec import check, show
from bango_spec.commands import spec
from bango_spec.errors import SpecError, UsageError


def test_the_spec_holds_together() -> None:
    found = {one.id: one for one in check.sections()}
    assert {name: one.problems for name, one in found.items() if one.problems} == {}
    assert found["law"].counts["2020-09-06 schedule2 lines"] > 250
    assert found["clauses"].counts["binding"] > 100
    assert all(sum(one.counts.values()) > 0 for one in found.values())


def test_a_part_that_cannot_be_read_is_a_problem_of_that_part_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> check.Looked:
        raise SpecError("SPEC-READ", "gone")

    monkeypatch.setitem(check._PARTS, "systems", ("システム", "systems", broken))
    found = {one.id: one for one in check.sections()}
    assert found["systems"].problems == ("SPEC-READ: gone",)
    assert found["glossary"].problems == ()


def test_check_prints_counts_and_exits_by_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_PARTS", {"terms": ("用語", "terms", lambda: ({"terms": 3}, ["a term stands twice"]))})
    text = CliRunner().invoke(spec, ["check", "--lang", "en"])
    assert text.exit_code == 1
    assert "terms 3" in text.output
    assert "a term stands twice" in text.output
    told = CliRunner().invoke(spec, ["check", "--format", "json"])
    assert (told.exit_code, json.loads(told.output)["problems"]) == (1, 1)


@pytest.mark.parametrize("kind", show.kinds())
def test_every_element_of_every_kind_can_be_shown(kind: str) -> None:
    names = show.ids(kind)
    assert names
    for name in names[:: max(1, len(names) // 20)]:
        shown = show.show(kind, name)
        assert shown["element"] == kind
        assert any(show.lines(shown, lang) for lang in ("ja", "en"))


@pytest.mark.parametrize(
    ("kind", "name", "wanted"),
    [
        ("clause", "is-inq-001", ("id", "IS-INQ-001")),
        ("party", "市町村長", ("id", "mayor")),
        ("information", "TM00000000000002", ("id", "local-tax")),
        ("item", "74", ("edition", "2020-09-06")),
        ("item", "2015-12-27/schedule1/1", ("table", "schedule1")),
        ("error", "not-permitted", ("status", 403)),
    ],
)
def test_names_and_codes_lead_there_too(kind: str, name: str, wanted: tuple[str, object]) -> None:
    key, value = wanted
    assert show.show(kind, name)[key] == value


@pytest.mark.parametrize(
    ("kind", "name", "code", "hint"),
    [("claus", "x", "SHOW-KIND", "clause"), ("clause", "IS-INQ-0001", "SHOW-ID", "IS-INQ-001")],
)
def test_a_wrong_word_gets_suggestions(kind: str, name: str, code: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        show.show(kind, name)
    assert refused.value.code == code
    assert hint in refused.value.step


def test_the_language_is_the_readers() -> None:
    shown = show.show("clause", "IS-INQ-001")
    japanese, english = ("\n".join(show.lines(shown, lang)) for lang in ("ja", "en"))
    assert shown["text"]["ja"] in japanese
    assert shown["text"]["ja"] not in english
    assert shown["text"]["en"] in english
