from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reports.conftest import make_case, make_clause, make_run

from bango_reports.model import ClauseState, Level, Selection, Verdict, Waiver
from bango_reports.verdicts import clause_state, count, failure_verdict, finish, run_verdict
from bango_spec.reading import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

REASON = Text(ja="理由", en="reason")
PARTIAL = Selection(complete=False, filters=("--kind shape",))


def waiver(state: Any = "in-force") -> Waiver:
    return Waiver(obligation="shape.0", reason="r", owner="o", expires="2026-12-31", state=state)


@pytest.mark.parametrize(
    ("level", "verdicts", "state"),
    [
        ("must", ["pass", "pass"], "pass"),
        ("must", ["pass", "fail"], "fail"),
        ("must-not", ["pass", "fail", "harness-error"], "fail"),
        ("must", ["pass", "inconclusive"], "inconclusive"),
        ("must", ["inconclusive", "harness-error"], "harness-error"),
        ("must", ["not-applicable"], "not-applicable"),
        ("must", ["not-applicable", "pass"], "pass"),
        ("must", ["warn"], "fail"),
        ("should", ["warn", "pass"], "warn"),
        ("should", ["fail"], "warn"),
        ("should", ["inconclusive"], "inconclusive"),
        ("must", [], "not-run"),
    ],
)
def test_the_worst_case_decides_a_clause(level: Level, verdicts: Sequence[str], state: str) -> None:
    cases = [make_case(f"shape.{n}", verdict, "C") for n, verdict in enumerate(verdicts)]
    assert clause_state(make_clause("C", level), cases) == state


def test_a_clause_without_cases_says_why_if_it_can() -> None:
    assert clause_state(make_clause("C", not_tested=REASON), []) is ClauseState.NOT_TESTED


def test_a_pending_clause_is_shown_and_spoils_nothing() -> None:
    made = make_run([make_case("shape.0", "warn", "C")], [make_clause("C", pending=True)])
    assert made.clauses[0].state is ClauseState.WARN
    assert run_verdict(made).certifies
    idle = make_run([make_case("shape.0", "pass", "D")], [make_clause("C", pending=True), make_clause("D")])
    assert idle.exit_code == 0


def test_only_a_binding_level_makes_a_deviation_a_fail() -> None:
    assert failure_verdict(["should", "may"]) is Verdict.WARN
    assert failure_verdict(["should", "must-not"]) is Verdict.FAIL


@pytest.mark.parametrize(
    ("exit_code", "word", "certifies", "level", "verdicts", "more"),
    [
        (0, "conformant", True, "must", ["pass"], {}),
        (0, "conformant", True, "should", ["warn"], {}),
        (0, "conformant", True, "should", ["inconclusive"], {}),
        (0, "conformant", True, "must", ["not-applicable", "pass"], {}),
        (1, "not-conformant", False, "must", ["fail"], {}),
        (1, "not-conformant", False, "must-not", ["fail"], {"selection": PARTIAL}),
        (2, "undecided", False, "must", ["pass"], {"interrupted": True}),
        (2, "not-conformant", False, "must", ["fail"], {"interrupted": True}),
        (5, "undecided", False, "should", [], {"selection": PARTIAL}),
        (12, "undecided", False, "must", [], {}),
        (12, "undecided", False, "must", ["pass", "inconclusive"], {}),
        (12, "undecided", False, "must", ["inconclusive"], {"selection": PARTIAL}),
        (13, "harness-error", False, "must", ["fail", "harness-error"], {}),
        (0, "undecided", False, "must", ["pass"], {"selection": PARTIAL}),
        (11, "undecided", False, "must", ["pass"], {"waivers": (waiver("stale"),)}),
        (11, "undecided", False, "must", ["pass"], {"waivers": (waiver("expired"),)}),
        (11, "undecided", False, "must", ["pass"], {"waivers": (waiver("unknown-obligation"),)}),
        (0, "conformant", True, "must", ["pass"], {"waivers": (waiver("not-selected"),)}),
    ],
)
def test_the_exit_code_of_a_run(
    exit_code: int,
    word: str,
    certifies: bool,
    level: Level,
    verdicts: list[str],
    more: dict[str, Any],
) -> None:
    cases = [make_case(f"shape.{n}", verdict, "C") for n, verdict in enumerate(verdicts)]
    made = make_run(cases, [make_clause("C", level)], **more)
    outcome = run_verdict(made)
    assert (made.exit_code, outcome.verdict, outcome.certifies) == (exit_code, word, certifies)
    assert made.next_steps
    assert all("{run}" not in step.ja + step.en for step in made.next_steps)


