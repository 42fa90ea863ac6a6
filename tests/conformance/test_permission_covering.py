"""The covering sets of the permission kind cover what they say: lines, pairs, coordinates, items."""

from __future__ import annotations

from collections import Counter

import pytest

from bango_conformance.covering import COORDINATES, Change, Cover, Place, Role, elsewhere
from bango_conformance.kinds import permission
from bango_conformance.lines import entries_of, permitted_by
from bango_conformance.nearness import level, nearest, wrong
from bango_conformance.suite import Scope
from bango_spec import law
from bango_spec.allow_list import Entry, party_kinds

BODIES = (("mayor",), ("prefectural-governor",), ("jpn-pension-service",), ("health-insurance-association",))
ROLES: tuple[Role, ...] = ("provider", "asker")
EDITIONS = ("2015-12-27", "2020-09-06")
CASES = [(edition, body, role) for edition in EDITIONS for body in BODIES for role in ROLES]


def cover(edition: str, body: tuple[str, ...], role: Role) -> Cover:
    return Cover(edition, party_kinds(body), role)


def pair(entry: Entry) -> tuple[str, str, str]:
    return entry.asker, entry.provider, entry.information


def differs(change: Change, role: Role, kinds: frozenset[str]) -> list[str]:
    """The coordinates in which the request differs from the nearest entry of the edition."""
    own = {"provider": kinds, "asker": kinds}[role]
    best: list[str] = [*COORDINATES]
    for entry in entries_of("2020-09-06"):
        found = [n for n in ("task", "procedure", "information") if getattr(entry, n) != getattr(change.asked, n)]
        for side in ("asker", "provider"):
            mine = own if side == role else party_kinds([getattr(change.asked, side)])
            if getattr(entry, side) not in mine:
                found.append(side)
        if len(found) < len(best) or (len(found) == len(best) and change.coordinate in found):
            best = found
    return best


@pytest.mark.parametrize(("edition", "body", "role"), CASES)
def test_every_line_and_each_of_its_kinds_of_information_is_shown(
    edition: str, body: tuple[str, ...], role: Role
) -> None:
    plan = cover(edition, body, role)
    served = plan.served()
    assert list(served) == list(plan.lines)
    for place, entries in plan.lines.items():
        assert {entry.information for entry in served[place]} == {entry.information for entry in entries}
        assert all(entry in entries for entry in served[place])


@pytest.mark.parametrize(("edition", "body", "role"), CASES)
def test_every_pair_of_parties_and_information_is_shown(edition: str, body: tuple[str, ...], role: Role) -> None:
    plan = cover(edition, body, role)
    shown = {pair(entry) for entries in plan.served().values() for entry in entries}
    assert shown == {pair(entry) for entry in plan.own}


@pytest.mark.parametrize(("edition", "body", "role"), CASES)
def test_what_is_refused_stands_in_no_line_and_its_base_in_one(edition: str, body: tuple[str, ...], role: Role) -> None:
    plan = cover(edition, body, role)
    for change in [*plan.refused(), *plan.narrowed()]:
        assert not plan.permits(change.asked), change
        assert plan.permits(change.base), change
        assert (change.place.item, change.place.line) == (change.base.item, change.base.line)


@pytest.mark.parametrize("role", ROLES)
def test_one_coordinate_alone_keeps_what_is_refused_from_a_line(role: Role) -> None:
    plan = cover("2020-09-06", ("mayor",), role)
    for change in plan.refused():
        assert differs(change, role, plan.kinds) == [change.coordinate], change


@pytest.mark.parametrize("role", ROLES)
def test_every_line_is_refused_once_and_every_coordinate_on_many(role: Role) -> None:
    plan = cover("2020-09-06", ("mayor",), role)
    changes = plan.refused()
    assert {change.place for change in changes} == set(plan.lines)
    counts = Counter(change.coordinate for change in changes)
    assert set(counts) == set(COORDINATES)
    assert min(counts.values()) >= 10
    assert {change.place.item for change in changes} == {place.item for place in plan.lines}


@pytest.mark.parametrize("role", ROLES)
def test_every_item_that_the_order_narrows_is_narrowed_once(role: Role) -> None:
    plan = cover("2020-09-06", ("mayor",), role)
    narrowed = plan.narrowed()
    items = [change.place.item for change in narrowed]
    assert len(items) == len(set(items)) > 10
    known = {entry.procedure for entry in entries_of("2020-09-06")}
    for change in narrowed:
        assert change.asked == change.base._replace(procedure=change.asked.procedure)
        assert change.asked.procedure in known


# Read in the order: their articles ask for other information only, in no other words either.
UNASKED = [
    "26.6",
    "26.13",
    "27.5",
    "35.1",
    "35.4",
    "40.2",
    "47.1",
    "47.3",
    "47.4",
    "50.2",
    "53.1",
    "59.2",
    "79.2",
    "84.2",
    "87.6",
    "87.13",
    "91.2",
    "101.2",
    "107.1",
    "107.4",
]


def test_the_lines_for_which_the_order_asks_nothing_are_those_read_by_eye() -> None:
    here = {(entry.item, entry.line) for entry in entries_of("2020-09-06")}
    rows = law.edition("2020-09-06").schedule2.items()
    lines = [(item, number) for item, row in rows for number in range(1, len(row.lines) + 1)]
    assert [f"{item}.{number}" for item, number in lines if (item, number) not in here] == UNASKED


