"""Calls between components of one process: the handler of the operation is run, without a network and its checks between."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Protocol

from bango_mocks.serving.application import Application
from bango_mocks.serving.call import Call, Problem


class Way(Protocol):
    """How one component reaches another: over the network (`channel.Channel`) or within the process (`Direct`)."""

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
        """Status and JSON of an answer that is no problem; a problem is raised."""


class Direct:
    """The way to an application of the same process; what is sent is trusted to be of the documented shape."""

    def __init__(self, application: Application) -> None:
        self._application = application

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
        """What the operation's handler answers; its problem is raised as it is."""
        found = self._application.routes.find(path)
        if found is None or method not in found[0]:
            raise Problem("not-found", f"{method} {path}")
        operations, parameters = found
        headers = {"idempotency-key": key} if key else dict(cause.headers) if cause else {}
        reply = await self._application.handlers[operations[method]](
            Call(
                operation=operations[method],
                method=method,
                path=path,
                parameters=parameters,
                query=query or {},
                headers=headers,
                peer=None,
                correlation_id=cause.correlation_id if cause else str(uuid.uuid4()),
                body=body,
            )
        )
        return reply.status, reply.body
