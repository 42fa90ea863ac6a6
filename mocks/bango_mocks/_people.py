"""Everything about a person except the numbers: household, names, dates, addresses, as a pure function of two hashes.

One hash belongs to a group of residents (who lives with whom), one to each person; the head's also gives the household
its name and address. Fields are cut from the hashes at fixed places, so that no draw shifts another.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from bango_mocks._bodies import Body, directory, prefecture_name
from bango_spec.characters import longest
from bango_spec.population import PopulationParts, population_parts
from bango_spec.reading import Element

if TYPE_CHECKING:
    from collections.abc import Callable

# A hash has 32 pairs of bytes: 0 to 4 are the person's own, 5 to 16 three earlier addresses, these the household's.
_HOUSEHOLD = 20

Role = Literal["single", "head", "spouse", "child"]
_ROLES: tuple[Role, Role, Role] = ("head", "spouse", "child")


class PreviousAddress(Element, frozen=True):
    """Where somebody lived before: the code of that day (a ward's, a former one or `99999` for abroad or unknown)."""

    code: str
    address: str
    since: str
    until: str


class Place(NamedTuple):
    """Where in a group somebody stands: the first of the household, its size, the place in it."""

    start: int
    size: int
    rank: int


class Profile(NamedTuple):
    """What `describe` finds out about a person."""

    family: tuple[str, str]
    given: tuple[str, str]
    sex: Literal["male", "female"]
    birth_date: str
    role: Role
    address: str
    address_code: str
    previous: tuple[PreviousAddress, ...]


class Cut:
    """A hash as a row of small numbers: `cut(n, limit)` is the n-th pair of bytes, below `limit`."""

    def __init__(self, digest: bytes) -> None:
        self._digest = digest

    def __call__(self, n: int, limit: int) -> int:
        at = 2 * n
        return (self._digest[at] << 8 | self._digest[at + 1]) % limit


class Lists:
    """The name parts split once into kanji and kana."""

    def __init__(self, parts: PopulationParts) -> None:
        self.first = _split(parts.first_parts)
        self.second = _split(parts.second_parts)
        self.hard_families = _split(parts.hard_families.names)
        self.hard_givens = _split(parts.hard_givens.names)
        self.given = {"male": _split(parts.male_names), "female": _split(parts.female_names)}
        self.group = sum(parts.households[0])
        self.places = tuple(_places(sizes) for sizes in parts.households)
        self.as_of = date.fromisoformat(parts.as_of).toordinal()
        self.longest = longest("name")


@cache
def lists() -> Lists:
    """The prepared lists, made once."""
    return Lists(population_parts())


def household_place(group: Cut, n: int) -> Place:
    """Where the n-th of a group stands in the household that the group's hash gives."""
    rows = lists().places
    return rows[group(0, len(rows))][n]


def describe(body: Body, own: Cut, member: Callable[[int], Cut], place: Place) -> Profile:
    """A person's profile; `member(rank)` is the own hash of another member of the household."""
    head = member(0)
    role: Role = _role(place)
    sex = _sex(place, head, own)
    family, given = _names(head, own, sex)
    town, number, branch = head(_HOUSEHOLD + 1, 65536), head(_HOUSEHOLD + 2, 999), head(_HOUSEHOLD + 3, 99)
    code, where = body.municipality_code, body.full_name
    if body.wards:
        ward = body.wards[head(_HOUSEHOLD + 4, len(body.wards))]
        code, where = ward.code, where + ward.name
    birth = _birth(place, head, member, own)
    return Profile(
        family=family,
        given=given,
        sex=sex,
        birth_date=date.fromordinal(birth).isoformat(),
        role=role,
        address=_address(where, town, number, branch),
        address_code=code,
        previous=_previous(own, birth),
    )


def _split(words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((kanji, kana) for kanji, _, kana in (word.partition(" ") for word in words))


def _places(sizes: tuple[int, ...]) -> tuple[Place, ...]:
    starts = [sum(sizes[:i]) for i in range(len(sizes) + 1)]
    return tuple(Place(a, b - a, rank) for a, b in pairwise(starts) for rank in range(b - a))


def _role(place: Place) -> Role:
    if place.size == 1:
        return "single"
    return _ROLES[min(place.rank, 2)]


def _sex(place: Place, head: Cut, own: Cut) -> Literal["male", "female"]:
    female = own(0, 2) == 1 if place.rank != 1 else head(0, 2) == 0
    return "female" if female else "male"


def _names(head: Cut, own: Cut, sex: str) -> tuple[tuple[str, str], tuple[str, str]]:
    parts, words = population_parts(), lists()
    draw = head(_HOUSEHOLD, 65536)
    if draw % parts.hard_families.every == 0:
        family = words.hard_families[draw // parts.hard_families.every % len(words.hard_families)]
    else:
        first = words.first[draw % len(words.first)]
        second = words.second[draw // len(words.first) % len(words.second)]
        family = (first[0] + second[0], first[1] + second[1])
    draw = own(1, 65536)
    if draw % parts.hard_givens.every == 0:
        given = words.hard_givens[draw // parts.hard_givens.every % len(words.hard_givens)]
    else:
        given = words.given[sex][draw % len(words.given[sex])]
    if head(_HOUSEHOLD + 5, parts.longest_names.every) == 0:
        family = (_stretched(family[0], words.longest * 3 // 5), _stretched(family[1], words.longest * 3 // 5))
        rest = (words.longest - 1 - len(family[0]), words.longest - 1 - len(family[1]))
        given = (_stretched(given[0], rest[0]), _stretched(given[1], rest[1]))
    return family, given


def _stretched(name: str, most: int) -> str:
    """The name repeated as often as `most` characters allow, never cut inside (a mark stays with its letter)."""
    return name * max(1, most // len(name))


def _birth(place: Place, head: Cut, member: Callable[[int], Cut], own: Cut) -> int:
    head_age = _head_age(place, head)
    if place.rank == 0:
        age = head_age
    elif place.rank == 1:
        age = _spouse_age(head_age, own)
    else:
        age = max(0, min(head_age, _spouse_age(head_age, member(1))) - 20 - own(2, 16))
    return lists().as_of - age * 1461 // 4 - own(3, 365)


def _head_age(place: Place, head: Cut) -> int:
    if place.size == 1:
        return 18 + head(2, 85)
    return 22 + head(2, 75) if place.size == 2 else 24 + head(2, 35)


def _spouse_age(head_age: int, spouse: Cut) -> int:
    return max(20, head_age - 5 + spouse(2, 11))


def _address(where: str, town: int, number: int, branch: int) -> str:
    towns = population_parts().towns
    return f"{where}{towns[town % len(towns)]}{9001 + number}番地{1 + branch}"


def _previous(own: Cut, birth: int) -> tuple[PreviousAddress, ...]:
    moves = population_parts().moves
    count = moves[own(4, len(moves))]
    days = lists().as_of - birth
    if count == 0 or days < 365:  # a baby has not moved
        return ()
    cuts = [birth + days * i // (count + 1) for i in range(count + 1)]
    return tuple(_earlier(own, 5 + 4 * i, since, until) for i, (since, until) in enumerate(pairwise(cuts)))


def _earlier(own: Cut, at: int, since: int, until: int) -> PreviousAddress:
    abroad = population_parts().abroad
    municipalities = directory().municipalities
    body = municipalities[own(at, len(municipalities))]
    dates = {"since": date.fromordinal(since).isoformat(), "until": date.fromordinal(until).isoformat()}
    if own(at + 1, 20) == 0:
        return PreviousAddress(code=abroad.code, address=abroad.address, **dates)
    code, where = body.municipality_code, body.full_name
    if body.wards:
        ward = body.wards[own(at + 2, len(body.wards))]
        code, where = ward.code, where + ward.name
    elif body.former_codes:
        old = own(at + 2, len(body.former_codes))
        code, where = body.former_codes[old], f"{prefecture_name(body.prefecture).ja}旧{old + 1}{body.name.ja}"
    return PreviousAddress(
        code=code, address=_address(where, own(at + 3, 65536), own(at + 3, 997), own(at + 3, 89)), **dates
    )
