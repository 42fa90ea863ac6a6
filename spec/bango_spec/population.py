"""The parts of synthetic residents and bodies: the types of spec/population.yaml.

Who is computed from them is the mocks' business.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from bango_spec.reading import Element, Text, read


class MunicipalityKind(Element, frozen=True):
    """A kind of municipality: how many, how large, and how its codes and names are made."""

    id: str
    name: Text
    suffix: Text
    count: int
    largest: int
    smallest: int
    first: int
    outer: tuple[str, str]
    parties: tuple[str, ...]
    prefecture: int | None = None
    wards: int = 0
    former_from: int | None = None
    merged_every: int = 1


class OtherKind(Element, frozen=True):
    """A kind of body that is no municipality, and whose residents it knows."""

    id: str
    name: Text
    body: Text
    count: int
    covers: Literal["prefecture", "members", "nation"]
    outer: tuple[str, str]
    parties: tuple[str, ...]
    members: int = 0
    own_code: bool = False


class WardName(Element, frozen=True):
    """The name of a ward without its 区."""

    ja: str
    kana: str


class Hard(Element, frozen=True):
    """Names with hard characters; one in `every` has one of them."""

    every: int
    names: tuple[str, ...]


class Longest(Element, frozen=True):
    """One household in `every` has names of the greatest length."""

    every: int


class Abroad(Element, frozen=True):
    """What stands for a municipality where an earlier address is abroad or unknown."""

    code: str
    address: str


class PopulationParts(Element, frozen=True):
    """The whole of spec/population.yaml; name parts are written `漢字 カナ`."""

    as_of: str
    municipalities: tuple[MunicipalityKind, ...]
    others: tuple[OtherKind, ...]
    network: tuple[str, ...]
    """The kinds of body that a small network begins with."""
    prefecture_name: Text
    ward_names: tuple[WardName, ...]
    towns: tuple[str, ...]
    abroad: Abroad
    first_parts: tuple[str, ...]
    second_parts: tuple[str, ...]
    male_names: tuple[str, ...]
    female_names: tuple[str, ...]
    hard_families: Hard
    hard_givens: Hard
    longest_names: Longest
    households: tuple[tuple[int, ...], ...]
    moves: tuple[int, ...]


@cache
def population_parts() -> PopulationParts:
    """The parts, read once."""
    return read("population.yaml", PopulationParts)
