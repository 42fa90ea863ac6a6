"""JUnit, with text that wants to do harm."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reports.conftest import make_case, make_clause, make_failure, make_run
from tests.reports.hostile import FORBIDDEN, hostile

from bango_reports import junit, safe

if TYPE_CHECKING:
    from bango_reports.model import Run


def test_hostile_text_in_junit_is_only_text() -> None:
    data = junit.render(hostile())
    assert FORBIDDEN.search(data.decode()) is None
    suite = ET.fromstring(data)[0]
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.text is not None
    assert "<script>alert(1)</script>" in failure.text


@settings(derandomize=True, max_examples=50)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_makes_parseable_xml_and_a_quiet_line(value: str) -> None:
    run = make_run([make_case("shape.1", "fail", "C", failure=make_failure("C", came=value))], [make_clause("C")])
    ET.fromstring(junit.render(run))
    assert FORBIDDEN.search(safe.line(value)) is None
    assert "\n" not in safe.line(value)


def test_junit_counts_and_names(red: Run) -> None:
    suite = ET.fromstring(junit.render(red))[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped")) == (
        "3",
        "1",
        "1",
        "0",
    )
    names = [(case.get("classname"), case.get("name")) for case in suite.iter("testcase")]
    assert len(set(names)) == 3
    assert all((name or "").isascii() for pair in names for name in pair)
    properties = {p.get("name"): p.get("value") for p in suite.findall("testcase[2]/properties/property")}
    assert properties["clauses"] == "IS-INQ-004"
    assert properties["title.ja"] == "permission.deny.0001 の確認"
    failure = suite.find("testcase[2]/failure")
    assert failure is not None
    assert failure.get("type") == "OUTCOME-WRONG"
    for said in ("sent:", "expected:", "came:", "bango certify target.toml"):
        assert said in (failure.text or "")


def test_an_inconclusive_should_is_skipped_and_a_must_is_an_error() -> None:
    run = make_run([make_case("a.1", "inconclusive", "S"), make_case("a.2", "warn", "S")], [make_clause("S", "should")])
    suite = ET.fromstring(junit.render(run))[0]
    assert (suite.get("errors"), suite.get("skipped"), suite.get("failures")) == ("0", "1", "0")
    assert suite.find("testcase[2]/system-out") is not None
