"""`bango explain`: what a clause, an obligation or an error is, and what hangs together with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_conformance.explain import obligations
from bango_spec.clauses import clause

if TYPE_CHECKING:
    from tests.conformance.conftest import Bango

CLAUSE = "IS-TRN-001"


def test_a_clause_with_its_reason_its_sources_and_what_verifies_it(bango: Bango) -> None:
    told = bango.here("explain", CLAUSE.lower(), "--format", "json").data
    known = clause(CLAUSE)
    assert told["text"] == {"ja": known.text.ja, "en": known.text.en}
    assert told["why"]["ja"] == known.why.ja
    assert [source["ref"] for source in told["sources"]] == [source.ref for source in known.sources]
    assert {one["id"] for one in told["obligations"]} == {one.id for one in obligations() if CLAUSE in one.clauses}
    assert told["obligations"]


def test_the_text_has_both_languages_and_the_next_command(bango: Bango) -> None:
    said = bango.here("explain", CLAUSE)
    assert clause(CLAUSE).text.ja in said.out
    assert clause(CLAUSE).text.en in said.out
    assert f"--clause {CLAUSE}" in said.out


def test_an_obligation_names_its_clauses(bango: Bango) -> None:
    said = bango.here("explain", "transport.network.no-certificate", "--format", "json")
    assert [one["id"] for one in said.data["clauses"]] == [CLAUSE]


def test_the_beginning_of_ids_lists_them(bango: Bango) -> None:
    said = bango.here("explain", "transport.network")
    assert "transport.network.no-certificate" in said.out.splitlines()


def test_an_error_says_cause_and_step(bango: Bango) -> None:
    said = bango.here("explain", "urn:bango:error:not-permitted", "--lang", "en")
    assert said.out.startswith("not-permitted  HTTP 403")
    assert "next: " in said.out


def test_a_word_that_is_none_of_them_gets_suggestions(bango: Bango) -> None:
    said = bango.here("explain", "IS-TRN-0001")
    assert said.code == 4
    assert CLAUSE in said.err
