"""Acquiring, binding and giving up linkage codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.mocks.reference.world import World


def test_a_code_is_bound_by_its_acquisition_number(world: World) -> None:
    person, other = world.new_person(), world.new_person()
    numbers = {
        one: world.call("POST", "acquisitions", {"integrated_address_number": one}).json()["acquisition_number"]
        for one in (person, other)
    }
    assert world.call("GET", f"acquisitions/{numbers[person]}").json()["state"] == "requested"
    for one in (other, person):
        found = world.net("linkage-codes", {"acquisition_number": numbers[one], "linkage_code": world.new_code()})
        assert found.json() == {"acquisition_number": numbers[one], "state": "bound"}
    shown = world.call("GET", f"acquisitions/{numbers[person]}").json()
    assert shown["state"] == "bound"
    assert shown["integrated_address_number"] == person
