"""Synthetic residents, computed and never stored: person n of body b is a pure function of (seed, b, n).

Everybody has an index in one row of 124 million; two keyed bijections lead from it to the individual number and the
resident code inside the test blocks of spec/identifiers.yaml, and one for each body to its integrated address numbers.
They are undone in constant time, so a number leads back to its person without any table. Objects are stateless once
made (a cache of per-body bijections aside, whose entries are equal whoever makes them), so threads may share them.
"""

from __future__ import annotations

from bisect import bisect_right
from hashlib import blake2b
from typing import Literal

from bango_mocks._bijection import Bijection
from bango_mocks._bodies import Body, Directory, Ward, directory
from bango_mocks._people import Cut, PreviousAddress, Role, describe, household_place, lists
from bango_spec.errors import UsageError
from bango_spec.identifiers import block_offset, block_value, check, identifier, is_test_number
from bango_spec.reading import Element

__all__ = [
    "Body",
    "Directory",
    "Person",
    "Population",
    "PreviousAddress",
    "Role",
    "Ward",
    "bodies",
    "body",
    "directory",
    "is_test_number",
    "today",
]


class Person(Element, frozen=True):
    """One synthetic resident: numbers, the four attributes, household and earlier addresses.

    `index` is the place among everybody, `n` the place within the municipality `body` (a body code); `household` is the
    index of the head; `address_code` is a ward's code where there are wards.
    """

    index: int
    body: str
    n: int
    individual_number: str
    resident_code: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    sex: Literal["male", "female"]
    birth_date: str
    address: str
    address_code: str
    household: int
    household_size: int
    role: Role
    previous_addresses: tuple[PreviousAddress, ...]

    @property
    def name(self) -> str:
        """Family and given name with an ideographic space between, as registers write it."""
        return f"{self.family_name}\u3000{self.given_name}"

    @property
    def kana(self) -> str:
        """The name in kana, written like the name."""
        return f"{self.family_kana}\u3000{self.given_kana}"

    @property
    def four_attributes(self) -> tuple[str, str, str, str]:
        """Name, address, birth date and sex: what an intermediate server never holds."""
        return self.name, self.address, self.birth_date, self.sex

    def personal_values(self) -> tuple[str, ...]:
        """Every text by which this person could be recognised, for canaries and masking."""
        parts = (self.family_name + self.given_name, self.kana, self.family_kana + self.given_kana)
        return (self.individual_number, self.resident_code, self.name, *parts, self.address)


def bodies(kind: str | None = None) -> tuple[Body, ...]:
    """All bodies, municipalities first, or those of one kind (`city`, `prefecture`, `pension-service`, …)."""
    return tuple(one for one in directory().all if kind in (None, one.kind))


def body(which: Body | int | str) -> Body:
    """A body by itself, its number or its body code; POP-BODY when there is none."""
    if isinstance(which, Body):
        return which
    if isinstance(which, str):
        found = directory().by_code.get(which)
    else:
        found = directory().all[which] if 0 <= which < len(directory().all) else None
    if found is None:
        example = directory().all[0]
        raise UsageError(
            "POP-BODY",
            f"{which}: 試験台の知らない機関です / the testbed knows no such body",
            cause="機関コードは試験用の 16 桁です / a body code here is one of the 16 digits that are kept for tests",
            step=f"{example.code}（{example.full_name}）のように指定してください / name one such as {example.code}",
        )
    return found


def today(municipality_code: str) -> Body | None:
    """The municipality that a code means today: wards roll up to their city, former codes lead to the successor."""
    return directory().today(municipality_code)