def test_the_next_step_names_the_run_so_that_a_shell_finds_it() -> None:
    red = make_run([make_case("shape.a", Verdict.FAIL, "C")], [make_clause("C")])
    folder = Path("my runs") / "第1回" / red.run
    for text in finish(red, folder).next_steps[:1]:
        for said in (text.ja, text.en):
            found = re.search(r"bango rerun .*? --failed", said)
            assert found is not None
            assert shlex.split(found[0]) == ["bango", "rerun", str(folder), "--failed"]


@pytest.mark.parametrize(
    ("state", "verdict", "exit_code"),
    [("in-force", "fail", 1), ("stale", "pass", 11), ("expired", "fail", 11), ("in-force", "inconclusive", 12)],
)
def test_a_waived_must_never_exits_zero(state: str, verdict: str, exit_code: int) -> None:
    made = make_run([make_case("shape.0", verdict, "C", waived=True)], [make_clause("C")], waivers=(waiver(state),))
    assert made.exit_code == exit_code
    assert not run_verdict(made).certifies


def test_a_waived_should_spoils_nothing() -> None:
    made = make_run([make_case("shape.0", "warn", "C", waived=True)], [make_clause("C", "should")], waivers=(waiver(),))
    assert made.exit_code == 0
    assert run_verdict(made).certifies


def test_an_untestable_must_does_not_spoil() -> None:
    made = make_run([make_case("shape.0", "pass", "C")], [make_clause("C"), make_clause("D", not_tested=REASON)])
    assert made.exit_code == 0
    assert made.counts.states["not-tested"] == 1


def test_a_run_that_never_reached_the_target_keeps_its_exit_code() -> None:
    assert make_run([], [make_clause("C")], exit_code=10).exit_code == 10
    assert "doctor" in make_run([], [make_clause("C")], exit_code=10).next_steps[0].ja


kinds = st.sampled_from(["shape", "privacy", "record"])
made_cases = st.lists(st.tuples(kinds, st.sampled_from(list(Verdict)), st.sets(st.sampled_from("ABC"))), max_size=12)


@settings(derandomize=True)
@given(made_cases, st.lists(st.sampled_from(["must", "should"]), min_size=3, max_size=3))
def test_counts_always_add_up(drawn: list[tuple[str, Verdict, set[str]]], levels: list[Level]) -> None:
    cases = [
        make_case(f"{kind}.{n}", verdict, *sorted(clauses), kind=kind)
        for n, (kind, verdict, clauses) in enumerate(drawn)
    ]
    made = make_run(cases, [make_clause(c, level) for c, level in zip("ABC", levels, strict=True)])
    counts = made.counts
    assert sum(counts.verdicts.values()) == counts.cases == len(cases)
    assert sum(sum(row.values()) for row in counts.kinds.values()) == counts.cases
    assert sum(counts.states.values()) == counts.clauses == 3
    assert count(made.cases, made.clauses) == counts
    bad = [c for c in cases if c.verdict in {Verdict.FAIL, Verdict.HARNESS_ERROR}]
    assert not (bad and made.exit_code == 0)
    assert finish(made) == made


def test_clause_cases_are_listed_once_and_in_order() -> None:
    made = make_run([make_case("shape.1", "pass", "C", "C"), make_case("shape.0", "pass", "C")], [make_clause("C")])
    assert made.clauses[0].cases == ("shape.1", "shape.0")
    assert msgspec.json.decode(msgspec.json.encode(made), type=type(made)) == made


@pytest.mark.parametrize("waived", [False, True])
@pytest.mark.parametrize(("verdict", "code"), [("fail", 1), ("inconclusive", 12)])
def test_a_clause_that_the_run_does_not_know_binds(verdict: str, code: int, *, waived: bool) -> None:
    made = make_run([make_case("shape.0", verdict, "IS-GONE-001", waived=waived)], [make_clause("C", "should")])
    assert made.exit_code == code
    assert not run_verdict(made).certifies


def test_a_whole_run_without_clauses_shows_no_conformity() -> None:
    made = make_run([make_case("shape.0", "pass")], [])
    assert made.exit_code == 12
    assert "MUST-NOT-RUN" in run_verdict(made).obstacles
