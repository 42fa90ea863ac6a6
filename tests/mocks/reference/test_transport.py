"""Who is let in, who is called, and revocations while the server runs."""

from __future__ import annotations

import datetime as dt
import ssl
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from bango_mocks.authority import Authority
from bango_mocks.tls import client_context

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mocks.reference.world import World

    from bango_mocks.authority import Credential

HEALTH = {"in-house": "/in-house/v1/health", "network": "/network/v1/health"}


def get(world: World, side: str, context: ssl.SSLContext, **headers: str) -> httpx.Response:
    """One request on a connection of its own."""
    served = world.running.in_house if side == "in-house" else world.running.network
    headers = {"Bango-Correlation-Id": str(uuid.uuid4())} | headers
    with httpx.Client(verify=context, trust_env=False) as client:
        return client.get(served.url + HEALTH[side], headers=headers)


@pytest.mark.parametrize("side", ["in-house", "network"])
def test_only_valid_certificates_of_the_authority(world: World, side: str) -> None:
    now = dt.datetime.now(dt.UTC)
    role, body = ("in-house", world.OWN) if side == "in-house" else ("interface-system", None)
    good = world.credential(role, body)
    assert get(world, side, client_context(good)).status_code == 200
    stranger = Authority.create(world.folder / uuid.uuid4().hex).issue(world.folder / uuid.uuid4().hex, role, body)
    foreign = client_context(stranger)
    foreign.load_verify_locations(good.authority)
    without = ssl.create_default_context(cafile=str(good.authority))
    old = world.credential(role, body, ends=now - dt.timedelta(minutes=1))
    early = world.credential(role, body, starts=now + dt.timedelta(hours=1))
    for context in (foreign, without, client_context(old), client_context(early)):
        with pytest.raises(httpx.TransportError):
            get(world, side, context)


@pytest.mark.parametrize(
    ("side", "role", "body", "code"),
    [
        ("in-house", "interface-system", None, "unauthorised-role"),
        ("in-house", "in-house", "9000163102700001", "body-mismatch"),
        ("network", "in-house", "9000163101900001", "unauthorised-role"),
        ("network", "core", None, "unauthorised-role"),
        ("network", "portal", None, "unauthorised-role"),
    ],
)
def test_each_side_is_for_its_role(world: World, side: str, role: str, body: str | None, code: str) -> None:
    context = client_context(world.credential(role, body))
    claim = "urn:bango:role:interface-system" if side == "network" else f"urn:bango:role:in-house:body:{world.OWN}"
    found = get(world, side, context, **{"Client-Cert": claim, "X-Forwarded-Client-Cert": f"URI={claim}"})
    assert (found.status_code, found.json()["code"]) == (403, code)


def test_a_revocation_takes_effect_while_the_server_runs(make_world: Callable[..., World]) -> None:
    world = make_world()

    def stolen() -> Credential:
        return world.credential("in-house", world.OWN, revoked=True)

    context = client_context(stolen())
    assert get(world, "in-house", context).status_code == 200
    world.config.credential.joinpath("revoked.pem").write_bytes((world.authority.folder / "revoked.pem").read_bytes())
    world.running.server.transport.refresh()
    with pytest.raises(httpx.TransportError):
        get(world, "in-house", context)
    assert world.call("GET", "records").status_code == 200


def test_nothing_is_sent_to_a_server_of_another_role(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.host.stop(world.served)
    port = int(world.served.url.rpartition(":")[2])
    wrong = world.credential("intermediate-server", world.PEER)
    world.served = world.host.serve(world.network.application(), wrong, port=port)
    seen = len(world.network.seen)
    refused = world.call("POST", "acquisitions", {"integrated_address_number": world.new_person()})
    assert (refused.status_code, refused.json()["code"], refused.json()["origin"]) == (503, "network-down", "network")
    assert len(world.network.seen) == seen


def test_in_house_work_goes_on_without_the_network(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.host.stop(world.served)
    person = world.new_person()
    assert world.replica(person).status_code == 201
    assert world.call("GET", f"replicas/{person}/{world.TAX}?fiscal_year=2020").status_code == 200
    done = world.ended(world.ask(person))
    assert (done["outcome"], done["problem"]["code"], done["problem"]["origin"]) == (
        "failed",
        "network-down",
        "network",
    )
    world.staff("boss", ["administer"])
    failures = world.call("GET", "unresolved-failures", staff="boss").json()
    assert [(one["kind"], one["code"]) for one in failures["failures"]] == [("inquiry-undelivered", "network-down")]
    place = f"unresolved-failures/{failures['failures'][0]['failure_id']}/acknowledgement"
    assert world.call("POST", place, {"action": "確認"}, staff="boss").json()["acknowledged"] is True
    assert world.call("GET", "unresolved-failures", staff="boss").json() == {"failures": [], "unresolved": 0}
    assert world.request("in-house", "GET", "/in-house/v1/health").json()["status"] == "degraded"


def test_connections_beyond_the_limit_are_told_to_wait(world: World) -> None:
    context = world.contexts["in-house"]
    clients = [httpx.Client(verify=context, trust_env=False, timeout=20) for _ in range(70)]
    url = world.running.in_house.url + HEALTH["in-house"]
    headers = {"Bango-Correlation-Id": str(uuid.uuid4())}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda client: client.get(url, headers=headers), clients))
    busy = [one for one in found if one.status_code == 503]
    assert 6 <= len(busy) < 20
    assert {(one.json()["code"], one.headers["retry-after"]) for one in busy} == {("connection-cap", "1")}
    for client in clients:
        client.close()
    for _ in range(200):
        if get(world, "in-house", context).status_code == 200:
            break
    assert get(world, "in-house", context).status_code == 200
