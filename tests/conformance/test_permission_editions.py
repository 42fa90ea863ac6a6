"""Editions: which went before which, what the network serves of them, and the obligations that turn the clock."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bango_conformance.kinds import permission_editions
from bango_conformance.suite import Scope
from bango_mocks.law_table import law_table
from bango_mocks.serving.call import Call, Problem
from bango_mocks.shared_answers import allow_list as page_of
from bango_spec.allow_list import allow_list, editions_before

BODY = "9000151100500001"


def asked(**query: str) -> Call:
    return cast("Call", SimpleNamespace(query={"limit": "1000", **query}, operation="readAllowList"))


def whole(edition: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = page_of(asked(edition=edition, **cursor), law_table(table))
        assert page["edition"] == edition
        found += page["entries"]
        if "next_cursor" not in page:
            return found
        cursor = {"cursor": page["next_cursor"]}


def test_only_editions_of_the_same_table_went_before() -> None:
    assert editions_before("2020-09-06") == ("2015-12-27",)
    assert editions_before("2015-12-27") == ()
    assert editions_before("2026-02-02") == ()
    assert editions_before("1999-01-01") == ()


def test_the_network_serves_the_edition_in_force_and_those_before() -> None:
    assert len(whole("2020-09-06", "2020-09-06")) == len(allow_list("2020-09-06"))
    earlier = whole("2015-12-27", "2020-09-06")
    assert len(earlier) == len(allow_list("2015-12-27"))
    assert {entry["edition"] for entry in earlier} == {"2015-12-27"}


@pytest.mark.parametrize("edition", ["2026-02-02", "1999-01-01"])
def test_the_network_serves_no_edition_that_is_not_or_not_yet_in_force(edition: str) -> None:
    with pytest.raises(Problem) as refused:
        page_of(asked(edition=edition), law_table("2020-09-06"))
    assert refused.value.code == "unknown-code"


def test_both_roles_are_looked_at_in_the_days_of_the_earlier_edition() -> None:
    made = list(permission_editions.obligations(Scope("2020-09-06", BODY, ("mayor",))))
    assert [one.id for one in made] == [
        "permission.provider.edition.2020-09-06.in-days-of-2015-12-27.1.2",
        "permission.asker.edition.2020-09-06.in-days-of-2015-12-27.27.5",
    ]
    assert all(one.alone and one.needs == ("hook:clock",) and one.clauses == ("IS-INQ-003",) for one in made)
    assert list(permission_editions.obligations(Scope("2015-12-27", BODY, ("mayor",)))) == []
