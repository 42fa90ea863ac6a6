"""Calls to the interface system: correlation passed on, silence and refusals turned into problems with their origin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import msgspec

from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Problem
from bango_spec.assumptions import number
from bango_spec.error_catalogue import by_code

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

PROFILE_VERSION = "1.0"
ORIGINS = ("asker", "network", "provider")
PASSED_ON = ("nearest", "clauses", "errors")
UNREACHABLE = ("network-down", "core-down", "peer-down", "timeout", "connection-cap", "internal-error")


class Upstream(Part):
    """The one way into the network."""

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self._client: httpx.AsyncClient | None = None

    def client(self) -> httpx.AsyncClient:
        """The client, made on first use, so that starting needs no network."""
        if self._client is None:
            self._client = httpx.AsyncClient(
                base_url=self.config.interface_system,
                verify=self.server.transport.calling(),
                timeout=number("request-timeout-seconds"),
                trust_env=False,
                limits=httpx.Limits(max_connections=number("connection-limit"), max_keepalive_connections=16),
            )
        return self._client

    async def call(
        self,
        method: str,
        path: str,
        message: Any = None,
        *,
        correlation: str,
        key: str | None = None,
        query: dict[str, str] | None = None,
        seconds: float | None = None,
    ) -> tuple[int, Any]:
        """Status and JSON of a success; every other end is a problem with a code of the catalogue."""
        headers = {"Bango-Correlation-Id": correlation, "Bango-Profile-Version": PROFILE_VERSION}
        if key is not None:
            headers["Idempotency-Key"] = key
        content = None
        if message is not None:
            headers["Content-Type"] = "application/json"
            content = msgspec.json.encode(message)
        limit = httpx.Timeout(seconds) if seconds is not None else httpx.USE_CLIENT_DEFAULT
        try:
            response = await self.client().request(
                method, path, content=content, headers=headers, params=query, timeout=limit
            )
        except httpx.TimeoutException as error:
            raise Problem("timeout", "the interface system did not answer in time") from error
        except (httpx.HTTPError, OSError) as error:
            raise Problem("network-down", "the interface system cannot be reached") from error
        return response.status_code, self.read(response)

    def read(self, response: httpx.Response) -> Any:
        """The JSON of a success; the problem that an answer carries is raised with the origin it names."""
        try:
            data = msgspec.json.decode(response.content) if response.content else None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Problem("network-down", "the interface system's answer cannot be read") from error
        if response.is_success:
            return data
        raise self.relayed(data)

    def relayed(self, data: Any) -> Problem:
        """The problem that came, with its code, its origin and what it says of the table."""
        if not isinstance(data, dict) or data.get("code") not in by_code() or data.get("origin") not in ORIGINS:
            return Problem("network-down", "the interface system failed without a known reason", origin="network")
        kept = {name: data[name] for name in PASSED_ON if name in data}
        return Problem(data["code"], origin=data["origin"], **kept)

    def worth_repeating(self, problem: Problem) -> bool:
        """Whether the same message may get through later."""
        return problem.code in UNREACHABLE

    def attempts(self) -> int:
        """How often one message is sent at most."""
        return number("relay-attempts")

    def pause(self, attempt: int) -> float:
        """Seconds to wait after an attempt (from 1): the first pause, doubled each time."""
        configured = self.config.relay_first_pause_seconds
        first = number("relay-first-pause-seconds") if configured is None else configured
        return float(first * 2 ** (attempt - 1))

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