class Population:
    """The residents of one seed."""

    def __init__(self, seed: int | str) -> None:
        self.seed = seed
        self._root = blake2b(f"bango population {seed}".encode(), digest_size=32).digest()
        self._individual = self._bijection("individual-number")
        self._resident = self._bijection("resident-code")
        self._per_body: dict[str, Bijection] = {}
        self._people = blake2b(key=self._root, digest_size=64, person=b"person")
        self._groups = blake2b(key=self._root, digest_size=64, person=b"group")
        self._size = directory().population

    def __len__(self) -> int:
        return self._size

    def person(self, which: Body | int | str, n: int) -> Person:
        """Person n (from 0) among those whom a body knows; POP-PERSON beyond the last."""
        found = body(which)
        if not 0 <= n < found.residents:
            raise UsageError("POP-PERSON", f"{found.code} knows persons 0 to {found.residents - 1}, not {n}")
        return self.person_at(found.first + n)

    def person_at(self, index: int) -> Person:
        """The person at a place among everybody."""
        home = self._home(index)
        group, place_in_group = divmod(index, lists().group)
        place = household_place(self._cut(self._groups, group), place_in_group)
        head = index - place.rank
        own = self._cut(self._people, index)

        def member(rank: int) -> Cut:
            return own if rank == place.rank else self._cut(self._people, head + rank)

        profile = describe(home, own, member, place)
        return Person(
            index=index,
            body=home.code,
            n=index - home.first,
            individual_number=self.individual_number(index),
            resident_code=block_value("resident-code", self._resident.forward(index)),
            family_name=profile.family[0],
            given_name=profile.given[0],
            family_kana=profile.family[1],
            given_kana=profile.given[1],
            sex=profile.sex,
            birth_date=profile.birth_date,
            address=profile.address,
            address_code=profile.address_code,
            household=head,
            household_size=place.size,
            role=profile.role,
            previous_addresses=profile.previous,
        )

    def household(self, person: Person) -> tuple[Person, ...]:
        """Everybody who lives with a person, that person included, the head first."""
        return tuple(self.person_at(person.household + rank) for rank in range(person.household_size))

    def individual_number(self, index: int) -> str:
        """The individual number at a place among everybody; beyond the last, one that nobody has."""
        return block_value("individual-number", self._individual.forward(index))

    def person_of_individual_number(self, value: str) -> Person | None:
        """Whose individual number it is; None when it is malformed, no test number, or nobody's."""
        return self._person_of("individual-number", self._individual, value)

    def person_of_resident_code(self, value: str) -> Person | None:
        """Whose resident code it is; None when it is malformed, no test number, or nobody's."""
        return self._person_of("resident-code", self._resident, value)

    def integrated_address_number(self, which: Body | int | str, person: Person | int) -> str:
        """A person's number at a body, which may be any body; an index beyond the last gives one that nobody has."""
        index = person if isinstance(person, int) else person.index
        return block_value("integrated-address-number", self._addresses(body(which)).forward(index))

    def person_of_integrated_address_number(self, which: Body | int | str, value: str) -> Person | None:
        """Whose number it is at that body; None when it is malformed, no test number, or nobody's."""
        return self._person_of("integrated-address-number", self._addresses(body(which)), value)

    def nobody(self, n: int = 0) -> str:
        """The n-th right individual number in the test block that belongs to nobody."""
        return self.individual_number(self._size + n)

    def _person_of(self, kind: str, bijection: Bijection, value: str) -> Person | None:
        if check(kind, value) is not None:
            return None
        offset = block_offset(kind, value)
        index = self._size if offset is None else bijection.backward(offset)
        return self.person_at(index) if index < self._size else None

    def _home(self, index: int) -> Body:
        if not 0 <= index < self._size:
            raise UsageError("POP-PERSON", f"there are persons 0 to {self._size - 1}, not {index}")
        return directory().municipalities[bisect_right(directory().starts, index) - 1]

    def _addresses(self, of: Body) -> Bijection:
        found = self._per_body.get(of.code)
        if found is None:
            found = self._per_body[of.code] = self._bijection("integrated-address-number", of.code)
        return found

    def _bijection(self, kind: str, salt: str = "") -> Bijection:
        block = identifier(kind).test_block
        if block is None:
            raise UsageError("POP-BLOCK", f"{kind} has no test block")
        return Bijection(blake2b(f"{kind} {salt}".encode(), key=self._root, digest_size=32).digest(), block.size)

    @staticmethod
    def _cut(base: blake2b, number: int) -> Cut:
        state = base.copy()
        state.update(number.to_bytes(8, "big"))
        return Cut(state.digest())
