"""Synthetic residents: pure, without collisions, invertible, plausible, and marked as test numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.jp import cn, in_

from bango_mocks import population as pop
from bango_mocks._bijection import Bijection
from bango_spec import identifiers as ids
from bango_spec.characters import check as check_text
from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

NATION = pop.Population(1)
INDEXES = st.integers(0, len(NATION) - 1)


def test_the_nation_has_1741_municipalities_and_124_million_people() -> None:
    towns = pop.directory().municipalities
    kinds = [
        sum(body.kind in kind for body in towns)
        for kind in (("city", "designated-city"), ("town",), ("village",), ("special-ward",))
    ]
    assert kinds == [792, 743, 183, 23]
    assert 120_000_000 < sum(body.residents for body in towns) == len(NATION) < 2**27
    assert {body.prefecture for body in towns} == set(range(51, 98))
    assert len(pop.bodies("prefecture")) == 47
    assert len(pop.bodies("pension-service")) == 1


def test_body_codes_are_right_unique_and_test_codes() -> None:
    everybody = pop.bodies()
    assert len({body.code for body in everybody}) == len(everybody)
    assert len({body.full_name for body in everybody}) == len(everybody)
    assert [b.code for b in everybody if not ids.is_test_number("body-code", b.code)] == []
    assert [b.code for b in everybody if not cn.is_valid(b.corporate_number)] == []
    towns = pop.directory().municipalities
    codes = [code for b in towns for code in (b.municipality_code, *b.former_codes, *(w.code for w in b.wards))]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if not ids.is_test_number("municipality-code", code)] == []
    assert [body.number for body in everybody] == list(range(len(everybody)))


def test_wards_and_former_codes_lead_to_the_body_of_today() -> None:
    city = pop.bodies("designated-city")[0]
    assert city.wards
    assert city.former_codes
    assert {pop.today(ward.code) for ward in city.wards} == {city}
    assert pop.today(city.former_codes[0]) == city
    assert any(len(body.former_codes) == 2 for body in pop.bodies("city"))
    assert pop.today("131016") is None
    assert pop.today("99999") is None


def test_stretches_of_residents_tile_the_nation() -> None:
    end = 0
    for body in pop.directory().municipalities:
        assert body.first == end
        assert body.residents > 0
        end += body.residents
    assert end == len(NATION)
    assert sum(body.residents for body in pop.bodies("prefecture")) == end


@settings(derandomize=True, max_examples=200)
@given(INDEXES)
def test_numbers_lead_back_to_their_person(index: int) -> None:
    person = NATION.person_at(index)
    assert NATION.person_of_individual_number(person.individual_number) == person
    assert NATION.person_of_resident_code(person.resident_code) == person
    for which in (0, 700, pop.bodies("pension-service")[0]):
        number = NATION.integrated_address_number(which, person)
        assert ids.is_test_number("integrated-address-number", number)
        assert NATION.person_of_integrated_address_number(which, number) == person
    assert NATION.person(person.body, person.n) == person


@settings(derandomize=True, max_examples=200)
@given(INDEXES)
def test_check_digits_are_right_by_the_oracle_and_numbers_are_marked(index: int) -> None:
    person = NATION.person_at(index)
    assert in_.is_valid(person.individual_number)
    assert pop.is_test_number("individual-number", person.individual_number)
    assert pop.is_test_number("resident-code", person.resident_code)


def test_no_two_of_50000_share_a_number() -> None:
    numbers = [NATION.individual_number(i * 2477) for i in range(50_000)]
    assert len(set(numbers)) == 50_000
    at_body = {NATION.integrated_address_number(3, i) for i in range(50_000)}
    assert len(at_body) == 50_000
    assert not at_body & {NATION.integrated_address_number(4, i) for i in range(200)}


def test_a_person_is_a_pure_function_of_seed_body_and_number() -> None:
    again = pop.Population(1)
    wanted = [(body, n) for body in (0, 40, 900, 1740) for n in range(25)]
    forwards = [NATION.person(*place) for place in wanted]
    assert [again.person(*place) for place in reversed(wanted)] == forwards[::-1]
    other = pop.Population(2)
    assert all(
        other.person(*place).individual_number != one.individual_number
        for place, one in zip(wanted, forwards, strict=True)
    )
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda place: again.person(*place), wanted)) == forwards


def test_a_known_person_never_changes() -> None:
    person = NATION.person(0, 0)
    assert (person.individual_number, person.resident_code, person.name) == (
        "990509858926",
        "90873498695",
        "験浜\u3000学",
    )


def test_bodies_see_the_same_person() -> None:
    town = pop.directory().municipalities[500]
    prefecture = pop.bodies("prefecture")[town.prefecture - 51]
    person = NATION.person(town, 7)
    assert NATION.person(prefecture, town.first - prefecture.first + 7) == person
    assert NATION.person(pop.bodies("pension-service")[0], town.first + 7) == person


def test_households_share_name_and_address_and_generations_fit() -> None:
    seen: set[str] = set()
    for index in range(1_000_000, 1_000_600):
        person = NATION.person_at(index)
        home = NATION.household(person)
        seen.add(person.role)
        assert person in home
        assert {(one.family_name, one.family_kana, one.address) for one in home} == {
            (home[0].family_name, home[0].family_kana, home[0].address)
        }
        if person.role == "child":
            parents = [date.fromisoformat(one.birth_date) for one in home[:2]]
            assert date.fromisoformat(person.birth_date).year - max(p.year for p in parents) >= 18
    assert seen == {"single", "head", "spouse", "child"}


def test_texts_obey_the_character_rules_and_some_are_hard() -> None:
    people = [NATION.person_at(index) for index in range(0, 60_000, 7)]
    for person in people:
        assert check_text(person.name, "name") is None
        assert check_text(person.kana, "kana") is None
        assert check_text(person.address, "address") is None
        assert "番地" in person.address
        assert date(1900, 1, 1) < date.fromisoformat(person.birth_date) <= date(2020, 9, 6)
    names = "".join(person.name for person in people)
    assert {"\U00020bb7", "\U000e0100", "\ufa19", "髙", "邉"} <= set(names)
    assert 90 < max(len(person.name) for person in people) <= 100
    hard = sum(any(ord(char) > 0xFFFF or char in "髙邉邊﨑\ufa19" for char in one.name) for one in people)
    assert 0.02 < hard / len(people) < 0.2


def test_previous_addresses_are_ordered_and_use_old_codes_wards_and_abroad() -> None:
    codes: set[str] = set()
    for index in range(3_000, 9_000):
        person = NATION.person_at(index)
        earlier = person.previous_addresses
        codes |= {one.code for one in earlier}
        assert all(one.since < one.until for one in earlier)
        assert all(a.until == b.since for a, b in pairwise(earlier))
        assert not earlier or earlier[0].since == person.birth_date
    towns = pop.directory().municipalities
    assert "99999" in codes
    assert codes & {code for body in towns for code in body.former_codes}
    assert codes & {ward.code for body in towns for ward in body.wards}


def test_numbers_of_nobody_are_right_and_lead_nowhere() -> None:
    number = NATION.nobody(5)
    assert ids.check("individual-number", number) is None
    assert NATION.person_of_individual_number(number) is None
    stranger = NATION.integrated_address_number(0, len(NATION) + 5)
    assert NATION.person_of_integrated_address_number(0, stranger) is None
    assert NATION.person_of_individual_number("123456789018") is None
    assert NATION.person_of_individual_number("990509858925") is None


@settings(derandomize=True, max_examples=100)
@given(st.binary(min_size=1, max_size=32), st.sampled_from([12, 35, 1000, 997]))
def test_the_bijection_is_one(key: bytes, size: int) -> None:
    bijection = Bijection(key, size)
    images = [bijection.forward(index) for index in range(size)]
    assert sorted(images) == list(range(size))
    assert [bijection.backward(image) for image in images] == list(range(size))


def test_neighbours_are_scattered() -> None:
    places = [ids.block_offset("individual-number", NATION.individual_number(i)) or 0 for i in range(2000)]
    eighths = [sum(place // (2**24) == part for place in places) for part in range(8)]
    assert min(eighths) > 180
    assert sum(abs(a - b) < 1000 for a, b in pairwise(places)) < 5


def test_misuse_has_its_own_code() -> None:
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: pop.body("9999999999999999"), "POP-BODY"),
        (lambda: pop.body(-1), "POP-BODY"),
        (lambda: NATION.person(0, 2_400_000), "POP-PERSON"),
        (lambda: NATION.person_at(-1), "POP-PERSON"),
    ]
    for call, code in calls:
        with pytest.raises(UsageError) as caught:
            call()
        assert caught.value.code == code
