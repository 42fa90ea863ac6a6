"""The core's interface: its decisions behind `core.yaml`, and its calls into the interface system."""

from __future__ import annotations

from typing import Any

from bango_mocks.clock import stamp
from bango_mocks.core.core import PERMIT, Core
from bango_mocks.direct import Way
from bango_mocks.paging import numbered, page
from bango_mocks.serving import Application, Call, Handler, Problem, Reply
from bango_mocks.shared_answers import allow_list, directory, health, profile

SYSTEM = "core"


class CoreSystem:
    """The core as a component of the network."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.interface_system: Way | None = None

    def application(self) -> Application:
        """The ASGI application."""
        handlers: dict[str, Handler] = {
            "issueAcquisitionNumber": self.issue_acquisition_number,
            "notifyLinkage": self.notify_linkage,
            "recordLinkageRevocation": self.record_revocation,
            "requestPermit": self.request_permit,
            "readPermit": self.read_permit,
            "recordAnswer": self.record_answer,
            "recordWithdrawal": self.record_withdrawal,
            "listCoreRecords": self.list_records,
            "readCoreRecordHead": self.record_head,
            "readCoreKeys": self.keys,
            "readCoreDirectory": self.read_directory,
            "readCoreAllowList": self.read_allow_list,
            "readCoreProfile": self.read_profile,
            "readCoreHealth": self.read_health,
        }
        return Application(SYSTEM, handlers)

    @property
    def upstream(self) -> Way:
        """The way to the interface system; network-down until it is connected."""
        if self.interface_system is None:
            raise Problem("network-down", "the interface system is not connected")
        return self.interface_system

    async def issue_acquisition_number(self, call: Call) -> Reply:
        """A body gets an acquisition number."""
        issued = self.core.issue_acquisition(call.body["body"])
        await self.core.store.durable()
        return Reply(201, issued)

    async def notify_linkage(self, call: Call) -> Reply:
        """J-LIS names the person; the linkage code goes to the body before J-LIS is answered."""
        body, delivery = self.core.notify(call.body["acquisition_number"], call.body["resident_code"])
        await self.upstream.call("POST", "/v1/linkage-codes", {"body": body, **delivery}, cause=call)
        await self.core.store.durable()
        return Reply(200, {"acquisition_number": delivery["acquisition_number"], "state": "delivered"})

    async def record_revocation(self, call: Call) -> Reply:
        """A body gives a linkage code up."""
        revoked_at = self.core.revoke(call.body["body"], call.body["linkage_code"])
        await self.core.store.durable()
        return Reply(200, {"state": "revoked", "revoked_at": revoked_at})

    async def request_permit(self, call: Call) -> Reply:
        """Table check, permit, relay to the provider; the answer comes back at once or later."""
        provision, permit = self.core.permit(call.body)
        await self.core.store.durable()
        try:
            status, answer = await self.upstream.call("POST", "/v1/provisions", provision, cause=call)
        except Problem as problem:
            self.core.failed(permit["permit_id"], problem.code)
            await self.core.store.durable()
            raise
        if status == 200:
            self.core.answered(answer)
        else:
            self.core.waiting(permit["permit_id"])
        await self.core.store.durable()
        return Reply(status, answer)

    async def read_permit(self, call: Call) -> Reply:
        """What became of a permit."""
        permit = self.core.store.get(PERMIT, call.parameters["permit_id"])
        if permit is None:
            raise Problem("unknown-permit")
        names = ("permit_id", "state", "asker", "provider", "issued_at", "expires_at", "outcome")
        return Reply(200, {name: permit[name] for name in names if name in permit})

    async def record_answer(self, call: Call) -> Reply:
        """A later answer passes; only that it came, not what it says."""
        permit = self.core.open_permit(call.body["permit_id"])
        if permit["provider"] != call.body["provider"]:
            raise Problem("unknown-permit", "the permit is another provider's")
        self.core.answered(call.body)
        await self.core.store.durable()
        return Reply(200, {"permit_id": permit["permit_id"], "asker": permit["asker"]})

    async def record_withdrawal(self, call: Call) -> Reply:
        """The asker withdraws an inquiry."""
        permit = self.core.withdrawn(call.body["permit_id"])
        await self.core.store.durable()
        return Reply(200, {"permit_id": permit["permit_id"], "provider": permit["provider"]})

    async def list_records(self, call: Call) -> Reply:
        """The core's provision records, page by page."""

        def wanted(record: dict[str, Any]) -> bool:
            body, permit = call.query.get("body"), call.query.get("permit_id")
            return (
                (body is None or body in (record["asker"], record["provider"]))
                and (permit is None or permit == record["permit_id"])
                and call.query.get("from", "") <= record["written_at"]
                and record["written_at"] < call.query.get("to", "9")
            )

        return Reply(200, numbered(call, "records", self.core.records.page, wanted))

    async def record_head(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """Number and hash of the last record."""
        number, digest = self.core.records.head()
        return Reply(200, {"sequence": number, "hash": digest})

    async def keys(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """The keys that permits are signed with."""
        return Reply(200, self.core.signer.keys)

    async def read_directory(self, call: Call) -> Reply:
        """The bodies."""
        return Reply(200, page(call, "bodies", directory(self.core.directory, self.core.clock())))

    async def read_allow_list(self, call: Call) -> Reply:
        """The table of the edition in force, as the combinations it permits."""
        return Reply(200, allow_list(call, self.core.table))

    async def read_profile(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """What this system is."""
        return Reply(200, profile(SYSTEM, self.core.table.edition))

    async def read_health(self, call: Call) -> Reply:  # noqa: ARG002 - a handler
        """Whether it works."""
        return Reply(200, health(stamp(self.core.clock()), {"store": True}))
