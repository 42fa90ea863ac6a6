"""The other bodies of a campaign: they answer what the target asks out of what is registered, and keep their own ledger."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Mapping
from typing import Any

import msgspec
from joserfc import jwe
from joserfc.jwk import ECKey

from bango_mocks.clock import stamp, system_clock
from bango_mocks.direct import Way
from bango_mocks.serving import Call, Problem
from bango_spec.assumptions import value

PROVISIONS = "/network/v1/provisions"
WITHDRAWALS = "/network/v1/withdrawals"
COPIED = ("layout_version", "fiscal_year", "period", "generation", "updated_at")
OK = 200


class PlayedBodies:
    """The network side of every body but the target's; `registered` is (linkage code, information) → content."""

    def __init__(self) -> None:
        self.registered: dict[tuple[str, str], dict[str, Any]] = {}
        self.provided: dict[str, str] = {}
        """Permit id → outcome, of what the target asked."""
        chosen = value("content-encryption")
        self._header = {"alg": chosen["alg"], "enc": chosen["enc"]}
        self._registry = jwe.JWERegistry(algorithms=[chosen["alg"], chosen["enc"]], strict_check_header=False)

    async def call(self, method: str, path: str, body: Any = None, **_: Any) -> tuple[int, Any]:  # noqa: ARG002
        """What a body answers to the interface system."""
        if path == PROVISIONS:
            return OK, self._answer(body)
        state = "withdrawn" if path == WITHDRAWALS else "answered"
        return OK, {"permit_id": body.get("permit_id", ""), "state": state}

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        claims = msgspec.json.decode(_segment(request["permit"]))
        permit_id = claims["permit_id"]
        content = self.registered.get((request["linkage_code"], request["information"]))
        answer = {"permit_id": permit_id, "answered_at": stamp(system_clock()), "withheld": False}
        if content is None:
            self.provided[permit_id] = "no-record"
            return answer | {"outcome": "no-record", "reason": "no-replica"}
        told = {name: content[name] for name in COPIED if name in content}
        told |= {"permit_id": permit_id, "information": request["information"], "items": content["items"]}
        self.provided[permit_id] = "provided"
        sealed = self._sealed(told, request["encryption_key"])
        return answer | {"outcome": "provided", "layout_version": content["layout_version"], "content": sealed}

    def _sealed(self, content: dict[str, Any], key: dict[str, Any]) -> str:
        header = self._header | {"kid": key["kid"], "permit_id": content["permit_id"]}
        return jwe.encrypt_compact(header, msgspec.json.encode(content), ECKey.import_key(key), registry=self._registry)


def _segment(token: str) -> bytes:
    part = token.split(".")[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Watched:
    """The way to the target: how long each provision took, and now and then a used permit with somebody else's code."""

    def __init__(self, inner: Way, codes: tuple[str, ...], share: float, seed: int) -> None:
        self._inner = inner
        self._codes = codes
        self._share = share
        self._random = random.Random(seed)  # noqa: S311 - a drawn share, the same for the same seed
        self.took: list[tuple[float, float, str]] = []
        """When (seconds since the epoch), how long (milliseconds) and with which end each provision was answered."""
        self.replayed: dict[str, str] = {}
        """Permit id → what the target answered to the permit's second use."""

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
        """Pass a call on, and look at it."""
        if path != PROVISIONS:
            return await self._inner.call(method, path, body, cause=cause, key=key, query=query)
        at, began, end = time.time(), time.perf_counter(), "provided"
        try:
            status, answer = await self._inner.call(method, path, body, cause=cause, key=key, query=query)
            end = str(answer.get("outcome", "waiting"))
        except Problem as problem:
            end = problem.code
            raise
        finally:
            self.took.append((at, (time.perf_counter() - began) * 1000, end))
        if end == "provided" and self._random.random() < self._share:
            await self._again(body, answer["permit_id"])
        return status, answer

    async def _again(self, body: dict[str, Any], permit_id: str) -> None:
        other = self._random.choice([code for code in self._codes if code != body["linkage_code"]])
        try:
            _, answer = await self._inner.call("POST", PROVISIONS, body | {"linkage_code": other})
            self.replayed[permit_id] = str(answer.get("outcome", "waiting"))
        except Problem as problem:
            self.replayed[permit_id] = problem.code
