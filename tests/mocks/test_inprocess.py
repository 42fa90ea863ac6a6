"""The network without sockets, for synchronous and asynchronous clients."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import httpx
import pytest
import respx

from bango_mocks.inprocess import InProcess, inprocess_network

__all__ = ["inprocess_network"]


def headers() -> dict[str, str]:
    return {
        "Bango-Correlation-Id": str(uuid.uuid4()),
        "Bango-Profile-Version": "1.0",
        "Idempotency-Key": uuid.uuid4().hex,
    }


def issue(network: InProcess) -> httpx.Response:
    with httpx.Client(base_url=network.urls["interface-system"]) as client:
        return client.post("/v1/acquisitions", json={"body": network.body}, headers=headers())


def test_a_synchronous_client_gets_an_acquisition_number(inprocess_network: InProcess) -> None:
    answer = issue(inprocess_network)
    assert answer.status_code == 201
    assert len(answer.json()["acquisition_number"]) == 20


def test_an_asynchronous_client_does_too(inprocess_network: InProcess) -> None:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(base_url=inprocess_network.urls["interface-system"]) as client:
            return await client.post("/v1/acquisitions", json={"body": inprocess_network.body}, headers=headers())

    assert asyncio.run(ask()).status_code == 201


def test_a_synchronous_client_works_inside_a_running_loop(inprocess_network: InProcess) -> None:
    async def ask() -> int:
        return issue(inprocess_network).status_code

    assert asyncio.run(ask()) == 201


def test_the_role_decides_as_by_certificate(inprocess_network: InProcess) -> None:
    with inprocess_network.calling_as("portal"):
        answer = issue(inprocess_network)
    assert (answer.status_code, answer.json()["code"]) == (403, "unauthorised-role")
    with inprocess_network.calling_as("intermediate-server", "9999900000000000"):
        assert issue(inprocess_network).json()["code"] == "body-mismatch"
    assert issue(inprocess_network).status_code == 201


def test_a_linkage_code_reaches_the_body_that_joined(inprocess_network: InProcess) -> None:
    network = inprocess_network
    came: list[dict[str, Any]] = []

    async def server(scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        came.append({"path": scope["path"], "peer": scope["extensions"]["bango.peer"], "body": body})
        answer = b'{"acquisition_number": "' + number.encode() + b'", "state": "bound"}'
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": answer})

    network.join(network.body, server)
    number = issue(network).json()["acquisition_number"]
    person = network.population.person(network.body, 1)
    with httpx.Client(base_url=network.urls["jlis"]) as client:
        asked = {"acquisition_number": number, "individual_number": person.individual_number}
        answer = client.post("/v1/linkage-requests", json=asked, headers=headers())
        assert answer.status_code == 202
        for _ in range(200):
            state = client.get(f"/v1/linkage-requests/{number}", headers=headers()).json()["state"]
            if state != "received":
                break
    assert state == "notified"
    assert [one["path"] for one in came] == ["/network/v1/linkage-codes"]
    assert came[0]["peer"].role == "interface-system"
    assert person.individual_number.encode() not in came[0]["body"]


@pytest.mark.parametrize(
    ("how", "error"),
    [("refused", httpx.ConnectError), ("timeout", httpx.ReadTimeout), ("cut", httpx.RemoteProtocolError)],
)
def test_a_component_can_be_lost(inprocess_network: InProcess, how: Any, error: type[Exception]) -> None:
    with inprocess_network.fails("interface-system", how), pytest.raises(error):
        issue(inprocess_network)
    assert issue(inprocess_network).status_code == 201


def test_the_loss_of_the_core_is_the_networks_problem(inprocess_network: InProcess) -> None:
    with inprocess_network.fails("core", "refused"):
        answer = issue(inprocess_network)
    assert (answer.status_code, answer.json()["code"], answer.json()["origin"]) == (503, "core-down", "network")


def test_other_hosts_stay_with_other_routers(inprocess_network: InProcess) -> None:
    with respx.mock(base_url="https://vendor.invalid") as own, httpx.Client() as client:
        own.get("/x").respond(204)
        assert client.get("https://vendor.invalid/x").status_code == 204
        with pytest.raises(AssertionError):
            client.get("https://elsewhere.invalid/")
    assert issue(inprocess_network).status_code == 201


def test_nobody_answers_for_a_body_that_has_not_joined(inprocess_network: InProcess) -> None:
    with httpx.Client() as client, pytest.raises(httpx.ConnectError):
        client.get(f"https://body-{inprocess_network.body}.bango-testbed.invalid/")


def test_no_network_is_left_behind() -> None:
    with InProcess() as network:
        url = network.urls["interface-system"]
    with httpx.Client() as client, pytest.raises(httpx.ConnectError):
        client.get(url)
