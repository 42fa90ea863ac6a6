"""The network as the harness plays it: the interface system that the target calls, with a core in the same process."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from joserfc import jwe
from joserfc.jwk import ECKey

from bango_conformance.times import stamp
from bango_mocks.clock import Clock
from bango_mocks.core.core import Core
from bango_mocks.interface_system.application import InterfaceSystem, Peers
from bango_mocks.serving import Call, Problem, Reply
from bango_spec.assumptions import value

# How a played provider answers an inquiry of the target: from the claims of its permit and the provision request.
Script = Callable[["Asked"], Awaitable[Reply]]


class Asked(msgspec.Struct, frozen=True):
    """One inquiry of the target that reached the played provider."""

    claims: dict[str, Any]
    provision: dict[str, Any]
    call: Call


class PlayedCore:
    """The core's side of the interface system's calls, without a network between them."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.scripts: dict[str, Script] = {}
        self._lock = threading.Lock()
        self._failing: dict[str, int] = {}

    def script(self, linkage_code: str, script: Script) -> None:
        """Answer the target's inquiries about this person (by the target's own linkage code) with `script`."""
        with self._lock:
            self.scripts[linkage_code] = script

    @contextmanager
    def failing(self, name: str, times: int) -> Iterator[None]:
        """Answer with core-down at first: later answers to a permit, or revocations of a linkage code."""
        with self._lock:
            self._failing[name] = times
        try:
            yield
        finally:
            with self._lock:
                self._failing.pop(name, None)

    def _works(self, name: str) -> None:
        with self._lock:
            left = self._failing.get(name, 0)
            self._failing[name] = left - 1
        if left > 0:
            raise Problem("core-down")

    async def call(  # the signature of Channel.call, whose place it takes
        self, method: str, path: str, body: Any = None, *, cause: Call | None = None, **_: Any
    ) -> tuple[int, Any]:
        """What the core answers to one call of the interface system."""
        if (method, path) == ("POST", "/v1/permits") and cause is not None:
            return await self._permit(body, cause)
        answers: dict[tuple[str, str], Callable[[], Any]] = {
            ("POST", "/v1/acquisitions"): lambda: (201, self.core.issue_acquisition(body["body"])),
            ("POST", "/v1/linkage-revocations"): lambda: (200, self._revoke(body)),
            ("POST", "/v1/answers"): lambda: (200, self._answer(body)),
            ("POST", "/v1/withdrawals"): lambda: (200, self._withdraw(body)),
            ("GET", "/v1/keys"): lambda: (200, self.core.signer.keys),
        }
        status, data = answers[(method, path)]()
        return status, data

    async def _permit(self, inquiry: dict[str, Any], cause: Call) -> tuple[int, Any]:
        provision, claims = self.core.permit(inquiry)
        script = self.scripts.get(inquiry["linkage_code"], provided)
        try:
            reply = await script(Asked(claims, provision, cause))
        except Problem as problem:
            self.core.failed(claims["permit_id"], problem.code)
            raise
        if reply.status == 200:
            if isinstance(reply.body, dict) and reply.body.get("permit_id") == claims["permit_id"]:
                self.core.answered(reply.body)
        else:
            self.core.waiting(claims["permit_id"])
        return reply.status, reply.body

    def _revoke(self, body: dict[str, Any]) -> dict[str, str]:
        self._works(body["linkage_code"])
        return {"state": "revoked", "revoked_at": self.core.revoke(body["body"], body["linkage_code"])}

    def _answer(self, body: dict[str, Any]) -> dict[str, str]:
        self._works(body["permit_id"])
        permit = self.core.open_permit(body["permit_id"])
        self.core.answered(body)
        return {"permit_id": permit["permit_id"], "asker": permit["asker"]}

    def _withdraw(self, body: dict[str, Any]) -> dict[str, str]:
        permit = self.core.withdrawn(body["permit_id"])
        return {"permit_id": permit["permit_id"], "provider": permit["provider"]}


class PlayedPeers(Peers):
    """The other bodies' servers: they take what reaches them; what they were sent stands in the tap's evidence."""

    def __init__(self) -> None:
        """No directory is needed: nothing leaves the process."""

    def channel(self, body: str) -> Any:  # noqa: ARG002 - every peer is the same here
        """A peer that accepts answers and withdrawals."""
        return self

    async def call(self, method: str, path: str, body: Any = None, **_: Any) -> tuple[int, Any]:  # noqa: ARG002
        """Accept."""
        state = "withdrawn" if path.endswith("/withdrawals") else "answered"
        return 200, {"permit_id": body["permit_id"], "state": state}


def played_interface_system(core: PlayedCore, clock: Clock) -> InterfaceSystem:
    """The interface system that the target is configured to call."""
    return InterfaceSystem(core, core.core.table, core.core.directory, PlayedPeers(), clock)


def encrypted(content: dict[str, Any], key: dict[str, Any]) -> str:
    """Content encrypted to an asker's key (RFC 7516; assumption `content-encryption`)."""
    rule = value("content-encryption")
    header = {"alg": rule["alg"], "enc": rule["enc"], "kid": key["kid"], "permit_id": content["permit_id"]}
    registry = jwe.JWERegistry(algorithms=[rule["alg"], rule["enc"]], strict_check_header=False)
    return jwe.encrypt_compact(header, msgspec.json.encode(content), ECKey.import_key(key), registry=registry)


def content_for(asked: Asked, items: dict[str, Any], *, layout: str = "1.0") -> dict[str, Any]:
    """The content of a provision that answers an inquiry."""
    provision = asked.provision
    made = {
        "permit_id": asked.claims["permit_id"],
        "information": provision["information"],
        "layout_version": layout,
        "generation": 1,
        "updated_at": asked.claims["requested_at"],
        "items": items,
    }
    return made | {name: provision[name] for name in ("fiscal_year", "period") if name in provision}


def answer_with(asked: Asked, content: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """A `provided` answer around encrypted content."""
    return {
        "permit_id": asked.claims["permit_id"],
        "outcome": "provided",
        "answered_at": stamp(now),
        "layout_version": content["layout_version"],
        "content": encrypted(content, asked.provision["encryption_key"]),
        "withheld": False,
    }


def empty_answer(permit_id: str, outcome: str, reason: str, now: dt.datetime) -> dict[str, Any]:
    """An answer without content."""
    return {"permit_id": permit_id, "outcome": outcome, "answered_at": stamp(now), "reason": reason, "withheld": False}


async def provided(asked: Asked) -> Reply:
    """The usual script: the provider answers at once with one item."""
    await asyncio.sleep(0)
    content = content_for(asked, {"TK00000000000001": f"試験値{uuid.uuid4().hex[:8]}"})
    return Reply(200, answer_with(asked, content, dt.datetime.now(dt.UTC)))
