"""Mutants are laid over the reference from outside, and break what they say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bango_mocks.reference.intermediate_server.__main__ import main
from bango_mocks.reference.intermediate_server.blueprint import Blueprint, blueprint
from bango_mocks.reference.intermediate_server.overlays import find, mutants
from bango_mocks.reference.intermediate_server.provisions import Provisions
from bango_mocks.tls import client_context
from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mocks.reference.world import World


def test_a_mutant_replaces_exactly_one_part() -> None:
    whole = Blueprint()
    for one in mutants():
        made = blueprint(one.overlay)
        name = whole.part_of(one.overlay)
        assert getattr(made, name) is one.overlay
        assert [field for field in vars(whole) if getattr(made, field) is not getattr(whole, field)] == [name]
    assert len({one.id for one in mutants()}) == len(mutants()) >= 3


def test_what_is_no_part_is_refused() -> None:
    with pytest.raises(UsageError, match="subclass of no part"):
        blueprint(int)
    with pytest.raises(UsageError, match="subclass of no part"):
        blueprint(Provisions)
    with pytest.raises(UsageError, match="no mutant"):
        find("is-xyz-001")


def test_without_the_table_everything_is_provided(make_world: Callable[..., World]) -> None:
    world = make_world(find("is-prv-005").overlay)
    person, code = world.bound()
    world.replica(person)
    body, _ = world.provision(code, procedure="JT01010000000999")
    found = world.net("provisions", body | {"permit": world.network.permit(procedure="JT01010000000999")})
    assert found.json()["outcome"] == "provided"


def test_without_the_role_everybody_gets_in(make_world: Callable[..., World]) -> None:
    import httpx

    world = make_world(find("is-trn-006").overlay)
    context = client_context(world.credential("portal"))
    with httpx.Client(verify=context, trust_env=False) as client:
        headers = {"Bango-Correlation-Id": world.network_id()}
        assert client.get(world.running.network.url + "/network/v1/health", headers=headers).status_code == 200


def test_the_number_goes_into_the_network(make_world: Callable[..., World]) -> None:
    world = make_world(find("is-pri-003").overlay)
    person = world.new_person()
    world.call("POST", "acquisitions", {"integrated_address_number": person})
    assert person in world.network.sent("obtainAcquisitionNumber")[0].headers["idempotency-key"]


def test_the_list_tells_what_the_matrix_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list-mutants"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in told] == [one.id for one in mutants()]
    members = {"id", "clause", "title", "reason", "breaks", "campaign"}
    assert all(set(one) == members and set(one["title"]) == {"ja", "en"} for one in told)