def test_a_line_that_no_procedure_asks_is_refused_to_the_bodies_in_it() -> None:
    provided = cover("2020-09-06", ("mayor",), "provider").unasked()
    asked = cover("2020-09-06", ("mayor",), "asker").unasked()
    assert [f"{change.place.item}.{change.place.line}" for change in provided] == ["50.2"]
    assert [f"{change.place.item}.{change.place.line}" for change in asked] == ["27.5", "53.1"]
    for plan, changes in (("provider", provided), ("asker", asked)):
        for change in changes:
            assert not cover("2020-09-06", ("mayor",), plan).permits(change.asked)  # type: ignore[arg-type]
    assert cover("2015-12-27", ("mayor",), "provider").unasked() == []


def test_without_orders_nothing_is_narrowed() -> None:
    assert cover("2015-12-27", ("mayor",), "provider").narrowed() == []


@pytest.mark.parametrize(("here", "there"), [EDITIONS, EDITIONS[::-1]])
def test_what_only_the_other_edition_has_is_permitted_there_and_not_here(here: str, there: str) -> None:
    plan, other = cover(here, ("mayor",), "provider"), cover(there, ("mayor",), "provider")
    found = elsewhere(plan, there)
    assert found
    for change in found:
        assert not plan.permits(change.asked)
        assert any(
            entry.task == change.asked.task and pair(entry) == pair(change.asked) and other.permits(entry)
            for entry in other.own
        )
        assert plan.permits(change.base)


def test_the_plan_is_the_same_every_time() -> None:
    first, second = (cover("2020-09-06", ("mayor",), "provider") for _ in range(2))
    assert first.served() == second.served()
    assert first.refused() == second.refused()


def test_a_municipality_has_the_lines_of_medical_insurers() -> None:
    providers = {entry.provider for entry in cover("2020-09-06", ("mayor",), "provider").own}
    assert providers == {"mayor", "medical-insurers"}


def test_the_kind_makes_an_obligation_for_each_element_of_the_plan() -> None:
    scope = Scope("2020-09-06", "9000151100500001", ("mayor",))
    made = list(permission.obligations(scope))
    ids = [one.id for one in made]
    assert len(ids) == len(set(ids))
    served = [one for one in ids if one.startswith("permission.provider.serves.")]
    assert len(served) == len(cover("2020-09-06", ("mayor",), "provider").lines) == 99
    assert "permission.provider.deleted.2020-09-06.36" in ids
    assert {clause for one in made for clause in one.clauses} >= {
        *(f"IS-PRV-00{n}" for n in range(1, 7)),
        "IS-INQ-001",
        "IS-INQ-002",
        "IS-INQ-003",
        "IS-INQ-005",
        "IS-TRN-010",
    }
    assert all(one.element.startswith(("law/", "interfaces/")) for one in made)


def test_a_body_that_only_asks_has_no_obligation_as_provider() -> None:
    kinds = {entry.asker for entry in entries_of("2020-09-06")} - {entry.provider for entry in entries_of("2020-09-06")}
    alone = next(
        one
        for one in sorted(kinds)
        if not any(entry.provider in party_kinds([one]) for entry in entries_of("2020-09-06"))
    )
    ids = [one.id for one in permission.obligations(Scope("2020-09-06", "9000151100500001", (alone,)))]
    assert ids
    assert not [one for one in ids if one.startswith(("permission.provider.", "permission.permit."))]


def test_permitted_by_takes_any_of_the_kinds_on_either_side() -> None:
    permitted = permitted_by("2020-09-06")
    entry = entries_of("2020-09-06")[0]
    assert permitted(["mayor", entry.asker], ["mayor", entry.provider], entry)
    assert not permitted([], [entry.provider], entry)


class TestNearness:
    plan = cover("2020-09-06", ("mayor",), "asker")

    def changed(self, coordinate: str) -> Change:
        return next(one for one in self.plan.refused() if one.coordinate == coordinate)

    def expected(self, coordinate: str) -> dict[Place, set[frozenset[str]]]:
        change = self.changed(coordinate)
        return nearest("2020-09-06", self.plan.kinds, party_kinds([change.asked.provider]), change.asked)

    @pytest.mark.parametrize("coordinate", COORDINATES)
    def test_the_line_that_was_changed_is_near_in_the_coordinate_that_was(self, coordinate: str) -> None:
        assert any(frozenset({coordinate}) in sets for sets in self.expected(coordinate).values())

    def test_each_wrong_member_is_noticed(self) -> None:
        change = self.changed("task")
        found = nearest("2020-09-06", self.plan.kinds, party_kinds([change.asked.provider]), change.asked)
        place = next(iter(found))
        right = {
            "edition": "2020-09-06",
            "item": place.item,
            "line": place.line,
            "differs": sorted(next(iter(found[place]))),
            "level": level("2020-09-06", place.item),
        }
        assert wrong([right], "2020-09-06", found) is None
        for name, value in (
            ("edition", "2015-12-27"),
            ("item", "36"),
            ("line", 99),
            ("differs", ["asker", "task"]),
            ("level", "neither"),
        ):
            assert wrong([right | {name: value}], "2020-09-06", found), name
        assert wrong([], "2020-09-06", found)
        assert wrong(None, "2020-09-06", found)

    def test_the_level_is_the_orders_where_an_order_details_the_item(self) -> None:
        assert level("2020-09-06", "1") == "order"
        assert level("2020-09-06", "45") == "table"
        assert level("2015-12-27", "1") == "table"
