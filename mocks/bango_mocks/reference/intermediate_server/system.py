"""What the server says of itself: health, versions, functions (IS-OPS-001, 007, IS-API-007)."""

from __future__ import annotations

import sqlite3
import uuid
from importlib.metadata import PackageNotFoundError, version
from typing import Any, ClassVar

from bango_mocks.clock import stamp
from bango_mocks.reference.intermediate_server import layouts
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.reference.intermediate_server.upstream import PROFILE_VERSION
from bango_mocks.serving.call import Call, Problem, Reply
from bango_spec.vocabulary import information

PROBE_SECONDS = 2.0
FUNCTIONS = {
    "inquiry-and-provision": (
        "submitInquiry",
        "readInquiry",
        "submitInquiryFile",
        "requestProvision",
        "deliverAnswer",
        "decideApproval",
    ),
    "linkage-codes": ("requestAcquisition", "readAcquisition", "deliverLinkageCode", "revokeLinkageCode"),
    "existing-systems": ("putReplica", "readReplica", "submitReplicaBatch", "exportReplicas"),
    "interface-system": ("deliverLinkageCode", "requestProvision", "deliverAnswer", "deliverWithdrawal"),
    "provision-records": ("listRecords", "readRecordHead", "discloseRecords"),
}


class System(Part):
    """The same answers on both sides."""

    answers: ClassVar = {
        "readInHouseProfile": "profile",
        "readNetworkProfile": "profile",
        "readInHouseHealth": "health",
        "readNetworkHealth": "network_health",
        "listFunctions": "functions",
    }

    def spoken(self) -> tuple[str, ...]:
        """The profile versions that the server speaks."""
        return (PROFILE_VERSION,)

    async def profile(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """Product and versions."""
        told = {
            "system": "intermediate-server",
            "body": self.config.body,
            "product": "bango-testbed-reference",
            "product_version": product_version(),
            "profile_versions": list(self.spoken()),
            "edition": self.server.allow_list.edition(),
            "editions": list(self.config.known_editions()),
            "layouts": self.layouts(),
        }
        return Reply(200, told)

    def layouts(self) -> list[dict[str, Any]]:
        """The layout versions of every kind of information that has some."""
        codes = sorted(kind.code for kind in information().values())
        return [
            {"information": code, "versions": list(layouts.versions(code))} for code in codes if layouts.versions(code)
        ]

    async def health(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """The state of the store and of the way into the network, looked at now."""
        return self.told({"store": self.store_state(), "interface-system": await self.network_state()})

    async def network_health(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """For the network: the store; whether the network is up, it knows itself."""
        return self.told({"store": self.store_state()})

    def told(self, states: dict[str, str]) -> Reply:
        """The health answer."""
        checks = [{"name": name, "status": state} for name, state in states.items()]
        status = "down" if states["store"] == "down" else "up" if set(states.values()) == {"up"} else "degraded"
        return Reply(200, {"status": status, "time": stamp(self.clock()), "checks": checks})

    def store_state(self) -> str:
        """Whether the store answers."""
        try:
            self.store.get("health", "probe")
        except sqlite3.Error:
            return "down"
        return "up"

    async def network_state(self) -> str:
        """Whether the interface system answers."""
        try:
            await self.server.upstream.call("GET", "/v1/health", correlation=str(uuid.uuid4()), seconds=PROBE_SECONDS)
        except Problem as problem:
            return "down" if problem.code in ("network-down", "timeout") else "degraded"
        return "up"

    async def functions(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """The functions and the operations that serve them."""
        return Reply(200, {"functions": [{"id": name, "operations": list(ids)} for name, ids in FUNCTIONS.items()]})


def product_version() -> str:
    """The version of the distribution; that of a checkout that is not installed is not known."""
    try:
        return version("bango-testbed")
    except PackageNotFoundError:
        return "0"
