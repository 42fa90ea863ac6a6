"""Codes of tasks and procedures: each stands for one place of the law and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bango_spec import law
from bango_spec.errors import SpecError, UsageError
from bango_spec.orders import order
from bango_spec.task_codes import (
    Procedure,
    Task,
    codes,
    parse_procedure,
    parse_task,
    procedure_code,
    series_of,
    task_code,
)

SERIES = [s.id for s in codes().series]
ITEMS = st.builds(
    lambda n, b: f"{n}-{b}" if b else str(n), st.integers(min_value=1, max_value=9999), st.integers(0, 99)
)
NUMBERS = st.one_of(
    st.just(""), st.builds(lambda n, b: f"{n}-{b}" if b else str(n), st.integers(1, 999), st.integers(0, 99))
)


@settings(derandomize=True, deadline=None)
@given(st.sampled_from(SERIES), ITEMS)
def test_a_task_code_comes_back_as_its_item(series: str, item: str) -> None:
    code = task_code(series, item)
    assert len(code) == 16
    assert code.isascii()
    assert parse_task(code) == Task(series, item)


@settings(derandomize=True, deadline=None)
@given(st.sampled_from(SERIES), ITEMS, st.integers(0, 9), NUMBERS)
def test_a_procedure_code_comes_back_as_its_place(series: str, item: str, paragraph: int, number: str) -> None:
    code = procedure_code(series, item, paragraph, number)
    assert len(code) == 16
    assert parse_procedure(code) == Procedure(series, item, paragraph, number)


def test_an_item_keeps_its_code_from_edition_to_edition() -> None:
    old, new = series_of("2015-12-27", "schedule2"), series_of("2020-09-06", "schedule2")
    assert task_code(old, "56-2") == task_code(new, "56-2") == "JM02005602000000"
    assert series_of("2026-02-02", "schedule2") != new


def test_every_table_has_a_series_and_every_procedure_its_own_code() -> None:
    for edition in law.editions():
        for table in edition.tables:
            series = series_of(edition.id, table)
            held = [p for ps in order(edition.id, table).values() for p in ps]
            assert len({procedure_code(series, p.item, p.paragraph, p.number) for p in held}) == len(held)
    assert len({s.code for s in codes().series}) == len(SERIES)
    with pytest.raises(SpecError, match="SPEC-SERIES"):
        series_of("2025-09-24", "schedule2")


@pytest.mark.parametrize(
    "code",
    [
        "JM0200740000000",
        "jm02007400000000",
        "JT02007400000000",
        "JM99007400000000",
        "JM02000000000000",
        "JM02007400000001",
    ],
)
def test_a_code_that_is_none_of_ours_is_refused(code: str) -> None:
    with pytest.raises(UsageError, match="LAW-CODE"):
        parse_task(code)


@pytest.mark.parametrize("code", ["JM02007400000000", "JT02007400100001", "JT０２00７400100100"])
def test_a_procedure_code_that_is_none_of_ours_is_refused(code: str) -> None:
    with pytest.raises(UsageError, match="LAW-CODE"):
        parse_procedure(code)


@pytest.mark.parametrize("item", ["", "0", "74-0", "七十四", "10000", "1-2-3"])
def test_an_item_number_must_be_one(item: str) -> None:
    with pytest.raises(UsageError, match="LAW-ITEM"):
        task_code("schedule-2", item)
