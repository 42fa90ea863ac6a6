"""One component's calls to another over mutual TLS: problems pass through with their origin, silence becomes one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import httpx

from bango_mocks.authority import Credential
from bango_mocks.serving.call import Call, Problem
from bango_mocks.tls import client_context

PROFILE_VERSION = "1.0"


class Channel:
    """Calls to one origin; `down` is the error code to give when it cannot be reached."""

    def __init__(
        self,
        url: str,
        credential: Credential | None,
        *,
        down: str,
        seconds: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url
        self._down = down
        self._client = httpx.AsyncClient(
            base_url=url,
            verify=client_context(credential) if credential else True,
            timeout=seconds,
            trust_env=False,
            transport=transport,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
        )

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        cause: Call | None = None,
        key: str | None = None,
        query: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Status and JSON of an answer that is no problem; a problem is raised with the code and origin it came with."""
        headers = {
            "Bango-Correlation-Id": cause.correlation_id if cause else str(uuid.uuid4()),
            "Bango-Profile-Version": PROFILE_VERSION,
        }
        if method == "POST":
            headers["Idempotency-Key"] = (
                key or (cause.headers.get("idempotency-key") if cause else None) or uuid.uuid4().hex
            )
        try:
            response = await self._client.request(method, path, json=body, headers=headers, params=query)
        except httpx.TimeoutException as error:
            raise Problem("timeout", f"no answer to {method} {path} in time") from error
        except httpx.HTTPError as error:
            raise Problem(self._down, f"{method} {path} could not be sent") from error
        try:
            data = response.json()
        except ValueError as error:
            raise Problem("peer-invalid", f"the answer to {method} {path} is not JSON") from error
        if response.is_success:
            return response.status_code, data
        raise relayed(data, f"{method} {path}")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def relayed(data: Any, what: str) -> Problem:
    """The problem that another component answered, ready to be raised again; peer-invalid when it is none."""
    if not isinstance(data, dict) or not isinstance(data.get("code"), str):
        return Problem("peer-invalid", f"the answer to {what} is no problem document")
    kept = {name: data[name] for name in ("nearest", "clauses", "errors") if name in data}
    return Problem(data["code"], data.get("detail", ""), origin=data.get("origin"), **kept)
